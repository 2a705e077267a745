"""Counts of a span: what belongs to it, by unit and by what a tip is, and the same as a plain recount."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.enums import (
    Action,
    Channel,
    Clock,
    DeclineReason,
    IdentityMode,
    Industry,
    Result,
    TipKind,
    TipStatus,
)
from complaints.models import Conclusion, Disposal, HandlingStep, Objection, Period, Rating, Tip
from complaints.rules.spans import Span, span_of
from complaints.stats.counting import By, count, present
from complaints.stats.sources import SOURCES
from tests.complaints.stats.rows import conclude, tips
from tests.factories import TODAY, MembershipFactory, TipFactory, dispose, noon, penalty, step
from tests.fixtures import LIANHU, YANTA, City

pytestmark = pytest.mark.django_db
MARCH = span_of("2026-03")


def test_nothing_at_all(city: City) -> None:
    table = count(span=MARCH)

    assert set(table.whole.values()) == {0}
    assert table.rows == {}


def test_the_first_and_the_last_day_belong_to_a_span(city: City) -> None:
    for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)):
        tips(1, unit=city.yanta, day=day)

    assert count(span=MARCH).whole["received"] == 2


def test_a_leap_day(city: City) -> None:
    tips(3, unit=city.yanta, day=date(2024, 2, 29))

    assert count(span=span_of("2024-02")).whole["received"] == 3
    assert count(span=span_of("2024-03")).whole["received"] == 0


def test_midnight_is_that_of_the_bureau(city: City) -> None:
    """A result signed on New Year's morning belongs to the new year, although it is still the old one in London."""
    from datetime import UTC, datetime

    from tests.complaints.stats.rows import sign

    rows = tips(2, unit=city.yanta, day=date(2025, 12, 1))
    sign(rows[:1], at=datetime(2025, 12, 31, 16, 0, tzinfo=UTC), result=Result.TRUE)
    sign(rows[1:], at=datetime(2025, 12, 31, 15, 59, tzinfo=UTC), result=Result.TRUE)

    assert count(span=span_of("2026")).whole["conclusions"] == 1
    assert count(span=span_of("2025")).whole["conclusions"] == 1
    months = count(span=span_of("2025Q4"), by=By.MONTH).rows
    assert months["2025-12"]["conclusions"] == 1


def test_a_whole_life_is_counted_by_its_acts(city: City) -> None:
    tip = TipFactory(closed=True)
    step(tip=tip, action=Action.RATE)

    whole = count(span=MARCH).whole

    told = {code: number for code, number in whole.items() if number}
    assert told == {
        "received": 1,
        "accepted": 1,
        "concluded": 1,
        "on_time": 1,
        "conclusions": 1,
        "result_true": 1,
        "orders": 1,
        "replied": 1,
        "ratings": 1,
        "rating_points": 4,
    }


def test_declined_by_reason(city: City) -> None:
    TipFactory(declined=True)

    whole = count(span=MARCH).whole

    assert (whole["declined"], whole[f"declined_{DeclineReason.NOT_OURS}"]) == (1, 1)
    assert sum(whole[f"declined_{reason}"] for reason in DeclineReason) == 1


@pytest.mark.parametrize(("trait", "code"), [("transferred_out", "transferred"), ("merged", "merged")])
def test_what_is_passed_on_is_not_concluded(city: City, trait: str, code: str) -> None:
    tip = TipFactory(accepted=True)
    officer = MembershipFactory(office=tip.handling_unit).user
    action = Action.TRANSFER_OUT if trait == "transferred_out" else Action.MERGE
    if action == Action.MERGE:
        earlier = TipFactory(accepted=True, today=TODAY - timedelta(days=1))
        step(tip=tip, action=action, actor=officer, into_number=earlier.number)
    else:
        step(tip=tip, action=action, actor=officer)

    whole = count(span=MARCH).whole

    assert whole[code] == 1
    assert Period.objects.filter(tip=tip, clock=Clock.CLOSE).exclude(ended_date=None).exists()
    assert whole["concluded"] == 0


def test_fines_are_summed_to_the_cent(city: City) -> None:
    tip = TipFactory(disposed=True)
    officer = MembershipFactory(office=tip.handling_unit).user
    for amount in ("20000.10", "0.25"):
        draft = penalty(fine_amount=Decimal(amount), decided_date=TODAY)
        dispose(tip=tip, officer=officer, draft=draft)

    whole = count(span=MARCH).whole

    assert (whole["fines"], whole["fine_amount"]) == (2, Decimal("20000.35"))


def test_late_is_late(city: City) -> None:
    conclude(tips(2, unit=city.yanta, day=date(2026, 1, 1)), started=date(2026, 1, 1), days=61)
    conclude(tips(3, unit=city.yanta, day=date(2026, 1, 1)), started=date(2026, 1, 2), days=60)

    whole = count(span=MARCH).whole
    assert (whole["concluded"], whole["on_time"]) == (5, 3)


def test_units_see_their_own(city: City) -> None:
    tips(4, unit=city.yanta, day=TODAY)
    tips(7, unit=city.lianhu, day=TODAY)

    assert count(span=MARCH, units=[city.yanta.pk]).whole["received"] == 4
    assert count(span=MARCH, units=[]).whole["received"] == 0
    by_unit = count(span=MARCH, by=By.UNIT).rows
    assert {key: row["received"] for key, row in by_unit.items()} == {
        str(city.yanta.pk): 4,
        str(city.lianhu.pk): 7,
    }


def test_a_unit_dissolved_in_mid_year_keeps_its_row(city: City) -> None:
    tips(5, unit=city.lianhu, day=TODAY)
    city.lianhu.is_active = False
    city.lianhu.save()

    assert count(span=MARCH, by=By.UNIT).rows[str(city.lianhu.pk)]["received"] == 5


def test_operations_stand_in_several_rows(city: City) -> None:
    tips(2, unit=city.yanta, day=TODAY, operations=["dust", "hot_work"])
    tips(3, unit=city.yanta, day=TODAY, operations=["dust"])
    tips(1, unit=city.yanta, day=TODAY, operations=[])

    table = count(span=MARCH, by=By.OPERATION)

    assert {key: row["received"] for key, row in table.rows.items()} == {"dust": 5, "hot_work": 2}
    assert table.whole["received"] == 6


def test_a_tip_without_a_district_has_a_row(city: City) -> None:
    tips(2, unit=city.city, day=TODAY)
    tips(1, unit=city.yanta, day=TODAY, district_id=YANTA)

    rows = count(span=MARCH, by=By.DISTRICT).rows
    assert {key: row["received"] for key, row in rows.items()} == {"": 2, YANTA: 1}


def test_rows_of_months_are_months_of_the_span(city: City) -> None:
    for day in (date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 31)):
        tips(1, unit=city.yanta, day=day)

    rows = count(span=span_of("2026Q1"), by=By.MONTH).rows
    assert {key: row["received"] for key, row in rows.items()} == {"2026-01": 2, "2026-03": 1}


@pytest.mark.parametrize("by", [None, *By])
def test_as_many_queries_as_kinds_of_records(city: City, by: By | None) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            count(span=MARCH, by=by)
        return len(asked)

    conclude(tips(1, unit=city.yanta, day=TODAY), started=TODAY, days=3)
    few = cost()
    conclude(tips(60, unit=city.lianhu, day=TODAY, operations=["dust"]), started=TODAY, days=5)

    assert cost() == few == len(SOURCES)


def random_history(city: City, *, seed: int) -> None:
    """Store a random history: tips of all sorts, periods met and missed, paused, reopened, merged and transferred."""
    chance = random.Random(seed)
    start = date(2025, 11, 1)
    for _one in range(90):
        day = start + timedelta(days=chance.randrange(200))
        row = tips(
            1,
            unit=chance.choice([city.yanta, city.lianhu, city.town, city.city]),
            day=day,
            kind=chance.choice(["", *TipKind.values]),
            industry=chance.choice(["", *Industry.values[:4]]),
            channel=chance.choice(Channel.values[:3]),
            identity_mode=chance.choice(IdentityMode.values),
            operations=chance.sample(["dust", "hot_work", "height"], chance.randrange(3)),
            district_id=chance.choice([None, YANTA, LIANHU]),
        )
        for _round in range(chance.randrange(3)):
            days = chance.randrange(80)
            conclude(row, started=day, days=days, result=chance.choice(Result.values))
            ended = day + timedelta(days=days)
            end = chance.choice([Action.DISPOSE, Action.TRANSFER_OUT, Action.MERGE, Action.VERIFY_AGAIN])
            HandlingStep.objects.create(tip=row[0], action=end, target=TipStatus.DISPOSED, taken_date=ended)
            if chance.random() < 0.4:
                Objection.objects.create(
                    tip=row[0], office=city.city, filed_date=ended, review_by=ended, reviewed_date=ended,
                    is_upheld=chance.random() < 0.5,
                )  # fmt: skip
            day = ended
        if chance.random() < 0.5:
            Rating.objects.create(tip=row[0], score=chance.randrange(1, 6), rated_date=day)
            Disposal.objects.create(
                tip=row[0], measure="penalty", decided_date=day, recorded_at=noon(day),
                fine_amount=Decimal(chance.randrange(1, 900)) / 4,
                decided_at=noon(day), is_confirmed=chance.random() < 0.8,
            )  # fmt: skip


def recount(span: Span, *, chosen: set[int]) -> dict[str, Any]:
    """Count by hand, row after row."""
    found: Counter[str] = Counter()
    for tip in Tip.objects.filter(pk__in=chosen):
        steps = {(row.action, row.taken_date) for row in tip.steps.all()}
        found["received"] += within(span, tip.received_date)
        _count_steps(found, span, steps=list(tip.steps.all()))
        _count_work(found, span, tip=tip, steps=steps)
        _count_afterwards(found, span, tip=tip)
    fines = [
        row for row in Disposal.objects.signed().filter(tip__in=chosen) if within(span, row.decided_date)
    ]
    money = sum((row.fine_amount or Decimal(0) for row in fines), Decimal(0))
    return {**found, "fines": len(fines), "fine_amount": money}


def within(span: Span, day: date | None) -> bool:
    return day is not None and span.start <= day <= span.end


def _count_steps(found: Counter[str], span: Span, *, steps: list[HandlingStep]) -> None:
    names = {Action.TRANSFER_OUT: "transferred", Action.MERGE: "merged"}
    for row in steps:
        if row.action in names:
            found[names[Action(row.action)]] += within(span, row.taken_date)


def _count_work(found: Counter[str], span: Span, *, tip: Tip, steps: set[tuple[str, date]]) -> None:
    breaking = (Action.TRANSFER_OUT, Action.MERGE, Action.VERIFY_AGAIN)
    for period in tip.periods.filter(clock=Clock.CLOSE):
        is_broken = any((action, period.ended_date) in steps for action in breaking)
        if within(span, period.ended_date) and not is_broken:
            found["concluded"] += 1
            found["on_time"] += bool(period.ended_date and period.ended_date <= period.due_date)
    for result in tip.conclusions.all():
        # Stored at noon: the same day in every zone that matters here.
        if result.decided_at and within(span, result.decided_at.date()):
            found["conclusions"] += 1
            found[f"result_{result.result}"] += 1


def _count_afterwards(found: Counter[str], span: Span, *, tip: Tip) -> None:
    for objection in tip.objections.all():
        found["objections"] += within(span, objection.filed_date)
        code = "objections_upheld" if objection.is_upheld else "objections_reopened"
        found[code] += within(span, objection.reviewed_date)
    for rating in Rating.objects.filter(tip=tip):
        found["ratings"] += within(span, rating.rated_date)
        found["rating_points"] += rating.score * within(span, rating.rated_date)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plain_recount_gives_the_same(city: City, seed: int) -> None:
    random_history(city, seed=seed)
    everything = set(Tip.objects.values_list("pk", flat=True))

    for code in ("2025-12", "2026-02", "2026Q1", "2026H1", "2025", "2026"):
        expected = recount(span_of(code), chosen=everything)
        whole = count(span=span_of(code)).whole
        assert {name: number for name, number in whole.items() if number} == {
            name: number for name, number in expected.items() if number
        }, code


@pytest.mark.parametrize("by", By)
def test_what_a_span_does_not_hold_need_not_be_asked_for(city: City, by: By) -> None:
    random_history(city, seed=5)

    for code in ("2025-06", "2025-12", "2026-04", "2026H1"):
        span = span_of(code)
        whole, part = count(span=span, by=by), count(span=span, by=by, asked=present(span=span))

        assert part.whole == whole.whole
        assert part.rows == {key: row for key, row in whole.rows.items() if any(row.values())}


@pytest.mark.parametrize(
    "by", [By.UNIT, By.DISTRICT, By.KIND, By.INDUSTRY, By.CHANNEL, By.IDENTITY, By.MONTH]
)
def test_the_rows_add_up_to_the_whole(city: City, by: By) -> None:
    random_history(city, seed=11)

    table = count(span=span_of("2026H1"), by=by)

    for code, number in table.whole.items():
        assert sum((row[code] for row in table.rows.values()), Decimal(0)) == number, code


def test_months_add_up_to_the_year(city: City) -> None:
    random_history(city, seed=5)
    year = span_of("2026")

    sums: Counter[str] = Counter()
    for month in year.months:
        sums.update(count(span=month).whole)  # type: ignore[arg-type]  # money is a Decimal

    whole = count(span=year).whole
    assert {code: number for code, number in sums.items() if number} == {
        code: number for code, number in whole.items() if number
    }


def test_a_purged_tip_is_gone_from_every_count(city: City) -> None:
    random_history(city, seed=7)
    gone = set(Tip.objects.order_by("pk").values_list("pk", flat=True)[:30])
    left = set(Tip.objects.exclude(pk__in=gone).values_list("pk", flat=True))
    Tip.objects.filter(pk__in=gone).delete()

    whole = count(span=span_of("2026Q1")).whole

    expected = recount(span_of("2026Q1"), chosen=left)
    assert {code: n for code, n in whole.items() if n} == {code: n for code, n in expected.items() if n}
    assert Conclusion.objects.filter(tip__in=gone).count() == 0
