"""Reads DOCX and XLSX: texts, tables, headers, notes, comments, what was struck out, properties, links."""

import re
import zipfile
import zlib
from io import BytesIO

from .contents import Flaw, Gathered, Place, TooLong
from .steps import OutOfSteps, at_most
from .words import XML_FAULTS, Marked, marked_words

PARTS_MOST = 2_000
PART_BYTES_MOST = 16_000_000
UNPACKED_MOST = 40_000_000
STEPS_MOST = 8_000_000
# RuntimeError: a part under a password or packed in a way nobody reads.
FAULTS = (*XML_FAULTS, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
# Looks, not words.
_LOOKS = re.compile(
    r"/(?:styles|stylesWithEffects|settings|webSettings|fontTable|numbering|calcChain|metadata)\.xml\Z"
    r"|/(?:theme|tables|printerSettings)/"
)
_SHEET = re.compile(r"\Axl/worksheets/[^/]*?(\d{0,6})\.xml\Z")
_TARGET = re.compile(r'<Relationship\b[^>]*\bTarget="([^"]*)"[^>]*>')
_MEDIA = re.compile(r"/media/")
_INSIDE = re.compile(r"/(?:embeddings|activeX)/|vbaProject\.bin\Z", re.IGNORECASE)


def read_office(*, data: bytes, found: Gathered) -> None:
    """Add what a DOCX or XLSX holds; what goes wrong becomes a flaw."""
    try:
        with at_most(STEPS_MOST), zipfile.ZipFile(BytesIO(data)) as archive:
            _read(archive, found)
    except (OutOfSteps, TooLong):
        found.flaw(Flaw.TOO_LARGE)
    except FAULTS:
        found.flaw(Flaw.PARTLY if found.passages else Flaw.DAMAGED)


def _read(archive: zipfile.ZipFile, found: Gathered) -> None:
    names = [part.filename for part in archive.infolist()]
    is_office = any(name in names for name in ("word/document.xml", "xl/workbook.xml"))
    if not is_office:
        found.flaw(Flaw.UNKNOWN)
        return
    if len(names) > PARTS_MOST or sum(part.file_size for part in archive.infolist()) > UNPACKED_MOST:
        raise TooLong
    if any(_MEDIA.search(name) for name in names):
        found.flaw(Flaw.PICTURES)
    if any(_INSIDE.search(name) for name in names):
        found.flaw(Flaw.ATTACHED)
    shared = _shared(archive, names)
    for name in names:
        _read_part(archive, name, shared, found)


def _shared(archive: zipfile.ZipFile, names: list[str]) -> list[str]:
    """Return the texts the cells of a workbook refer to."""
    name = "xl/sharedStrings.xml"
    if name not in names:
        return []
    words = Marked()
    marked_words(_bytes(archive, name), into=words)
    return words.items


def _read_part(archive: zipfile.ZipFile, name: str, shared: list[str], found: Gathered) -> None:
    if name.endswith(".rels"):
        links = _TARGET.findall(_bytes(archive, name).decode("utf-8", "replace"))
        found.add(Place.PROPERTIES, "\n".join(link for link in links if ":" in link))
        return
    if not name.endswith(".xml") or _LOOKS.search(name) or name == "xl/sharedStrings.xml":
        return
    words = Marked(shared=shared)
    try:
        marked_words(_bytes(archive, name), into=words)
    except XML_FAULTS:
        found.flaw(Flaw.PARTLY)
    for author in words.authors:
        found.flaw(Flaw.AUTHOR, words=author)
    found.add(Place.PROPERTIES, "\n".join(words.topics))
    sheet = _SHEET.match(name)
    if sheet:
        found.add(Place.SHEET, words.text, number=int(sheet[1] or 0))
    else:
        found.add(Place.TEXT, words.text)


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part unpacked; raises TooLong when it is larger than any, whatever its head says."""
    with archive.open(name) as part:
        data = part.read(PART_BYTES_MOST + 1)
    if len(data) > PART_BYTES_MOST:
        raise TooLong
    return data
