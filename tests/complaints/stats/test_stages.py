"""How long stages took: whole days by the rules of periods, median and ninth decile as days that occurred."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Action, Clock, Result
from complaints.models import Period
from complaints.rules.deadlines import NO_OVERLAY, DayOverlay
from complaints.rules.spans import span_of
from complaints.stats.counting import By
from complaints.stats.definitions import Stage
from complaints.stats.stages import Spread, spread, stages, whole_by
from tests.complaints.stats.rows import conclude, tips
from tests.factories import TODAY, MembershipFactory, TipFactory, noon, step
from tests.fixtures import City

YEAR = span_of("2026")


@pytest.mark.parametrize(
    ("days", "median", "p90"),
    [
        ({3: 1}, 3, 3),
        ({1: 1, 9: 1}, 1, 9),
        ({1: 5, 2: 4, 30: 1}, 1, 2),
        ({1: 1, 2: 8, 30: 1}, 2, 2),
        ({0: 10}, 0, 0),
    ],
)
def test_spread(days: dict[int, int], median: int, p90: int) -> None:
    assert spread(days) == Spread(count=sum(days.values()), median=median, p90=p90)


def test_no_cases_no_spread() -> None:
    assert spread({}) is None


@given(st.lists(st.integers(0, 400), min_size=1, max_size=200))
def test_spread_is_the_nearest_rank(lengths: list[int]) -> None:
    found = spread({length: lengths.count(length) for length in lengths})

    assert found is not None
    ordered = sorted(lengths)
    assert found.median == ordered[-(-len(ordered) // 2) - 1]
    assert found.p90 == ordered[-(-len(ordered) * 9 // 10) - 1]


@pytest.mark.django_db
def test_whole_days_without_pauses(city: City) -> None:
    rows = tips(3, unit=city.yanta, day=date(2026, 1, 5))
    conclude(rows[:2], started=date(2026, 1, 5), days=10)
    conclude(rows[2:], started=date(2026, 1, 5), days=40, paused=15)

    found = stages(span=YEAR, units=None, overlay=NO_OVERLAY)[Stage.WHOLE]

    assert found == Spread(count=3, median=10, p90=25)


@pytest.mark.django_db
def test_the_decision_is_counted_in_working_days(city: City) -> None:
    """Received on a Friday, decided on Monday: one working day."""
    row = tips(1, unit=city.yanta, day=date(2026, 3, 6))[0]
    Period.objects.create(
        tip=row, clock=Clock.DECIDE, started_date=date(2026, 3, 6), days=7, is_working=True,
        due_date=date(2026, 3, 17), ended_date=date(2026, 3, 9),
    )  # fmt: skip

    assert stages(span=YEAR, units=None, overlay=NO_OVERLAY)[Stage.DECIDE].median == 1
    off = DayOverlay(off=frozenset({date(2026, 3, 9)}))
    assert stages(span=YEAR, units=None, overlay=off)[Stage.DECIDE].median == 0


@pytest.mark.django_db
def test_every_stage_of_a_real_life(city: City) -> None:
    tip = TipFactory(today=TODAY)
    officer = MembershipFactory(office=tip.handling_unit).user
    leader = MembershipFactory(office=tip.handling_unit, role="leader").user
    ways = [(Action.ACCEPT, 1, officer), (Action.VERIFY, 2, officer), (Action.CONCLUDE, 8, officer),
            (Action.APPROVE_RESULT, 9, leader), (Action.PROPOSE_MEASURE, 12, officer),
            (Action.DISPOSE, 14, leader), (Action.REPLY, 16, officer)]  # fmt: skip
    for action, day, actor in ways:
        step(tip=tip, action=action, actor=actor, at=noon(TODAY + timedelta(days=day)))

    found = stages(span=YEAR, units=None, overlay=NO_OVERLAY)

    assert {stage: one.median for stage, one in found.items()} == {
        Stage.DECIDE: 1,
        Stage.VERIFY: 8,
        Stage.DISPOSE: 5,
        Stage.REPLY: 7,
        Stage.WHOLE: 13,
    }


@pytest.mark.django_db
def test_an_unfounded_tip_has_no_stage_of_measures(city: City) -> None:
    rows = tips(2, unit=city.yanta, day=date(2026, 1, 5))
    conclude(rows, started=date(2026, 1, 5), days=10, result=Result.FALSE)

    assert Stage.DISPOSE not in stages(span=YEAR, units=None, overlay=NO_OVERLAY)


@pytest.mark.django_db
def test_a_reopened_case_is_verified_from_the_reopening(city: City) -> None:
    rows = tips(1, unit=city.yanta, day=date(2026, 1, 5))
    conclude(rows, started=date(2026, 1, 5), days=10)
    conclude(rows, started=date(2026, 3, 1), days=4)

    found = stages(span=span_of("2026-03"), units=None, overlay=NO_OVERLAY)
    assert found[Stage.VERIFY] == Spread(count=1, median=4, p90=4)


@pytest.mark.django_db
def test_units_and_splits(city: City) -> None:
    conclude(tips(2, unit=city.yanta, day=date(2026, 1, 5)), started=date(2026, 1, 5), days=10)
    conclude(tips(1, unit=city.lianhu, day=date(2026, 1, 5)), started=date(2026, 1, 5), days=30)

    own = stages(span=YEAR, units=[city.lianhu.pk], overlay=NO_OVERLAY)
    assert own[Stage.WHOLE].median == 30
    found = whole_by(span=YEAR, units=None, by=By.UNIT)
    assert {key: one.median for key, one in found.items()} == {
        str(city.yanta.pk): 10,
        str(city.lianhu.pk): 30,
    }
    assert whole_by(span=YEAR, units=[city.yanta.pk], by=By.UNIT).keys() == {str(city.yanta.pk)}


@pytest.mark.django_db
def test_splits_by_month_and_by_operation_have_their_days(city: City) -> None:
    """By month that of the conclusion; a tip with two operations counts in both rows, one without any in none."""
    day = date(2026, 1, 5)
    conclude(tips(3, unit=city.yanta, day=day, operations=["dust", "height"]), started=day, days=10)
    conclude(tips(1, unit=city.yanta, day=day, operations=["height"]), started=day, days=40)
    conclude(tips(1, unit=city.yanta, day=day), started=day, days=50)

    with CaptureQueriesContext(connection) as asked:
        months = whole_by(span=YEAR, units=None, by=By.MONTH)
        operations = whole_by(span=YEAR, units=None, by=By.OPERATION)

    assert len(asked) == 2
    assert {key: (one.count, one.median) for key, one in months.items()} == {
        "2026-01": (3, 10),
        "2026-02": (2, 40),
    }
    assert {key: (one.count, one.median, one.p90) for key, one in operations.items()} == {
        "dust": (3, 10, 10),
        "height": (4, 10, 40),
    }


@pytest.mark.django_db
def test_one_query_for_each_stage(city: City) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            stages(span=YEAR, units=None, overlay=NO_OVERLAY)
        return len(asked)

    conclude(tips(1, unit=city.yanta, day=date(2026, 1, 5)), started=date(2026, 1, 5), days=10)
    few = cost()
    for days in range(40):
        conclude(tips(2, unit=city.yanta, day=date(2026, 1, 5)), started=date(2026, 1, 5), days=days)

    assert cost() == few == len(Stage)
