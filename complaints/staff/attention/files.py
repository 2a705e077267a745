"""The ranking as a proposal for inspection plans: XLSX of two sheets, or CSV; no cell is run as a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from complaints.enums import AttentionLine
from complaints.services.attention import Ranking
from complaints.stats.names import span_name
from portal.shared.plain_cells import plain_cell

from .shown import ShownRow, shown_rows, visits

Row = Sequence[Any]


def workbook(found: Ranking) -> bytes:
    """Return the proposal as XLSX: the ranking, and every line of it."""
    book = Workbook(write_only=True)
    rows = shown_rows(found)
    sheets: tuple[tuple[str, Iterable[Row]], ...] = (
        (_("Proposal"), proposal_rows(rows, found=found)),
        (_("Line by line"), line_rows(rows)),
    )
    for title, cells in sheets:
        sheet = book.create_sheet(title=title)
        for row in cells:
            sheet.append([plain_cell(cell) for cell in row])
    content = BytesIO()
    book.save(content)  # not the database: a workbook
    return content.getvalue()


def table(found: Ranking) -> str:
    """Return the proposal as CSV."""
    text = StringIO()
    text.write("\ufeff")  # so that spreadsheets read Chinese
    writer = csv.writer(text)
    for row in proposal_rows(shown_rows(found), found=found):
        writer.writerow([plain_cell(cell) for cell in row])
    return text.getvalue()


def proposal_rows(rows: Sequence[ShownRow], *, found: Ranking) -> Iterable[Row]:
    """Yield one row for each place: who, where, how many points, and why."""
    yield [_("Where to look next"), span_name(found.span), str(found.subject.label)]
    yield [
        pgettext("in an order", "Place"), _("Name"), _("Credit code"), _("Industry"), _("District"), _("Town"),
        _("Risk class"), pgettext("of inspectors", "Visits this year"), pgettext("of a score", "Points"), _("Why"),
    ]  # fmt: skip
    for row in rows:
        entry = row.enterprise
        cells = (
            [
                entry.credit_code, entry.get_industry_display(), entry.district.shown_name,
                entry.town.shown_name if entry.town else "", entry.get_risk_class_display(), visits(entry),
            ]
            if entry
            else [""] * 6
        )  # fmt: skip
        yield [row.place, row.name, *map(str, cells), row.points, row.why]


def line_rows(rows: Sequence[ShownRow]) -> Iterable[Row]:
    """Yield every line of every score, and what was not counted with no points."""
    yield [
        pgettext("in an order", "Place"),
        _("Name"),
        pgettext("of a score", "Line"),
        pgettext("of tips", "Number"),
        _("Weight"),
        pgettext("of a score", "Points"),
    ]
    for row in rows:
        for line in row.lines:
            yield [row.place, row.name, line.name, line.count, line.weight, line.points]
        for one in row.uncounted:
            yield [row.place, row.name, one.name, one.count, 0, 0]


def weight_rows(found: Ranking) -> list[tuple[str, int]]:
    """Return what one of each weighs, by the row that counts."""
    return [(str(line.label), found.weights.weights[line]) for line in AttentionLine]
