"""What is late: each clock leads to one supervision of the right unit, or to one reminder, and to no second."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from complaints.enums import Action, Fact, Role, SupervisionCause, TipStatus
from complaints.errors import NotAllowed
from complaints.models import Notice, Referral, Supervision, Tip
from complaints.rules.deadlines import add_working_days
from complaints.selectors.history import history_of
from complaints.selectors.inbox import Tab, tab_filter
from complaints.services import late
from complaints.services.referrals import (
    decide_referral,
    hand_to_police,
    police_refuses,
    propose_referral,
    reconsider,
)
from complaints.services.supervision import lift_supervision
from tests.factories import TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
YEAR = timedelta(days=365)
Loop = Callable[..., int]


@pytest.fixture
def city_leader(city: City) -> User:
    return UserFactory(username="city-leader", roles=[(Role.LEADER, city.city)])


@pytest.fixture
def referral(city: City, officer: User, leader: User) -> Referral:
    """Return a referral proposed today."""
    tip = TipFactory(district=YANTA, verified=True, officer=officer, leader=leader)
    second = UserFactory(roles=[(Role.OFFICER, city.yanta)])
    texts = {"offence": "危险作业罪", "facts": "未经许可储存甲苯 20 桶"}
    team = [officer.pk, second.pk]
    return propose_referral(tip_id=tip.pk, actor=officer, at=NOON, officer_ids=team, texts=texts)


def supervised_once(loop: Loop, tip: Tip, *, at: datetime, actors: tuple[User, User]) -> Supervision:
    """Run a loop, answer and end what it raised, and see that it raises nothing more; return the supervision."""
    asked, boss = actors
    assert loop(now=at) == 1
    row = tip.supervisions.get()
    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=asked, at=at)
    step(tip=tip, action=Action.LIFT_SUPERVISION, actor=boss, at=at)
    assert loop(now=at + YEAR) == 0
    return row


def memo_of(tip: Tip, action: Action = Action.SUPERVISE) -> str:
    found = tip.steps.filter(action=action).last()
    assert found is not None
    return found.memo


# --- whistles -----------------------------------------------------------------------------------------------------


def test_a_late_whistle_is_the_called_units_matter_though_the_town_leads(
    city: City, officer: User, town_officer: User, city_leader: User
) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code, accepted=True, officer=officer)
    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)

    assert late.raise_for_late_whistles(now=NOON + timedelta(days=3)) == 1

    row = tip.supervisions.get()
    assert (row.cause, row.unit, row.office) == (SupervisionCause.WHISTLE_LATE, city.yanta, city.city)
    with pytest.raises(NotAllowed):
        step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=town_officer)
    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=officer)
    step(tip=tip, action=Action.LIFT_SUPERVISION, actor=city_leader)


def test_who_answered_the_whistle_and_does_not_come_is_supervised(
    city: City, officer: User, town_officer: User, city_leader: User
) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code, accepted=True, officer=officer)
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)
    arrive_by = step(tip=tip, action=Action.ANSWER_WHISTLE, actor=officer).arrive_by
    early = late.raise_for_late_arrivals(now=noon(arrive_by))

    at = noon(arrive_by + timedelta(days=1))
    row = supervised_once(late.raise_for_late_arrivals, tip, at=at, actors=(officer, city_leader))

    assert early == 0
    assert (row.cause, row.unit, row.office) == (SupervisionCause.ARRIVAL_LATE, city.yanta, city.city)
    assert "雁塔区应急管理局" in memo_of(tip)


def test_a_whistle_may_be_late_with_the_answer_and_with_the_arrival(
    city: City, officer: User, town_officer: User, city_leader: User
) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code, accepted=True, officer=officer)
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)
    at = NOON + timedelta(days=3)
    supervised_once(late.raise_for_late_whistles, tip, at=at, actors=(officer, city_leader))
    step(tip=tip, action=Action.ANSWER_WHISTLE, actor=officer, at=at)

    assert late.raise_for_late_arrivals(now=at + YEAR) == 1
    assert [row.cause for row in tip.supervisions.all()] == ["whistle_late", "arrival_late"]


# --- referrals ----------------------------------------------------------------------------------------------------


def test_move_5_no_decision_on_a_referral_is_supervised_from_the_day_after(
    city: City, officer: User, city_leader: User, referral: Referral
) -> None:
    early = late.raise_for_late_referrals(now=noon(referral.decide_by))

    at = noon(referral.decide_by + timedelta(days=1))
    row = supervised_once(late.raise_for_late_referrals, referral.tip, at=at, actors=(officer, city_leader))

    assert early == 0
    assert (row.cause, row.unit, row.office) == (SupervisionCause.REFERRAL_LATE, city.yanta, city.city)


def test_move_5_a_case_not_handed_over_within_its_hours_is_supervised(
    city: City, officer: User, leader: User, city_leader: User, referral: Referral
) -> None:
    decide_referral(tip_id=referral.tip_id, actor=leader, at=NOON)
    early = late.raise_for_late_referrals(now=NOON + timedelta(hours=24))

    at = NOON + timedelta(hours=24, minutes=1)
    row = supervised_once(late.raise_for_late_referrals, referral.tip, at=at, actors=(officer, city_leader))

    assert early == 0
    assert (row.cause, row.unit) == (SupervisionCause.TRANSFER_LATE, city.yanta)


def test_move_8_silent_police_are_not_supervised_but_the_unit_is_reminded_once_for_each_last_day(
    officer: User, leader: User, referral: Referral
) -> None:
    tip = referral.tip
    decide_referral(tip_id=tip.pk, actor=leader, at=NOON)
    row = hand_to_police(tip_id=tip.pk, actor=officer, at=NOON, police_name="雁塔公安分局")
    assert row.answer_by is not None
    early, at = late.remind_of_police(now=noon(row.answer_by)), noon(row.answer_by + timedelta(days=1))

    first, again = late.remind_of_police(now=at), late.remind_of_police(now=at + YEAR)

    assert (early, first, again) == (0, 1, 0)
    assert not Supervision.objects.exists()
    assert "雁塔公安分局" in memo_of(tip, Action.REMIND)
    refused = timezone.localdate(at)
    police_refuses(tip_id=tip.pk, actor=officer, at=at, answered_date=refused, memo="证据不足")
    anew = reconsider(tip_id=tip.pk, actor=officer, at=at, memo="补充证据")
    assert anew.answer_by is not None
    assert late.remind_of_police(now=noon(anew.answer_by + timedelta(days=1))) == 1


# --- orders -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [TipStatus.DISPOSED, TipStatus.REPLIED, TipStatus.CLOSED])
def test_an_order_nobody_looked_at_again_is_supervised_however_far_the_case_has_come(
    city: City, officer: User, leader: User, city_leader: User, status: TipStatus
) -> None:
    tip = TipFactory(district=YANTA, status=status, officer=officer, leader=leader)
    due = tip.disposals.get().rectify_by
    early = late.raise_for_late_rectifications(now=noon(due))

    at = noon(due + timedelta(days=1))
    row = supervised_once(late.raise_for_late_rectifications, tip, at=at, actors=(officer, city_leader))

    assert early == 0
    assert (row.cause, row.unit, row.office) == (SupervisionCause.RECTIFY_LATE, city.yanta, city.city)


def test_a_closed_case_under_supervision_stands_in_its_tab(officer: User, leader: User) -> None:
    tip = TipFactory(district=YANTA, closed=True, officer=officer, leader=leader)
    late.raise_for_late_rectifications(now=NOON + YEAR)

    assert list(Tip.objects.filter(tab_filter(tab=Tab.SUPERVISED, user=officer, now=NOON))) == [tip]


def test_an_order_found_fulfilled_is_nobodys_matter(officer: User, leader: User) -> None:
    tip = TipFactory(district=YANTA, closed=True, officer=officer, leader=leader)
    step(tip=tip, action=Action.RECHECK, actor=officer)

    assert late.raise_for_late_rectifications(now=NOON + YEAR) == 0


# --- deaths -------------------------------------------------------------------------------------------------------


def test_awsl73_a_death_told_at_intake_is_supervised_by_the_daily_task_alone(
    city: City, officer: User, city_leader: User
) -> None:
    """At intake an act of the machine would tell the minute the tip was sent."""
    tip = TipFactory(district=YANTA, description="昨天死了一个工人")
    at_intake = tip.supervisions.exists()

    row = supervised_once(late.raise_for_deaths, tip, at=NOON, actors=(officer, city_leader))

    assert not at_intake
    assert (row.cause, row.unit, row.office) == (SupervisionCause.DEATH, city.yanta, city.city)


# --- an answer that does not come ---------------------------------------------------------------------------------


def test_an_unanswered_supervision_goes_up_one_level_once(
    city: City,
    officer: User,
    leader: User,
    city_leader: User,
    town_officer: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)
    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)
    row = step(tip=tip, action=Action.SUPERVISE, actor=leader)
    early, at = late.raise_unanswered(now=noon(row.answer_by)), noon(row.answer_by + timedelta(days=1))

    with django_capture_on_commit_callbacks(execute=True):
        counts = (late.raise_unanswered(now=at), late.raise_unanswered(now=at + YEAR))

    row.refresh_from_db()
    assert (early, counts, row.office, row.unit) == (0, (1, 0), city.city, city.town)
    assert set(Notice.objects.values_list("user", flat=True)) == {city_leader.pk, town_officer.pk}
    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=town_officer, at=at)
    with pytest.raises(NotAllowed):
        lift_supervision(tip_id=tip.pk, actor=leader, at=at, memo="同意")
    step(tip=tip, action=Action.LIFT_SUPERVISION, actor=city_leader, at=at)


def test_at_the_top_its_leaders_are_reminded(city: City, city_leader: User) -> None:
    tip = TipFactory(district=YANTA)
    row = step(tip=tip, action=Action.SUPERVISE, actor=city_leader)

    assert late.raise_unanswered(now=noon(add_working_days(start=row.answer_by, days=1))) == 1

    row.refresh_from_db()
    assert row.office == city.city
    assert "市应急管理局" in memo_of(tip, Action.REMIND)
    assert Fact.SUPERVISED in history_of(tip=tip, today=TODAY).facts
