"""Objections of several reporters of one case: each has ten days of their own, one review decides on all (106号)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.enums import Action, Clock, Role, TipStatus
from complaints.errors import IllegalMove, ObjectionLate, ObjectionPending
from complaints.models import Objection, Tip
from complaints.services.objections import object_to_answer, reopen, uphold
from complaints.services.reporter import Progress, withdraw
from tests.complaints.test_merging import fresh, merged, pair, progress, reply
from tests.factories import REPLY, TODAY, UserFactory, noon, step
from tests.fixtures import City

__all__ = ["merged", "pair"]
pytestmark = pytest.mark.django_db
ANSWERED = TODAY + timedelta(days=5)
OVER = ANSWERED + timedelta(days=11)


@pytest.fixture
def reviewer(city: City) -> User:
    """Return a leader of the city, the level above the districts."""
    return UserFactory(roles=[(Role.LEADER, city.city)])


@pytest.fixture
def answered(merged: tuple[Tip, Tip], officer: User) -> tuple[Tip, Tip]:
    """Return the lead and a tip merged into it, both answered."""
    reply(merged[0], officer)
    return merged


def disagree(tip: Tip, text: str = "护栏是摆拍的", *, days: int = 1) -> Progress:
    day = ANSWERED + timedelta(days=days)
    return object_to_answer(typed=tip.acknowledgement.receipt, text=text, today=day)


@pytest.mark.parametrize("first", [0, 1])
def test_106_one_objection_does_not_use_up_the_days_of_another_reporter(
    answered: tuple[Tip, Tip], first: int
) -> None:
    one, other = answered[first], answered[1 - first]
    disagree(one, days=1)
    due = fresh(answered[0]).due_date

    offered = progress(other).objection_until
    shown = disagree(other, "第二天又拆了", days=4)

    assert offered is not None
    assert (shown.status, shown.objection_until) == (TipStatus.REVIEW, None)
    rows = list(Objection.objects.order_by("pk"))
    assert [(row.tip, row.raised_on, row.review_by) for row in rows] == [
        (answered[0], one, due),
        (answered[0], other, due),
    ]
    assert answered[0].periods.filter(clock=Clock.REVIEW).count() == 1


def test_106_after_a_review_the_other_reporter_still_has_the_own_days(
    answered: tuple[Tip, Tip], reviewer: User
) -> None:
    lead, later = answered
    disagree(lead)
    uphold(tip_id=lead.pk, actor=reviewer, at=noon(ANSWERED + timedelta(days=2)), note="维持")

    offered = (progress(lead).objection_until, progress(later).objection_until is not None)
    shown = disagree(later, days=10)

    assert offered == (None, True)
    waiting = [one.action for one in shown.milestones if not one.is_done]
    assert (shown.status, waiting) == (TipStatus.REVIEW, ["uphold", "close"])
    with pytest.raises(ObjectionPending):
        disagree(lead, "还是不同意", days=3)


def test_106_the_days_of_the_other_reporter_end_all_the_same(answered: tuple[Tip, Tip]) -> None:
    disagree(answered[0])

    with pytest.raises(ObjectionLate):
        disagree(answered[1], days=(OVER - ANSWERED).days)


def test_the_same_words_of_two_reporters_are_two_objections_and_each_taps_once(
    answered: tuple[Tip, Tip],
) -> None:
    for tip in (*answered, *answered):
        disagree(tip)

    assert Objection.objects.count() == answered[0].steps.filter(action=Action.OBJECT).count() == 2
    for tip in answered:
        with pytest.raises(ObjectionPending):
            disagree(tip, "另外还有一点")


def test_who_withdrew_objects_to_nothing(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged
    withdraw(typed=later.acknowledgement.receipt, today=TODAY + timedelta(days=4))
    reply(lead, officer)
    disagree(lead)

    with pytest.raises(IllegalMove):
        disagree(later)

    assert progress(later).objection_until is None


@pytest.mark.parametrize("review", [uphold, reopen])
def test_one_review_decides_on_all_that_wait(
    answered: tuple[Tip, Tip], reviewer: User, review: object
) -> None:
    lead, later = answered
    for tip in answered:
        disagree(tip)

    review(tip_id=lead.pk, actor=reviewer, at=noon(ANSWERED + timedelta(days=3)), note="复查过了")  # type: ignore[operator]  # one of two services

    rows = Objection.objects.values_list("is_upheld", "reviewed_by", "reviewed_date")
    day = ANSWERED + timedelta(days=3)
    assert list(rows) == [(review is uphold, reviewer.pk, day)] * 2
    told = [progress(tip) for tip in answered]
    assert all("复查过了" in repr((one.replies, one.lines)) for one in told)
    assert fresh(lead).status == (TipStatus.REPLIED if review is uphold else TipStatus.VERIFYING)
    assert fresh(later).status == TipStatus.MERGED


def test_106_after_a_new_answer_everybody_may_object_again(
    answered: tuple[Tip, Tip], reviewer: User, officer: User, leader: User
) -> None:
    lead = answered[0]
    for tip in answered:
        disagree(tip)
    reopen(tip_id=lead.pk, actor=reviewer, at=noon(ANSWERED + timedelta(days=3)), note="重新核查")
    later = noon(ANSWERED + timedelta(days=5))
    step(tip=lead, action=Action.CONCLUDE_UNFOUNDED, actor=officer, at=later)
    step(tip=lead, action=Action.APPROVE_UNFOUNDED, actor=leader, at=later)
    step(tip=lead, action=Action.REPLY, actor=officer, at=later, texts=REPLY)

    for tip in answered:
        disagree(tip, "仍有异议", days=6)

    assert Objection.objects.filter(reviewed_date=None).count() == 2


def test_a_database_holds_one_open_objection_of_each_reporter(answered: tuple[Tip, Tip]) -> None:
    disagree(answered[1])
    row = Objection.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.create(
            tip=row.tip, raised_on=row.raised_on, office=row.office, filed_date=TODAY, review_by=TODAY
        )
