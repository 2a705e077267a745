"""One dated row of reward terms: what it says, what is wrong with it, and which row counts for a tip."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from complaints.enums import (
    AccidentGrade,
    FineMode,
    GeneralHazardMode,
    IdentityMode,
    Industry,
    JointSplit,
    Problem,
    Sector,
    UpliftCapMode,
)
from complaints.errors import FieldProblem

# GB/T 2260 has no code for the whole country; every code above a province ends here.
NATIONAL = "000000"
CODE_DIGITS = 6
# Sectors with terms of their own; every other industry goes by the rows without a sector.
SECTORS: Mapping[str, frozenset[Industry]] = {
    Sector.MINING: frozenset({Industry.COAL_MINE, Industry.NON_COAL_MINE}),
}
LONGEST_CLAIM_DAYS = 3650
MOST_LEVELS = 2
# An uplift beyond this is a slip of the keyboard.
MOST_UPLIFT_PCT = Decimal(200)
LARGEST = Decimal("99999999.99")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The terms of one region and sector from a day on, amounts in yuan.

    `rate` and `second_level_rate` are shares of 1; `employee_uplift_pct` is in percent. `article_rate`,
    `article_accident` and `article_local` say where in `source` the figures stand. `effective_to` is the last day, or
    None. `approval_levels` is 1 when the unit's own approver decides, 2 when the one of the level above has to.
    """

    code: str
    region: str
    sector: str = ""
    effective_from: date
    effective_to: date | None = None
    rate: Decimal
    second_level_rate: Decimal | None = None
    floor: Decimal
    cap: Decimal
    per_death: Mapping[AccidentGrade, Decimal]
    employee_uplift_pct: Decimal = Decimal(0)
    uplift_cap_mode: UpliftCapMode = UpliftCapMode.UPLIFT_THEN_CAP
    general_hazard: GeneralHazardMode = GeneralHazardMode.NONE
    general_low: Decimal = Decimal(0)
    general_high: Decimal = Decimal(0)
    monthly_cap_per_type: Decimal | None = None
    no_penalty_amount: Decimal = Decimal(0)
    multi_fine_mode: FineMode = FineMode.SUM
    special_reward_allowed: bool = False
    eligible_identity_modes: frozenset[IdentityMode] = frozenset(
        {IdentityMode.REAL_NAME, IdentityMode.ANONYMOUS_WITH_CODE}
    )
    claim_days: int = 60
    joint_split: JointSplit = JointSplit.FIRST_SIGNATORY
    approval_levels: int = 1
    file_with_superior: bool = True
    source: str
    article_rate: str = ""
    article_accident: str = ""
    article_local: str = ""

    def is_in_force(self, *, day: date) -> bool:
        """Whether the row counts on this day; the last day counts still."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def overlap(one: Policy, other: Policy) -> bool:
    """Whether two rows of the same region and sector have a day in common."""
    if (one.region, one.sector) != (other.region, other.sector):
        return False
    starts_in_time = other.effective_to is None or one.effective_from <= other.effective_to
    return starts_in_time and (one.effective_to is None or other.effective_from <= one.effective_to)


def sector_of(*, industry: str) -> str:
    """Return the sector whose terms count for an industry; empty when it has none of its own."""
    return next((str(sector) for sector, members in SECTORS.items() if industry in members), "")


def regions_up(*, division: str) -> tuple[str, ...]:
    """Return the regions whose terms may count for a place, the nearest first: county, city, province, country.

    Args:
        division: a GB/T 2260 code of a county, city or province, or of a town (9 or 12 digits); empty for the country.
    """
    code = division[:CODE_DIGITS]
    chain = (code, f"{code[:4]}00", f"{code[:2]}0000", NATIONAL) if len(code) == CODE_DIGITS else (NATIONAL,)
    return tuple(dict.fromkeys(chain))


def policy_for(*, policies: Iterable[Policy], division: str, sector: str, day: date) -> Policy | None:
    """Return the row in force on the day a tip was accepted, or None.

    Terms of the own sector come before general ones, those of the nearer region before those of a wider one.

    Raises:
        OverlappingPolicies: two rows of one region and sector are in force on that day.
    """
    rows = [one for one in policies if one.is_in_force(day=day)]
    for wanted in dict.fromkeys((sector, "")):
        for region in regions_up(division=division):
            found = [one for one in rows if (one.region, one.sector) == (region, wanted)]
            if found:
                return only_one(found)
    return None


def only_one(rows: list[Policy]) -> Policy:
    """Return the row; raises OverlappingPolicies when there are two: no amount is better than a wrong one."""
    if len(rows) > 1:
        raise OverlappingPolicies
    return rows[0]


class OverlappingPolicies(Exception):
    """Two rows of one region and sector are in force on one day."""


def policy_problems(policy: Policy) -> list[FieldProblem]:
    """Return what is wrong with the figures of a row; empty when amounts may be worked out by it."""
    # Figures that are no numbers cannot be compared with each other.
    found = list(_amount_problems(policy)) or list(_order_problems(policy))
    return [FieldProblem(field=name, problem=problem) for name, problem in (*found, *_term_problems(policy))]


def _amount_problems(policy: Policy) -> Iterator[tuple[str, Problem]]:
    amounts: dict[str, Decimal | None] = {
        name: getattr(policy, name)
        for name in (
            "floor",
            "cap",
            "general_low",
            "general_high",
            "monthly_cap_per_type",
            "no_penalty_amount",
        )
    }
    amounts |= {f"per_death_{grade.value}": policy.per_death[grade] for grade in AccidentGrade}
    for name, amount in amounts.items():
        if amount is not None and not (amount.is_finite() and 0 <= amount <= LARGEST):
            yield name, Problem.BAD_NUMBER
    for name in ("rate", "second_level_rate"):
        share: Decimal | None = getattr(policy, name)
        if share is not None and not (share.is_finite() and 0 < share <= 1):
            yield name, Problem.BAD_SHARE
    pct = policy.employee_uplift_pct
    if not (pct.is_finite() and 0 <= pct <= MOST_UPLIFT_PCT):
        yield "employee_uplift_pct", Problem.BAD_NUMBER


def _order_problems(policy: Policy) -> Iterator[tuple[str, Problem]]:
    if policy.effective_to is not None and policy.effective_to < policy.effective_from:
        yield "effective_to", Problem.ENDS_BEFORE
    if policy.floor > policy.cap:
        yield "cap", Problem.CAP_BELOW_FLOOR
    # Whoever is fined nothing must not be worth more to the reporter than whoever is fined something.
    if policy.no_penalty_amount > policy.floor:
        yield "no_penalty_amount", Problem.ABOVE_FLOOR
    if policy.general_hazard == GeneralHazardMode.RANGE and policy.general_low > policy.general_high:
        yield "general_high", Problem.CAP_BELOW_FLOOR
    if policy.general_hazard != GeneralHazardMode.NONE and not policy.general_low:
        yield "general_low", Problem.MISSING


def _term_problems(policy: Policy) -> Iterator[tuple[str, Problem]]:
    if not 1 <= policy.claim_days <= LONGEST_CLAIM_DAYS:
        yield "claim_days", Problem.BAD_NUMBER
    if not 1 <= policy.approval_levels <= MOST_LEVELS:
        yield "approval_levels", Problem.BAD_NUMBER
    if not policy.eligible_identity_modes:
        yield "eligible_identity_modes", Problem.MISSING
    if policy.sector and policy.sector not in SECTORS:
        yield "sector", Problem.UNKNOWN_CODE
    if len(policy.region) != CODE_DIGITS or not (policy.region.isascii() and policy.region.isdigit()):
        yield "region", Problem.UNKNOWN_CODE
    if not policy.source.strip():
        yield "source", Problem.MISSING
