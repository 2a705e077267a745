"""What a true tip is worth: the vectors R1 to R10 of the domain, each figure of a policy, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from complaints.enums import (
    AccidentGrade,
    FineMode,
    GeneralHazardMode,
    IdentityMode,
    JointSplit,
    NotRewarded,
    Problem,
    RewardLevel,
    RewardStep,
    TipKind,
    UpliftCapMode,
)
from complaints.errors import DraftInvalid
from complaints.rules.reward_case import Case
from complaints.rules.reward_policy import Policy
from complaints.rules.rewards import Line, Reward, grade_of, reward_for, split
from tests.rules.reward_policies import NATIONAL, accident, fined, policy

EMPLOYEE_30 = {"employee_uplift_pct": Decimal(30)}


def amount(case: Case, terms: Policy = NATIONAL) -> Decimal:
    return reward_for(case=case, policy=terms).amount


def steps(reward: Reward) -> list[RewardStep]:
    return [line.step for line in reward.lines]


def line(reward: Reward, step: RewardStep) -> Line:
    return next(one for one in reward.lines if one.step == step)


def refusals(case: Case, terms: Policy = NATIONAL) -> dict[str, Problem]:
    with pytest.raises(DraftInvalid) as refused:
        reward_for(case=case, policy=terms)
    return {one.field: one.problem for one in refused.value.problems}


# --- the vectors of the domain ------------------------------------------------------------------------------------


def test_r1_small_fine_is_raised_to_the_floor() -> None:
    assert amount(fined(12000)) == Decimal("3000.00")


def test_r2_fine_at_the_floor() -> None:
    assert amount(fined(20000)) == Decimal("3000.00")


def test_r3_fine_within_floor_and_cap() -> None:
    assert amount(fined(100000)) == Decimal("15000.00")


def test_r4_fines_add_up_to_the_cap() -> None:
    assert amount(fined(2000000, 150000)) == Decimal("300000.00")


def test_r5_concealed_accident_of_the_larger_grade() -> None:
    assert amount(accident(4, 4)) == Decimal("160000.00")


@pytest.mark.parametrize(("dead", "concealed", "yuan"), [(2, 2, 60000), (12, 12, 300000)])
def test_r6_grade_and_cap_of_an_accident(dead: int, concealed: int, yuan: int) -> None:
    assert amount(accident(dead, concealed)) == Decimal(yuan)


def test_r7_grade_comes_from_all_deaths_not_from_the_concealed_ones() -> None:
    assert amount(accident(10, 3)) == Decimal("150000.00")


@pytest.mark.parametrize(
    ("mode", "yuan"), [(UpliftCapMode.CAP_THEN_UPLIFT, 390000), (UpliftCapMode.UPLIFT_THEN_CAP, 300000)]
)
def test_r8_uplift_before_or_after_the_cap(mode: UpliftCapMode, yuan: int) -> None:
    terms = policy(**EMPLOYEE_30, uplift_cap_mode=mode)

    assert amount(fined(2150000, is_employee=True), terms) == Decimal(yuan)


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ("is_duty_related", NotRewarded.DUTY_RELATED),
        ("is_already_known", NotRewarded.ALREADY_KNOWN),
        ("is_handler", NotRewarded.IS_HANDLER),
    ],
)
def test_r9_nothing_for_those_with_a_duty_or_for_known_matters(fact: str, reason: NotRewarded) -> None:
    found = reward_for(case=fined(100000, **{fact: True}), policy=NATIONAL)

    assert (found.amount, found.reason) == (Decimal("0.00"), reason)
    assert line(found, RewardStep.NOT_REWARDED).figures == {"reason": reason.value}


def test_r10_only_the_first_reporter_is_rewarded() -> None:
    first = reward_for(case=fined(100000), policy=NATIONAL)
    second = reward_for(case=fined(100000, is_first=False), policy=NATIONAL)

    assert (first.amount, first.reason) == (Decimal("15000.00"), None)
    assert (second.amount, second.reason) == (Decimal("0.00"), NotRewarded.NOT_FIRST)


# --- the figures of a policy --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dead", "grade"),
    [
        (1, AccidentGrade.ORDINARY),
        (2, AccidentGrade.ORDINARY),
        (3, AccidentGrade.LARGER),
        (9, AccidentGrade.LARGER),
        (10, AccidentGrade.MAJOR),
        (29, AccidentGrade.MAJOR),
        (30, AccidentGrade.EXTREME),
        (300, AccidentGrade.EXTREME),
    ],
)
def test_grade_by_all_deaths(dead: int, grade: AccidentGrade) -> None:
    assert grade_of(deaths=dead) == grade


@pytest.mark.parametrize(("mode", "yuan"), [(FineMode.SUM, "22500.00"), (FineMode.MAX, "15000.00")])
def test_several_fines(mode: FineMode, yuan: str) -> None:
    assert amount(fined(100000, 50000), policy(multi_fine_mode=mode)) == Decimal(yuan)


def test_second_level_has_its_own_rate() -> None:
    mining = policy(second_level_rate=Decimal("0.12"))

    assert amount(fined(100000), mining) == Decimal("15000.00")
    assert amount(fined(100000, level=RewardLevel.SECOND), mining) == Decimal("12000.00")


def test_without_a_fine_what_the_policy_says() -> None:
    for case in (fined(), fined(0), fined(0, 0)):
        assert amount(case) == Decimal("3000.00")
    assert amount(fined(), policy(no_penalty_amount=Decimal(0))) == Decimal("0.00")


def test_ordinary_hazard_is_not_rewarded_nationally() -> None:
    found = reward_for(case=Case(kind=TipKind.GENERAL_HAZARD), policy=NATIONAL)

    assert (found.amount, found.reason) == (Decimal("0.00"), NotRewarded.KIND_NOT_REWARDED)


def test_retaliation_is_punished_not_rewarded() -> None:
    found = reward_for(case=Case(kind=TipKind.RETALIATION), policy=NATIONAL)

    assert found.reason == NotRewarded.KIND_NOT_REWARDED


def test_fixed_amount_for_an_ordinary_hazard_knows_no_floor() -> None:
    terms = policy(general_hazard=GeneralHazardMode.FIXED, general_low=Decimal(500))

    assert amount(Case(kind=TipKind.GENERAL_HAZARD), terms) == Decimal("500.00")


def test_range_for_an_ordinary_hazard() -> None:
    terms = policy(
        general_hazard=GeneralHazardMode.RANGE, general_low=Decimal(200), general_high=Decimal(1000)
    )

    assert amount(Case(kind=TipKind.GENERAL_HAZARD), terms) == Decimal("200.00")
    assert amount(Case(kind=TipKind.GENERAL_HAZARD, chosen=Decimal(700)), terms) == Decimal("700.00")
    assert refusals(Case(kind=TipKind.GENERAL_HAZARD, chosen=Decimal(1001)), terms) == {
        "chosen": Problem.OUT_OF_RANGE
    }


@pytest.mark.parametrize(("before", "yuan"), [(0, "500.00"), (700, "300.00"), (1000, "0.00"), (4000, "0.00")])
def test_cap_of_the_month(before: int, yuan: str) -> None:
    terms = policy(
        general_hazard=GeneralHazardMode.FIXED,
        general_low=Decimal(500),
        monthly_cap_per_type=Decimal(1000),
    )

    assert amount(Case(kind=TipKind.GENERAL_HAZARD, month_amount=Decimal(before)), terms) == Decimal(yuan)


def test_an_employee_gets_no_uplift_where_the_policy_has_none() -> None:
    found = reward_for(case=fined(100000, is_employee=True), policy=NATIONAL)

    assert found.amount == Decimal("15000.00")
    assert RewardStep.UPLIFT not in steps(found)


def test_uplift_of_a_floor_amount() -> None:
    for mode, yuan in ((UpliftCapMode.CAP_THEN_UPLIFT, 3900), (UpliftCapMode.UPLIFT_THEN_CAP, 3000)):
        terms = policy(**EMPLOYEE_30, uplift_cap_mode=mode)
        assert amount(fined(12000, is_employee=True), terms) == Decimal(yuan)


@pytest.mark.parametrize("mode", list(IdentityMode))
def test_who_stays_without_a_name_is_rewarded_only_where_the_policy_says_so(mode: IdentityMode) -> None:
    named = reward_for(case=fined(100000, identity_mode=mode), policy=NATIONAL)
    anyone = reward_for(
        case=fined(100000, identity_mode=mode), policy=policy(eligible_identity_modes=frozenset(IdentityMode))
    )

    assert (named.reason == NotRewarded.NO_IDENTITY) == (mode == IdentityMode.ANONYMOUS)
    assert anyone.amount == Decimal("15000.00")


@pytest.mark.parametrize(
    ("mode", "count", "shares"),
    [
        (JointSplit.EQUAL, 3, ["33.34", "33.33", "33.33"]),
        (JointSplit.EQUAL, 1, ["100.00"]),
        (JointSplit.FIRST_SIGNATORY, 3, ["100.00", "0.00", "0.00"]),
    ],
)
def test_joint_signatories(mode: JointSplit, count: int, shares: list[str]) -> None:
    found = split(amount=Decimal("100.00"), count=count, mode=mode)

    assert [str(one) for one in found] == shares


def test_nobody_signed_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nobody signed"):
        split(amount=Decimal(1), count=0, mode=JointSplit.EQUAL)


# --- what explains an amount --------------------------------------------------------------------------------------


def test_lines_of_a_fine_in_their_order() -> None:
    terms = policy(**EMPLOYEE_30, uplift_cap_mode=UpliftCapMode.CAP_THEN_UPLIFT, article_local="细则 第六条")

    found = reward_for(case=fined(86500, 9500, is_employee=True), policy=terms)

    assert [(one.step, one.amount, one.source) for one in found.lines] == [
        (RewardStep.FINES, Decimal(96000), ""),
        (RewardStep.RATE, Decimal(14400), "19号 第九条"),
        (RewardStep.FLOOR, Decimal(14400), "19号 第九条"),
        (RewardStep.CAP, Decimal(14400), "19号 第九条"),
        (RewardStep.UPLIFT, Decimal(18720), "细则 第六条"),
        (RewardStep.TOTAL, Decimal("18720.00"), "19号"),
    ]
    assert line(found, RewardStep.CAP).figures == {"limit": Decimal(300000), "is_applied": False}


@pytest.mark.parametrize(
    ("fine", "floor", "cap"), [(12000, True, False), (100000, False, False), (2150000, False, True)]
)
def test_a_line_says_whether_its_limit_was_applied(fine: int, floor: bool, cap: bool) -> None:
    found = reward_for(case=fined(fine), policy=NATIONAL)

    assert line(found, RewardStep.FLOOR).figures["is_applied"] is floor
    assert line(found, RewardStep.CAP).figures["is_applied"] is cap


def test_it_is_rounded_once_at_the_end() -> None:
    terms = policy(rate=Decimal("0.1235"), **EMPLOYEE_30, uplift_cap_mode=UpliftCapMode.CAP_THEN_UPLIFT)

    found = reward_for(case=fined("33333.33", is_employee=True), policy=terms)

    assert line(found, RewardStep.RATE).amount == Decimal("4116.666255")
    assert line(found, RewardStep.UPLIFT).amount == Decimal("5351.6661315")
    assert found.amount == Decimal("5351.67")


@pytest.mark.parametrize(
    ("fine", "yuan"), [("33333.30", "5000.00"), ("33333.50", "5000.03"), ("33333.37", "5000.01")]
)
def test_half_a_cent_goes_up(fine: str, yuan: str) -> None:
    assert amount(fined(fine)) == Decimal(yuan)


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fine", "problem"),
    [
        ("-1", Problem.NEGATIVE_FINE),
        ("-0.01", Problem.NEGATIVE_FINE),
        ("NaN", Problem.BAD_NUMBER),
        ("sNaN", Problem.BAD_NUMBER),
        ("Infinity", Problem.BAD_NUMBER),
        ("-Infinity", Problem.BAD_NUMBER),
        ("1e30", Problem.ABSURD_AMOUNT),
        ("10000000000", Problem.ABSURD_AMOUNT),
        ("0.001", Problem.FINER_THAN_CENT),
    ],
)
def test_a_fine_that_is_none(fine: str, problem: Problem) -> None:
    assert refusals(fined("100000", fine)) == {"fine": problem}


def test_too_many_fines() -> None:
    assert refusals(fined(*[1000] * 51)) == {"fine": Problem.TOO_MANY_FINES}


@pytest.mark.parametrize(
    ("dead", "concealed", "found"),
    [
        (4, 0, {"concealed": Problem.NO_CONCEALED}),
        (4, -1, {"concealed": Problem.NO_CONCEALED}),
        (4, 5, {"concealed": Problem.MORE_CONCEALED}),
        (0, 0, {"dead": Problem.BAD_DEATHS, "concealed": Problem.NO_CONCEALED}),
        (-3, 1, {"dead": Problem.BAD_DEATHS, "concealed": Problem.MORE_CONCEALED}),
        (10000, 1, {"dead": Problem.BAD_DEATHS}),
    ],
)
def test_deaths_that_cannot_be(dead: int, concealed: int, found: dict[str, Problem]) -> None:
    assert refusals(accident(dead, concealed)) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"dead": 1, "concealed": 1}, {"dead": Problem.ONLY_ACCIDENT, "concealed": Problem.ONLY_ACCIDENT}),
        ({"level": RewardLevel.SECOND}, {"level": Problem.LEVEL_NOT_SET}),
        ({"signatories": 0}, {"signatories": Problem.BAD_SIGNATORIES}),
        ({"signatories": 101}, {"signatories": Problem.BAD_SIGNATORIES}),
        ({"chosen": Decimal(500)}, {"chosen": Problem.NOT_TO_CHOOSE}),
        ({"month_amount": Decimal(-1)}, {"month_amount": Problem.NEGATIVE_AMOUNT}),
        ({"month_amount": Decimal("NaN")}, {"month_amount": Problem.BAD_NUMBER}),
    ],
)
def test_other_figures_that_cannot_be(values: dict[str, Any], found: dict[str, Problem]) -> None:
    assert refusals(fined(100000, **values)) == found
