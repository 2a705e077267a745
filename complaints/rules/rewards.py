"""What a true tip is worth by one dated policy, and line by line why; exact until the end, rounded once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

from complaints.enums import (
    AccidentGrade,
    FineMode,
    GeneralHazardMode,
    JointSplit,
    NotRewarded,
    RewardLevel,
    RewardStep,
    TipKind,
    UpliftCapMode,
)
from complaints.errors import DraftInvalid

from .reward_case import Case, case_problems, obstacle
from .reward_policy import Policy

CENT = Decimal("0.01")
NOTHING = Decimal(0)
PERCENT = Decimal(100)
# The longest fine (12 digits) times a rate and an uplift of four digits each needs 20: nothing is rounded on the way.
EXACT_DIGITS = 60
# Deaths from which an accident is of the next grade (生产安全事故报告和调查处理条例 3).
LARGER_FROM, MAJOR_FROM, EXTREME_FROM = 3, 10, 30

Figure = Decimal | int | str | bool | tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One step: `amount` is what stands after it, in yuan and not rounded; `figures` what the words need."""

    step: RewardStep
    amount: Decimal
    source: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reward:
    """The amount in yuan, its shares (the first to sign first), why nothing is paid, and the lines that lead to it."""

    amount: Decimal
    shares: tuple[Decimal, ...]
    lines: tuple[Line, ...]
    reason: NotRewarded | None = None


def reward_for(*, case: Case, policy: Policy) -> Reward:
    """Return what a tip that was found true is worth, in yuan, rounded half up to 0.01 at the very end.

    Args:
        policy: the terms in force on the day the tip was accepted.

    Raises:
        DraftInvalid: a figure of the case is negative, no number, absurd or missing, or the policy lacks this level.

    Legal basis: 19号 第九条 (15 %, 3 000 to 300 000; 30 000 to 60 000 for each concealed death, at most 300 000);
    local figures by the policy.
    """
    problems = case_problems(case=case, policy=policy)
    if problems:
        raise DraftInvalid(problems)
    with localcontext() as context:
        context.prec = EXACT_DIGITS
        reason = obstacle(case=case, policy=policy)
        if reason is not None:
            return _nothing(reason, count=case.signatories, source=policy.source)
        lines = _MATTERS[case.kind](case, policy)
        lines += _limited_by_month(lines[-1].amount, case=case, policy=policy)
        return _rounded(lines, case=case, policy=policy)


def grade_of(*, deaths: int) -> AccidentGrade:
    """Return the grade of an accident by all its deaths, concealed or not (R7)."""
    if deaths < LARGER_FROM:
        return AccidentGrade.ORDINARY
    if deaths < MAJOR_FROM:
        return AccidentGrade.LARGER
    return AccidentGrade.MAJOR if deaths < EXTREME_FROM else AccidentGrade.EXTREME


def split(*, amount: Decimal, count: int, mode: JointSplit) -> tuple[Decimal, ...]:
    """Return the shares in yuan, cents each; they sum to the amount, what is left over goes to the first.

    Args:
        count: how many people signed, >= 1.
    """
    if count < 1:
        raise ValueError(f"nobody signed: {count}")
    if mode == JointSplit.FIRST_SIGNATORY:
        return (amount, *([Decimal("0.00")] * (count - 1)))
    share = (amount / count).quantize(CENT, ROUND_DOWN)
    return (amount - share * (count - 1), *([share] * (count - 1)))


def _nothing(reason: NotRewarded, *, count: int, source: str) -> Reward:
    zero = Decimal("0.00")
    lines = (
        Line(step=RewardStep.NOT_REWARDED, amount=zero, source=source, figures={"reason": reason.value}),
        Line(step=RewardStep.TOTAL, amount=zero),
    )
    return Reward(amount=zero, shares=(zero,) * count, lines=lines, reason=reason)


def _by_fine(case: Case, policy: Policy) -> list[Line]:
    """A share of the fine within floor and cap; without any fine what the policy sets for that."""
    total = _fine_that_counts(case, policy)
    if total == 0:
        amount = policy.no_penalty_amount
        first = Line(step=RewardStep.NO_PENALTY, amount=amount, source=policy.article_local)
        return [first, *_uplifted(amount, case=case, policy=policy, has_floor=False)]
    level = RewardLevel(case.level)
    rate = policy.rate if level == RewardLevel.FIRST else policy.second_level_rate
    assert rate is not None  # `case_problems` has refused a level the policy lacks
    share = total * rate
    figures: dict[str, Figure] = {"fines": case.fines, "mode": policy.multi_fine_mode.value}
    lines = [
        Line(step=RewardStep.FINES, amount=total, figures=figures),
        Line(
            step=RewardStep.RATE,
            amount=share,
            source=policy.article_rate,
            figures={"rate": rate, "level": level.value},
        ),
    ]
    return lines + _uplifted(share, case=case, policy=policy, has_floor=True)


def _fine_that_counts(case: Case, policy: Policy) -> Decimal:
    if not case.fines:
        return NOTHING
    return sum(case.fines, NOTHING) if policy.multi_fine_mode == FineMode.SUM else max(case.fines)


def _by_deaths(case: Case, policy: Policy) -> list[Line]:
    """So much for each concealed death that was proven, by the grade of the whole accident; no floor."""
    grade = grade_of(deaths=case.dead)
    each = policy.per_death[grade]
    amount = each * case.concealed
    lines = [
        Line(
            step=RewardStep.GRADE,
            amount=each,
            source=policy.article_accident,
            figures={"grade": grade.value, "dead": case.dead},
        ),
        Line(
            step=RewardStep.DEATHS,
            amount=amount,
            source=policy.article_accident,
            figures={"concealed": case.concealed, "each": each},
        ),
    ]
    return lines + _uplifted(amount, case=case, policy=policy, has_floor=False)


def _by_hazard(case: Case, policy: Policy) -> list[Line]:
    """A fixed amount, or one chosen within the range; its lower end when nothing was chosen."""
    is_range = policy.general_hazard == GeneralHazardMode.RANGE
    amount = policy.general_low if not is_range or case.chosen is None else case.chosen
    figures: dict[str, Figure] = {"mode": policy.general_hazard.value}
    if is_range:
        figures |= {"low": policy.general_low, "high": policy.general_high}
    first = Line(step=RewardStep.GENERAL, amount=amount, source=policy.article_local, figures=figures)
    return [first, *_uplifted(amount, case=case, policy=policy, has_floor=False)]


_MATTERS = {
    TipKind.MAJOR_HAZARD: _by_fine,
    TipKind.VIOLATION: _by_fine,
    TipKind.CONCEALED_ACCIDENT: _by_deaths,
    TipKind.GENERAL_HAZARD: _by_hazard,
}


def _uplifted(amount: Decimal, *, case: Case, policy: Policy, has_floor: bool) -> list[Line]:
    """Return floor, cap and uplift in the order the policy says (R8)."""
    if policy.uplift_cap_mode == UpliftCapMode.CAP_THEN_UPLIFT:
        limits = _limited(amount, case=case, policy=policy, has_floor=has_floor)
        return limits + _uplift(limits[-1].amount, case=case, policy=policy)
    uplift = _uplift(amount, case=case, policy=policy)
    so_far = uplift[-1].amount if uplift else amount
    return uplift + _limited(so_far, case=case, policy=policy, has_floor=has_floor)


def _uplift(amount: Decimal, *, case: Case, policy: Policy) -> list[Line]:
    if not case.is_employee or policy.employee_uplift_pct == 0:
        return []
    pct = policy.employee_uplift_pct
    figures: dict[str, Figure] = {"pct": pct, "mode": policy.uplift_cap_mode.value}
    lifted = amount * (PERCENT + pct) / PERCENT
    return [Line(step=RewardStep.UPLIFT, amount=lifted, source=policy.article_local, figures=figures)]


def _limited(amount: Decimal, *, case: Case, policy: Policy, has_floor: bool) -> list[Line]:
    article = policy.article_accident if case.kind == TipKind.CONCEALED_ACCIDENT else policy.article_rate
    lines: list[Line] = []
    if has_floor:
        raised = max(amount, policy.floor)
        figures: dict[str, Figure] = {"limit": policy.floor, "is_applied": raised != amount}
        lines.append(Line(step=RewardStep.FLOOR, amount=raised, source=article, figures=figures))
        amount = raised
    lowered = min(amount, policy.cap)
    figures = {"limit": policy.cap, "is_applied": lowered != amount}
    return [*lines, Line(step=RewardStep.CAP, amount=lowered, source=article, figures=figures)]


def _limited_by_month(amount: Decimal, *, case: Case, policy: Policy) -> list[Line]:
    most = policy.monthly_cap_per_type
    if most is None:
        return []
    left = max(most - case.month_amount, NOTHING)
    lowered = min(amount, left)
    figures: dict[str, Figure] = {
        "limit": most,
        "before": case.month_amount,
        "is_applied": lowered != amount,
    }
    return [Line(step=RewardStep.MONTHLY_CAP, amount=lowered, source=policy.article_local, figures=figures)]


def _rounded(lines: list[Line], *, case: Case, policy: Policy) -> Reward:
    """Round once, then share out: what the shares sum to is what was rounded."""
    amount = lines[-1].amount.quantize(CENT, ROUND_HALF_UP)
    shares = split(amount=amount, count=case.signatories, mode=policy.joint_split)
    if case.signatories > 1:
        figures: dict[str, Figure] = {"mode": policy.joint_split.value, "shares": shares}
        lines = [*lines, Line(step=RewardStep.SPLIT, amount=amount, figures=figures)]
    total = Line(step=RewardStep.TOTAL, amount=amount, source=policy.source)
    return Reward(amount=amount, shares=shares, lines=(*lines, total))
