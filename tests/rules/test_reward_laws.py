"""Laws that hold for every case and policy: monotone, within its limits, shares that sum, rounded once, explained."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import (
    AccidentGrade,
    FineMode,
    JointSplit,
    RewardStep,
    TipKind,
    UpliftCapMode,
)
from complaints.rules.reward_case import Case
from complaints.rules.reward_policy import Policy, policy_problems
from complaints.rules.rewards import reward_for
from tests.rules.reward_policies import policy

CENT = Decimal("0.01")
money = st.decimals(min_value=0, max_value=Decimal(10) ** 8, places=2)
fines = st.lists(money, min_size=0, max_size=5).map(tuple)
percents = st.integers(0, 200).map(Decimal)
rates = st.integers(1, 10000).map(lambda parts: Decimal(parts) / 10000)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Return a policy in order, whatever its figures."""
    floor = draw(st.decimals(min_value=0, max_value=10**5, places=2))
    cap = floor + draw(st.decimals(min_value=0, max_value=10**6, places=2))
    each = sorted(draw(st.lists(st.integers(1, 100000), min_size=4, max_size=4)))
    terms = policy(
        rate=draw(rates),
        floor=floor,
        cap=cap,
        no_penalty_amount=draw(st.decimals(min_value=0, max_value=floor, places=2)),
        per_death={grade: Decimal(yuan) for grade, yuan in zip(AccidentGrade, each, strict=True)},
        employee_uplift_pct=draw(percents),
        uplift_cap_mode=draw(st.sampled_from(UpliftCapMode)),
        multi_fine_mode=draw(st.sampled_from(FineMode)),
        joint_split=draw(st.sampled_from(JointSplit)),
    )
    assert policy_problems(terms) == []
    return terms


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return a case about fines or about a concealed accident."""
    common = {"is_employee": draw(st.booleans()), "signatories": draw(st.integers(1, 7))}
    if draw(st.booleans()):
        return Case(kind=TipKind.VIOLATION, fines=draw(fines), **common)
    dead = draw(st.integers(1, 400))
    return Case(kind=TipKind.CONCEALED_ACCIDENT, dead=dead, concealed=draw(st.integers(1, dead)), **common)


@given(terms=policies(), case=cases(), more=money)
def test_a_higher_fine_never_lowers_the_reward(terms: Policy, case: Case, more: Decimal) -> None:
    lower = replace(case, kind=TipKind.VIOLATION, dead=0, concealed=0)
    highest = max(lower.fines, default=Decimal(0))
    higher = replace(lower, fines=(*lower.fines[:-1], highest + more) if lower.fines else (more,))
    grown = replace(lower, fines=(*lower.fines, more))

    before = reward_for(case=lower, policy=terms).amount

    assert reward_for(case=higher, policy=replace(terms, multi_fine_mode=FineMode.MAX)).amount >= (
        reward_for(case=lower, policy=replace(terms, multi_fine_mode=FineMode.MAX)).amount
    )
    assert reward_for(case=grown, policy=terms).amount >= before


@given(terms=policies(), case=cases())
def test_the_reward_lies_within_floor_and_cap(terms: Policy, case: Case) -> None:
    found = reward_for(case=case, policy=terms)

    is_after = terms.uplift_cap_mode == UpliftCapMode.CAP_THEN_UPLIFT and case.is_employee
    lift = (100 + terms.employee_uplift_pct) / 100 if is_after else Decimal(1)
    assert found.amount <= (terms.cap * lift).quantize(CENT, ROUND_HALF_UP)
    if any(case.fines):
        assert found.amount >= (terms.floor * lift).quantize(CENT, ROUND_HALF_UP)


@given(terms=policies(), case=cases())
def test_shares_sum_to_the_whole(terms: Policy, case: Case) -> None:
    found = reward_for(case=case, policy=terms)

    assert len(found.shares) == case.signatories
    assert sum(found.shares) == found.amount
    assert min(found.shares) >= 0
    assert found.shares[0] == max(found.shares)


@given(terms=policies(), case=cases())
def test_it_is_rounded_once_and_the_last_line_is_the_amount(terms: Policy, case: Case) -> None:
    found = reward_for(case=case, policy=terms)
    exact = [one for one in found.lines if one.step not in {RewardStep.SPLIT, RewardStep.TOTAL}]

    assert found.lines[-1].step == RewardStep.TOTAL
    assert found.lines[-1].amount == found.amount
    assert found.amount == exact[-1].amount.quantize(CENT, ROUND_HALF_UP)
    assert found.amount.as_tuple().exponent == -2


@given(terms=policies(), dead=st.integers(2, 400))
def test_one_more_concealed_death_never_lowers_the_reward(terms: Policy, dead: int) -> None:
    one = Case(kind=TipKind.CONCEALED_ACCIDENT, dead=dead, concealed=dead - 1)

    less, more = (reward_for(case=case, policy=terms) for case in (one, replace(one, concealed=dead)))

    assert more.amount >= less.amount
