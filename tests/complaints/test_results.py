"""Results and measures: proposed by one, signed by another; each measure has its particulars."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.enums import Action, Measure, Problem, Result, Role, TipStatus
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, TipNotFound
from complaints.models import Conclusion, Disposal, Tip
from complaints.services.results import (
    MeasureDraft,
    confirm_result,
    measure_problems,
    propose_result,
    record_measure,
    return_result,
)
from tests import database_bytes
from tests.factories import FOUND, TODAY, TipFactory, UserFactory, measure, noon, penalty, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)


@pytest.fixture
def tip(city: City, officer: User) -> Tip:
    """A tip of the first district that is being verified."""
    return TipFactory(verifying=True, district=YANTA, town=city.town_code, officer=officer)


@pytest.fixture
def founded(city: City, officer: User) -> Tip:
    """A tip of the first district whose danger a leader has confirmed."""
    return TipFactory(verified=True, district=YANTA, officer=officer)


def propose(tip: Tip, actor: User, **values: object) -> Conclusion:
    return propose_result(
        **{"tip_id": tip.pk, "actor": actor, "at": NOON, "result": Result.TRUE, "texts": FOUND, **values}
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

    propose(tip, officer, texts={"findings": marker, "measures": "停产清粉"})

    row = Conclusion.objects.get()
    assert (row.findings, row.measures) == (marker, "停产清粉")
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
        propose(tip, officer, result=result, texts=texts)

    assert problems(caught.value) == [(name, Problem.NEEDS_TEXT) for name in found]
    assert not Conclusion.objects.exists()


def test_what_is_not_confirmed_needs_no_measures(tip: Tip, officer: User) -> None:
    row = propose(tip, officer, result=Result.FALSE, texts={"findings": "现场没有这种设备"})

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


# --- measures ---------------------------------------------------------------------------------------------------


def test_a_measure_is_recorded_whole(founded: Tip, officer: User) -> None:
    row = record_measure(tip_id=founded.pk, actor=officer, at=NOON, draft=penalty())

    stored = Disposal.objects.get()
    assert stored == row
    assert (stored.measure, stored.fine_amount) == (Measure.PENALTY, Decimal("20000.00"))
    assert (stored.words, stored.decision_number) == ("罚款二万元", "（西雁）应急罚〔2026〕12 号")
    assert (stored.recorded_by, stored.recorded_at) == (officer, NOON)
    assert Tip.objects.get(pk=founded.pk).status == TipStatus.DISPOSED


def test_78_a_penalty_is_published_within_seven_working_days(founded: Tip, officer: User) -> None:
    fine = record_measure(tip_id=founded.pk, actor=officer, at=NOON, draft=penalty())
    order = record_measure(tip_id=founded.pk, actor=officer, at=NOON, draft=measure())

    assert (fine.publish_by, order.publish_by) == (date(2026, 3, 19), None)


def test_several_measures_stand_side_by_side(founded: Tip, officer: User) -> None:
    for draft in (measure(), penalty(), measure(measure=Measure.NOTICE, rectify_by=None)):
        record_measure(tip_id=founded.pk, actor=officer, at=NOON, draft=draft)

    assert [row.measure for row in founded.disposals.all()] == [
        Measure.RECTIFY,
        Measure.PENALTY,
        Measure.NOTICE,
    ]


@pytest.mark.parametrize("trait", ["replied", "closed"])
def test_a_penalty_decided_after_the_answer_is_recorded_and_the_state_stays(
    city: City, officer: User, trait: str
) -> None:
    tip = TipFactory(**{trait: True}, district=YANTA, officer=officer)

    record_measure(tip_id=tip.pk, actor=officer, at=NOON, draft=penalty())

    assert Tip.objects.get(pk=tip.pk).status == tip.status
    assert tip.disposals.filter(measure=Measure.PENALTY).exists()


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
        record_measure(tip_id=tip.pk, actor=officer, at=NOON, draft=measure())

    assert not Disposal.objects.exists()


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (measure(), []),
        (measure(rectify_by=TODAY), []),
        (measure(rectify_by=None), [("rectify_by", Problem.MISSING)]),
        (measure(rectify_by=TODAY - timedelta(days=1)), [("rectify_by", Problem.BAD_DATE)]),
        (measure(decided_date=TODAY + timedelta(days=1)), [("decided_date", Problem.FUTURE_DATE)]),
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
            for text in ("-0.01", "10000000000", "0.001", "NaN", "sNaN", "Infinity", "-Infinity", "1E+30")
        ],
    ],
)
def test_each_kind_of_measure_has_its_particulars(
    draft: MeasureDraft, found: list[tuple[str, Problem]]
) -> None:
    assert [(one.field, one.problem) for one in measure_problems(draft=draft, today=TODAY)] == found


def test_everything_wrong_is_named_at_once_and_nothing_is_stored(founded: Tip, officer: User) -> None:
    draft = penalty(words=" ", decision_number="", fine_amount=Decimal(-5))

    with pytest.raises(DraftInvalid) as caught:
        record_measure(tip_id=founded.pk, actor=officer, at=NOON, draft=draft)

    assert problems(caught.value) == [
        ("words", Problem.NEEDS_TEXT),
        ("decision_number", Problem.MISSING),
        ("fine_amount", Problem.BAD_NUMBER),
    ]
    assert not Disposal.objects.exists()
    assert Tip.objects.get(pk=founded.pk).status == TipStatus.VERIFIED


def test_who_records_a_measure(founded: Tip, city: City) -> None:
    expected = {Role.OFFICER: True, Role.LEADER: True, Role.AUDITOR: False}

    for role, allowed in expected.items():
        actor = UserFactory(roles=[(role, city.yanta)])
        try:
            record_measure(tip_id=founded.pk, actor=actor, at=NOON, draft=measure())
        except NotAllowed:
            assert not allowed, role
        else:
            assert allowed, role


def test_a_reopened_case_needs_a_result_before_a_measure(city: City, officer: User) -> None:
    tip = TipFactory(review=True, district=YANTA, officer=officer)
    step(tip=tip, action=Action.REOPEN, actor=UserFactory(roles=[(Role.LEADER, city.city)]))

    for act, status in product((Action.DISPOSE, Action.REPLY), (TipStatus.VERIFYING,)):
        with pytest.raises(IllegalMove):
            step(tip=tip, action=act, actor=officer)
        assert Tip.objects.get(pk=tip.pk).status == status


def test_a_referral_is_no_measure_before_the_police_have_the_case(city: City, officer: User) -> None:
    tip = TipFactory(verified=True, district=YANTA, officer=officer)
    draft = MeasureDraft(measure=Measure.REFERRAL, decided_date=TODAY, words="移送公安机关")

    with pytest.raises(DraftInvalid) as caught:
        record_measure(tip_id=tip.pk, actor=officer, at=noon(TODAY), draft=draft)

    assert [(one.field, one.problem) for one in caught.value.problems] == [("measure", Problem.UNKNOWN_CODE)]
    assert not tip.disposals.exists()
