"""The only door for other apps: frozen, redacted facts. Nothing here carries content or leads back to a tip."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from complaints import policies
from complaints.enums import (
    Industry,
    Measure,
    NamePolicy,
    OfficeLevel,
    Operation,
    PrivateKind,
    Result,
    Role,
    TipKind,
)
from complaints.errors import TipNotFound
from complaints.models import Membership, Office
from complaints.rules import redaction
from complaints.rules.deadlines import add_working_days
from complaints.rules.places import SketchPath, outline_paths
from complaints.rules.practice import PracticeFacts
from complaints.rules.small_cells import Hidden
from complaints.selectors.claims import called_out
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.offices import district_outlines, public_district_names
from complaints.selectors.penalties import may_begin_cases, newest_penalty
from complaints.selectors.tips import tip_for
from complaints.stats.definitions import FIGURE as FIGURES_BY_CODE
from complaints.stats.definitions import STAGES, Figure
from complaints.stats.definitions import Unit as FigureUnit
from complaints.stats.open_data import (
    OpenNumber,
    OpenRow,
    open_codes,
    open_figures,
    open_rows,
    report_a_year_before,
)
from complaints.stats.public import (
    PUBLIC_FIGURES,
    PublicCell,
    PublicCorrection,
    PublicMonth,
    PublicPeriod,
    PublicReport,
    PublicSpan,
    PublicStage,
    corrections_since,
    public_periods_closed,
    public_report,
    public_spans,
)
from complaints.stats.report import change as change_in_percent
from complaints.stats.rewards import kind_label, newest_rewards

__all__ = [
    "FIGURES_BY_CODE",
    "PUBLIC_FIGURES",
    "STAGES",
    "CaseFacts",
    "CityOutlines",
    "Figure",
    "FigureUnit",
    "Hidden",
    "OpenNumber",
    "OpenRow",
    "PracticeFacts",
    "PrivateFinding",
    "PublicCell",
    "PublicCorrection",
    "PublicMonth",
    "PublicPeriod",
    "PublicPeriods",
    "PublicReport",
    "PublicReward",
    "PublicRewards",
    "PublicSpan",
    "PublicStage",
    "PublicUnit",
    "ReportingUnit",
    "case_facts",
    "change_in_percent",
    "city_outlines",
    "corrections_since",
    "may_become_case",
    "may_begin_cases",
    "may_check_for_unit",
    "open_codes",
    "open_figures",
    "open_rows",
    "people_of_units",
    "private_findings",
    "public_districts",
    "public_periods",
    "public_periods_closed",
    "public_report",
    "public_rewards",
    "public_spans",
    "public_units",
    "published_fine",
    "report_a_year_before",
    "reporting_units",
    "roles_by_office",
    "roles_held",
    "unit_names",
    "working_days_after",
]


@dataclass(frozen=True, kw_only=True)
class PublicUnit:
    """A handling unit as the public may know it."""

    name: str
    phone: str


def public_units() -> list[PublicUnit]:
    """Return the active city, district and zone units with their telephone, in their order."""
    rows = Office.objects.filter(is_active=True).exclude(level=OfficeLevel.TOWN)
    return [PublicUnit(name=row.name, phone=row.phone) for row in rows]


@dataclass(frozen=True, kw_only=True)
class PublicPeriods:
    """The legal periods in force, as the home page promises them."""

    decide_working_days: int
    close_days: int
    reply_days: int
    source: str


def public_periods(*, today: date) -> PublicPeriods:
    """Return the periods a tip of this day falls under; one query."""
    policy = policy_on(day=today)
    return PublicPeriods(
        decide_working_days=policy.decide_working_days,
        close_days=policy.close_days,
        reply_days=policy.reply_days,
        source=policy.source,
    )


@dataclass(frozen=True, kw_only=True)
class PublicReward:
    """One paid reward: its own random number, its kind in words (empty for a special one), its amount in yuan."""

    number: str
    kind: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class PublicRewards:
    """Rewards in short, as their notices list them: of a year how many, in yuan, and the largest.

    `year` is None while nothing may be told of this year or the last. `waiting` are the numbers of the tips whose
    reward nobody has come for.
    """

    year: int | None
    count: int
    amount: Decimal
    largest: tuple[PublicReward, ...]
    waiting: tuple[str, ...]


def public_rewards(*, today: date, most: int) -> PublicRewards:
    """Return rewards in short, with at most so many of the largest; three queries, however many were paid."""
    found = newest_rewards(today=today, most=most)
    rows = found.largest if found is not None else ()
    return PublicRewards(
        year=found.year if found is not None else None,
        count=found.count if found is not None else 0,
        amount=found.amount if found is not None else Decimal(0),
        largest=tuple(
            PublicReward(number=row.number, kind=kind_label(row.kind), amount=row.amount) for row in rows
        ),
        waiting=tuple(called_out(today=today)),
    )


def public_districts() -> dict[str, str]:
    """Return the districts of the city, code → name in the language of the page, in their order; one query."""
    return public_district_names()


@dataclass(frozen=True, kw_only=True)
class PrivateFinding:
    """Something that must not be published; `start` and `end` count characters of the text as given."""

    kind: PrivateKind
    start: int
    end: int
    suggestion: str
    reason: str


def private_findings(text: str, policy: NamePolicy) -> list[PrivateFinding]:
    """Return what in a text must not be published under this policy on names, in the order of the text.

    The reasons are in the language of the page. An empty list is no clearance (docs/adr/0029).
    """
    return [
        PrivateFinding(
            kind=found.kind,
            start=found.start,
            end=found.end,
            suggestion=found.suggestion,
            reason=found.reason,
        )
        for found in redaction.findings(text, policy=policy)
    ]


# --- the chain of reviews of a case -----------------------------------------------------------------------------


def roles_held(user: policies.Person) -> frozenset[Role]:
    """Return every role the person holds in a unit in use, read once per user object. Being a superuser gives none."""
    return frozenset().union(*policies.roles_held_by_unit(user).values())


def may_check_for_unit(user: policies.Person, *, unit: str) -> bool:
    """Whether the person leads the unit of this name, or one above it; any leader where no unit is called so."""
    held = policies.roles_held_by_unit(user)
    office = Office.objects.filter(name=unit.strip(), is_active=True).first() if unit.strip() else None
    if office is None:
        return any(Role.LEADER in roles for roles in held.values())
    return any(Role.LEADER in held.get(one, ()) for one in policies.units_above(office_id=office.pk))


def working_days_after(*, periods: Iterable[tuple[date, int]]) -> list[date]:
    """Return the last day of each period of (first day, working days); the first day does not count. One query."""
    overlay = day_overlay()
    return [add_working_days(start=start, days=days, overlay=overlay) for start, days in periods]


# --- the duty to report cases -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ReportingUnit:
    """A unit as the duty to report cases sees it; `is_top` where no unit is above it."""

    office_id: int
    name: str
    level: OfficeLevel
    is_active: bool
    is_top: bool


def reporting_units() -> dict[int, ReportingUnit]:
    """Return every unit by its key, also those no longer in use, in their order; one query."""
    rows = Office.objects.values_list("pk", "name", "level", "is_active", "parent_id")
    return {
        pk: ReportingUnit(
            office_id=pk, name=name, level=OfficeLevel(level), is_active=is_active, is_top=parent is None
        )
        for pk, name, level, is_active, parent in rows
    }


def unit_names() -> list[str]:
    """Return the names of the units in use, in their order; one query."""
    return [unit.name for unit in reporting_units().values() if unit.is_active]


def roles_by_office(user: policies.Person) -> Mapping[int, frozenset[Role]]:
    """Return the roles the person holds in each unit in use, not in those above; read once per user object."""
    return policies.roles_held_by_unit(user)


def people_of_units(*, office_ids: Iterable[int], roles: Iterable[Role]) -> dict[int, list[int]]:
    """Return the keys of the people with one of these roles in each of these units in use; one query."""
    held = Membership.objects.filter(
        office__in=list(office_ids),
        office__is_active=True,
        role__in=list(roles),
        user__is_active=True,
    )
    found: dict[int, list[int]] = {}
    for office, person in held.order_by("pk").values_list("office_id", "user_id"):
        people = found.setdefault(office, [])
        if person not in people:
            people.append(person)
    return found


# --- from a tip to a case ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What an editor may begin a case with. No name, number, day, place or word of a tip; months as 2026-03.

    `fine_amount` is in yuan, coarse (see `published_fine`), None where nothing was fined.
    """

    kind: TipKind | None
    industry: Industry | None
    operations: tuple[Operation, ...]
    district: str
    unit: str
    decided_month: str
    measure: Measure
    fine_amount: Decimal | None
    is_partly: bool


# Steps of a fine in yuan: below and from 10,000. The exact amount with its month would find the decision, and with it
# the tip; the editor writes the exact one where the decision itself is public (安全生产法 78).
FINE_STEPS = (Decimal(100), Decimal(1_000))
LARGE_FINE = Decimal(10_000)


def published_fine(amount: Decimal | None) -> Decimal | None:
    """Return a fine in yuan rounded down to hundreds, from 10,000 on to thousands."""
    if not amount:
        return None
    step = FINE_STEPS[amount >= LARGE_FINE]
    return amount // step * step or None


def case_facts(*, number: str, user: policies.Person) -> CaseFacts:
    """Return what a case can be made of from a tip with a signed result and a penalty.

    Raises:
        TipNotFound: alike for an unknown number, a tip outside the person's scope, and one without a penalty.
    """
    tip = tip_for(user=user, number=number)
    penalty = newest_penalty(tip=tip)
    if penalty is None or tip.result not in {Result.TRUE, Result.PARTLY_TRUE}:
        raise TipNotFound
    return CaseFacts(
        kind=TipKind(tip.kind) if tip.kind else None,
        industry=Industry(tip.industry) if tip.industry else None,
        operations=tuple(Operation(code) for code in tip.operations if code in Operation.values),
        district=tip.district.code if tip.district else "",
        unit=tip.handling_unit.name,
        decided_month=f"{penalty.decided_date:%Y-%m}",
        measure=Measure(penalty.measure),
        fine_amount=published_fine(penalty.fine_amount),
        is_partly=tip.result == Result.PARTLY_TRUE,
    )


def may_become_case(*, number: str, user: policies.Person) -> bool:
    """Whether `case_facts` would answer, for a person who is an editor as well; no query for everybody else."""
    if not may_begin_cases(user):
        return False
    try:
        case_facts(number=number, user=user)
    except TipNotFound:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class CityOutlines:
    """The districts of the city as paths in pixels, north up."""

    paths: tuple[SketchPath, ...]


def city_outlines(*, width: int, height: int, focus: Collection[str] = ()) -> CityOutlines:
    """Return the outlines of the districts in so many pixels; empty while there are none. The outlines are kept.

    Args:
        focus: codes of districts the drawing is fitted to; the others run over its edge.
    """
    sketch = outline_paths(outlines=district_outlines(), width=width, height=height, focus=focus)
    return CityOutlines(paths=sketch.paths)
