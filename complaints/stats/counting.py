"""Counting records of a span, whole or split by what their tips are: one query for each kind of record."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from complaints.rules.spans import Span, SpanKind, span_around

from .sources import SOURCES, Source

Number = int | Decimal
Counts = dict[str, Number]
WHOLE = ""


class By(StrEnum):
    """What a table is split by."""

    UNIT = "unit"
    DISTRICT = "district"
    KIND = "kind"
    INDUSTRY = "industry"
    OPERATION = "operation"
    CHANNEL = "channel"
    IDENTITY = "identity"
    MONTH = "month"


FIELDS = {
    By.UNIT: "handling_unit",
    By.DISTRICT: "district",
    By.KIND: "kind",
    By.INDUSTRY: "industry",
    By.OPERATION: "operations",
    By.CHANNEL: "channel",
    By.IDENTITY: "identity_mode",
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """Counts of a span: `whole`, and `rows` by key. With operations one tip may stand in several rows, or in none."""

    whole: Counts
    rows: Mapping[str, Counts]


def count(
    *,
    span: Span,
    units: Iterable[int] | None = None,
    by: By | None = None,
    asked: Iterable[Source] = SOURCES,
) -> Table:
    """Return the counts of a span; as many queries as there are kinds of records, whatever their number.

    Args:
        units: only tips with these units in charge; None for every unit there is.
        asked: leaves out kinds of records of which the span is known to hold none, see `present`.
    """
    reach = None if units is None else sorted(units)
    stretch = [(span.start, span.end)]
    return summed(
        (group for source in asked for group in _grouped(source, stretch, units=reach, by=by)), by=by
    )


def present(*, span: Span) -> list[Source]:
    """Return the kinds of records a span holds any of; a small query each, for who counts it in many ways."""
    stretch = [(span.start, span.end)]
    return [source for source in SOURCES if source.ever().filter(source.on(stretch)).exists()]


def count_on(
    *,
    stretches: Sequence[tuple[date, date]],
    units: Iterable[int] | None = None,
    by: By | None = None,
    sources: Sequence[Source] = SOURCES,
) -> Table:
    """Return the counts of stretches of days, each from its first to its last day; `count` has the rest."""
    reach = None if units is None else sorted(units)
    groups = (group for source in sources for group in _grouped(source, stretches, units=reach, by=by))
    return summed(groups, by=by, sources=sources)


def summed(
    groups: Iterable[tuple[Any, Counts]], *, by: By | None, sources: Sequence[Source] = SOURCES
) -> Table:
    """Return the table that groups of counts by key add up to."""
    found: dict[str, Counts] = {}
    whole: Counts = {code: 0 for source in sources for code in source.counts}
    for key, counts in groups:
        _add(whole, counts)
        for one in keys_of(key, by=by):
            _add(found.setdefault(one, {}), counts)
    rows = {key: {**dict.fromkeys(whole, 0), **counts} for key, counts in found.items() if key != WHOLE or by}
    return Table(whole=whole, rows=rows if by else {})


def _add(into: Counts, counts: Counts) -> None:
    for code, number in counts.items():
        into[code] = into.get(code, 0) + number


def _grouped(
    source: Source, stretches: Sequence[tuple[date, date]], *, units: list[int] | None, by: By | None
) -> Iterable[tuple[Any, Counts]]:
    rows = reached(source.ever().filter(source.on(stretches)), source=source, units=units)
    if by is None:
        yield WHOLE, _numbers(rows.aggregate(**source.counts))
        return
    keyed = rows.order_by().annotate(key=key_of(source, by=by)).values("key")
    for row in keyed.annotate(**source.counts).iterator():
        yield row.pop("key"), _numbers(row)


def reached(rows: "QuerySet[Any]", *, source: Source, units: list[int] | None) -> "QuerySet[Any]":
    """Return the records of tips these units are in charge of."""
    return rows if units is None else rows.filter(Q(**{f"{source.tip}handling_unit__in": units}))


def by_day_and_unit(*, stretches: Sequence[tuple[date, date]]) -> Iterator[tuple[tuple[date, int], Counts]]:
    """Yield the counts of each day and unit in these stretches, one source after the other."""
    for source in SOURCES:
        rows = source.ever().filter(source.on(stretches)).order_by()
        keyed = rows.annotate(key=key_of(source, by=By.MONTH), charge=key_of(source, by=By.UNIT))
        for row in keyed.values("key", "charge").annotate(**source.counts).iterator():
            yield (row.pop("key"), row.pop("charge")), _numbers(row)


def _numbers(row: Mapping[str, Any]) -> Counts:
    return {code: number or 0 for code, number in row.items()}


def key_of(source: Source, *, by: By) -> Any:
    """Return what the records of a source are grouped by; with months by day."""
    if by != By.MONTH:
        return F(f"{source.tip}{FIELDS[by]}")
    zone = timezone.get_default_timezone()
    return TruncDate(source.day, tzinfo=zone) if source.is_moment else F(source.day)


def keys_of(key: Any, *, by: By | None) -> list[str]:
    """Return the rows a group belongs to; with months the group is a day."""
    if by is None:
        return []
    return _READ.get(by, _plain)(key)


def _plain(key: Any) -> list[str]:
    return ["" if key is None else str(key)]


def _operations(codes: list[str] | None) -> list[str]:
    return sorted(set(codes or ()))


def _month(day: date) -> list[str]:
    return [span_around(day=day, kind=SpanKind.MONTH).code]


_READ: Mapping[By, Callable[[Any], list[str]]] = {By.OPERATION: _operations, By.MONTH: _month}
