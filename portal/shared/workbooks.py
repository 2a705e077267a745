"""Workbooks whose bytes follow from their content and a day alone."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook

from .archives import zipped

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CORE = "docProps/core.xml"
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def written(book: Workbook, *, made: date) -> bytes:
    """Return a workbook as a file that tells this day and no moment: the same content gives the same bytes."""
    content = BytesIO()
    book.save(content)  # not the database: a workbook
    stamp = f"{made.isoformat()}T00:00:00Z".encode()
    with ZipFile(content) as source:
        files = {name: source.read(name) for name in sorted(source.namelist())}
    files[CORE] = _MOMENT.sub(rb"\g<1>" + stamp + rb"\g<2>", files[CORE])
    return zipped(files, day=made)
