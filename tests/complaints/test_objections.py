"""Objections with the receipt: in time or late, once to each answer, reviewed above by somebody else (106号)."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import Action, Clock, Phase, Problem, Result, Role, TipStatus
from complaints.errors import (
    DraftInvalid,
    IllegalMove,
    NotAllowed,
    ObjectionLate,
    ObjectionPending,
    ReceiptUnknown,
    TipNotFound,
)
from complaints.models import AuditRow, Objection, Tip
from complaints.services.objections import object_to_answer, reopen, uphold
from complaints.services.reporter import Progress, progress_for_receipt
from complaints.services.results import confirm_result, propose_result
from complaints.services.steps import day_start
from tests.factories import REPLY, TODAY, MembershipFactory, TipFactory, UserFactory, move_to, noon, step
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
WORDS = "防护罩装的是假的"
REPLIED = date(2025, 9, 25)  # D8: the tenth day lies in the holiday week


@pytest.fixture
def reviewer(city: City) -> User:
    """Return a leader of the city, the level above the districts."""
    return UserFactory(roles=[(Role.LEADER, city.city)])


def answered(*, today: date = TODAY, **values: object) -> Tip:
    return TipFactory(**{"replied": True, "district": YANTA, "today": today, **values})


def disagree(tip: Tip, *, today: date = TODAY, text: str = WORDS) -> Progress:
    return object_to_answer(typed=tip.acknowledgement.receipt, text=text, today=today)


def fresh(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


@pytest.mark.parametrize("day", [REPLIED, date(2025, 10, 5), date(2025, 10, 9)])
def test_d8_an_objection_within_ten_days_is_taken(city: City, day: date) -> None:
    tip = answered(today=REPLIED)

    shown = disagree(tip, today=day)

    row = Objection.objects.get()
    assert (shown.status, fresh(tip).status, fresh(tip).clock) == (TipStatus.REVIEW, "review", Clock.REVIEW)
    assert (row.tip, row.office, row.filed_date, row.words) == (tip, city.city, day, WORDS)
    assert row.review_by == fresh(tip).due_date


def test_d8_the_day_after_is_late_and_changes_nothing(city: City) -> None:
    tip = answered(today=REPLIED)
    acts = tip.steps.count()

    with pytest.raises(ObjectionLate) as caught:
        disagree(tip, today=date(2025, 10, 10))

    assert "2025年10月9日" in str(caught.value.public_message)
    assert (fresh(tip).status, tip.steps.count(), Objection.objects.count()) == ("replied", acts, 0)
    logged = AuditRow.objects.get(action="tip.refused")
    assert (logged.data, logged.actor, logged.subject, logged.taken_at) == (
        {"act": "object", "code": "objection_late"},
        None,
        "",
        day_start(date(2025, 10, 10)),
    )
    assert timezone.localtime(logged.taken_at).hour == 0  # the day, never the moment


def test_the_page_offers_it_until_the_last_day(city: City) -> None:
    tip = answered(today=REPLIED)

    assert progress_for_receipt(typed=tip.acknowledgement.receipt).objection_until == date(2025, 10, 9)


def test_106_the_review_takes_thirty_days(city: City) -> None:
    tip = answered()

    disagree(tip)

    assert Objection.objects.get().review_by == date(2026, 4, 9)


@pytest.mark.parametrize("trait", ["declined", "replied", "closed"])
def test_it_may_be_raised_against_every_decision(city: City, trait: str) -> None:
    tip = TipFactory(**{trait: True})

    assert disagree(tip).status == TipStatus.REVIEW


@pytest.mark.parametrize("trait", ["declined", "replied", "closed"])
def test_106_upheld_the_tip_is_again_what_it_was_before(city: City, reviewer: User, trait: str) -> None:
    tip = TipFactory(**{trait: True, "district": YANTA})
    disagree(tip)

    uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY + timedelta(days=3)), note="维持")

    row, shown = fresh(tip), progress_for_receipt(typed=tip.acknowledgement.receipt)
    assert (row.status, row.clock, shown.status) == (trait, Clock.NONE, trait)
    assert row.phase == (Phase.DONE if trait == "closed" else Phase.OPEN)
    assert tip.steps.get(action=Action.UPHOLD).target == trait


def test_a_declined_tip_shows_no_answer_that_was_never_given(city: City, reviewer: User) -> None:
    tip = TipFactory(declined=True, district=YANTA)
    disagree(tip)

    uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="维持不予受理")

    shown = progress_for_receipt(typed=tip.acknowledgement.receipt)
    assert [(one.action, one.is_done) for one in shown.milestones] == [
        ("register", True), ("decline", True), ("object", True), ("uphold", True), ("close", False),
    ]  # fmt: skip


def test_a_closed_case_is_not_shown_as_closed_while_it_is_reviewed(city: City) -> None:
    tip = TipFactory(closed=True, district=YANTA)

    shown = disagree(tip)

    assert [one.action for one in shown.milestones if not one.is_done] == ["uphold", "close"]


def test_a_case_closed_again_by_its_review_still_answers_a_supervision(
    city: City, reviewer: User, officer: User
) -> None:
    tip = TipFactory(closed=True, district=YANTA)
    disagree(tip)
    step(tip=tip, action=Action.SUPERVISE, actor=reviewer)
    uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="维持")

    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=officer)
    step(tip=tip, action=Action.LIFT_SUPERVISION, actor=reviewer)

    assert (fresh(tip).status, fresh(tip).is_supervised) == ("closed", False)


@pytest.mark.parametrize("trait", ["screening", "accepted", "verifying", "verified", "disposed"])
def test_without_an_answer_there_is_nothing_to_object_to(city: City, trait: str) -> None:
    tip = TipFactory(**{trait: True})

    with pytest.raises(IllegalMove):
        disagree(tip)

    assert progress_for_receipt(typed=tip.acknowledgement.receipt).objection_until is None


def test_an_archived_tip_takes_none(city: City) -> None:
    tip = TipFactory(archived=True)

    with pytest.raises(IllegalMove):
        disagree(tip)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("  ", Problem.NEEDS_TEXT), ("字" * 2001, Problem.TOO_LONG), ("a\x00", Problem.BAD_CHARACTERS)],
)
def test_unfit_words_are_refused(city: City, text: str, problem: Problem) -> None:
    tip = answered()

    with pytest.raises(DraftInvalid) as caught:
        disagree(tip, text=text)

    assert caught.value.problems[0].problem == problem
    assert not Objection.objects.exists()


def test_an_unknown_receipt_is_unknown(city: City) -> None:
    with pytest.raises(ReceiptUnknown):
        object_to_answer(typed="0000-0000-0000-0000-0000", text=WORDS, today=TODAY)

    assert not AuditRow.objects.exists()


def test_a_second_tap_makes_no_second_objection(city: City) -> None:
    tip = answered()

    shown = [disagree(tip).status for _ in range(2)]

    assert (shown, Objection.objects.count()) == ([TipStatus.REVIEW] * 2, 1)
    assert tip.steps.filter(action=Action.OBJECT).count() == 1


def test_other_words_while_the_review_runs_are_refused(city: City) -> None:
    tip = answered()
    disagree(tip)

    with pytest.raises(ObjectionPending):
        disagree(tip, text="还有一点")

    assert Objection.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_taps_at_once_make_one(city: City) -> None:
    tip = answered()

    results = at_once([lambda: disagree(tip)] * 4)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert (Objection.objects.count(), tip.steps.filter(action=Action.OBJECT).count()) == (1, 1)


def test_the_words_are_stored_encrypted(city: City) -> None:
    disagree(answered())

    assert WORDS.encode() not in bytes(Objection.objects.get().words_sealed)


# --- the review ----------------------------------------------------------------------------------------------------


def test_upheld_the_answer_stands_and_the_reason_is_told(city: City, reviewer: User) -> None:
    tip = answered()
    disagree(tip)

    uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY + timedelta(days=3)), note="复查属实，维持答复")

    shown, row = progress_for_receipt(typed=tip.acknowledgement.receipt), Objection.objects.get()
    assert (shown.status, shown.replies[-1].text) == (TipStatus.REPLIED, "复查属实，维持答复")
    assert (row.is_upheld, row.reviewed_by, row.reviewed_date) == (True, reviewer, TODAY + timedelta(days=3))
    assert (fresh(tip).clock, shown.objection_until) == (Clock.NONE, None)


def test_to_one_answer_there_is_one_objection(city: City, reviewer: User) -> None:
    tip = answered()
    disagree(tip)
    uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="维持")

    with pytest.raises(ObjectionPending):
        disagree(tip, text="还是不同意")


def test_reopened_the_case_begins_anew_and_the_answer_is_void(
    city: City, reviewer: User, officer: User
) -> None:
    tip = answered(officer=officer)
    disagree(tip)

    reopen(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="证据不足，重新核查")

    shown, row = progress_for_receipt(typed=tip.acknowledgement.receipt), fresh(tip)
    assert (row.status, row.clock, row.answered_date, row.result) == ("verifying", Clock.CLOSE, None, "")
    assert shown.lines[-1].text == "证据不足，重新核查"
    assert [one.action for one in shown.milestones if one.is_done] == ["register", "accept", "reopen"]
    assert Objection.objects.get().is_upheld is False


def test_the_new_answer_may_be_objected_to_again(city: City, reviewer: User) -> None:
    tip = answered()
    disagree(tip)
    reopen(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="重新核查")
    later = TODAY + timedelta(days=30)
    finish_again(tip, day=later)

    shown = disagree(tip, today=later, text="仍有异议")

    assert (shown.status, Objection.objects.count()) == (TipStatus.REVIEW, 2)


def finish_again(tip: Tip, *, day: date) -> None:
    """Take a reopened tip to its answer once more."""
    officer = MembershipFactory(office=tip.handling_unit).user
    boss = MembershipFactory(office=tip.handling_unit, role=Role.LEADER).user
    words = {"findings": "未发现", "basis": "调取监控录像"}
    propose_result(tip_id=tip.pk, actor=officer, at=noon(day), result=Result.FALSE, texts=words)
    confirm_result(tip_id=tip.pk, actor=boss, at=noon(day))
    step(tip=tip, action=Action.REPLY, actor=officer, at=noon(day), texts=REPLY)


def test_a_declined_tip_that_is_reopened_counts_as_accepted(city: City, reviewer: User) -> None:
    tip = TipFactory(declined=True, district=YANTA)
    disagree(tip)

    reopen(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="应当受理")

    assert (fresh(tip).status, fresh(tip).accepted_date) == ("verifying", TODAY)


def test_the_unit_that_answered_does_not_review(city: City, leader: User, officer: User) -> None:
    tip = answered()
    disagree(tip)

    for person in (leader, officer):
        with pytest.raises(NotAllowed):
            uphold(tip_id=tip.pk, actor=person, at=noon(TODAY), note="维持")

    assert fresh(tip).status == "review"


def test_whoever_answered_does_not_review_even_from_above(city: City, reviewer: User) -> None:
    tip = answered(officer=reviewer)
    disagree(tip)

    for act in (uphold, reopen):
        with pytest.raises(NotAllowed):
            act(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="维持")

    assert AuditRow.objects.filter(action="tip.refused").count() == 2


def test_at_the_top_another_leader_of_the_same_unit_reviews(city: City, reviewer: User) -> None:
    tip = TipFactory(replied=True)  # no place: the city's own
    disagree(tip)

    uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="维持")

    assert Objection.objects.get().office == city.city


def test_a_review_needs_words_and_an_objection(city: City, reviewer: User) -> None:
    tip = answered()
    with pytest.raises(IllegalMove):
        uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="维持")
    disagree(tip)

    with pytest.raises(DraftInvalid):
        reopen(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note=" ")

    assert fresh(tip).status == "review"


def test_a_foreign_leader_sees_no_tip(city: City) -> None:
    tip = answered()
    disagree(tip)
    stranger = UserFactory(roles=[(Role.LEADER, city.lianhu)])

    with pytest.raises(TipNotFound):
        uphold(tip_id=tip.pk, actor=stranger, at=noon(TODAY), note="维持")


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_one_wins(city: City, reviewer: User) -> None:
    tip = answered()
    disagree(tip)
    other = UserFactory(roles=[(Role.LEADER, city.city)])

    results = at_once(
        [
            lambda: uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="维持"),
            lambda: reopen(tip_id=tip.pk, actor=other, at=noon(TODAY), note="重查"),
        ]
    )

    assert [type(one) for one in results if isinstance(one, Exception)] == [IllegalMove]


def test_moved_to_an_answer_means_a_day_is_kept(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    move_to(tip=tip, status=TipStatus.REPLIED, officer=officer, at=noon(TODAY))

    assert fresh(tip).answered_date == TODAY
