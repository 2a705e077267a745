"""Closed periods of the demonstration: counted from tips that are there, plausible, the same each time, made once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from django.db.models import F
from pytest_django.plugin import DjangoDbBlocker

from complaints.enums import ClaimState, Clock, Phase, Role
from complaints.models import (
    AuditRow,
    CellState,
    Disposal,
    HandlingStep,
    LedgerEntry,
    Membership,
    Period,
    PeriodReport,
    RewardAssessment,
    RewardClaim,
    Tip,
    Whistle,
)
from complaints.rules.deadlines import is_working_day
from complaints.rules.spans import SpanKind, span_of
from complaints.rules.workflow import MOVES
from complaints.selectors.dashboard import LATE, counted_tips
from complaints.selectors.ledger import faulty_budgets
from complaints.selectors.offices import district_codes
from complaints.selectors.reward_facts import FOUNDED
from complaints.services.demo.budgets import load_budgets
from complaints.services.demo.offices import load_city
from complaints.services.demo.people import load_people
from complaints.services.demo.reports import first_day, last_closed, load_reports
from complaints.stats.counting import By, count
from complaints.stats.frozen import checked, counts_of
from complaints.stats.public import public_report
from tests.factories import noon

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("today", "quarter", "month", "first"),
    [
        (date(2026, 11, 29), "2026Q3", "2026-10", date(2025, 1, 1)),
        (date(2026, 10, 10), "2026Q3", "2026-09", date(2025, 1, 1)),
        (date(2026, 10, 9), "2026Q2", "2026-08", date(2025, 1, 1)),
        (date(2026, 1, 3), "2025Q3", "2025-11", date(2024, 1, 1)),
        (date(2028, 2, 29), "2027Q4", "2028-01", date(2026, 1, 1)),
    ],
)
def test_what_is_closed_by_a_day(today: date, quarter: str, month: str, first: date) -> None:
    assert last_closed(today=today, kind=SpanKind.QUARTER).code == quarter
    assert last_closed(today=today, kind=SpanKind.MONTH).code == month
    assert first_day(today=today) == first


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """Load the demonstration's past once for the whole module; every test sees the result."""
    with django_db_blocker.unblock(), transaction.atomic():
        offices = load_city()
        load_people(offices=offices, at=noon(date(2025, 1, 1)))
        load_budgets(now=noon(TODAY), first_year=2026)
        yield load_reports(today=TODAY, at=noon(TODAY))
        transaction.set_rollback(True)


def whole(code: str) -> dict[str, int]:
    """Return the counts of a closed period."""
    return {
        name: int(number)
        for name, number in counts_of(PeriodReport.objects.get(code=code).figures["whole"]).items()
    }


def test_every_period_that_is_over_is_closed(loaded: int, db: None) -> None:
    rows = list(PeriodReport.objects.all())

    assert loaded == len(rows) == AuditRow.objects.filter(action="report.closed").count()
    codes = {checked(row).code for row in rows}
    assert {"2025", "2025H1", "2025Q1", "2025-01", "2025Q3", "2026H1", "2026Q3", "2026-10"} <= codes
    assert not any(code.startswith("2024") for code in codes)


def test_closed_figures_are_those_of_the_tips_that_are_there(loaded: int, db: None) -> None:
    for code in ("2025", "2026Q3", "2026-10"):
        row = PeriodReport.objects.get(code=code)
        for by in (By.UNIT, By.DISTRICT, By.INDUSTRY):
            now = count(span=span_of(code), by=by)
            assert counts_of(row.figures["whole"]) == now.whole, code
            stored = {key: counts_of(one) for key, one in row.figures["by"][by.value].items()}
            assert stored == dict(now.rows), (code, by)


@pytest.mark.parametrize("code", ["2026Q3", "2026Q2", "2025Q3", "2026-10", "2025"])
def test_rates_are_plausible(loaded: int, db: None, code: str) -> None:
    found = whole(code)

    assert 0.75 <= found["accepted"] / found["received"] <= 0.95
    assert 0.02 <= found["declined"] / found["received"] <= 0.18
    assert 0.88 <= found["on_time"] / found["concluded"] < 1
    verified = found["result_true"] + found["result_partly_true"]
    assert 0.5 <= verified / found["conclusions"] <= 0.85
    # What came in last is gone through quickly, to be over today: the last month concludes more than it takes on.
    assert 0.8 <= found["concluded"] / found["accepted"] <= 1.4
    assert found["hazards_removed"] <= found["orders"] * 1.3
    assert found["rewards_paid"] > 0


def test_the_late_ones_of_a_quarter_can_be_listed(loaded: int, db: None) -> None:
    leader = Membership.objects.get(user__username="zhouwen", role=Role.LEADER).user
    found = whole("2026Q3")

    tips = counted_tips(user=leader, span=span_of("2026Q3"), units=None, code=LATE)

    assert tips is not None
    assert tips.count() == found["concluded"] - found["on_time"] > 4
    assert all(tip.description and tip.entity_name for tip in tips[:3])


def test_the_last_quarter_tells_the_public_how_much_was_on_time(loaded: int, db: None) -> None:
    report = public_report(code="2026Q3")

    assert report is not None
    assert {cell.hidden for cell in report.rows["timing"]} == {None}
    assert report.share(parts=("on_time",), whole="concluded", table="timing") is not None


def test_work_lies_in_every_district_and_in_several_units_and_months(loaded: int, db: None) -> None:
    districts = Counter(Tip.objects.values_list("district", flat=True))

    assert set(districts) == set(district_codes())
    assert len(set(Tip.objects.values_list("handling_unit", flat=True))) >= 5
    assert len(set(Tip.objects.values_list("industry", flat=True))) >= 6
    months = Counter(day.strftime("%Y-%m") for day in Tip.objects.values_list("received_date", flat=True))
    assert min(many for code, many in months.items() if code < "2026-11") > 60


def test_past_work_is_done_and_asks_nothing_of_anybody(loaded: int, db: None) -> None:
    assert not Tip.objects.exclude(phase=Phase.DONE).exists()
    assert not Period.objects.running().exists()
    assert not Disposal.objects.unfulfilled().exists()
    assert not Whistle.objects.open().exists()
    assert not Tip.objects.filter(is_supervised=True).exists()
    rewarded = RewardAssessment.objects.values("tip")
    assert not Tip.objects.filter(result__in=FOUNDED).exclude(pk__in=rewarded).exists()
    states = set(RewardClaim.objects.values_list("state", flat=True))
    assert states == {ClaimState.PAID, ClaimState.FORFEITED}


def test_its_history_is_one_the_table_of_moves_allows(loaded: int, db: None) -> None:
    moves = {(move.action, source, move.target or source) for move in MOVES for source in move.sources}
    state: dict[int, str] = {}
    last: dict[int, date] = {}

    for step in HandlingStep.objects.order_by("pk").iterator():
        before = state.get(step.tip_id, "registered")
        assert (step.action, before, step.target) in moves, (step.action, before, step.target)
        assert step.taken_date >= last.get(step.tip_id, step.taken_date), step.action
        assert step.taken_date <= TODAY
        state[step.tip_id], last[step.tip_id] = step.target, step.taken_date
    assert {tip.pk: tip.status for tip in Tip.objects.all()} == state


def test_staff_act_on_working_days(loaded: int, db: None) -> None:
    days = set(HandlingStep.objects.exclude(taken_at=None).values_list("taken_date", flat=True))

    assert all(is_working_day(day=day) for day in days)


def test_every_late_one_ran_out_before_it_ended(loaded: int, db: None) -> None:
    late = Period.objects.filter(clock=Clock.CLOSE, ended_date__gt=F("due_date"))

    assert late.exists()
    others = Period.objects.exclude(clock=Clock.CLOSE)
    assert not others.filter(ended_date__gt=F("due_date")).exists()


def test_the_ledger_of_rewards_balances(loaded: int, db: None) -> None:
    assert LedgerEntry.objects.filter(assessment__isnull=False).exists()
    assert list(faulty_budgets()) == []


def test_daily_sums_hold_afterwards(loaded: int, db: None) -> None:
    assert CellState.objects.exclude(digest="").exists()


def test_a_second_loading_changes_nothing(loaded: int, db: None) -> None:
    many = Tip.objects.count()

    assert load_reports(today=TODAY, at=noon(TODAY)) == 0
    assert Tip.objects.count() == many
