"""Rewards as the public reads them: number, kind and amount, and figures by unit; small numbers are held back.

Of what was paid before this month alone, so that nobody sees the day; of tips nothing (docs/adr/0035).
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from complaints.enums import ClaimState, TipKind
from complaints.models import Office, RewardClaim
from complaints.models.reward import from_cents
from complaints.rules.small_cells import Sum as SmallSum
from complaints.rules.small_cells import guarded

from .ranks import secret_rank

_TENTH = Decimal("0.1")
SPECIAL = "special"


@dataclass(frozen=True, kw_only=True)
class PaidReward:
    """One paid reward; `kind` is the type of the tip, or `SPECIAL`; `amount` in yuan."""

    number: str
    kind: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class UnitFigures:
    """What a unit paid in a year: how many rewards, how much, and the mean days from answer to payment, or None."""

    name: str
    count: int
    amount: Decimal
    days: Decimal | None


@dataclass(frozen=True, kw_only=True)
class PublicRewards:
    """The public rewards of a year; `is_whole` when nothing was held back. `years` are those in which any was paid."""

    year: int
    years: tuple[int, ...]
    notices: tuple[PaidReward, ...]
    units: tuple[UnitFigures, ...]
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class RewardsOfYear:
    """What a year's notices come to: how many rewards, in yuan, and the largest of them. Only what they list counts."""

    year: int
    count: int
    amount: Decimal
    largest: tuple[PaidReward, ...]


@dataclass(frozen=True, kw_only=True)
class _Row:
    number: str
    kind: str
    office: int
    cents: int
    days: int | None


def public_rewards(*, year: int, today: date) -> PublicRewards:
    """Return what is public of the rewards of a year; three queries.

    Kinds and units with fewer than five rewards are held back, and as many others as are needed so that no number held
    back follows from the rest. Units are told once their year is over: told month by month, each would tell by how much
    it grew, and that is one reward as a rule, which stands among the notices with its kind and amount.
    """
    paid = _paid_before(today)
    years = sorted({day.year for day in paid.dates("paid_date", "year")}, reverse=True)
    rows = [_row(one) for one in paid.filter(paid_date__year=year).select_related("assessment")]
    cells: dict[Hashable, int] = defaultdict(int)
    for row in rows:
        cells[("kind", row.kind)] += 1
        cells[("unit", row.office)] += 1
    hidden = _hidden(cells, year=year)
    notices = [
        PaidReward(number=row.number, kind=row.kind, amount=from_cents(row.cents))
        for row in rows
        if ("kind", row.kind) not in hidden
    ]
    offices = {row.office for row in rows if ("unit", row.office) not in hidden}
    return PublicRewards(
        year=year,
        years=tuple(years),
        # By their random numbers: no order tells which was paid first.
        notices=tuple(sorted(notices, key=lambda one: one.number)),
        units=_units(rows, offices=offices) if year < today.year else (),
        is_whole=not hidden,
    )


def newest_rewards(*, today: date, most: int) -> RewardsOfYear | None:
    """Return what this year's notices come to, or last year's while this one has none; None without any. Two queries.

    Counted by the database, so that the first page of the site costs the same however many rewards were paid.
    """
    groups = (
        _paid_before(today)
        .filter(paid_date__year__gte=today.year - 1)
        .values_list("paid_date__year", "assessment__kind", "assessment__is_special", "assessment__office")
        .annotate(rewards=Count("pk"), cents=Sum("assessment__proposed_cents"))
    )
    found = list(groups)
    for year in (today.year, today.year - 1):
        of_year = [_Group(*group[1:]) for group in found if group[0] == year]
        kinds = _kinds_told(of_year, year=year)
        told = [one for one in of_year if one.code in kinds]
        if told:
            return RewardsOfYear(
                year=year,
                count=sum(one.rewards for one in told),
                amount=from_cents(sum(one.cents for one in told)),
                largest=_largest(year=year, today=today, kinds=kinds, most=most),
            )
    return None


class _Group(NamedTuple):
    """The paid rewards of one kind and unit, as the database adds them up."""

    kind: str
    is_special: bool
    office: int
    rewards: int
    cents: int

    @property
    def code(self) -> str:
        return SPECIAL if self.is_special else self.kind


def _kinds_told(groups: list[_Group], *, year: int) -> set[str]:
    cells: dict[Hashable, int] = defaultdict(int)
    for one in groups:
        cells[("kind", one.code)] += one.rewards
        cells[("unit", one.office)] += one.rewards
    hidden = _hidden(cells, year=year)
    return {one.code for one in groups if ("kind", one.code) not in hidden}


def _largest(*, year: int, today: date, kinds: set[str], most: int) -> tuple[PaidReward, ...]:
    """By amount and then by their random numbers: no order tells which was paid first."""
    wanted = Q(assessment__is_special=False, assessment__kind__in=kinds - {SPECIAL})
    if SPECIAL in kinds:
        wanted |= Q(assessment__is_special=True)
    rows = _paid_before(today).filter(wanted, paid_date__year=year).select_related("assessment")
    return tuple(
        PaidReward(number=row.number, kind=row.kind, amount=from_cents(row.cents))
        for row in map(_row, rows.order_by("-assessment__proposed_cents", "assessment__number")[:most])
    )


def _paid_before(today: date) -> "QuerySet[RewardClaim]":
    """Return the rewards paid before the month of this day."""
    return RewardClaim.objects.filter(state=ClaimState.PAID, paid_date__lt=today.replace(day=1))


def _row(claim: RewardClaim) -> _Row:
    row = claim.assessment
    kind = SPECIAL if row.is_special else row.kind
    return _Row(
        number=row.number,
        kind=kind,
        office=row.office_id,
        cents=row.proposed_cents,
        days=claim.reply_days,
    )


def _hidden(cells: Mapping[Hashable, int], *, year: int) -> set[Hashable]:
    kinds, units = (tuple(one for one in cells if one[0] == by) for by in ("kind", "unit"))  # type: ignore[index]  # pairs
    if not kinds:
        return set()
    total: dict[Hashable, int] = {"total": sum(cells[one] for one in kinds)}
    sums = [SmallSum(whole="total", parts=kinds), SmallSum(whole="total", parts=units)]
    return set(
        guarded(cells={**cells, **total}, sums=sums, rank=lambda cell: secret_rank("rewards", year, cell))
    )


def _units(rows: list[_Row], *, offices: set[int]) -> tuple[UnitFigures, ...]:
    names = Office.objects.in_bulk(offices)
    found = []
    for key in sorted(offices):
        own = [row for row in rows if row.office == key]
        waits = [row.days for row in own if row.days is not None]
        mean = Decimal(sum(waits)) / len(waits) if waits else None
        found.append(
            UnitFigures(
                name=names[key].shown_name,
                count=len(own),
                amount=from_cents(sum(row.cents for row in own)),
                days=mean.quantize(_TENTH, ROUND_HALF_UP) if mean is not None else None,
            )
        )
    return tuple(found)


def kind_label(kind: str) -> str:
    """Return the type of a tip in words; empty for a special reward, which has words of its own."""
    return "" if kind == SPECIAL else str(TipKind(kind).label)
