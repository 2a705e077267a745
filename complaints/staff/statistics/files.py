"""Figures to take along: a workbook of four sheets, or one table; the definitions go with the numbers."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from complaints.stats.counting import Counts, Number
from complaints.stats.definitions import FIGURES, STAGES, Figure, Unit
from complaints.stats.names import SPLITS, span_name
from complaints.stats.report import change, points, value_of
from portal.shared.plain_cells import plain_cell

from .asked import Answer

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[Any]


def workbook(answer: Answer) -> bytes:
    """Return the figures as XLSX: whole, stages, split, definitions."""
    book = Workbook(write_only=True)
    for title, rows in (
        (_("Figures"), whole_rows(answer)),
        (_("Stages"), stage_rows(answer)),
        (str(SPLITS[answer.asked.by])[:31], split_rows(answer)),
        (_("Definitions"), definition_rows()),
    ):
        sheet = book.create_sheet(title=title)
        for row in rows:
            sheet.append([plain_cell(cell) for cell in row])
    content = BytesIO()
    book.save(content)  # not the database: a workbook
    return content.getvalue()


def table(answer: Answer) -> str:
    """Return the figures as CSV: each line one figure of the whole or of one row of the split, with its definition."""
    text = StringIO()
    text.write("\ufeff")  # so that spreadsheets read Chinese
    writer = csv.writer(text)
    head = [_("Period"), pgettext("of figures", "Units"), _("Row"), _("Figure"), _("Value")]
    writer.writerow(
        [*head, pgettext("of a number", "Unit"), _("Definition"), pgettext("basis of a figure", "Rule")]
    )
    names = {"": _("Whole"), **answer.names}
    for key, counts in [("", answer.report.table.whole), *answer.report.table.rows.items()]:
        name = names[key] if counts is not answer.report.table.whole else _("Whole")
        for figure in FIGURES:
            value = _text(figure, value_of(figure=figure, counts=counts))
            row = [span_name(answer.report.span), answer.unit_name, name, str(figure.name), value]
            writer.writerow([plain_cell(cell) for cell in [*row, *_words(figure)]])
    return text.getvalue()


def whole_rows(answer: Answer) -> Iterable[Row]:
    """Yield the figures of the whole beside those of the year before."""
    yield [span_name(answer.report.span), answer.unit_name, _number(answer)]
    yield [
        _("Figure"),
        _("This period"),
        _("A year before"),
        _("Change in %"),
        pgettext("of a number", "Unit"),
        _("Change in percentage points"),
        _("The period before"),
        _("Change in %"),
        _("Change in percentage points"),
    ]
    whole, year = answer.report.table.whole, answer.report.year_before
    for figure in FIGURES:
        row = [str(figure.name), _value(value_of(figure=figure, counts=whole))]
        percents, moved = _changes(figure, now=whole, before=year)
        row += [_value(value_of(figure=figure, counts=year)), percents, str(figure.unit.label), moved]
        yield [
            *row,
            _value(value_of(figure=figure, counts=answer.last)),
            *_changes(figure, now=whole, before=answer.last),
        ]


def _changes(figure: Figure, *, now: Counts, before: Counts) -> list[Any]:
    """Return how much a figure changed: a count in percent, a share in percentage points; the other one is empty."""
    if figure.of is not None:
        return ["", _value(points(figure=figure, now=now, before=before))]
    moved = change(now=value_of(figure=figure, counts=now), before=value_of(figure=figure, counts=before))
    return [_value(moved), ""]


def stage_rows(answer: Answer) -> Iterable[Row]:
    """Yield the stages."""
    yield [
        _("Step"),
        _("Median"),
        _("Nine in ten"),
        pgettext("of tips", "Number"),
        pgettext("of a number", "Unit"),
    ]
    for stage in STAGES:
        one = answer.report.stages.get(stage.code)
        spread = ["", "", 0] if one is None else [one.median, one.p90, one.count]
        yield [str(stage.name), *spread, str(stage.unit.label)]


def split_rows(answer: Answer) -> Iterable[Row]:
    """Yield every figure for each row of the split."""
    yield [
        str(SPLITS[answer.asked.by]),
        *(str(figure.name) for figure in FIGURES),
        _("Median"),
        _("Nine in ten"),
    ]
    for key, counts in answer.report.table.rows.items():
        spread = answer.report.spreads.get(key)
        days = ["", ""] if spread is None else [spread.median, spread.p90]
        yield [answer.names[key], *(_value(value_of(figure=one, counts=counts)) for one in FIGURES), *days]


def definition_rows() -> Iterable[Row]:
    """Yield what each figure counts, in what unit and by which rule."""
    yield [
        _("Figure"),
        _("Definition"),
        pgettext("of a number", "Unit"),
        pgettext("basis of a figure", "Rule"),
    ]
    for figure in (*FIGURES, *STAGES):
        yield [str(figure.name), str(figure.definition), str(figure.unit.label), figure.basis]


def _words(figure: Figure) -> list[str]:
    return [str(figure.unit.label), str(figure.definition), figure.basis]


def _value(number: Number | None) -> Any:
    """Return a number as a cell takes it; nothing where there is none."""
    return "" if number is None else float(number) if isinstance(number, Decimal) else number


def _text(figure: Figure, number: Number | None) -> str:
    """Return a number as text: money with its cents."""
    if number is None:
        return ""
    return f"{Decimal(number):.2f}" if figure.unit == Unit.YUAN else str(number)


def _number(answer: Answer) -> str:
    return "" if answer.closed is None or answer.asked.is_live else answer.closed.number
