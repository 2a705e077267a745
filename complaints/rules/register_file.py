"""What a file for the register must be: CSV or XLSX, one row per enterprise below the column heads, nothing hidden."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from complaints.enterprise_errors import RegisterFileRefused
from complaints.enums import FileFault

from .register import COLUMNS

FILE_MAX_BYTES = 20 * 1024 * 1024
UNPACKED_MAX_BYTES = 400 * 1024 * 1024
MOST_ROWS = 100_000
# Empty rows count for nothing, but a row may claim any number: each one before it would be walked through.
LAST_LINE = 2 * MOST_ROWS
MOST_COLUMNS = 64
# As the template writes them, and as the codes are called.
HEADS: Mapping[str, str] = {
    "名称": "name",
    "企业名称": "name",
    "统一社会信用代码": "credit_code",
    "行业": "industry",
    "区县": "district",
    "镇街": "town",
    "地址": "address",
    "风险等级": "risk_class",
    **{name: name for name in COLUMNS},
}
NEEDED = frozenset({"name", "credit_code", "industry", "district", "risk_class"})
# Excel in China saves CSV in the second one.
_ENCODINGS = ("utf-8-sig", "gb18030")
_ZIP_MARK = b"PK\x03\x04"
# RuntimeError: a part under a password, or packed in a way nobody reads; TypeError and AttributeError: parts that are
# no sheet where one should be.
_FAULTY_ZIP = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError),
    *(InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError),
)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell[\s/>]")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a file: its number as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class RegisterFile:
    """An opened file: its rows, and of a workbook the sheet they are on and the sheets nobody reads."""

    lines: Iterator[Line]
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


def open_file(*, data: bytes) -> RegisterFile:
    """Open a file; its rows that hold anything come one by one. Of a workbook the first sheet is read.

    A formula comes as the text that a row is refused for; what a cell shows in a spreadsheet is never worked out.

    Raises:
        RegisterFileRefused: the file as a whole cannot be read, is too large or hides something; some of it shows only
            while the rows are read.
    """
    if len(data) > FILE_MAX_BYTES:
        raise RegisterFileRefused(FileFault.TOO_LARGE)
    if not data.startswith(_ZIP_MARK):
        return RegisterFile(lines=_lines(_text(data)))
    book = _opened(data)
    names = [sheet.title for sheet in book.worksheets]
    return RegisterFile(lines=_lines(_rows_of(book)), sheet=names[0], other_sheets=tuple(names[1:]))


def read_lines(*, data: bytes) -> Iterator[Line]:
    """Yield the rows of a file; raises what `open_file` says."""
    yield from open_file(data=data).lines


def _lines(table: Iterator[Sequence[str]]) -> Iterator[Line]:
    columns = _columns(next(table, ()))
    count = 0
    for number, cells in enumerate(table, start=2):
        named = {column: cells[at] for at, column in columns.items() if at < len(cells)}
        if number > LAST_LINE:
            raise RegisterFileRefused(FileFault.TOO_MANY)
        if not any(text.strip() for text in named.values()):
            continue
        count += 1
        if count > MOST_ROWS:
            raise RegisterFileRefused(FileFault.TOO_MANY)
        yield Line(number=number, cells=named)
    if not count:
        raise RegisterFileRefused(FileFault.EMPTY)


def _columns(heads: Sequence[str]) -> dict[int, str]:
    """Return which column stands where; other columns are passed over, a column twice is refused."""
    known = {at: HEADS[text.strip()] for at, text in enumerate(heads) if text.strip() in HEADS}
    if not set(known.values()) >= NEEDED or len(set(known.values())) != len(known):
        raise RegisterFileRefused(FileFault.HEADS)
    return known


def _text(data: bytes) -> Iterator[Sequence[str]]:
    text = _decoded(data)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error:
        raise RegisterFileRefused(FileFault.DAMAGED) from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8")):
        raise RegisterFileRefused(FileFault.KIND)
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RegisterFileRefused(FileFault.ENCODING)


def _opened(data: bytes) -> Workbook:
    try:
        _check_parts(data)
        book = load_workbook(io.BytesIO(data), read_only=True)
    except _FAULTY_ZIP:
        raise RegisterFileRefused(FileFault.DAMAGED) from None
    if not book.worksheets:
        raise RegisterFileRefused(FileFault.DAMAGED)
    return book


def _rows_of(book: Workbook) -> Iterator[Sequence[str]]:
    try:
        sheet = book.worksheets[0]
        # What a sheet says of its own size is not believed: rows behind it would be left out without a word.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MOST_COLUMNS):
            yield [_shown(cell) for cell in row]
    except _FAULTY_ZIP:
        raise RegisterFileRefused(FileFault.DAMAGED) from None


def _check_parts(data: bytes) -> None:
    """Look into the archive before anything is unpacked: its size, entities of XML, and merged cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_MAX_BYTES:
            raise RegisterFileRefused(FileFault.TOO_LARGE)
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                _check_xml(archive, name)


def _check_xml(archive: zipfile.ZipFile, name: str) -> None:
    tail = b""
    with archive.open(name) as part:
        while piece := part.read(1 << 20):
            seen = tail + piece
            # No sheet holds a zero: one written in UTF-16 would hide what is looked for here.
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or b"\0" in seen:
                raise RegisterFileRefused(FileFault.DAMAGED)
            if _MERGED.search(seen) and name.startswith("xl/worksheets/"):
                raise RegisterFileRefused(FileFault.MERGED)
            tail = piece[-64:]


def _shown(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return value if isinstance(value, str) and value.startswith("=") else f"={value}"
    # A credit code of digits alone may have become a number.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
