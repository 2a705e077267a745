"""One report: every figure of a span, whole and split, beside the same span of the year before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from complaints.rules.deadlines import DayOverlay
from complaints.rules.percents import TENTH, percent
from complaints.rules.small_cells import LEAST_RANKED
from complaints.rules.spans import Span, SpanKind, month_row, span_around

from .counting import By, Counts, Number, Table, count, reached
from .definitions import FIGURES, Figure, Unit
from .sources import CONCLUDED, RECEIVED, Source
from .stages import Spread, stages, whole_by

# Whose rows have an own spread of days. Reports closed before months and operations had one hold none of theirs.
SPREAD_BY = frozenset(By)


@dataclass(frozen=True, kw_only=True)
class Month:
    """How many tips came in and how many were concluded, and on time, in one month."""

    span: Span
    received: int
    concluded: int
    on_time: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """The figures of a span; `year_before` are the counts of the same span one year earlier.

    `spreads` tells by key how long conclusion took; `months` are the twelve up to the end of the span.
    """

    span: Span
    table: Table
    year_before: Counts
    stages: Mapping[str, Spread]
    spreads: Mapping[str, Spread]
    months: tuple[Month, ...]


def report(*, span: Span, units: Iterable[int] | None, by: By | None, overlay: DayOverlay) -> Report:
    """Return the figures of a span for tips these units are in charge of (None: all); a fixed number of queries."""
    reach = None if units is None else sorted(units)
    return Report(
        span=span,
        table=count(span=span, units=reach, by=by),
        year_before=count(span=span.a_year_before, units=reach).whole,
        stages=stages(span=span, units=reach, overlay=overlay),
        spreads=whole_by(span=span, units=reach, by=by) if by in SPREAD_BY and by else {},
        months=months(span=span, units=reach),
    )


def months(*, span: Span, units: Iterable[int] | None) -> tuple[Month, ...]:
    """Return the twelve months up to the end of a span; two queries, at most one row for each day."""
    reach = None if units is None else sorted(units)
    row = month_row(last=span.end)
    received = _by_month(RECEIVED, row=row, units=reach)
    concluded = _by_month(CONCLUDED, row=row, units=reach)
    return tuple(
        Month(
            span=month,
            received=received.get((month, "received"), 0),
            concluded=concluded.get((month, "concluded"), 0),
            on_time=concluded.get((month, "on_time"), 0),
        )
        for month in row
    )


def _by_month(
    source: Source, *, row: tuple[Span, ...], units: list[int] | None
) -> dict[tuple[Span, str], int]:
    """Return every count of a source by month; the database groups by day."""
    found = source.ever().filter(source.within(first=row[0].start, last=row[-1].end))
    days = reached(found, source=source, units=units).order_by().values(source.day).annotate(**source.counts)
    sums: dict[tuple[Span, str], int] = {}
    for counts in days.iterator():
        month = span_around(day=counts.pop(source.day), kind=SpanKind.MONTH)
        for code, many in counts.items():
            sums[month, code] = sums.get((month, code), 0) + many
    return sums


def value_of(*, figure: Figure, counts: Mapping[str, Number]) -> Number | None:
    """Return what a figure says: a count, or a share or a mean to one decimal; None without anything to divide by."""
    if figure.of is None:
        return counts.get(figure.code, 0)
    parts, whole = figure.of
    divisor = counts.get(whole, 0)
    if not divisor:
        return None
    top = Decimal(sum(counts.get(part, 0) for part in parts))
    return percent(top, divisor) if figure.unit == Unit.PERCENT else _tenth(top / Decimal(divisor))


def change(*, now: Number | None, before: Number | None) -> Decimal | None:
    """Return the change of a count in percent to one decimal; None where there was nothing before."""
    if now is None or not before:
        return None
    return percent(Decimal(now) - Decimal(before), before)


def _tenth(number: Decimal) -> Decimal:
    return number.quantize(TENTH, ROUND_HALF_UP)


def points(*, figure: Figure, now: Mapping[str, Number], before: Mapping[str, Number]) -> Decimal | None:
    """Return the change of a share in percentage points: the difference of both as they are told, to one decimal.

    None for what is no share, and where either rests on fewer than 20: such a share swings with single tips, as the
    public ranking says (DOMAIN 7).
    """
    if figure.of is None or figure.unit != Unit.PERCENT:
        return None
    whole = figure.of[1]
    if min(now.get(whole, 0), before.get(whole, 0)) < LEAST_RANKED:
        return None
    shares = value_of(figure=figure, counts=now), value_of(figure=figure, counts=before)
    return Decimal(shares[0] or 0) - Decimal(shares[1] or 0)


def values(counts: Mapping[str, Number]) -> dict[str, Number | None]:
    """Return every figure of these counts by its code."""
    return {figure.code: value_of(figure=figure, counts=counts) for figure in FIGURES}
