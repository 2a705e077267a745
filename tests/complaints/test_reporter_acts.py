"""Withdrawal and rating with the receipt: once, by its holder, at the right time."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Clock, Problem, Result, TipStatus
from complaints.errors import DraftInvalid, IllegalMove, ReceiptUnknown
from complaints.models import AuditRow, Rating, Tip
from complaints.services.handling import record_step
from complaints.services.reporter import Progress, progress_for_receipt, rate, withdraw
from tests.factories import REPLY, TODAY, TipFactory, move_to, noon, step
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db


def pull(tip: Tip) -> Progress:
    return withdraw(typed=tip.acknowledgement.receipt, today=TODAY)


def score(tip: Tip, points: int = 4) -> Progress:
    return rate(typed=tip.acknowledgement.receipt, score=points, today=TODAY)


def fresh(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


# --- withdrawal ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trait", ["", "screening", "accepted", "verifying", "verified", "disposed"])
def test_a_withdrawal_leaves_the_case_where_it_is(city: City, trait: str) -> None:
    tip = TipFactory(**({trait: True} if trait else {}))
    before = tip.status

    shown = pull(tip)

    assert (fresh(tip).status, fresh(tip).withdrawn_date) == (before, TODAY)
    assert (shown.is_withdrawn, shown.can_withdraw) == (True, False)
    assert tip.steps.last().taken_at is None  # the day, never the moment


@pytest.mark.parametrize("trait", ["declined", "replied", "closed", "archived"])
def test_after_the_answer_it_is_too_late(city: City, trait: str) -> None:
    tip = TipFactory(**{trait: True})

    with pytest.raises(IllegalMove):
        pull(tip)

    assert fresh(tip).withdrawn_date is None
    assert not progress_for_receipt(typed=tip.acknowledgement.receipt).can_withdraw


def test_it_ends_the_period_for_the_answer_and_no_other(city: City) -> None:
    tip = TipFactory(verified=True)
    assert {row.clock for row in tip.periods.running()} == {Clock.CLOSE, Clock.REPLY}

    pull(tip)

    assert {row.clock for row in tip.periods.running()} == {Clock.CLOSE}


def test_the_case_goes_on_without_an_answer(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    pull(tip)

    move_to(tip=tip, status=TipStatus.DISPOSED, officer=officer)

    with pytest.raises(IllegalMove):
        record_step(tip_id=tip.pk, action=Action.REPLY, actor=officer, at=noon(TODAY), texts=REPLY)
    step(tip=tip, action=Action.CLOSE, actor=officer)
    shown = progress_for_receipt(typed=tip.acknowledgement.receipt)
    assert (shown.status, shown.replies, shown.can_rate) == (TipStatus.CLOSED, (), False)
    assert "reply" not in [one.action for one in shown.milestones]
    assert not tip.periods.running().exists()


def test_a_second_tap_changes_nothing(city: City) -> None:
    tip = TipFactory()
    pull(tip)

    again = withdraw(typed=tip.acknowledgement.receipt, today=TODAY + timedelta(days=1))

    assert again.is_withdrawn
    assert (fresh(tip).withdrawn_date, tip.steps.filter(action=Action.WITHDRAW).count()) == (TODAY, 1)


@pytest.mark.django_db(transaction=True)
def test_taps_at_once_withdraw_once(city: City) -> None:
    tip = TipFactory()

    results = at_once([lambda: pull(tip)] * 4)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert tip.steps.filter(action=Action.WITHDRAW).count() == 1


# --- rating --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trait", ["declined", "replied", "closed"])
def test_an_answer_is_rated_once(city: City, trait: str) -> None:
    tip = TipFactory(**{trait: True})
    offered = progress_for_receipt(typed=tip.acknowledgement.receipt).can_rate

    shown = score(tip)

    assert (offered, shown.can_rate) == (True, False)
    assert (Rating.objects.get().score, Rating.objects.get().rated_date) == (4, TODAY)


def test_the_same_score_again_is_a_retry_and_another_is_refused(city: City) -> None:
    tip = TipFactory(replied=True)
    score(tip)
    score(tip)

    with pytest.raises(IllegalMove):
        score(tip, 1)

    assert Rating.objects.get().score == 4
    assert tip.steps.filter(action=Action.RATE).count() == 1


@pytest.mark.parametrize("points", [0, 6, -1, 10**12])
def test_a_score_is_one_to_five(city: City, points: int) -> None:
    with pytest.raises(DraftInvalid) as caught:
        score(TipFactory(replied=True), points)

    assert [(one.field, one.problem) for one in caught.value.problems] == [("score", Problem.UNKNOWN_CODE)]


@pytest.mark.parametrize("trait", ["accepted", "verified", "disposed"])
def test_before_the_answer_there_is_nothing_to_rate(city: City, trait: str) -> None:
    tip = TipFactory(**{trait: True})

    with pytest.raises(IllegalMove):
        score(tip)

    assert not Rating.objects.exists()


def test_unknown_receipts_do_nothing(city: City) -> None:
    for act in (lambda: withdraw(typed="x", today=TODAY), lambda: rate(typed="x", score=3, today=TODAY)):
        with pytest.raises(ReceiptUnknown):
            act()

    assert not AuditRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_taps_at_once_rate_once(city: City) -> None:
    tip = TipFactory(replied=True, result=Result.TRUE)

    results = at_once([lambda: score(tip)] * 4)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert Rating.objects.count() == 1
