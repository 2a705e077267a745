"""A calendar announced late: every last day that is still waited for moves with it, once, and nothing else does."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Role
from complaints.models import DailyRun, DeadlinePolicy, HandlingStep, Referral, SpecialDay, Supervision, Tip
from complaints.rules.deadlines import NO_OVERLAY, DayOverlay
from complaints.selectors.deadlines import day_overlay
from complaints.services.daily import run_daily
from complaints.services.recount import recount
from complaints.services.referrals import (
    decide_referral,
    hand_to_police,
    police_refuses,
    propose_referral,
    reconsider,
)
from tests.factories import TODAY, TipFactory, UserFactory, dispose, noon, penalty, step
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
OFF = date(2026, 3, 12)  # a Thursday, two days after TODAY
NEXT = DayOverlay(off=frozenset({OFF}))
TEXTS = {"offence": "危险作业罪", "facts": "未经许可储存甲苯 20 桶"}


@pytest.fixture
def city_leader(city: City) -> User:
    return UserFactory(roles=[(Role.LEADER, city.city)])


@pytest.fixture
def whistled(city: City, town_officer: User) -> Tip:
    """Return a tip whose answer, 24 hours after noon of the 11th, falls on the day that turns out to be off."""
    tip = TipFactory(district=YANTA, town=city.town_code)
    step(tip=tip, action=Action.WHISTLE, actor=town_officer, at=noon(date(2026, 3, 11)))
    return tip


@pytest.fixture
def referred(city: City, officer: User, leader: User) -> Tip:
    tip = TipFactory(verified=True, district=YANTA, officer=officer, leader=leader)
    second = UserFactory(roles=[(Role.OFFICER, city.yanta)])
    propose_referral(
        tip_id=tip.pk, actor=officer, at=noon(TODAY), officer_ids=[officer.pk, second.pk], texts=TEXTS
    )
    return tip


def announced(day: date = OFF) -> DayOverlay:
    SpecialDay.objects.create(day=day, is_working=False)
    return day_overlay()


def again() -> int:
    """Count once more by the calendar as it is stored; nothing may move."""
    return recount(overlay=day_overlay())


# --- whistles -----------------------------------------------------------------------------------------------------


def test_the_answer_to_a_whistle_moves(whistled: Tip) -> None:
    recount(overlay=announced())

    assert whistled.whistles.get().answer_by == noon(date(2026, 3, 13))
    assert again() == 0


def test_the_arrival_moves_once_the_whistle_was_answered(whistled: Tip, officer: User) -> None:
    step(tip=whistled, action=Action.ANSWER_WHISTLE, actor=officer, at=noon(date(2026, 3, 11)))
    before = whistled.whistles.get()

    recount(overlay=announced())

    row = whistled.whistles.get()
    assert (before.arrive_by, row.arrive_by) == (date(2026, 3, 13), date(2026, 3, 16))
    assert row.answer_by == before.answer_by
    assert again() == 0


def test_a_whistle_that_ended_keeps_its_days(whistled: Tip, officer: User) -> None:
    at = noon(date(2026, 3, 11))
    step(tip=whistled, action=Action.ANSWER_WHISTLE, actor=officer, at=at)
    step(tip=whistled, action=Action.ARRIVE, actor=officer, at=at)

    recount(overlay=announced())

    assert whistled.whistles.get().arrive_by == date(2026, 3, 13)


# --- supervision and objections -----------------------------------------------------------------------------------


def test_the_answer_to_a_supervision_moves_until_it_is_there(
    city: City, city_leader: User, officer: User
) -> None:
    waiting, answered = TipFactory(district=YANTA), TipFactory(district=YANTA)
    for tip in (waiting, answered):
        step(tip=tip, action=Action.SUPERVISE, actor=city_leader)
    step(tip=answered, action=Action.ANSWER_SUPERVISION, actor=officer)

    recount(overlay=announced())

    days = {tip: Supervision.objects.get(tip=tip).answer_by for tip in (waiting, answered)}
    assert days == {waiting: date(2026, 3, 18), answered: date(2026, 3, 17)}
    assert again() == 0


def test_106_a_review_shows_the_day_of_its_period(city: City) -> None:
    tip = TipFactory(review=True, district=YANTA)  # 30 days end on Thursday 9 April

    recount(overlay=announced(date(2026, 4, 9)))

    row = Tip.objects.get(pk=tip.pk)
    assert (tip.objections.get().review_by, row.due_date) == (date(2026, 4, 10), date(2026, 4, 10))
    assert again() == 0


# --- criminal referral --------------------------------------------------------------------------------------------


def newest(tip: Tip) -> Referral:
    return tip.referrals.get()


def test_move_5_the_decision_moves_until_it_is_taken(referred: Tip, leader: User) -> None:
    recount(overlay=announced())
    waiting = newest(referred).decide_by
    decide_referral(tip_id=referred.pk, actor=leader, at=noon(TODAY))

    recount(overlay=NO_OVERLAY)

    assert (waiting, newest(referred).decide_by) == (date(2026, 3, 16), date(2026, 3, 16))


def test_move_5_the_hours_to_hand_over_run_through_days_off(referred: Tip, leader: User) -> None:
    decide_referral(tip_id=referred.pk, actor=leader, at=noon(TODAY))
    before = newest(referred).transfer_by

    recount(overlay=announced())

    assert newest(referred).transfer_by == before


def hand_over(tip: Tip, officer: User, leader: User) -> None:
    decide_referral(tip_id=tip.pk, actor=leader, at=noon(TODAY))
    hand_to_police(tip_id=tip.pk, actor=officer, at=noon(TODAY), police_name="雁塔公安分局")


def refuse(tip: Tip, officer: User) -> None:
    police_refuses(tip_id=tip.pk, actor=officer, at=noon(TODAY), answered_date=TODAY, memo="数额不足")


def test_move_8_the_answer_of_the_police_moves(referred: Tip, officer: User, leader: User) -> None:
    hand_over(referred, officer, leader)

    recount(overlay=announced())

    assert newest(referred).answer_by == date(2026, 3, 16)
    assert again() == 0


def test_move_9_the_day_to_ask_again_moves_and_then_the_second_answer(
    referred: Tip, officer: User, leader: User
) -> None:
    hand_over(referred, officer, leader)
    refuse(referred, officer)
    recount(overlay=announced())
    asked_by = newest(referred).reconsider_by
    reconsider(tip_id=referred.pk, actor=officer, at=noon(TODAY), memo="数额已查清")

    recount(overlay=DayOverlay(off=frozenset({OFF, date(2026, 3, 13)})))

    row = newest(referred)
    assert (asked_by, row.reconsider_by, row.answer_by) == (
        date(2026, 3, 16),
        date(2026, 3, 16),
        date(2026, 3, 17),
    )


def test_the_policy_of_the_day_of_the_proposal_decides_to_the_end(referred: Tip) -> None:
    DeadlinePolicy.objects.create(effective_from=TODAY + timedelta(days=1), referral_days=9)

    recount(overlay=announced())

    assert newest(referred).decide_by == date(2026, 3, 16)


# --- penalties ----------------------------------------------------------------------------------------------------


def test_78_the_day_to_publish_a_penalty_moves(city: City, officer: User) -> None:
    tip = TipFactory(verified=True, district=YANTA, officer=officer)
    dispose(tip=tip, officer=officer, draft=penalty())
    dispose(tip=tip, officer=officer)
    before = [row.publish_by for row in tip.disposals.order_by("pk")]

    recount(overlay=announced())

    assert before == [date(2026, 3, 19), None]
    assert [row.publish_by for row in tip.disposals.order_by("pk")] == [date(2026, 3, 20), None]
    assert again() == 0


# --- as a whole ---------------------------------------------------------------------------------------------------


def test_counting_by_an_unchanged_calendar_moves_nothing_and_writes_nothing(
    whistled: Tip, referred: Tip
) -> None:
    assert recount(overlay=NO_OVERLAY) == 0


def test_what_moved_is_counted_and_leaves_no_act_in_the_history(whistled: Tip) -> None:
    steps = HandlingStep.objects.count()
    announced()

    counts = [
        run_daily(today=day, now=noon(day)).counts["recount_periods"]
        for day in (date(2026, 3, 11), date(2026, 3, 11))
    ]

    # The period to decide, and the answer to the whistle.
    assert counts == [2, 0]
    assert HandlingStep.objects.count() == steps


def test_days_counted_before_more_of_them_moved_are_caught_up_with_once(
    whistled: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2026, 3, 11)
    with monkeypatch.context() as earlier:
        earlier.setattr("complaints.rules.deadlines.WAY_OF_COUNTING", 1)
        earlier.setattr("complaints.services.recount.KINDS", ())
        announced()
        run_daily(today=day, now=noon(day))

    run_daily(today=day, now=noon(day))

    assert whistled.whistles.get().answer_by == noon(date(2026, 3, 13))
    assert DailyRun.objects.get().counts["recount_periods"] == 2


@pytest.mark.django_db(transaction=True)
def test_two_counts_at_once_move_a_row_once(whistled: Tip) -> None:
    overlay = announced()

    moved = at_once([lambda: recount(overlay=overlay)] * 2)

    assert [one for one in moved if isinstance(one, Exception)] == []
    assert whistled.whistles.get().answer_by == noon(date(2026, 3, 13))
