"""Open data of a period: one long table as CSV or workbook, and the dictionary of its columns and codes."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from complaints.disclosure import (
    Hidden,
    OpenRow,
    PublicCell,
    PublicReport,
    open_codes,
    open_figures,
    open_rows,
    report_a_year_before,
)
from portal.shared.plain_cells import number_cell, written_cell
from portal.shared.workbooks import written

Row = Sequence[Any]


def table_text(report: PublicReport) -> str:
    """Return a period as CSV: every public number once, beside the year before; numbers without separators."""
    return _as_csv(table_rows(report=report, before=report_a_year_before(report)))


def dictionary_text() -> str:
    """Return what each column and each code of the open data means, as CSV."""
    return _as_csv(dictionary_rows())


def workbook(report: PublicReport) -> bytes:
    """Return a period as XLSX: the table, whose numbers are numbers, and the dictionary; same content, same bytes."""
    table = table_rows(report=report, before=report_a_year_before(report))
    return _as_workbook(
        {_("Data"): table, _("Data dictionary"): dictionary_rows()}, made=report.period.closed_on
    )


def table_rows(*, report: PublicReport, before: PublicReport | None) -> Iterable[Row]:
    """Yield the head and the rows of a period, beside the report of the year before where there is one."""
    numbers = (report.period.number, "" if before is None else before.period.number)
    yield [name for _code, name, _words in _columns()]
    for row in open_rows(report=report, before=before):
        yield _cells(row, numbers)


def _cells(row: OpenRow, numbers: tuple[str, str]) -> Row:
    return [
        numbers[0], row.table.value, str(row.table.label), row.code, row.name,
        row.now.value, _mark(row.now.hidden), *(row.now.between or ("", "")), row.unit.value, str(row.unit.label),
        numbers[1], row.before.value, _mark(row.before.hidden), row.definition, row.basis,
    ]  # fmt: skip


def _mark(hidden: Hidden | None) -> str:
    return "" if hidden is None else hidden.value


def _columns() -> list[tuple[str, str, str]]:
    """Return the columns: code, head, and what stands in them."""
    told = _("A number without separators; rates in percent, amounts in yuan. Empty where it is not told.")
    mark = _("Why there is no number: few, apart or withheld. Empty where there is one.")
    return [
        ("period", _("Period"), _("Number of the report: the code of its period and its version.")),
        ("table", _("Table code"), _("Which table the row stands in.")),
        ("table_name", _("Table"), _("The name of the table.")),
        ("code", pgettext("of a figure", "Code"), _("What the row counts, within its table.")),
        ("name", _("Name"), _("The name of what the row counts.")),
        ("value", _("Value"), told),
        ("hidden", _("Not told"), mark),
        (
            "at_least",
            pgettext("of a number", "At least"),
            _("The least the number can be where it is not told, if that is known."),
        ),
        (
            "at_most",
            pgettext("of a number", "At most"),
            _("The most the number can be where it is not told, if that is known."),
        ),
        ("unit", _("Unit code"), _("What is counted: tips, times, yuan, percent, days or working days.")),
        ("unit_name", pgettext("of a number", "Unit"), _("The name of the unit.")),
        (
            "year_before",
            _("Report a year before"),
            _("Number of the report of the same period a year before."),
        ),
        ("value_year_before", _("Value a year before"), told),
        ("hidden_year_before", _("Not told a year before"), mark),
        ("definition", _("Definition"), _("What is counted, in words.")),
        ("basis", pgettext("basis of a figure", "Rule"), _("The rule the figure measures.")),
    ]


def dictionary_rows() -> Iterable[Row]:
    """Yield the head and a row for each column, figure and code; one query, for the names of districts."""
    yield [
        _("List code"), _("List"), pgettext("of a figure", "Code"), _("Name"), _("Definition"),
        pgettext("of a number", "Unit"), pgettext("basis of a figure", "Rule"),
    ]  # fmt: skip
    for code, name, words in _columns():
        yield ["column", _("Columns"), code, name, words, "", ""]
    for figure in open_figures():
        cells = (figure.code, figure.name, figure.definition, figure.unit.label, figure.basis)
        yield ["figure", _("All figures"), *map(str, cells)]
    for one in open_codes():
        yield [one.table, one.title, one.code, one.name, "", "", ""]
    for mark in Hidden:
        cell = PublicCell(code="", name="", value=None, hidden=mark)
        yield ["hidden", _("Not told"), mark.value, cell.text, _reason(mark), "", ""]


def _reason(mark: Hidden) -> str:
    """Return why a number with this mark is not told."""
    return {
        Hidden.FEW: _("The number is under 5."),
        Hidden.APART: _("The number is 5 or more; with it, one under 5 could be computed."),
        Hidden.WITHHELD: _(
            "No number of the table is told; with any of them, one under 5 could be computed."
        ),
    }[mark]


def _as_csv(rows: Iterable[Row]) -> str:
    text = StringIO()
    text.write("\ufeff")  # so that spreadsheets read Chinese
    csv.writer(text).writerows([written_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _as_workbook(sheets: dict[str, Iterable[Row]], *, made: date) -> bytes:
    book = Workbook(write_only=True)
    book.properties.creator = ""
    for title, rows in sheets.items():
        sheet = book.create_sheet(title=title)
        for row in rows:
            sheet.append([number_cell(cell) for cell in row])
    return written(book, made=made)
