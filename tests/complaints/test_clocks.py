"""The periods of a tip as rows: when each starts and ends, which one the lists show, and what a new calendar moves."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.enums import Action, Clock, Role, TipStatus
from complaints.models import DeadlinePolicy, Period, Tip
from complaints.rules.deadlines import NO_OVERLAY, DayOverlay
from complaints.services import clocks
from tests.factories import TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db


def rows(tip: Tip) -> list[tuple[str, date, date, date | None]]:
    """Return clock, first day, last day and end of each period of a tip."""
    return [(row.clock, row.started_date, row.due_date, row.ended_date) for row in tip.periods.order_by("pk")]


def shown(tip: Tip) -> tuple[str, date | None, date | None]:
    """Return what the lists show of the periods of a tip."""
    tip = Tip.objects.get(pk=tip.pk)
    return tip.clock, tip.clock_started, tip.due_date


def days(count: int, *, since: date = TODAY) -> date:
    return since + timedelta(days=count)


# --- from state to state ----------------------------------------------------------------------------------------


def test_a_new_tip_is_to_be_decided_on_within_seven_working_days(city: City) -> None:
    tip = TipFactory()

    # From Tuesday 10 March 2026: seven working days end on Thursday 19 March.
    assert rows(tip) == [(Clock.DECIDE, TODAY, date(2026, 3, 19), None)]
    assert shown(tip) == (Clock.DECIDE, TODAY, date(2026, 3, 19))


def test_73_what_is_another_bodys_is_to_be_passed_on_first(city: City) -> None:
    tip = TipFactory(industry="construction")

    assert rows(tip) == [
        (Clock.DECIDE, TODAY, date(2026, 3, 19), None),
        (Clock.PASS_ON, TODAY, date(2026, 3, 13), None),
    ]
    assert shown(tip) == (Clock.PASS_ON, TODAY, date(2026, 3, 13))


@pytest.mark.parametrize("trait", ["accepted", "declined", "transferred_out"])
def test_the_decision_ends_both(city: City, trait: str) -> None:
    tip = TipFactory(industry="construction", **{trait: True})

    ended = {row.clock: row.ended_date for row in tip.periods.exclude(clock=Clock.CLOSE)}
    assert ended == {Clock.DECIDE: TODAY, Clock.PASS_ON: TODAY}


def test_the_whole_way_of_a_tip(city: City, officer: User, leader: User) -> None:
    tip = TipFactory(district=YANTA)
    way = [
        (Action.ACCEPT, officer, 2),
        (Action.VERIFY, officer, 6),
        (Action.CONCLUDE, officer, 8),
        (Action.APPROVE_RESULT, leader, 9),
        (Action.PROPOSE_MEASURE, officer, 12),
        (Action.DISPOSE, leader, 13),
        (Action.REPLY, officer, 16),
    ]
    seen = []

    for action, actor, day in way:
        step(tip=tip, action=action, actor=actor, at=noon(days(day)))
        seen.append(shown(tip)[0])

    assert seen == [Clock.CLOSE] * 3 + [Clock.REPLY] * 3 + [Clock.NONE]
    assert rows(tip) == [
        (Clock.DECIDE, TODAY, date(2026, 3, 19), days(2)),
        (Clock.CLOSE, days(2), date(2026, 5, 11), days(13)),
        (Clock.REPLY, days(9), date(2026, 3, 30), days(16)),
    ]
    assert shown(tip) == (Clock.NONE, None, None)


def test_an_unfounded_tip_waits_for_its_answer_alone(city: City) -> None:
    tip = TipFactory(verified=True, unfounded=True)

    running = set(tip.periods.running().values_list("clock", flat=True))
    assert (running, shown(tip)[0]) == ({Clock.REPLY}, Clock.REPLY)


def test_106_a_review_has_thirty_days(city: City) -> None:
    tip = TipFactory(review=True)

    # 30 days from 10 March: 9 April 2026, a Thursday.
    assert shown(tip) == (Clock.REVIEW, TODAY, date(2026, 4, 9))


def test_a_reopened_case_has_sixty_days_anew(city: City) -> None:
    tip = TipFactory(review=True, district=YANTA)
    boss = UserFactory(roles=[(Role.LEADER, city.city)])

    step(tip=tip, action=Action.REOPEN, actor=boss, at=noon(days(6)))

    closes = list(tip.periods.filter(clock=Clock.CLOSE).values_list("started_date", "ended_date"))
    assert closes == [(TODAY, TODAY), (days(6), None)]
    assert shown(tip) == (Clock.CLOSE, days(6), date(2026, 5, 15))


@pytest.mark.parametrize("trait", ["declined", "transferred_out", "merged", "replied", "closed", "archived"])
def test_nothing_runs_where_nobody_has_to_act(city: City, trait: str) -> None:
    tip = TipFactory(**{trait: True})

    assert not tip.periods.running().exists()
    assert shown(tip) == (Clock.NONE, None, None)


def test_nobody_waits_for_an_answer_after_a_withdrawal(city: City, officer: User, leader: User) -> None:
    before, after = TipFactory(district=YANTA), TipFactory(district=YANTA, verified=True)

    for tip in (before, after):
        step(tip=tip, action=Action.WITHDRAW)
    for action in (Action.ACCEPT, Action.VERIFY, Action.CONCLUDE):
        step(tip=before, action=action, actor=officer)
    step(tip=before, action=Action.APPROVE_RESULT, actor=leader)

    for tip in (before, after):
        assert set(tip.periods.running().values_list("clock", flat=True)) == {Clock.CLOSE}


def test_a_withdrawn_tip_is_closed_without_an_answer(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, disposed=True, officer=officer)

    step(tip=tip, action=Action.WITHDRAW)
    step(tip=tip, action=Action.CLOSE, actor=officer)

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.CLOSED
    assert not tip.periods.running().exists()


# --- single periods ---------------------------------------------------------------------------------------------


def test_starting_twice_makes_one_period(city: City) -> None:
    tip = TipFactory(accepted=True)

    clocks.start(tip=tip, clock=Clock.CLOSE, today=days(5))

    assert tip.periods.filter(clock=Clock.CLOSE).count() == 1
    assert shown(tip)[1] == TODAY


def test_the_database_holds_one_running_period_of_a_kind(city: City) -> None:
    tip = TipFactory(accepted=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        clocks.new_period(tip=tip, clock=Clock.CLOSE, start=days(5)).save()


def test_stopping_what_does_not_run_changes_nothing(city: City) -> None:
    tip = TipFactory(accepted=True)
    before = rows(tip)

    clocks.stop(tip=tip, clocks=[Clock.REVIEW, Clock.DECIDE], today=days(3))

    assert rows(tip) == before


def test_a_period_follows_the_policy_of_its_first_day(city: City) -> None:
    DeadlinePolicy.objects.create(effective_from=date(2018, 1, 4), close_days=60)
    DeadlinePolicy.objects.create(effective_from=days(1), close_days=30)
    old, new = TipFactory(accepted=True), TipFactory(accepted=True, today=days(1))

    assert (old.due_date, new.due_date) == (date(2026, 5, 9), date(2026, 4, 10))


def test_the_most_urgent_period_is_shown(city: City) -> None:
    tip = TipFactory(accepted=True)

    clocks.start(tip=tip, clock=Clock.REPLY, today=TODAY)
    both = shown(tip)
    clocks.stop(tip=tip, clocks=[Clock.REPLY], today=TODAY)

    assert both == (Clock.REPLY, TODAY, date(2026, 3, 20))
    assert shown(tip)[0] == Clock.CLOSE


def test_d1_d2_an_extension_counts_from_the_original_start(city: City, officer: User) -> None:
    tip = TipFactory(accepted=True, today=date(2025, 3, 10))
    plain = shown(tip)[2]

    period = clocks.extend(tip=tip, days=30)

    assert (plain, shown(tip)[2]) == (date(2025, 5, 9), date(2025, 6, 9))
    assert period is not None
    assert (period.extra_days, period.started_date) == (30, date(2025, 3, 10))


def test_only_the_period_for_conclusion_is_extended(city: City) -> None:
    tip = TipFactory()

    assert clocks.extend(tip=tip, days=30) is None
    assert shown(tip)[2] == date(2026, 3, 19)


def test_a_pause_hides_the_period_and_adds_its_days(city: City) -> None:
    tip = TipFactory(accepted=True)

    clocks.pause(tip=tip, today=days(10))
    standing, is_paused = shown(tip), Tip.objects.get(pk=tip.pk).is_paused
    clocks.resume(tip=tip, today=days(30))

    assert (standing, is_paused) == ((Clock.NONE, None, None), True)
    # 80 days after 10 March 2026 is Friday 29 May.
    assert shown(tip) == (Clock.CLOSE, TODAY, date(2026, 5, 29))
    assert not Tip.objects.get(pk=tip.pk).is_paused


def test_a_pause_ends_with_its_period(city: City) -> None:
    tip = TipFactory(accepted=True)
    clocks.pause(tip=tip, today=days(10))

    clocks.stop(tip=tip, clocks=[Clock.CLOSE], today=days(30))

    period = tip.periods.get(clock=Clock.CLOSE)
    assert (period.paused_date, period.paused_days, period.ended_date) == (None, 20, days(30))
    assert (period.due_date, Tip.objects.get(pk=tip.pk).is_paused) == (date(2026, 5, 29), False)


def test_a_paused_period_is_never_overdue(city: City) -> None:
    tip = TipFactory(accepted=True)
    late = days(100)

    before = list(Period.objects.overdue(today=late))
    clocks.pause(tip=tip, today=days(10))

    assert (before, list(Period.objects.overdue(today=late))) == ([tip.periods.get(clock=Clock.CLOSE)], [])


# --- a calendar announced late ----------------------------------------------------------------------------------


def test_a_new_day_off_moves_running_periods_alone(city: City) -> None:
    running, done = TipFactory(), TipFactory(accepted=True)
    before = rows(done)

    moved = clocks.recount_running(overlay=DayOverlay(off=frozenset({date(2026, 3, 16)})))

    # The tip to be decided on waits one day longer; a period that ended keeps its day.
    assert moved == 1
    assert shown(running)[2] == date(2026, 3, 20)
    assert rows(done) == before


def test_counting_again_without_a_change_moves_nothing(city: City) -> None:
    tip = TipFactory(accepted=True)
    before = rows(tip)

    assert clocks.recount_running(overlay=NO_OVERLAY) == 0
    assert rows(tip) == before


def test_a_pause_on_the_moved_last_day_leaves_that_day(city: City) -> None:
    tip = TipFactory(accepted=True, today=date(2025, 8, 5))
    clocks.pause(tip=tip, today=date(2025, 10, 9))

    clocks.resume(tip=tip, today=date(2025, 10, 14))

    assert shown(tip) == (Clock.CLOSE, date(2025, 8, 5), date(2025, 10, 14))
