"""A workbook read by its parts alone (ECMA-376), as a second program sees it: no library of the one that wrote it."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Days are counted from here, as Excel does for every day after February 1900.
DAY_ZERO = date(1899, 12, 30)
DATES = frozenset({14, 15, 16, 17})


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a cell holds: text, a number or a day; `kind` is "text", "number", "day" or "formula"."""

    kind: str
    value: str | float | date


def read_sheet(data: bytes) -> list[dict[str, Cell]]:
    """Return the rows of the first sheet, each by the letters of its columns; empty cells are left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert parts.testzip() is None
        names = parts.namelist()
        shared = _shared(parts.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else []
        days = _day_styles(parts.read("xl/styles.xml"))
        sheet = _root(parts.read("xl/worksheets/sheet1.xml"))
    found = []
    for row in sheet.iter(f"{MAIN}row"):
        cells = {}
        for cell in row.iter(f"{MAIN}c"):
            read = _cell(cell, shared=shared, days=days)
            if read is not None:
                cells[re.sub(r"[0-9]", "", cell.get("r", ""))] = read
        found.append(cells)
    return found


def _root(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314  what our own code wrote a moment ago


def _shared(data: bytes) -> list[str]:
    items = _root(data).iter(f"{MAIN}si")
    return ["".join(text.text or "" for text in item.iter(f"{MAIN}t")) for item in items]


def _day_styles(data: bytes) -> frozenset[int]:
    """Return the styles whose format shows a number as a day."""
    root = _root(data)
    own = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in root.iter(f"{MAIN}numFmt")}
    formats = root.find(f"{MAIN}cellXfs")
    assert formats is not None
    kinds = [int(one.get("numFmtId", "0")) for one in formats]
    return frozenset(
        at for at, kind in enumerate(kinds) if kind in DATES or "yy" in own.get(kind, "").lower()
    )


def _cell(cell: ET.Element, *, shared: list[str], days: frozenset[int]) -> Cell | None:
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
    if cell.find(f"{MAIN}f") is not None:
        return Cell(kind="formula", value="")
    if kind == "inlineStr":
        return Cell(kind="text", value="".join(text.text or "" for text in cell.iter(f"{MAIN}t")))
    if value is None:
        return None
    if kind != "n":
        return Cell(kind="text", value=shared[int(value)] if kind == "s" else value)
    number = float(value)
    if int(cell.get("s", "0")) in days:
        return Cell(kind="day", value=DAY_ZERO + timedelta(days=int(number)))
    return Cell(kind="number", value=number)
