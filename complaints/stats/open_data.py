"""Open data of a closed period: every public number as a row, with its codes, beside the same period a year before.

Table, workbook and program interface are written from these rows, so that none tells what another hides. A rate is
worked out from numbers that are told, never from those counted: it adds nothing to what they say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.enums import DivisionLevel, Industry, Operation, TipKind
from complaints.models import Division
from complaints.rules.small_cells import Hidden

from .counting import Number
from .definitions import FIGURE, REASON_CODES, RESULT_CODES, STAGES, Figure, Unit
from .public import PUBLIC_FIGURES, PublicCell, PublicReport, public_report, public_spans, timing_names
from .report import value_of

Words = str | Promise


class OpenTable(StrEnum):
    """What the rows of open data are put together by."""

    FIGURES = "figures"
    RATES = "rates"
    AMOUNTS = "amounts"
    DISTRICT = "district"
    REASON = "reason"
    RESULT = "result"
    TIMING = "timing"
    OPERATION = "operation"
    MONTHS_RECEIVED = "months_received"
    MONTHS_CONCLUDED = "months_concluded"
    MEDIAN = "median"
    P90 = "p90"

    @property
    def label(self) -> Words:
        """The table in words."""
        return _TITLES[self]


_TITLES: Mapping[OpenTable, Words] = {
    OpenTable.FIGURES: gettext_lazy("All figures"),
    OpenTable.RATES: gettext_lazy("Rates"),
    OpenTable.AMOUNTS: gettext_lazy("Amounts"),
    OpenTable.DISTRICT: gettext_lazy("District"),
    OpenTable.REASON: gettext_lazy("Reasons for declining"),
    OpenTable.RESULT: gettext_lazy("Results of the verification"),
    OpenTable.TIMING: gettext_lazy("Concluded on time or late"),
    OpenTable.OPERATION: gettext_lazy("Confirmed tips by dangerous operation"),
    OpenTable.MONTHS_RECEIVED: gettext_lazy("Received by month"),
    OpenTable.MONTHS_CONCLUDED: gettext_lazy("Concluded by month"),
    OpenTable.MEDIAN: gettext_lazy("Median"),
    OpenTable.P90: gettext_lazy("Nine in ten"),
}
SPLIT = (OpenTable.DISTRICT, OpenTable.REASON, OpenTable.RESULT, OpenTable.TIMING, OpenTable.OPERATION)
_MONTHS = ((OpenTable.MONTHS_RECEIVED, "received"), (OpenTable.MONTHS_CONCLUDED, "concluded"))
# What a split counts, where its rows have no definition of their own.
_COUNTS = {OpenTable.DISTRICT: "received"}
_TOLD_COUNTS = frozenset({*PUBLIC_FIGURES, *REASON_CODES.values(), *RESULT_CODES.values(), "on_time"})


def _is_told(figure: Figure) -> bool:
    return figure.of is not None and {*figure.of[0], figure.of[1]} <= _TOLD_COUNTS


# Those whose every number is one of the public ones.
OPEN_RATES = tuple(code for code, one in FIGURE.items() if one.unit == Unit.PERCENT and _is_told(one))
OPEN_AMOUNTS = ("fine_amount",)


@dataclass(frozen=True, kw_only=True)
class OpenNumber:
    """A number, or why it is not told; both None where there is no report to tell it.

    `between` are the least and the most it can be where it is not told and that is known.
    """

    value: Number | None = None
    hidden: Hidden | None = None
    between: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """One number of a report beside that of the year before; `code` names it within its `table`."""

    table: OpenTable
    code: str
    name: str
    unit: Unit
    now: OpenNumber
    before: OpenNumber
    figure: Figure | None = None

    @property
    def definition(self) -> str:
        """What is counted; empty where the table says it."""
        return "" if self.figure is None else str(self.figure.definition)

    @property
    def basis(self) -> str:
        """The rule it measures, or nothing."""
        return "" if self.figure is None else self.figure.basis


def report_a_year_before(report: PublicReport) -> PublicReport | None:
    """Return the newest report of the same period a year before, as it is told now; None while it is not closed."""
    return public_report(code=public_spans(code=report.period.code).year_before)


def open_rows(*, report: PublicReport, before: PublicReport | None) -> Iterator[OpenRow]:
    """Yield every public number of a report once; months and districts alike, rates in percent, money in yuan."""
    yield from _figures(report, before)
    yield from _rates(report, before)
    yield from _amounts(report, before)
    for table in SPLIT:
        yield from _split(table, report, before)
    for month in report.months:
        for table, code in _MONTHS:
            yield _row(table, getattr(month, code), month.name, OpenNumber(), figure=FIGURE[code])
    yield from _stages(report, before)


def rate_of(*, figure: Figure, report: PublicReport) -> OpenNumber:
    """Return a share in percent to one decimal, from the numbers that are told; hidden where one of them is not."""
    parts, whole = figure.of or ((), "")
    cells = _counts(report)
    told = {code: cells[code].value for code in (*parts, whole) if code in cells}
    counts = {code: value for code, value in told.items() if value is not None}
    if len(counts) < len({*parts, whole}):
        return OpenNumber(hidden=Hidden.APART)
    value = value_of(figure=figure, counts=counts)
    return OpenNumber(value=value) if value is not None else OpenNumber(hidden=Hidden.APART)


def _counts(report: PublicReport) -> dict[str, PublicCell]:
    rows = (cell for table in ("reason", "result", "timing") for cell in report.rows[table])
    return {**{cell.code: cell for cell in rows}, **{figure.code: cell for figure, cell in report.figures}}


def _figures(report: PublicReport, before: PublicReport | None) -> Iterator[OpenRow]:
    for figure, cell in report.figures:
        other = None if before is None else before.figure(figure.code)
        yield _row(OpenTable.FIGURES, cell, str(figure.name), _number(other), figure=figure)


def _rates(report: PublicReport, before: PublicReport | None) -> Iterator[OpenRow]:
    for code in OPEN_RATES:
        figure = FIGURE[code]
        rates = [None if one is None else rate_of(figure=figure, report=one) for one in (report, before)]
        yield _computed(OpenTable.RATES, figure, *rates)


def _amounts(report: PublicReport, before: PublicReport | None) -> Iterator[OpenRow]:
    for code in OPEN_AMOUNTS:
        amounts = [None if one is None else _amount(one) for one in (report, before)]
        yield _computed(OpenTable.AMOUNTS, FIGURE[code], *amounts)


def _computed(table: OpenTable, figure: Figure, now: OpenNumber | None, before: OpenNumber | None) -> OpenRow:
    return OpenRow(
        table=table,
        code=figure.code,
        name=str(figure.name),
        unit=figure.unit,
        now=now or OpenNumber(),
        before=before or OpenNumber(),
        figure=figure,
    )


def _amount(report: PublicReport) -> OpenNumber:
    amount = report.fine_amount
    return OpenNumber(hidden=Hidden.APART) if amount is None else OpenNumber(value=amount)


def _split(table: OpenTable, report: PublicReport, before: PublicReport | None) -> Iterator[OpenRow]:
    others = {} if before is None else {cell.code: cell for cell in before.rows[table]}
    for cell in report.rows[table]:
        figure = FIGURE.get(_COUNTS.get(table, cell.code))
        yield _row(table, cell, cell.name, _number(others.get(cell.code)), figure=figure)


def _stages(report: PublicReport, before: PublicReport | None) -> Iterator[OpenRow]:
    others = {} if before is None else {one.figure.code: one for one in before.stages}
    for stage in report.stages:
        other = others.get(stage.figure.code)
        for table in (OpenTable.MEDIAN, OpenTable.P90):
            yield OpenRow(
                table=table,
                code=str(stage.figure.code),
                name=str(stage.figure.name),
                unit=stage.figure.unit,
                now=OpenNumber(value=getattr(stage, table)),
                before=OpenNumber() if other is None else OpenNumber(value=getattr(other, table)),
                figure=stage.figure,
            )


def _row(
    table: OpenTable, cell: PublicCell, name: str, before: OpenNumber, *, figure: Figure | None
) -> OpenRow:
    return OpenRow(
        table=table,
        code=cell.code,
        name=name,
        unit=Unit.TIPS if figure is None else figure.unit,
        now=_number(cell),
        before=before,
        figure=figure,
    )


def _number(cell: PublicCell | None) -> OpenNumber:
    return (
        OpenNumber()
        if cell is None
        else OpenNumber(value=cell.value, hidden=cell.hidden, between=cell.between)
    )


# --- what the codes mean -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OpenCode:
    """A code of open data with its name, and the list it stands in: `table`, called `title`."""

    table: str
    title: str
    code: str
    name: str


def open_figures() -> list[Figure]:
    """Return the definitions of everything open data tell."""
    return [*(FIGURE[code] for code in (*PUBLIC_FIGURES, *OPEN_RATES, *OPEN_AMOUNTS)), *STAGES]


def open_codes() -> list[OpenCode]:
    """Return the codes of tables, units, and of what tips are told apart by; one query, for districts."""
    return [
        OpenCode(table=str(table), title=str(_LISTS.get(table, "")), code=str(code), name=str(name))
        for table, codes in _lists().items()
        for code, name in codes
    ]


def _lists() -> dict[str, Iterable[tuple[str, Words]]]:
    districts = Division.objects.filter(level=DivisionLevel.DISTRICT).order_by("code").defer("outline")
    return {
        "table": [(table.value, table.label) for table in OpenTable],
        "unit": [(unit.value, unit.label) for unit in Unit],
        OpenTable.DISTRICT: [(row.code, row.shown_name) for row in districts],
        OpenTable.REASON: [(code, FIGURE[code].name) for code in REASON_CODES.values()],
        OpenTable.RESULT: [(code, FIGURE[code].name) for code in RESULT_CODES.values()],
        OpenTable.TIMING: timing_names().items(),
        OpenTable.OPERATION: Operation.choices,
        "kind": TipKind.choices,
        "industry": Industry.choices,
    }


_LISTS: Mapping[str, Words] = {
    **{table.value: title for table, title in _TITLES.items()},
    "table": gettext_lazy("Table"),
    "unit": pgettext_lazy("of a number", "Unit"),
    "kind": gettext_lazy("Type of tip"),
    "industry": gettext_lazy("Industry"),
}
