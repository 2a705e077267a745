"""The tables of a bulletin to take along: a workbook with a sheet for each, or one long table."""

import csv
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook

from portal.shared.archives import zipped
from portal.shared.plain_cells import plain_cell

from .parts import Note
from .tables import Table

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The names of sheets: no more characters, none of these.
LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
CORE = "docProps/core.xml"
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def workbook(*, title: str, number: str, tables: Sequence[Table], notes: Sequence[Note], made: date) -> bytes:
    """Return the tables as XLSX; the same content gives the same bytes, `made` is the only day it tells."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, ""
    for table in tables:
        sheet = book.create_sheet(title=table.title.translate(_NOT_IN_NAMES)[:LONGEST_NAME])
        for row in ([title, number], table.head, *(line.cells for line in table.rows)):
            sheet.append([_cell(cell) for cell in row])
    sheet = book.create_sheet(title=_("Definitions")[:LONGEST_NAME])
    for note in notes:
        sheet.append(
            [plain_cell(str(one)) for one in (note.figure.name, note.figure.definition, note.figure.basis)]
        )
    content = BytesIO()
    book.save(content)  # not the database: a workbook
    return _same_bytes(content.getvalue(), made=made)


def table_text(*, number: str, tables: Sequence[Table]) -> str:
    """Return the tables as CSV, each row with the title of its table and the number of the report."""
    text = StringIO()
    text.write("\ufeff")  # so that spreadsheets read Chinese
    writer = csv.writer(text)
    for table in tables:
        writer.writerow([_("Report no."), _("Table"), *table.head])
        for line in table.rows:
            writer.writerow([plain_cell(str(cell)) for cell in (number, table.title, *line.cells)])
    return text.getvalue()


def _cell(cell: Any) -> Any:
    return plain_cell(float(cell) if isinstance(cell, Decimal) else cell)


def _same_bytes(content: bytes, *, made: date) -> bytes:
    """Return a workbook without the moments at which it was made: its members and properties carry the day alone."""
    stamp = f"{made.isoformat()}T00:00:00Z".encode()
    with ZipFile(BytesIO(content)) as source:
        files = {name: source.read(name) for name in sorted(source.namelist())}
    files[CORE] = _MOMENT.sub(rb"\g<1>" + stamp + rb"\g<2>", files[CORE])
    return zipped(files, day=made)
