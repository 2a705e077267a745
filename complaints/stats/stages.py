"""How many days each stage took: whole days counted in the database by their first and last day, then put in order."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db.models import Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from complaints.enums import Clock, Result
from complaints.models import Conclusion, Period
from complaints.rules.deadlines import DayOverlay, working_days_left
from complaints.rules.spans import Span

from .counting import By, key_of, keys_of
from .definitions import Stage
from .sources import CONCLUDED, SIGNED

MEDIAN, NINTH_DECILE = 0.5, 0.9
_FOUNDED = (Result.TRUE, Result.PARTLY_TRUE)


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How long a stage took in `count` cases: half of them not longer than `median` days, nine in ten than `p90`."""

    count: int
    median: int
    p90: int


def spread(days: Mapping[int, int]) -> Spread | None:
    """Return the spread of so many cases by days; None without any.

    Each value is the smallest number of days that so large a share of the cases did not exceed (nearest rank): always
    a number of days that occurred.
    """
    total = sum(days.values())
    if not total:
        return None
    return Spread(count=total, median=_reached(days, MEDIAN, total), p90=_reached(days, NINTH_DECILE, total))


def _reached(days: Mapping[int, int], share: float, total: int) -> int:
    wanted, seen = ceil(share * total), 0
    for length in sorted(days):
        seen += days[length]
        if seen >= wanted:
            return length
    raise AssertionError("a share is at most 1")


def stages(*, span: Span, units: Iterable[int] | None, overlay: DayOverlay) -> dict[str, Spread]:
    """Return the spread of every stage that ended in the span, where there is any; one query for each stage.

    Memory is bounded by the pairs of first and last days, not by the number of tips.
    """
    reach = None if units is None else sorted(units)
    found = {stage: spread(_days(stage, span=span, units=reach, overlay=overlay)) for stage in Stage}
    return {stage.value: one for stage, one in found.items() if one is not None}


def _days(stage: Stage, *, span: Span, units: list[int] | None, overlay: DayOverlay) -> Counter[int]:
    rows = _ROWS[stage](span)
    if units is not None:
        rows = rows.filter(tip__handling_unit__in=units)
    pairs = rows.order_by().values("first", "last", "off").annotate(many=Count("pk"))
    days: Counter[int] = Counter()
    for row in pairs.iterator():
        days[_length(stage, row, overlay)] += row["many"]
    return days


def _length(stage: Stage, row: Mapping[str, Any], overlay: DayOverlay) -> int:
    """Return the days of one pair; the first day does not count (民法典 201)."""
    first, last = row["first"], row["last"]
    if stage == Stage.DECIDE:
        return working_days_left(today=first, due=max(first, last), overlay=overlay)
    return max(0, int((last - first).days - row["off"]))


def whole_by(*, span: Span, units: Iterable[int] | None, by: By) -> dict[str, Spread]:
    """Return how long conclusion took by the rows of a split, by month that of the conclusion; one query.

    A tip with two operations counts in both rows. The rows of the database pass through one at a time; what stays are
    days counted by key.
    """
    rows = _ended(span)
    if units is not None:
        rows = rows.filter(tip__handling_unit__in=sorted(units))
    keyed = rows.order_by().annotate(key=key_of(CONCLUDED, by=by))
    found: dict[str, Counter[int]] = {}
    for row in keyed.values("key", "first", "last", "off").annotate(many=Count("pk")).iterator():
        days = max(0, (row["last"] - row["first"]).days - row["off"])
        for key in keys_of(row["key"], by=by):
            found.setdefault(key, Counter())[days] += row["many"]
    return {key: one for key, days in found.items() if (one := spread(days)) is not None}


def _decided(span: Span) -> "QuerySet[Any]":
    return _lasting(Period.objects.filter(clock=Clock.DECIDE, ended_date__range=(span.start, span.end)))


def _signed(span: Span) -> "QuerySet[Any]":
    begun = (
        Period.objects.filter(tip=OuterRef("tip"), clock=Clock.CLOSE, started_date__lte=OuterRef("last"))
        .order_by()
        .values("tip")
        .annotate(latest=Max("started_date"))
        .values("latest")
    )
    rows = SIGNED.rows(span=span).annotate(last=_local("decided_at"))
    rows = rows.annotate(first=Subquery(begun), off=_NOTHING)
    return _begun(rows)


def _disposed(span: Span) -> "QuerySet[Any]":
    signed = (
        Conclusion.objects.filter(tip=OuterRef("tip"), is_confirmed=True, result__in=_FOUNDED)
        .annotate(signed_on=_local("decided_at"))
        .filter(signed_on__lte=OuterRef("ended_date"), signed_on__gte=OuterRef("started_date"))
        .order_by()
        .values("tip")
        .annotate(latest=Max("signed_on"))
        .values("latest")
    )
    rows = CONCLUDED.rows(span=span).annotate(first=Subquery(signed), last=F("ended_date"), off=_NOTHING)
    return _begun(rows)


def _answered(span: Span) -> "QuerySet[Any]":
    rows = Period.objects.filter(clock=Clock.REPLY, ended_date__range=(span.start, span.end))
    return _lasting(rows.exclude(tip__withdrawn_date=F("ended_date")))


def _ended(span: Span) -> "QuerySet[Any]":
    return _lasting(CONCLUDED.rows(span=span))


def _lasting(periods: "QuerySet[Any]") -> "QuerySet[Any]":
    found: QuerySet[Any] = periods.annotate(
        first=F("started_date"), last=F("ended_date"), off=F("paused_days")
    )
    return found


def _begun(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    begun: QuerySet[Any] = rows.filter(first__isnull=False)
    return begun


def _local(name: str) -> TruncDate:
    return TruncDate(name, tzinfo=timezone.get_default_timezone())


_NOTHING = Value(0, output_field=IntegerField())
_ROWS = {
    Stage.DECIDE: _decided,
    Stage.VERIFY: _signed,
    Stage.DISPOSE: _disposed,
    Stage.REPLY: _answered,
    Stage.WHOLE: _ended,
}
