"""Reads of the dashboard: what the alarms look at, and the tips behind each number, within the units of a person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Max, Q, QuerySet

from complaints.enums import Phase
from complaints.models import AlarmThresholds, Tip, Whistle
from complaints.policies import READING_ROLES, Person, scope_of, tips_visible_to
from complaints.rules.alarms import LateShare, Thresholds, is_burst, is_rising
from complaints.rules.spans import Span
from complaints.stats.cells import DailySums, daily_sums
from complaints.stats.counting import FIELDS, By
from complaints.stats.sources import CONCLUDED, SOURCES, Source

LATE, OVERDUE, UNANSWERED, BURST = "late", "overdue", "unanswered", "burst"
# Of the unanswered ones those past their hour.
PAST_HOUR = "past_hour"
NOW = frozenset({OVERDUE, UNANSWERED, PAST_HOUR, BURST})
WHISTLES: Mapping[str, Callable[[datetime], "QuerySet[Whistle]"]] = {
    UNANSWERED: lambda _now: Whistle.objects.unanswered(),
    PAST_HOUR: lambda now: Whistle.objects.late(now=now),
}
# What a sum is made of.
_MANY = {
    "fine_amount": "fines", "reward_amount": "rewards_paid", "reward_days": "rewards_answered",
    "rating_points": "ratings",
}  # fmt: skip
MONTHS_BEFORE = 3
MOST_BURSTS = 10


def source_of(code: str) -> tuple[Source, Q] | None:
    """Return the records a figure counts and the condition it counts by; None for a figure without records."""
    if code == LATE:
        return CONCLUDED, Q(ended_date__gt=F("due_date"))
    for source in SOURCES:
        if code in source.counts:
            return source, getattr(source.counts[code], "filter", None) or Q()
    return None


def counted_tips(
    *,
    user: Person,
    span: Span,
    units: Iterable[int] | None,
    code: str,
    row: tuple[By, str] | None = None,
) -> "QuerySet[Tip] | None":
    """Return the tips whose records a figure of a period counts, within scope; None where there is no such figure.

    A figure counts records: a tip with two of them stands here once. `row` narrows them to a row of a split.
    """
    found = source_of(code)
    if found is None:
        return None
    source, condition = found
    rows = source.rows(span=span).filter(condition)
    path = source.tip.removesuffix("__")
    tips = tips_visible_to(user)
    if units is not None:
        tips = tips.filter(handling_unit__in=list(units))
    if row is not None:
        is_without = row[0] == By.DISTRICT and not row[1]
        tips = tips.filter(**({"district__isnull": True} if is_without else {FIELDS[row[0]]: row[1]}))
    return tips.filter(pk__in=rows.order_by().values(path or "pk"))


def number_of(*, span: Span, units: Iterable[int] | None, code: str) -> int:
    """Return how many records a figure of a period counts; for a sum of money or points, how many it is made of."""
    codes = {"concluded", "on_time"} if code == LATE else {_MANY.get(code, code)}
    sums = daily_sums(first=span.start, last=span.end)
    whole = sums.count(first=span.start, last=span.end, units=units, codes=codes).whole
    return int(whole["concluded"] - whole["on_time"] if code == LATE else whole[_MANY.get(code, code)])


def tips_now(
    *, user: Person, units: Iterable[int] | None, code: str, now: datetime, today: date, number: str = ""
) -> "QuerySet[Tip] | None":
    """Return the tips behind what is so just now: overdue ones, unanswered whistles, those about one entity.

    A whistle is unanswered as the mark in every list says it: open, and nobody has said a word yet.
    """
    tips = tips_visible_to(user)
    if units is not None:
        tips = tips.filter(handling_unit__in=list(units))
    if code == OVERDUE:
        return tips.filter(phase=Phase.OPEN, order_date__lt=today)
    if code in WHISTLES:
        return tips.filter(pk__in=WHISTLES[code](now).order_by().values("tip"))
    keys = (
        tips_visible_to(user)
        .filter(number=number)
        .exclude(entity_key=b"")
        .values_list("entity_key", flat=True)
    )
    wanted = [bytes(key) for key in keys]
    since = today - timedelta(days=thresholds_on(day=today).burst_days - 1)
    return tips.filter(entity_key__in=wanted, received_date__range=(since, today)) if wanted else None


def thresholds_on(*, day: date) -> Thresholds:
    """Return from where on something is an alarm on a day; one query."""
    return AlarmThresholds.in_force(day=day).thresholds


def units_of(*, user: Person, unit: int | None, below: Iterable[int]) -> list[int] | None:
    """Return the units a page is about: all of the city (None), all within reach, or one with those below it."""
    scope = scope_of(user)
    reach = scope.offices_with(READING_ROLES)
    if unit is None:
        return None if scope.reads_all else reach
    return sorted(set(reach) & set(below))


@dataclass(frozen=True, kw_only=True)
class Rising:
    """A unit whose conclusions come late more often than before."""

    unit_id: int
    now: LateShare
    before: LateShare


def first_before(month: Span) -> date:
    """Return the first day of the months a month is compared with."""
    first = month
    for _step in range(MONTHS_BEFORE):
        first = first.before
    return first.start


def rising_units(
    *, units: Iterable[int] | None, month: Span, sums: DailySums, at: Thresholds
) -> list[Rising]:
    """Return the units with a rising share of late conclusions, against the three months before."""
    reach = None if units is None else list(units)
    here = _late_shares(sums, first=month.start, last=month.end, units=reach)
    before = _late_shares(sums, first=first_before(month), last=month.before.end, units=reach)
    every = [
        Rising(unit_id=unit, now=now, before=before.get(unit, LateShare(late=0, concluded=0)))
        for unit, now in sorted(here.items())
    ]
    return [one for one in every if is_rising(now=one.now, before=one.before, at=at)]


def _late_shares(
    sums: DailySums, *, first: date, last: date, units: list[int] | None
) -> dict[int, LateShare]:
    rows = sums.count(first=first, last=last, units=units, by=By.UNIT, codes=("concluded", "on_time")).rows
    return {
        int(unit): LateShare(
            late=int(counts["concluded"] - counts["on_time"]), concluded=int(counts["concluded"])
        )
        for unit, counts in rows.items()
    }


def unanswered_by_unit(*, units: Iterable[int] | None, now: datetime, at: Thresholds) -> Mapping[int, int]:
    """Return how many whistles each called unit left unanswered past their hour, where it is too many; one query."""
    rows = Whistle.objects.late(now=now)
    if units is not None:
        rows = rows.filter(tip__handling_unit__in=list(units))
    found = rows.order_by("called").values("called").annotate(many=Count("pk"))
    return {row["called"]: row["many"] for row in found.filter(many__gte=at.whistles_least)}


@dataclass(frozen=True, kw_only=True)
class Burst:
    """An entity in many tips at once, true or not; `number` is its newest tip, which names it."""

    number: str
    name: str
    recent: int


def bursts(*, user: Person, units: Iterable[int] | None, today: date, at: Thresholds) -> list[Burst]:
    """Return entities in many tips at once, the most first; two queries, the names of ten at most are opened."""
    since = today - timedelta(days=at.burst_days - 1)
    tips = (
        tips_visible_to(user)
        .filter(received_date__range=(since - timedelta(days=at.before_days), today))
        .exclude(entity_key=b"")
    )
    if units is not None:
        tips = tips.filter(handling_unit__in=list(units))
    here = Q(received_date__gte=since)
    rows = (
        tips.order_by()
        .values("entity_key")
        .annotate(recent=Count("pk", filter=here), before=Count("pk", filter=~here), newest=Max("pk"))
    )
    found = [
        row
        for row in rows.filter(recent__gte=at.burst_least).order_by("-recent", "newest")
        if is_burst(recent=row["recent"], before=row["before"], at=at)
    ][:MOST_BURSTS]
    named = {row.pk: row for row in Tip.objects.filter(pk__in=[row["newest"] for row in found])}
    return [
        Burst(
            number=named[row["newest"]].number,
            name=named[row["newest"]].entity_name or named[row["newest"]].entity_code,
            recent=row["recent"],
        )
        for row in found
    ]
