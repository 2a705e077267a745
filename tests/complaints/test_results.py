"""Results: proposed by one, signed by another; there is none without a verification."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.enums import Action, Problem, Result, Role, TipStatus
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, TipNotFound
from complaints.models import Conclusion, Tip
from complaints.services.results import confirm_result, propose_result, return_result
from tests import database_bytes
from tests.factories import FOUND, TODAY, UNVISITED, TipFactory, UserFactory, dispose, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)


@pytest.fixture
def tip(city: City, officer: User) -> Tip:
    """A tip of the first district that is being verified."""
    return TipFactory(verifying=True, district=YANTA, town=city.town_code, officer=officer)


def propose(tip: Tip, actor: User, **values: object) -> Conclusion:
    return propose_result(
        **{"tip_id": tip.pk, "actor": actor, "at": NOON, "result": Result.TRUE, "texts": UNVISITED, **values}
    )


def problems(error: DraftInvalid) -> list[tuple[str, Problem]]:
    return [(one.field, one.problem) for one in error.problems]


# --- the result -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", Result)
def test_a_result_is_proposed_and_signed(tip: Tip, officer: User, leader: User, result: Result) -> None:
    propose(tip, officer, result=result)
    proposed = Tip.objects.get(pk=tip.pk)
    row = confirm_result(tip_id=tip.pk, actor=leader, at=NOON + timedelta(hours=2))

    assert (proposed.status, proposed.result) == (TipStatus.VERIFYING, "")
    signed = Tip.objects.get(pk=tip.pk)
    assert (signed.status, signed.result) == (TipStatus.VERIFIED, result)
    assert (row.proposed_by, row.decided_by, row.is_confirmed) == (officer, leader, True)
    assert row.decided_at == NOON + timedelta(hours=2)


def test_the_words_are_kept_for_the_officers_and_sealed_at_rest(tip: Tip, officer: User) -> None:
    marker = "标记七七三一号抛光间"

    propose(tip, officer, texts={"findings": marker, "measures": "停产清粉", "basis": marker})

    row = Conclusion.objects.get()
    assert (row.findings, row.measures, row.basis) == (marker, "停产清粉", marker)
    assert marker.encode() not in database_bytes.dumped()
    assert not tip.messages.exists()


@pytest.mark.parametrize("person", ["leader", "officer"])
def test_nobody_signs_an_own_proposal(tip: Tip, request: pytest.FixtureRequest, person: str) -> None:
    who = request.getfixturevalue(person)
    propose(tip, who)

    with pytest.raises(NotAllowed):
        confirm_result(tip_id=tip.pk, actor=who, at=NOON)


@pytest.mark.parametrize(
    ("role", "allowed"), [(Role.OFFICER, False), (Role.LEADER, True), (Role.AUDITOR, False)]
)
def test_a_leader_signs(tip: Tip, city: City, officer: User, role: Role, allowed: bool) -> None:
    propose(tip, officer)
    other = UserFactory(roles=[(role, city.yanta)])

    if allowed:
        assert confirm_result(tip_id=tip.pk, actor=other, at=NOON).is_confirmed
    else:
        with pytest.raises(NotAllowed):
            confirm_result(tip_id=tip.pk, actor=other, at=NOON)


def test_the_leader_above_may_sign_for_a_unit_without_one(tip: Tip, city: City, officer: User) -> None:
    propose(tip, officer)

    confirm_result(tip_id=tip.pk, actor=UserFactory(roles=[(Role.LEADER, city.city)]), at=NOON)

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.VERIFIED


def test_the_town_inspects_but_does_not_conclude(tip: Tip, town_officer: User) -> None:
    with pytest.raises(NotAllowed):
        propose(tip, town_officer)


@pytest.mark.parametrize(
    ("result", "texts", "found"),
    [
        (Result.TRUE, {}, ["findings", "measures"]),
        (Result.PARTLY_TRUE, {"findings": "属实"}, ["measures"]),
        (Result.TRUE, {"findings": " ", "measures": "停产"}, ["findings"]),
        (Result.FALSE, {}, ["findings"]),
        (Result.UNVERIFIABLE, {"measures": "无"}, ["findings"]),
    ],
)
def test_missing_words_are_named(
    tip: Tip, officer: User, result: Result, texts: dict[str, str], found: list[str]
) -> None:
    with pytest.raises(DraftInvalid) as caught:
        propose(tip, officer, result=result, texts={**texts, "basis": "调取台账"})

    assert problems(caught.value) == [(name, Problem.NEEDS_TEXT) for name in found]
    assert not Conclusion.objects.exists()


def test_what_is_not_confirmed_needs_no_measures(tip: Tip, officer: User) -> None:
    row = propose(
        tip, officer, result=Result.FALSE, texts={"findings": "现场没有这种设备", "basis": "看了监控"}
    )

    assert (row.findings, row.measures) == ("现场没有这种设备", "")


def test_an_unknown_result_is_refused(tip: Tip, officer: User) -> None:
    with pytest.raises(DraftInvalid) as caught:
        propose(tip, officer, result="certainly")

    assert problems(caught.value) == [("result", Problem.UNKNOWN_CODE)]


def test_a_returned_result_is_proposed_anew_and_the_first_one_stays_on_record(
    tip: Tip, officer: User, leader: User
) -> None:
    propose(tip, officer)
    return_result(tip_id=tip.pk, actor=leader, at=NOON, memo="请补充现场照片")
    propose(tip, officer, result=Result.FALSE)
    confirm_result(tip_id=tip.pk, actor=leader, at=NOON)

    assert list(tip.conclusions.values_list("result", "is_confirmed")) == [
        (Result.TRUE, False),
        (Result.FALSE, True),
    ]
    assert tip.steps.get(action=Action.RETURN_RESULT).memo == "请补充现场照片"
    assert Tip.objects.get(pk=tip.pk).result == Result.FALSE


def test_returning_needs_a_reason(tip: Tip, officer: User, leader: User) -> None:
    propose(tip, officer)

    with pytest.raises(DraftInvalid) as caught:
        return_result(tip_id=tip.pk, actor=leader, at=NOON, memo=" ")

    assert problems(caught.value) == [("memo", Problem.NEEDS_TEXT)]
    assert Conclusion.objects.get().decided_at is None


@pytest.mark.parametrize("act", [confirm_result, return_result])
def test_where_nothing_is_proposed_nothing_is_decided(tip: Tip, leader: User, act: object) -> None:
    words = {"memo": "缺照片"} if act is return_result else {}

    with pytest.raises(IllegalMove):
        act(tip_id=tip.pk, actor=leader, at=NOON, **words)  # type: ignore[operator]  # one of two services


def test_one_result_is_proposed_at_a_time(tip: Tip, officer: User, leader: User) -> None:
    propose(tip, officer)

    for result in (Result.TRUE, Result.FALSE):
        with pytest.raises(IllegalMove):
            propose(tip, leader, result=result)

    with pytest.raises(IntegrityError), transaction.atomic():
        Conclusion.objects.create(tip=tip, result=Result.TRUE, proposed_at=NOON)


def test_a_foreign_officer_finds_nothing_to_propose_or_sign(
    tip: Tip, officer: User, foreign_officer: User
) -> None:
    propose(tip, officer)

    for call in (
        lambda: propose(tip, foreign_officer),
        lambda: confirm_result(tip_id=tip.pk, actor=foreign_officer, at=NOON),
        lambda: return_result(tip_id=tip.pk, actor=foreign_officer, at=NOON, memo="好"),
    ):
        with pytest.raises(TipNotFound):
            call()


def test_the_reporter_learns_nothing_of_a_proposal(tip: Tip, officer: User, leader: User) -> None:
    propose(tip, officer)
    confirm_result(tip_id=tip.pk, actor=leader, at=NOON)

    assert not tip.messages.exists()


# --- how it was verified ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", Result)
def test_without_a_visit_a_result_says_how_it_was_verified(tip: Tip, officer: User, result: Result) -> None:
    with pytest.raises(DraftInvalid) as caught:
        propose(tip, officer, result=result, texts={**UNVISITED, "basis": " "})

    assert problems(caught.value) == [("basis", Problem.NEEDS_TEXT)]
    assert propose(tip, officer, result=result).basis == UNVISITED["basis"]


def test_after_a_visit_a_result_needs_no_such_words(tip: Tip, officer: User) -> None:
    step(tip=tip, action=Action.INSPECT, actor=officer)

    assert propose(tip, officer, texts=FOUND).basis == ""


def test_a_case_that_is_reopened_is_visited_anew_or_says_why_not(city: City, officer: User) -> None:
    reviewer = UserFactory(roles=[(Role.LEADER, city.city)])
    unseen, seen = (TipFactory(verifying=True, district=YANTA, officer=officer) for _ in range(2))
    for one in (unseen, seen):
        step(tip=one, action=Action.INSPECT, actor=officer)
        finish(one, officer)
        step(tip=one, action=Action.OBJECT)
    step(tip=seen, action=Action.INSPECT, actor=officer)
    for one in (unseen, seen):
        step(tip=one, action=Action.REOPEN, actor=reviewer)

    with pytest.raises(DraftInvalid):
        propose(unseen, officer, texts=FOUND)
    propose(seen, officer, texts=FOUND)


def finish(tip: Tip, officer: User) -> None:
    """Take a tip that is verified to its answer."""
    step(tip=tip, action=Action.CONCLUDE, actor=officer)
    boss = UserFactory(roles=[(Role.LEADER, tip.handling_unit)])
    step(tip=tip, action=Action.APPROVE_RESULT, actor=boss)
    dispose(tip=tip, officer=officer)
    step(tip=tip, action=Action.REPLY, actor=officer)
