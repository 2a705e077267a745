"""Figures from their daily sums: the same numbers as a plain count, without reading every record (docs/adr/0041).

Days touched since their cells were counted are counted from the records. Where nothing can be said of the cells, as
before they were first made or after a definition changed, everything is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from complaints.models import CELL_COLUMNS, CellState, DayCell, TouchedDay, Whistle
from complaints.rules.spans import Span, stretches_of

from .counting import By, Counts, Number, Table, count_on, summed
from .sources import SOURCES, Source, midnight
from .touching import triggers

# Splits a cell can tell; what else tips are split by is not in it.
KEPT_BY = frozenset({None, By.UNIT, By.MONTH})
_CENTS = {"fine_amount": "fine_cents", "reward_amount": "reward_cents"}
CODES = tuple(code for source in SOURCES for code in source.counts)
_KEYS: dict[By | None, Any] = {By.UNIT: F("unit"), By.MONTH: TruncMonth("day")}


def digest_in_use() -> str:
    """Return the SHA-256 of all that decides what stands in a cell: the SQL of every count, columns, triggers."""
    return _digest(connection.vendor)


@cache
def _digest(_vendor: str) -> str:
    queries = [str(source.ever().values(source.day).annotate(**source.counts).query) for source in SOURCES]
    return sha256("\n".join([*queries, *CELL_COLUMNS, *sorted(triggers())]).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class DailySums:
    """What may be read from the cells between two days: all but the `touched` days; nothing where that is None."""

    touched: frozenset[date] | None

    def count(
        self,
        *,
        first: date,
        last: date,
        units: Iterable[int] | None = None,
        by: By | None = None,
        codes: Iterable[str] = CODES,
    ) -> Table:
        """Return what a plain count of these days returns, less rows in which nothing was counted.

        Args:
            units: only tips with these units in charge; None for every unit there is.
            by: the unit in charge or the month; anything else is counted from the records.
            codes: the counts asked for; further ones of the same records come along, of others none.
        """
        reach, wanted = None if units is None else sorted(units), frozenset(codes)
        sources = [source for source in SOURCES if wanted & source.counts.keys()]
        if self.touched is None or by not in KEPT_BY:
            return _less(count_on(stretches=[(first, last)], units=reach, by=by, sources=sources))
        late = sorted(day for day in self.touched if first <= day <= last)
        rows = DayCell.objects.filter(day__range=(first, last)).exclude(day__in=late)
        rows = rows if reach is None else rows.filter(unit__in=reach)
        kept = summed(_groups(rows, by=by, sources=sources), by=by, sources=sources)
        if not late:
            return _less(kept)
        return _less(
            _together(kept, count_on(stretches=stretches_of(late), units=reach, by=by, sources=sources))
        )


def daily_sums(*, first: date, last: date) -> DailySums:
    """Return the sums between two days as they can be relied on now: one query, or three.

    Asked before the cells are: whoever changes a record meanwhile may be missed, as in any count that was faster.
    """
    if not CellState.objects.filter(digest=digest_in_use()).exists():
        return DailySums(touched=None)
    days = TouchedDay.objects.filter(day__range=(first, last)).values_list("day", flat=True)
    return DailySums(touched=frozenset(days.distinct()) | _days_that_pass(first=first, last=last))


def _days_that_pass(*, first: date, last: date) -> frozenset[date]:
    """Return the days of unanswered whistles: their hour runs out without anybody writing, so no cell can hold it."""
    moments = Whistle.objects.unanswered().values_list("raised_at", flat=True)
    rows = moments.filter(raised_at__gte=midnight(first), raised_at__lt=midnight(last + timedelta(days=1)))
    return frozenset(timezone.localdate(moment) for moment in rows)


def count_kept(*, span: Span, units: Iterable[int] | None = None, by: By | None = None) -> Table:
    """Return the counts of a span from its daily sums."""
    sums = daily_sums(first=span.start, last=span.end)
    return sums.count(first=span.start, last=span.end, units=units, by=by)


def _groups(
    rows: "QuerySet[DayCell]", *, by: By | None, sources: Sequence[Source]
) -> Iterator[tuple[Any, Counts]]:
    codes = [code for source in sources for code in source.counts]
    sums = {f"sum_{code}": Sum(_CENTS.get(code, code)) for code in codes}
    if by is None:
        yield "", _counts(rows.aggregate(**sums), codes)
        return
    for row in rows.order_by().annotate(key=_KEYS[by]).values("key").annotate(**sums):
        yield row["key"], _counts(row, codes)


def _counts(row: Mapping[str, Any], codes: Iterable[str]) -> Counts:
    return {code: _number(code, row[f"sum_{code}"] or 0) for code in codes}


def _number(code: str, number: int) -> Number:
    return Decimal(number) / 100 if code in _CENTS else number


def _together(one: Table, other: Table) -> Table:
    keys = {*one.rows, *other.rows}
    return Table(
        whole=_sum(one.whole, other.whole),
        rows={key: _sum(one.rows.get(key, {}), other.rows.get(key, {})) for key in keys},
    )


def _sum(one: Counts, other: Counts) -> Counts:
    return {code: one.get(code, 0) + other.get(code, 0) for code in {**one, **other}}


def _less(table: Table) -> Table:
    """Drop the rows of nothing: records of which no figure counted anything."""
    return Table(whole=table.whole, rows={key: row for key, row in table.rows.items() if any(row.values())})


def columns_of(counts: Counts) -> dict[str, int]:
    """Return counts as a cell keeps them: money in cents."""
    return {
        _CENTS.get(code, code): int(Decimal(number) * 100) if code in _CENTS else int(number)
        for code, number in counts.items()
    }
