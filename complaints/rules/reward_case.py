"""What an amount is worked out from: the facts of one tip, what is wrong with them, and what stands in the way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from complaints.enums import (
    GeneralHazardMode,
    IdentityMode,
    NotRewarded,
    Problem,
    RewardLevel,
    TipKind,
)
from complaints.errors import FieldProblem

from .reward_policy import Policy

# What the column of a fine holds; see `services.results`.
LARGEST_AMOUNT = Decimal("9999999999.99")
MOST_FINES = 50
# The worst accident on record took fewer lives by far: more is a slip of the keyboard.
MOST_DEATHS = 9999
MOST_SIGNATORIES = 100
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Case:
    """The facts of one tip found true.

    Amounts in yuan: `fines` of signed penalties, one for each; `chosen` within the range a policy may leave for an
    ordinary hazard; `month_amount` what was awarded before in this month for this type, where a cap of the month
    counts. `dead` are all deaths of an accident, `concealed` those that were concealed and are proven.
    """

    kind: TipKind
    fines: tuple[Decimal, ...] = ()
    dead: int = 0
    concealed: int = 0
    is_employee: bool = False
    level: RewardLevel = RewardLevel.FIRST
    signatories: int = 1
    chosen: Decimal | None = None
    month_amount: Decimal = Decimal(0)
    identity_mode: IdentityMode | None = None
    is_first: bool = True
    is_duty_related: bool = False
    is_already_known: bool = False
    is_handler: bool = False


def obstacle(*, case: Case, policy: Policy) -> NotRewarded | None:
    """Return the first reason why nothing is paid, or None.

    Without an identity mode nobody asks about identity: that is an estimate.

    Legal basis: 19号 (duties of supervision, known matters, the first to report).
    """
    has_mode = case.identity_mode is None or case.identity_mode in policy.eligible_identity_modes
    reasons = {
        NotRewarded.IS_HANDLER: case.is_handler,
        NotRewarded.DUTY_RELATED: case.is_duty_related,
        NotRewarded.ALREADY_KNOWN: case.is_already_known,
        NotRewarded.NOT_FIRST: not case.is_first,
        NotRewarded.NO_IDENTITY: not has_mode,
        NotRewarded.KIND_NOT_REWARDED: not _is_rewarded(case.kind, policy),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _is_rewarded(kind: TipKind, policy: Policy) -> bool:
    if kind == TipKind.GENERAL_HAZARD:
        return policy.general_hazard != GeneralHazardMode.NONE
    return kind != TipKind.RETALIATION


def case_problems(*, case: Case, policy: Policy) -> list[FieldProblem]:
    """Return what is wrong with the figures of a case; empty when an amount may be worked out."""
    return [
        FieldProblem(field=name, problem=problem)
        for name, problem in (
            *_fine_problems(case.fines),
            *_death_problems(case),
            *_level_problems(case, policy),
            *_chosen_problems(case, policy),
            *_amount_problems("month_amount", case.month_amount),
            *_count_problems(case.signatories),
        )
    ]


def amount_problem(amount: Decimal) -> Problem | None:
    """Return why this is no amount of yuan: no number, below 0, beyond any fine, or finer than a cent."""
    if not amount.is_finite():
        return Problem.BAD_NUMBER
    if amount < 0:
        return Problem.NEGATIVE_AMOUNT
    if amount > LARGEST_AMOUNT:
        return Problem.ABSURD_AMOUNT
    return None if amount == amount.quantize(CENT) else Problem.FINER_THAN_CENT


def _amount_problems(name: str, amount: Decimal) -> Iterator[tuple[str, Problem]]:
    problem = amount_problem(amount)
    if problem is not None:
        yield name, problem


def _fine_problems(fines: Iterable[Decimal]) -> Iterator[tuple[str, Problem]]:
    found = [amount_problem(fine) for fine in fines]
    first = next((problem for problem in found if problem is not None), None)
    if len(found) > MOST_FINES:
        first = Problem.TOO_MANY_FINES
    if first is not None:
        yield "fine", Problem.NEGATIVE_FINE if first == Problem.NEGATIVE_AMOUNT else first


def _death_problems(case: Case) -> Iterator[tuple[str, Problem]]:
    if case.kind != TipKind.CONCEALED_ACCIDENT:
        if case.dead:
            yield "dead", Problem.ONLY_ACCIDENT
        if case.concealed:
            yield "concealed", Problem.ONLY_ACCIDENT
        return
    if not 1 <= case.dead <= MOST_DEATHS:
        yield "dead", Problem.BAD_DEATHS
    if not 1 <= case.concealed <= MOST_DEATHS:
        yield "concealed", Problem.NO_CONCEALED
    elif case.concealed > case.dead:
        yield "concealed", Problem.MORE_CONCEALED


def _level_problems(case: Case, policy: Policy) -> Iterator[tuple[str, Problem]]:
    if case.level == RewardLevel.SECOND and policy.second_level_rate is None:
        yield "level", Problem.LEVEL_NOT_SET


def _chosen_problems(case: Case, policy: Policy) -> Iterator[tuple[str, Problem]]:
    if case.chosen is None:
        return
    is_range = policy.general_hazard == GeneralHazardMode.RANGE
    if case.kind != TipKind.GENERAL_HAZARD or not is_range or not case.chosen.is_finite():
        yield "chosen", Problem.NOT_TO_CHOOSE
    elif not policy.general_low <= case.chosen <= policy.general_high:
        yield "chosen", Problem.OUT_OF_RANGE
    else:
        yield from _amount_problems("chosen", case.chosen)


def _count_problems(count: int) -> Iterator[tuple[str, Problem]]:
    if not 1 <= count <= MOST_SIGNATORIES:
        yield "signatories", Problem.BAD_SIGNATORIES
