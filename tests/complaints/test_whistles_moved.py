"""A tip that is not ours is passed on or declined although a town has whistled: the whistle ends with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Fact, TipStatus
from complaints.errors import ActHindered, DraftInvalid
from complaints.models import AuditRow, Notice, Tip
from complaints.selectors.history import history_of
from complaints.selectors.whistles import (
    late_arrivals,
    late_whistles,
    open_whistles,
)
from complaints.stats.whistles import whistle_figures
from tests.factories import TODAY, MembershipFactory, TipFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
LATER = NOON + timedelta(hours=2)
MOVES = [(Action.TRANSFER_OUT, TipStatus.TRANSFERRED_OUT), (Action.DECLINE, TipStatus.DECLINED)]


@pytest.fixture
def called(city: City, town_officer: User) -> Tip:
    """Return a tip of another body's industry, not decided on, for which the town has whistled."""
    tip = TipFactory(district=YANTA, town=city.town_code, industry="construction")
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)
    return tip


def fresh(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


@pytest.mark.parametrize(("action", "state"), MOVES)
@pytest.mark.parametrize("is_answered", [False, True])
def test_awsl73_what_is_not_ours_goes_its_way_and_ends_the_whistle(
    called: Tip, officer: User, action: Action, state: TipStatus, is_answered: bool
) -> None:
    if is_answered:
        step(tip=called, action=Action.ANSWER_WHISTLE, actor=officer)

    step(tip=called, action=action, actor=officer, at=LATER)

    tip, row = fresh(called), called.whistles.get()
    facts = history_of(tip=tip, today=TODAY).facts
    assert (tip.status, tip.called_unit) == (state, None)
    assert (row.ended_at, row.is_moot, row.arrived_at, row.is_returned) == (LATER, True, None, False)
    assert row.is_moot
    assert not facts & {Fact.WHISTLED, Fact.EXPECTED}
    assert not late_whistles(now=LATER + timedelta(days=9)).exists()
    assert not late_arrivals(today=TODAY + timedelta(days=9)).exists()
    assert open_whistles(user=officer, now=LATER) == []


@pytest.mark.parametrize(
    ("action", "words"), [(Action.TRANSFER_OUT, "市住房和城乡建设局"), (Action.DECLINE, "不予受理")]
)
def test_the_record_says_that_the_whistle_ended_and_why(
    called: Tip, officer: User, action: Action, words: str
) -> None:
    step(tip=called, action=action, actor=officer, at=LATER)

    ended, moved = called.steps.order_by("-pk")[:2][::-1]
    row = called.whistles.get()
    assert (ended.action, moved.action) == (Action.END_WHISTLE, action)
    assert (ended.actor, ended.towards, ended.taken_at) == (officer, row.called, LATER)
    assert words in ended.memo
    assert row.answer == ended.memo
    assert AuditRow.objects.filter(action="tip.end_whistle", actor=officer, subject=called.number).exists()


def test_the_town_and_the_called_unit_are_told(
    city: City, called: Tip, officer: User, town_officer: User, django_capture_on_commit_callbacks: Any
) -> None:
    colleague = MembershipFactory(office=city.yanta).user

    with django_capture_on_commit_callbacks(execute=True):
        step(tip=called, action=Action.TRANSFER_OUT, actor=officer, at=LATER)

    assert set(Notice.objects.values_list("user", flat=True)) == {town_officer.pk, colleague.pk}


def test_a_town_whose_officer_left_is_told_all_the_same(
    city: City, called: Tip, officer: User, town_officer: User, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=town_officer.pk).update(is_active=False)
    other = MembershipFactory(office=city.town).user

    with django_capture_on_commit_callbacks(execute=True):
        step(tip=called, action=Action.DECLINE, actor=officer, at=LATER)

    assert Notice.objects.filter(user=other).exists()


def test_the_figures_do_not_take_it_for_an_answer(called: Tip, officer: User) -> None:
    step(tip=called, action=Action.TRANSFER_OUT, actor=officer, at=LATER)

    found = whistle_figures(user=officer, since=TODAY, until=TODAY, now=LATER + timedelta(days=9))

    assert (found.raised, found.answered, found.arrived, found.returned, found.late) == (1, 0, 0, 0, 0)


def test_a_move_that_is_refused_leaves_the_whistle_as_it_was(called: Tip, officer: User) -> None:
    with pytest.raises(DraftInvalid):
        step(tip=called, action=Action.TRANSFER_OUT, actor=officer, at=LATER, note=" ")

    assert called.whistles.get().ended_at is None
    assert fresh(called).called_unit is not None
    assert not called.steps.filter(action=Action.END_WHISTLE).exists()


def test_without_a_whistle_nothing_ends(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    step(tip=tip, action=Action.DECLINE, actor=officer)

    assert not tip.steps.filter(action=Action.END_WHISTLE).exists()


def test_what_was_taken_on_waits_for_the_whistle_as_before(called: Tip, officer: User) -> None:
    step(tip=called, action=Action.ACCEPT, actor=officer)

    with pytest.raises(ActHindered):
        step(tip=called, action=Action.TRANSFER_OUT, actor=officer)
