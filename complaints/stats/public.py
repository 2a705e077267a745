"""Closed periods as the public reads them: numbers, or why there is none, with names and definitions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, JSONField, When
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import PeriodReport
from complaints.rules.percents import percent
from complaints.rules.small_cells import LEAST_RANKED, LEAST_SHOWN, Hidden
from complaints.rules.spans import is_code, span_of

from .counting import By
from .definitions import FIGURE, STAGES, Figure
from .frozen import checked, closed_report, closed_reports, corrected_within, versions_of
from .names import month_name, row_names, span_name
from .publishing import ALONE, PART_OF, TOTAL
from .report import change

# Which figure the total of a table is.
TOTALS = {"district": "received", "reason": "declined", "result": "conclusions", "timing": "concluded"}

# The single counts that are told of a period.
PUBLIC_FIGURES = tuple(
    code for code in FIGURE if code in {*ALONE, *PART_OF, *PART_OF.values(), *TOTALS.values()}
)


@dataclass(frozen=True, kw_only=True)
class PublicCell:
    """A number of a published table, or the reason why it is not told; `between` what it is about then, if known."""

    code: str
    name: str
    value: int | None
    hidden: Hidden | None = None
    between: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The number or the words in its place."""
        if self.value is not None:
            return f"{self.value:,}"
        if self.hidden == Hidden.FEW:
            return _("fewer than %(n)d") % {"n": LEAST_SHOWN}
        if self.between is not None:
            return _("%(low)s to %(high)s") % {"low": f"{self.between[0]:,}", "high": f"{self.between[1]:,}"}
        return _("not listed")

    @property
    def is_ranked(self) -> bool:
        """Whether it takes part in a comparison: only what has at least 20."""
        return self.value is not None and self.value >= LEAST_RANKED


@dataclass(frozen=True, kw_only=True)
class PublicStage:
    """Median and ninth decile of one stage, in whole days."""

    figure: Figure
    median: int
    p90: int


@dataclass(frozen=True, kw_only=True)
class PublicMonth:
    """One of the months up to the end of a period."""

    name: str
    short_name: str
    received: PublicCell
    concluded: PublicCell


@dataclass(frozen=True, kw_only=True)
class PublicPeriod:
    """A closed period as lists name it."""

    code: str
    name: str
    number: str
    version: int
    closed_on: date


@dataclass(frozen=True, kw_only=True)
class PublicSpan:
    """A period: `kind` is month, quarter, half or year; `year_before` the code of the same period a year earlier."""

    code: str
    kind: str
    name: str
    year_before: str


@dataclass(frozen=True, kw_only=True)
class PublicCorrection:
    """A later version of a report, with its reason and its day."""

    version: int
    reason: str
    day: date


@dataclass(frozen=True, kw_only=True)
class PublicReport:
    """Everything public of one closed period.

    `rows` are tables by what they are split; `figures` single counts with their definition; `since_year` how much more
    tips came in than in the same period of the year before, in percent, where both numbers are public. `corrected`
    names the shorter periods within that were corrected after this one was closed: it still has their numbers before.
    """

    period: PublicPeriod
    reason: str
    start: date
    end: date
    figures: tuple[tuple[Figure, PublicCell], ...]
    rows: Mapping[str, tuple[PublicCell, ...]]
    stages: tuple[PublicStage, ...]
    months: tuple[PublicMonth, ...]
    fine_amount: Decimal | None
    since_year: Decimal | None
    corrected: tuple[str, ...] = ()

    def figure(self, code: str) -> PublicCell:
        """Return one single count."""
        return next(cell for figure, cell in self.figures if figure.code == code)

    def share(self, *, parts: tuple[str, ...], whole: str, table: str) -> Decimal | None:
        """Return a share in percent to one decimal; None unless every number it is worked out from is public."""
        cells = {cell.code: cell.value for cell in self.rows[table]}
        found, total = [cells[part] for part in parts], self.figure(whole).value
        if not total or any(one is None for one in found):
            return None
        return percent(sum(one or 0 for one in found), total)

    def share_between(
        self, *, parts: tuple[str, ...], whole: str, table: str
    ) -> tuple[Decimal, Decimal] | None:
        """Return the least and the most a share can be, in percent to one decimal; None where that is not known."""
        cells, total = {cell.code: cell for cell in self.rows[table]}, self.figure(whole).value
        found = [_ends(cells[part]) for part in parts]
        if not total or any(one is None for one in found):
            return None
        low, high = (sum(one[end] for one in found if one is not None) for end in (0, 1))
        ends = percent(low, total), percent(min(high, total), total)
        return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])


def _ends(cell: PublicCell) -> tuple[int, int] | None:
    """Return the least and the most a cell can be."""
    if cell.value is not None:
        return cell.value, cell.value
    return (0, LEAST_SHOWN - 1) if cell.hidden == Hidden.FEW else cell.between


def public_periods_closed() -> list[PublicPeriod]:
    """Return the closed periods, the latest first; one query."""
    return [_period(row) for row in closed_reports()]


def public_report(*, code: str, version: int | None = None) -> PublicReport | None:
    """Return a version of the report of a period, the newest unless told; None when it is not closed, or no period.

    Of an older version what a later one hides is not told any more; of no version a month that its own report hides
    by now. Three queries: the report, those around it, the names of the districts; one more for a version.
    """
    # PostgreSQL takes no NUL in a question: what anybody typed is asked for only where it is a code.
    row = closed_report(code=code, version=version) if is_code(code) else None
    if row is None:
        return None
    around = _around(row)
    shown = {**row.shown, "months": _months_still_told(row, around=around)}
    return _public(row, shown=shown if version is None else _still_told(row, shown=shown), around=around)


def public_spans(*, code: str) -> PublicSpan:
    """Return what kind of period a code names and what it is compared with.

    Raises:
        ValueError: the code names no period.
    """
    span = span_of(code)
    return PublicSpan(
        code=code, kind=span.kind.value, name=span_name(span), year_before=span.a_year_before.code
    )


def corrections_since(*, code: str, version: int) -> list[PublicCorrection]:
    """Return the versions of a report that followed one, the oldest first; one query."""
    rows = PeriodReport.objects.filter(code=code, version__gt=version).order_by("version")
    return [
        PublicCorrection(version=row.version, reason=row.reason, day=timezone.localdate(row.frozen_at))
        for row in rows.only("version", "reason", "frozen_at")
    ]


def _around(row: PeriodReport) -> dict[str, PeriodReport]:
    """Return the newest versions of the months that are shown, of every period within, and of the year before.

    One query. Of the year before alone a number is told: it comes with its figures and is checked.
    """
    span = span_of(row.code)
    before = span.a_year_before.code
    codes = {before, *(month[0] for month in row.shown["months"]), *(one.code for one in span.within)}
    found = (
        PeriodReport.objects.latest_versions()
        .filter(code__in=codes)
        .annotate(
            own=Case(When(code=before, then=F("figures")), default=None, output_field=JSONField(null=True))
        )
        .defer("figures")
    )
    rows = {one.code: one for one in found}
    if before in rows:
        rows[before].figures = rows[before].own  # type: ignore[attr-defined]  # annotated above
        checked(rows[before])
    return rows


def _months_still_told(row: PeriodReport, *, around: Mapping[str, PeriodReport]) -> list[list[Any]]:
    """Return the months of a report, less what their own reports hide by now."""
    return [
        [
            code,
            _less(received, [around[code].shown["cells"]["district"][TOTAL]]),
            _less(concluded, [around[code].shown["cells"]["timing"][TOTAL]]),
        ]
        for code, received, concluded in row.shown["months"]
    ]


def _still_told(row: PeriodReport, *, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is public of a version, less what is hidden by now."""
    versions = versions_of(code=row.code)
    later = [one.shown["cells"] for one in versions if one.version > row.version]
    cells = {
        name: {
            key: _less(cell, [found[name].get(key, cell) for found in later]) for key, cell in table.items()
        }
        for name, table in shown["cells"].items()
    }
    told = {**shown, "cells": cells}
    is_amount_told = isinstance(cells["fines"][TOTAL], int) and all(
        one.shown["fine_amount"] is not None for one in versions if one.version > row.version
    )
    return told if is_amount_told else {**told, "fine_amount": None}


def _less(cell: Any, later: Iterable[Any]) -> Any:
    """Return a cell, or that it is not listed where it was told and is hidden by now: it was 5 or more."""
    is_hidden = isinstance(cell, int) and any(isinstance(one, str) for one in later)
    return Hidden.APART.value if is_hidden else cell


def _public(
    row: PeriodReport, *, shown: Mapping[str, Any], around: Mapping[str, PeriodReport]
) -> PublicReport:
    span, cells = span_of(row.code), shown["cells"]
    received = _cell(TOTAL, cells["district"][TOTAL])
    return PublicReport(
        period=_period(row),
        reason=row.reason,
        start=row.start_date,
        end=row.end_date,
        figures=tuple(_figures(cells, ranges=shown.get("ranges", {}))),
        rows=_rows(cells, ranges=shown.get("ranges", {})),
        stages=tuple(
            PublicStage(figure=stage, **shown["stages"][stage.code])
            for stage in STAGES
            if stage.code in shown["stages"]
        ),
        months=tuple(_month(*month) for month in shown["months"]),
        fine_amount=Decimal(shown["fine_amount"]) if shown["fine_amount"] is not None else None,
        since_year=change(now=received.value, before=_received(around.get(span.a_year_before.code))),
        corrected=tuple(span_name(one) for one in corrected_within(row, around=around)),
    )


def _period(row: PeriodReport) -> PublicPeriod:
    return PublicPeriod(
        code=row.code,
        name=span_name(span_of(row.code)),
        number=row.number,
        version=row.version,
        closed_on=timezone.localdate(row.frozen_at),
    )


def _received(row: PeriodReport | None) -> int | None:
    return None if row is None else _cell(TOTAL, row.shown["cells"]["district"][TOTAL]).value


def _cell(code: str, stored: Any, name: str = "", between: Sequence[int] | None = None) -> PublicCell:
    if isinstance(stored, int):
        return PublicCell(code=code, name=name, value=stored)
    return PublicCell(code=code, name=name, value=None, hidden=Hidden(stored), between=_close(between))


def _close(between: Sequence[int] | None) -> tuple[int, int] | None:
    """Return what a cell lies between where that says how large it is: the most is no more than twice the least."""
    if between is None or between[1] > 2 * between[0]:
        return None
    return between[0], between[1]


def _figures(
    cells: Mapping[str, Mapping[str, Any]], *, ranges: Mapping[str, Mapping[str, Any]]
) -> list[tuple[Figure, PublicCell]]:
    """Return the single counts in the order of the definitions."""
    homes = {
        **{code: code for code in (*ALONE, *PART_OF, *PART_OF.values())},
        **{figure: table for table, figure in TOTALS.items()},
    }
    return [
        (
            figure,
            _cell(code, cells[homes[code]][TOTAL], str(figure.name), ranges.get(homes[code], {}).get(TOTAL)),
        )
        for code, figure in FIGURE.items()
        if code in homes
    ]


def _rows(
    cells: Mapping[str, Mapping[str, Any]], *, ranges: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[PublicCell, ...]]:
    """Return the tables with names; districts and operations the largest first, what is not told last."""
    found = {}
    for table in (*TOTALS, "operation"):
        stored = {code: cell for code, cell in cells[table].items() if code != TOTAL}
        names = _names(table, list(stored))
        close = ranges.get(table, {})
        rows = [_cell(code, cell, names[code], close.get(code)) for code, cell in stored.items()]
        found[table] = tuple(_ordered(rows) if table in {"district", "operation"} else rows)
    return found


def timing_names() -> dict[str, str]:
    """Return the names of what was concluded on time and late."""
    return {"on_time": str(FIGURE["on_time"].name), "late": _("Concluded late")}


def _names(table: str, codes: list[str]) -> dict[str, str]:
    if table == "timing":
        return timing_names()
    if table in {"reason", "result"}:
        return {code: str(FIGURE[code].name) for code in codes}
    return row_names(keys=codes, by=By(table))


def _ordered(rows: list[PublicCell]) -> list[PublicCell]:
    """Sort what may be compared by size; the others keep the order of their codes, numbers before hidden ones."""
    ranked = sorted((row for row in rows if row.is_ranked), key=lambda row: (-(row.value or 0), row.code))
    few = sorted((row for row in rows if not row.is_ranked), key=lambda row: (row.value is None, row.code))
    return [*ranked, *few]


def _month(code: str, received: Any, concluded: Any) -> PublicMonth:
    span = span_of(code)
    return PublicMonth(
        name=span_name(span),
        short_name=month_name(span),
        received=_cell(code, received),
        concluded=_cell(code, concluded),
    )
