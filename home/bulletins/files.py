"""The tables of a bulletin to take along: a workbook with a sheet for each, or one long table."""

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from portal.shared.plain_cells import number_cell, plain_cell, written_cell
from portal.shared.workbooks import written

from .parts import Note
from .tables import Table

# The names of sheets: no more characters, none of these.
LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(*, title: str, number: str, tables: Sequence[Table], notes: Sequence[Note], made: date) -> bytes:
    """Return the tables as XLSX; the same content gives the same bytes, `made` is the only day it tells."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, ""
    for table in tables:
        sheet = book.create_sheet(title=table.title.translate(_NOT_IN_NAMES)[:LONGEST_NAME])
        for row in ([title, number], table.head, *(line.cells for line in table.rows)):
            sheet.append([number_cell(cell) for cell in row])
    sheet = book.create_sheet(title=_("Definitions")[:LONGEST_NAME])
    for note in notes:
        sheet.append(
            [plain_cell(str(one)) for one in (note.figure.name, note.figure.definition, note.figure.basis)]
        )
    return written(book, made=made)


def table_text(*, number: str, tables: Sequence[Table]) -> str:
    """Return the tables as CSV, each row with the title of its table and the number of the report."""
    text = StringIO()
    text.write("\ufeff")  # so that spreadsheets read Chinese
    writer = csv.writer(text)
    for table in tables:
        writer.writerow([_("Report no."), _("Table"), *table.head])
        for line in table.rows:
            writer.writerow([written_cell(cell) for cell in (number, table.title, *line.cells)])
    return text.getvalue()
