"""Measures: proposed by one, signed by a leader who had no hand in the case; each has its particulars."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.enums import Action, Clock, Measure, Problem, Role, TipStatus
from complaints.errors import (
    ActHindered,
    DraftInvalid,
    IllegalMove,
    NotAllowed,
    OwnProposal,
    OwnWork,
    TipNotFound,
)
from complaints.models import Disposal, Tip
from complaints.selectors.inbox import Tab, inbox_counts
from complaints.selectors.rectifications import overdue_orders, waits_for_recheck
from complaints.services.measures import (
    MeasureDraft,
    confirm_measure,
    measure_problems,
    propose_measure,
    return_measure,
)
from complaints.services.reporter import progress_for_receipt
from tests.factories import TODAY, TipFactory, UserFactory, dispose, measure, noon, penalty, step, tip_of
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
LATER = NOON + timedelta(days=2)


@pytest.fixture
def founded(city: City, officer: User) -> Tip:
    """A tip of the first district whose danger a leader has confirmed."""
    return TipFactory(verified=True, district=YANTA, officer=officer)


def propose(tip: Tip, actor: User, draft: MeasureDraft | None = None) -> Disposal:
    return propose_measure(tip_id=tip.pk, actor=actor, at=NOON, draft=draft or measure())


def sign(tip: Tip, actor: User) -> Disposal:
    return confirm_measure(tip_id=tip.pk, actor=actor, at=LATER)


def fresh(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


def problems(error: DraftInvalid) -> list[tuple[str, Problem]]:
    return [(one.field, one.problem) for one in error.problems]


# --- two people ---------------------------------------------------------------------------------------------------


def test_a_measure_counts_once_a_leader_has_signed_it(founded: Tip, officer: User, leader: User) -> None:
    propose(founded, officer, penalty())
    proposed, waiting = Disposal.objects.get(), fresh(founded)
    runs = founded.periods.running().filter(clock=Clock.CLOSE).exists()

    row = sign(founded, leader)

    assert (waiting.status, runs) == (TipStatus.VERIFIED, True)
    assert (proposed.is_confirmed, proposed.publish_by, proposed.decided_at) == (None, None, None)
    assert (proposed.measure, proposed.fine_amount) == (Measure.PENALTY, Decimal("20000.00"))
    assert (proposed.words, proposed.decision_number) == ("罚款二万元", "（西雁）应急罚〔2026〕12 号")
    assert (row.recorded_by, row.recorded_at) == (officer, NOON)
    assert (row.decided_by, row.decided_at, row.is_confirmed) == (leader, LATER, True)
    assert fresh(founded).status == TipStatus.DISPOSED
    assert not founded.periods.running().filter(clock=Clock.CLOSE).exists()


@pytest.mark.parametrize("part", ["proposed", "handles", "inspected"])
def test_nobody_signs_a_measure_of_an_own_case(city: City, officer: User, part: str) -> None:
    boss = UserFactory(roles=[(Role.LEADER, city.yanta)])
    tip = TipFactory(verifying=True, district=YANTA, officer=officer)
    if part == "inspected":
        step(tip=tip, action=Action.INSPECT, actor=boss)
    step(tip=tip, action=Action.CONCLUDE, actor=officer)
    step(tip=tip, action=Action.APPROVE_RESULT, actor=UserFactory(roles=[(Role.LEADER, city.yanta)]))
    if part == "handles":
        Tip.objects.filter(pk=tip.pk).update(handler=boss)
    propose(tip, boss if part == "proposed" else officer)

    with pytest.raises(OwnProposal if part == "proposed" else OwnWork):
        sign(tip, boss)

    assert fresh(tip).status == TipStatus.VERIFIED
    assert inbox_counts(user=boss, now=NOON, tabs=[Tab.SIGNING])[Tab.SIGNING].number == 0


@pytest.mark.parametrize(
    ("role", "allowed"), [(Role.OFFICER, False), (Role.LEADER, True), (Role.AUDITOR, False)]
)
def test_a_leader_signs_and_returns(
    city: City, founded: Tip, officer: User, role: Role, allowed: bool
) -> None:
    propose(founded, officer)
    other = UserFactory(roles=[(role, city.yanta)])

    if allowed:
        assert sign(founded, other).is_confirmed
        return
    with pytest.raises(NotAllowed):
        sign(founded, other)
    with pytest.raises(NotAllowed):
        return_measure(tip_id=founded.pk, actor=other, at=LATER, memo="缺依据")


def test_the_leader_above_may_sign_for_a_unit_without_one(city: City, founded: Tip, officer: User) -> None:
    propose(founded, officer)

    assert sign(founded, UserFactory(roles=[(Role.LEADER, city.city)])).is_confirmed


def test_a_returned_measure_is_proposed_anew_and_the_first_one_stays_on_record(
    founded: Tip, officer: User, leader: User
) -> None:
    propose(founded, officer)
    returned = return_measure(tip_id=founded.pk, actor=leader, at=LATER, memo="缺法律依据")
    propose(founded, officer, penalty())
    sign(founded, leader)

    assert (returned.is_confirmed, returned.decided_by) == (False, leader)
    assert founded.steps.get(action=Action.RETURN_MEASURE).memo == "缺法律依据"
    assert list(founded.disposals.values_list("measure", "is_confirmed")) == [
        (Measure.RECTIFY, False),
        (Measure.PENALTY, True),
    ]
    assert [row.measure for row in founded.disposals.signed()] == [Measure.PENALTY]


def test_returning_needs_a_reason(founded: Tip, officer: User, leader: User) -> None:
    propose(founded, officer)

    with pytest.raises(DraftInvalid) as caught:
        return_measure(tip_id=founded.pk, actor=leader, at=LATER, memo=" ")

    assert problems(caught.value) == [("memo", Problem.NEEDS_TEXT)]
    assert Disposal.objects.get().decided_at is None


def test_where_nothing_is_proposed_nothing_is_decided(founded: Tip, leader: User) -> None:
    with pytest.raises(IllegalMove):
        sign(founded, leader)
    with pytest.raises(IllegalMove):
        return_measure(tip_id=founded.pk, actor=leader, at=LATER, memo="缺依据")


def test_one_measure_waits_at_a_time(founded: Tip, officer: User) -> None:
    propose(founded, officer)

    with pytest.raises(ActHindered):
        propose(founded, officer, penalty())

    row = Disposal(tip=founded, measure=Measure.NOTICE, decided_date=TODAY, recorded_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_foreign_leader_finds_nothing_to_sign(city: City, founded: Tip, officer: User) -> None:
    propose(founded, officer)

    with pytest.raises(TipNotFound):
        sign(founded, UserFactory(roles=[(Role.LEADER, city.lianhu)]))


def test_several_measures_stand_side_by_side(founded: Tip, officer: User, leader: User) -> None:
    for draft in (measure(), penalty(), measure(measure=Measure.NOTICE, rectify_by=None)):
        dispose(tip=founded, officer=officer, leader=leader, draft=draft)

    assert [row.measure for row in founded.disposals.signed()] == [
        Measure.RECTIFY,
        Measure.PENALTY,
        Measure.NOTICE,
    ]


# --- what an unsigned measure does not do -------------------------------------------------------------------------


@pytest.mark.parametrize("is_returned", [False, True])
def test_what_nobody_signed_binds_nobody(
    founded: Tip, officer: User, leader: User, is_returned: bool
) -> None:
    propose(founded, officer)
    if is_returned:
        return_measure(tip_id=founded.pk, actor=leader, at=LATER, memo="缺依据")
    Tip.objects.filter(pk=founded.pk).update(status=TipStatus.CLOSED)

    assert not overdue_orders(today=TODAY + timedelta(days=99)).exists()
    assert not waits_for_recheck(tip=fresh(founded))
    assert not Disposal.objects.get().is_unfulfilled


def test_106_the_answer_waits_for_the_signature(founded: Tip, officer: User, leader: User) -> None:
    dispose(tip=founded, officer=officer, leader=leader)
    propose(founded, officer, penalty())

    with pytest.raises(ActHindered):
        step(tip=founded, action=Action.REPLY, actor=officer)
    sign(founded, leader)
    step(tip=founded, action=Action.REPLY, actor=officer)


def test_the_reporter_learns_nothing_of_a_proposal(founded: Tip, officer: User, leader: User) -> None:
    propose(founded, officer)
    before = progress_for_receipt(typed=founded.acknowledgement.receipt)
    sign(founded, leader)
    after = progress_for_receipt(typed=founded.acknowledgement.receipt)

    assert (before.status, after.status) == (TipStatus.VERIFIED, TipStatus.DISPOSED)
    assert [one.action for one in before.milestones if one.is_now] == ["dispose"]
    assert not founded.messages.exists()


# --- after the answer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trait", ["replied", "closed"])
def test_a_penalty_decided_after_the_answer_is_recorded_and_the_state_stays(
    city: City, officer: User, leader: User, trait: str
) -> None:
    tip = TipFactory(**{trait: True}, district=YANTA, officer=officer)
    propose(tip, officer, penalty())
    waits = inbox_counts(user=leader, now=NOON, tabs=[Tab.SIGNING])[Tab.SIGNING].number

    sign(tip, leader)

    assert waits == 1
    assert fresh(tip).status == tip.status
    assert tip.disposals.signed().filter(measure=Measure.PENALTY).exists()


@pytest.mark.parametrize("review", [Action.UPHOLD, Action.REOPEN])
def test_a_measure_that_waits_when_the_reporter_objects(
    city: City, officer: User, leader: User, review: Action
) -> None:
    tip = TipFactory(replied=True, district=YANTA, officer=officer)
    propose(tip, officer, penalty())
    step(tip=tip, action=Action.OBJECT)

    step(tip=tip, action=review, actor=UserFactory(roles=[(Role.LEADER, city.city)]))

    row = tip.disposals.last()
    if review == Action.UPHOLD:
        assert sign(tip, leader).is_confirmed
    else:
        assert (row.is_confirmed, row.decided_by, row.decided_at) == (False, None, NOON)
        with pytest.raises(IllegalMove):
            sign(tip, leader)


def test_a_measure_is_signed_during_a_review_and_the_review_goes_on(
    city: City, officer: User, leader: User
) -> None:
    tip = TipFactory(replied=True, district=YANTA, officer=officer)
    propose(tip, officer, penalty())
    step(tip=tip, action=Action.OBJECT)

    assert sign(tip, leader).is_confirmed

    assert fresh(tip).status == TipStatus.REVIEW


def test_106_who_signed_the_measure_does_not_review_the_answer(city: City, officer: User) -> None:
    boss = UserFactory(roles=[(Role.LEADER, city.city)])
    tip = TipFactory(verified=True, district=YANTA, officer=officer)
    dispose(tip=tip, officer=officer, leader=boss)
    step(tip=tip, action=Action.REPLY, actor=officer)
    step(tip=tip, action=Action.OBJECT)

    for action in (Action.UPHOLD, Action.REOPEN):
        with pytest.raises(OwnWork):
            step(tip=tip, action=action, actor=boss)


@pytest.mark.parametrize("action", [Action.CLOSE, Action.ARCHIVE])
def test_no_case_ends_while_a_measure_waits(city: City, officer: User, action: Action) -> None:
    tip = TipFactory(
        **{"replied" if action == Action.CLOSE else "closed": True}, district=YANTA, officer=officer
    )
    late = noon(TODAY + timedelta(days=40))
    step(tip=tip, action=Action.RECHECK, actor=officer, at=late)
    propose(tip, officer, penalty())

    with pytest.raises(ActHindered):
        step(tip=tip, action=action, actor=officer, at=late)


def test_what_waits_is_in_the_queue_of_the_leader_alone(city: City, officer: User, leader: User) -> None:
    tip = tip_of(officer, verified=True, district=YANTA, officer=officer)
    propose(tip, officer)

    def queue(user: User) -> int:
        return inbox_counts(user=user, now=NOON, tabs=[Tab.SIGNING])[Tab.SIGNING].number

    assert (queue(leader), queue(officer)) == (1, 0)
    assert queue(UserFactory(roles=[(Role.LEADER, city.lianhu)])) == 0


# --- particulars --------------------------------------------------------------------------------------------------


def test_78_a_penalty_is_published_within_seven_working_days_of_its_decision(
    founded: Tip, officer: User, leader: User
) -> None:
    fine = dispose(tip=founded, officer=officer, leader=leader, draft=penalty())
    order = dispose(tip=founded, officer=officer, leader=leader)

    assert (fine.publish_by, order.publish_by) == (date(2026, 3, 19), None)


@pytest.mark.parametrize(
    ("trait", "extra"),
    [
        ("accepted", {}), ("verifying", {}), ("declined", {}),
        ("verified", {"unfounded": True}), ("replied", {"unfounded": True}),
    ],
)  # fmt: skip
def test_no_measure_without_a_confirmed_danger(
    city: City, officer: User, trait: str, extra: dict[str, bool]
) -> None:
    tip = TipFactory(**{trait: True}, **extra, district=YANTA, officer=officer)

    with pytest.raises(IllegalMove):
        propose_measure(tip_id=tip.pk, actor=officer, at=NOON, draft=measure())

    assert not Disposal.objects.exists()


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (measure(), []),
        (measure(rectify_by=TODAY), []),
        (measure(rectify_by=None), [("rectify_by", Problem.MISSING)]),
        (measure(rectify_by=TODAY - timedelta(days=1)), [("rectify_by", Problem.RECTIFY_BEFORE)]),
        (measure(rectify_by=TODAY + timedelta(days=3651)), [("rectify_by", Problem.RECTIFY_FAR)]),
        (measure(decided_date=TODAY + timedelta(days=1)), [("decided_date", Problem.DAY_AHEAD)]),
        (measure(fine_amount=Decimal(1)), [("fine_amount", Problem.BAD_NUMBER)]),
        (measure(measure=Measure.NOTICE, rectify_by=None), []),
        (penalty(), []),
        (penalty(fine_amount=None), []),
        (penalty(fine_amount=Decimal(0)), []),
        (penalty(fine_amount=Decimal("9999999999.99")), []),
        (penalty(fine_amount=Decimal("1E+4")), []),
        (penalty(decision_number="  "), [("decision_number", Problem.MISSING)]),
        (penalty(decision_number="号" * 61), [("decision_number", Problem.TOO_LONG)]),
        (penalty(decision_number="12\x00"), [("decision_number", Problem.BAD_CHARACTERS)]),
        *[
            (penalty(fine_amount=Decimal(text)), [("fine_amount", Problem.BAD_NUMBER)])
            for text in ("10000000000", "0.001", "NaN", "sNaN", "Infinity", "-Infinity", "1E+30")
        ],
        (penalty(fine_amount=Decimal("-0.01")), [("fine_amount", Problem.NEGATIVE_FINE)]),
    ],
)
def test_each_kind_of_measure_has_its_particulars(
    draft: MeasureDraft, found: list[tuple[str, Problem]]
) -> None:
    assert [(one.field, one.problem) for one in measure_problems(draft=draft, today=TODAY)] == found


def test_everything_wrong_is_named_at_once_and_nothing_is_stored(founded: Tip, officer: User) -> None:
    draft = penalty(words=" ", decision_number="", fine_amount=Decimal(-5))

    with pytest.raises(DraftInvalid) as caught:
        propose_measure(tip_id=founded.pk, actor=officer, at=NOON, draft=draft)

    assert problems(caught.value) == [
        ("words", Problem.NEEDS_TEXT),
        ("decision_number", Problem.MISSING),
        ("fine_amount", Problem.NEGATIVE_FINE),
    ]
    assert not Disposal.objects.exists()
    assert Tip.objects.get(pk=founded.pk).status == TipStatus.VERIFIED


def test_who_proposes_a_measure(city: City) -> None:
    expected = {Role.OFFICER: True, Role.LEADER: True, Role.AUDITOR: False}

    for role, allowed in expected.items():
        actor = UserFactory(roles=[(role, city.yanta)])
        founded = TipFactory(verified=True, district=YANTA)
        try:
            propose_measure(tip_id=founded.pk, actor=actor, at=NOON, draft=measure())
        except NotAllowed:
            assert not allowed, role
        else:
            assert allowed, role


def test_a_reopened_case_needs_a_result_before_a_measure(city: City, officer: User) -> None:
    tip = TipFactory(review=True, district=YANTA, officer=officer)
    step(tip=tip, action=Action.REOPEN, actor=UserFactory(roles=[(Role.LEADER, city.city)]))

    for act in (Action.PROPOSE_MEASURE, Action.REPLY):
        with pytest.raises(IllegalMove):
            step(tip=tip, action=act, actor=officer)
        assert Tip.objects.get(pk=tip.pk).status == TipStatus.VERIFYING


def test_a_referral_is_no_measure_before_the_police_have_the_case(city: City, officer: User) -> None:
    tip = TipFactory(verified=True, district=YANTA, officer=officer)
    draft = MeasureDraft(measure=Measure.REFERRAL, decided_date=TODAY, words="移送公安机关")

    with pytest.raises(DraftInvalid) as caught:
        propose_measure(tip_id=tip.pk, actor=officer, at=noon(TODAY), draft=draft)

    assert [(one.field, one.problem) for one in caught.value.problems] == [("measure", Problem.UNKNOWN_CODE)]
    assert not tip.disposals.exists()
