"""The tables of a bulletin as plain rows, the same for page, PDF, XLSX and CSV."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.disclosure import FIGURES_BY_CODE, Figure, PublicCell, PublicReport

from .bound import SHARES, Bound, points_moved, share_of
from .numbers import moved

Cell = int | Decimal | str
CHARTS = ("months", "district", "result", "operation", "stages")
TABLES = ("figures", "changes", *CHARTS, "reason")
TITLES: Mapping[str, str | Promise] = {
    "figures": gettext_lazy("All figures"),
    "changes": gettext_lazy("What changed"),
    "months": gettext_lazy("Received and concluded by month"),
    "district": gettext_lazy("Tips received by district"),
    "result": gettext_lazy("Results of the verification"),
    "operation": gettext_lazy("Confirmed tips by dangerous operation"),
    "stages": gettext_lazy("How long each step took"),
    "reason": gettext_lazy("Reasons for declining"),
}
# Whose definitions a table carries as footnotes; the table of all figures says them itself.
ABOUT: Mapping[str, tuple[str, ...]] = {
    "figures": (),
    "changes": ("on_time_share", "verified_share"),
    "months": ("received", "concluded"),
    "district": ("received",),
    "result": ("conclusions",),
    "operation": ("result_true", "result_partly_true"),
    "stages": ("decide", "verify", "dispose", "reply", "whole"),
    "reason": ("declined",),
}
# The change columns say "+12.5"; a spreadsheet gets the number.
NOTHING = "—"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row; `title` is the definition that belongs to it."""

    cells: tuple[Cell, ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: its title, the heads of its columns, which of them hold numbers, and its rows."""

    code: str
    title: str
    head: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[Line, ...]

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The heads, each with whether its column holds numbers."""
        return list(zip(self.head, self.numeric, strict=True))

    @property
    def lines(self) -> list["WrittenLine"]:
        """The rows as they are written."""
        return [
            WrittenLine(
                title=line.title,
                cells=tuple(
                    (shown(cell), is_number) for cell, is_number in zip(line.cells, self.numeric, strict=True)
                ),
            )
            for line in self.rows
        ]


@dataclass(frozen=True, kw_only=True)
class WrittenLine:
    """One row in words: each cell with whether its column holds numbers."""

    title: str
    cells: tuple[tuple[str, bool], ...]


def shown(cell: Cell) -> str:
    """Return a cell as it is written on page and paper."""
    return f"{cell:,}" if isinstance(cell, int | Decimal) else cell


def table_of(*, bound: Bound, code: str) -> Table:
    """Return one table of a binding by its code; of no rows where the period has none."""
    head, rows = _MAKERS[code](bound)
    numeric = tuple(
        place > 0 and any(isinstance(line.cells[place], int | Decimal) for line in rows)
        for place in range(len(head))
    )
    return Table(code=code, title=str(TITLES[code]), head=head, numeric=numeric, rows=tuple(rows))


def _value(cell: PublicCell) -> Cell:
    return cell.text if cell.value is None else cell.value


def _figures(bound: Bound) -> tuple[tuple[str, ...], list[Line]]:
    head = (
        _("Figure"),
        _("Value"),
        pgettext("of a number", "Unit"),
        _("What it counts"),
        pgettext("basis of a figure", "Rule"),
    )
    rows = [_figure_line(figure, _value(cell)) for figure, cell in bound.report.figures]
    rows += [
        _figure_line(FIGURES_BY_CODE[code], share)
        for code in SHARES
        for share in [share_of(bound.report, code)]
        if share is not None
    ]
    if bound.report.fine_amount is not None:
        rows.append(_figure_line(FIGURES_BY_CODE["fine_amount"], bound.report.fine_amount))
    return head, rows


def _figure_line(figure: Figure, value: Cell) -> Line:
    words = (str(figure.unit.label), str(figure.definition), figure.basis)
    return Line(cells=(str(figure.name), value, *words), title=str(figure.definition))


def _changes(bound: Bound) -> tuple[tuple[str, ...], list[Line]]:
    """Return counts and shares beside those of the last bulletin and of the year before, with their changes."""
    others = [one for one in (bound.previous, bound.year_before) if one is not None]
    head = [_("Figure"), pgettext("of a number", "Unit"), bound.report.period.name]
    for other in others:
        head += [other.period.name, _("Change in %, of shares in percentage points")]
    if not others:
        return tuple(head), []
    rows = [_count_line(bound.report, others, figure, cell) for figure, cell in bound.report.figures]
    rows += [_share_line(bound.report, others, code) for code in SHARES]
    return tuple(head), rows


def _count_line(report: PublicReport, others: list[PublicReport], figure: Figure, cell: PublicCell) -> Line:
    cells: list[Cell] = [str(figure.name), str(figure.unit.label), _value(cell)]
    for other in others:
        change = moved(report, other, figure.code)
        cells += [_value(other.figure(figure.code)), NOTHING if change is None else change]
    return Line(cells=tuple(cells), title=str(figure.definition))


def _share_line(report: PublicReport, others: list[PublicReport], code: str) -> Line:
    figure = FIGURES_BY_CODE[code]
    cells: list[Cell] = [str(figure.name), str(figure.unit.label), _share(report, code)]
    for other in others:
        change = points_moved(report, other, code)
        cells += [_share(other, code), NOTHING if change is None else change]
    return Line(cells=tuple(cells), title=str(figure.definition))


def _share(report: PublicReport, code: str) -> Cell:
    share = share_of(report, code)
    return _("not listed") if share is None else share


def _months(bound: Bound) -> tuple[tuple[str, ...], list[Line]]:
    rows = [
        Line(cells=(month.name, _value(month.received), _value(month.concluded)))
        for month in bound.report.months
    ]
    return (_("Month"), _("Received"), _("Concluded")), rows


def _cells(table: str, head: str) -> Callable[[Bound], tuple[tuple[str, ...], list[Line]]]:
    def rows(bound: Bound) -> tuple[tuple[str, ...], list[Line]]:
        found = [Line(cells=(cell.name, _value(cell))) for cell in bound.report.rows[table]]
        return (_(head), pgettext("of tips", "Number")), found

    return rows


def _results(bound: Bound) -> tuple[tuple[str, ...], list[Line]]:
    head = (_("Result"), pgettext("of tips", "Number"), _("Share in %"))
    rows = []
    for cell in bound.report.rows["result"]:
        share = bound.report.share(parts=(cell.code,), whole="conclusions", table="result")
        title = str(FIGURES_BY_CODE[cell.code].definition)
        rows.append(Line(cells=(cell.name, _value(cell), NOTHING if share is None else share), title=title))
    return head, rows


def _stages(bound: Bound) -> tuple[tuple[str, ...], list[Line]]:
    head = (_("Step"), _("Median"), _("Nine in ten at most"), pgettext("of a number", "Unit"))
    rows = [
        Line(
            cells=(str(one.figure.name), one.median, one.p90, str(one.figure.unit.label)),
            title=str(one.figure.definition),
        )
        for one in bound.report.stages
    ]
    return head, rows


_MAKERS: Mapping[str, Callable[[Bound], tuple[tuple[str, ...], list[Line]]]] = {
    "figures": _figures,
    "changes": _changes,
    "months": _months,
    "district": _cells("district", "District"),
    "result": _results,
    "operation": _cells("operation", "Dangerous operation"),
    "stages": _stages,
    "reason": _cells("reason", "Reason"),
}
