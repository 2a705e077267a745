"""Reads a PDF: the words of its pages, of notes and properties. Nothing in it is run, shown or unpacked without end."""

import logging
import struct
import threading
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, PyPdfError

from .contents import Flaw, Gathered, Place, TooLong
from .steps import OutOfSteps, at_most
from .words import XML_FAULTS, Marked, marked_words

PAGES_MOST = 300
# A page of a thousand characters takes some ten thousand.
STEPS_MOST = 8_000_000
MEGABYTE = 1_000_000
LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 20 * MEGABYTE,
    "array_based_stream_maximum_output_length": 8 * MEGABYTE,
    "lzw_maximum_output_length": 8 * MEGABYTE,
    "run_length_maximum_output_length": 8 * MEGABYTE,
    "zlib_maximum_output_length": 8 * MEGABYTE,
    "zlib_maximum_recovery_input_length": MEGABYTE,
    "stream_decoding_work_maximum_length": 24 * MEGABYTE,
    "stream_parsing_work_maximum_count": 200_000,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_page_entries": 100_000,
    "xform_maximum_invocations_per_extraction": 500,
    "xmp_maximum_input_length": MEGABYTE,
    # Pictures are not unpacked, and no program is called.
    "jbig2dec_binary": None,
    "disable_legacy_handling": True,
}
# What a file of somebody else makes the library raise.
FAULTS = (
    *(PyPdfError, DependencyError, zlib.error, struct.error, ArithmeticError, AssertionError, AttributeError),
    *(EOFError, LookupError, MemoryError, OSError, RuntimeError, StopIteration, TypeError, ValueError),
)
# A scan often carries a page number, a stamp or the name of the machine as text.
FEW_CHARACTERS = 40
MANY_STROKES = 60
_PAINTING = frozenset({b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh"})
_PICTURES = frozenset({b"Do", b"INLINE IMAGE", b"EI", b"BI"})
# Programs and moments; every other property may be somebody's name.
_HARMLESS = frozenset({"/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped"})
_TOPICS = frozenset({"/Title", "/Subject", "/Keywords"})
_GARBLED_SHARE = 0.1
NOTES_MOST = 500


def read_pdf(*, data: bytes, found: Gathered) -> None:
    """Add what a PDF holds; what goes wrong becomes a flaw."""
    try:
        with _complaints() as complaints, at_most(STEPS_MOST), apply_configuration(**LIMITS):
            _read(PdfReader(BytesIO(data)), data, found)
    except (OutOfSteps, TooLong):
        found.flaw(Flaw.TOO_LARGE)
    except FAULTS:
        found.flaw(Flaw.PARTLY if found.passages else Flaw.DAMAGED)
    if complaints and not found.has(Flaw.DAMAGED, Flaw.PARTLY):
        found.flaw(Flaw.PARTLY)


@contextmanager
def _complaints() -> Iterator[list[int]]:
    """Count what the library says it had to pass over; its sentences quote the file and go nowhere."""
    heard: list[int] = []
    thread = threading.get_ident()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                heard.append(record.levelno)

    listener, logger = Listener(logging.WARNING), logging.getLogger("pypdf")
    logger.addHandler(listener)
    try:
        yield heard
    finally:
        logger.removeHandler(listener)


def _read(reader: PdfReader, data: bytes, found: Gathered) -> None:
    if reader.is_encrypted:
        found.flaw(Flaw.ENCRYPTED)
        return
    try:
        _read_around(reader, data, found)
    except FAULTS:
        found.flaw(Flaw.PARTLY)
    count = 0
    for count, page in enumerate(islice(reader.pages, PAGES_MOST), start=1):
        _read_page(page, count, found)
    if not count:
        found.flaw(Flaw.DAMAGED)
    if len(reader.pages) > PAGES_MOST:
        found.flaw(Flaw.TOO_LARGE)


def _read_around(reader: PdfReader, data: bytes, found: Gathered) -> None:
    """Read what stands beside the pages."""
    # A file that is made to be shown from its beginning has two tables from the start.
    tables = 2 if b"/Linearized" in data[:2048] else 1
    if data.count(b"startxref") > tables:
        found.flaw(Flaw.OLDER)
    root = reader.root_object
    names = _dictionary(root.get("/Names"))
    if any((names.get("/EmbeddedFiles"), root.get("/AF"), root.get("/Collection"))):
        found.flaw(Flaw.ATTACHED)
    if "/XFA" in _dictionary(root.get("/AcroForm")):
        found.flaw(Flaw.PARTLY)
    _read_properties(_dictionary(reader.trailer.get("/Info")), found)
    _read_xmp(root.get("/Metadata"), found)


def _dictionary(value: Any) -> dict[str, Any]:
    """Return a dictionary of the file, following a reference; an empty one for anything else."""
    whole = value.get_object() if hasattr(value, "get_object") else value
    return whole if isinstance(whole, dict) else {}


def _read_properties(properties: dict[str, Any], found: Gathered) -> None:
    told = {key: str(properties[key]).strip() for key in properties if key not in _HARMLESS}
    for key, words in told.items():
        if words and key not in _TOPICS:
            found.flaw(Flaw.AUTHOR, words=words)
    found.add(Place.PROPERTIES, "\n".join(words for words in told.values() if words))


def _read_xmp(stream: Any, found: Gathered) -> None:
    """Read the properties a second time, as XML; programs differ in which of the two they empty."""
    whole = stream.get_object() if stream is not None else None
    unpack = getattr(whole, "get_data", None)
    if unpack is None:
        return
    words = Marked()
    try:
        marked_words(unpack(), into=words)
    except XML_FAULTS:
        found.flaw(Flaw.PARTLY)
    for author in words.authors:
        found.flaw(Flaw.AUTHOR, words=author)
    found.add(Place.PROPERTIES, "\n".join(words.topics))


def _read_page(page: Any, number: int, found: Gathered) -> None:
    seen = _Seen()
    try:
        text = page.extract_text(visitor_operand_before=seen.operator)
        notes = list(islice(_notes(page), NOTES_MOST + 1))
    except FAULTS:
        found.flaw(Flaw.PARTLY, page=number)
        return
    if seen.is_scan(text):
        found.flaw(Flaw.NO_TEXT, page=number)
    if _is_garbled(text) or any(_is_mute(font) for font in _fonts(page, depth=3)):
        found.flaw(Flaw.GARBLED, page=number)
    if len(notes) > NOTES_MOST:
        found.flaw(Flaw.TOO_LARGE, page=number)
    for author in [words for is_author, words in notes if is_author]:
        found.flaw(Flaw.AUTHOR, words=author)
    found.add(Place.PAGE, text, number=number)
    found.add(Place.NOTES, "\n".join(words for is_author, words in notes if not is_author), number=number)


class _Seen:
    """What a page paints beside text."""

    def __init__(self) -> None:
        self.pictures = self.strokes = 0

    def operator(self, operator: bytes, *_rest: Any) -> None:
        """Count one operator; called by the library before each."""
        self.pictures += operator in _PICTURES
        self.strokes += operator in _PAINTING

    def is_scan(self, text: str) -> bool:
        """Whether what can be seen is hardly text: a picture, or letters drawn as lines."""
        is_wordless = len("".join(text.split())) < FEW_CHARACTERS
        return is_wordless and (self.pictures > 0 or self.strokes > MANY_STROKES)


def _is_garbled(text: str) -> bool:
    letters = [letter for letter in text if not letter.isspace()]
    odd = sum(letter == "\ufffd" or unicodedata.category(letter) in {"Cc", "Co", "Cn"} for letter in letters)
    return odd > _GARBLED_SHARE * len(letters)


def _fonts(holder: Any, *, depth: int) -> Iterator[dict[str, Any]]:
    """Yield the fonts of a page and of the drawings it is put together from."""
    resources = _dictionary(holder.get("/Resources"))
    yield from (_dictionary(font) for font in _dictionary(resources.get("/Font")).values())
    for drawing in _dictionary(resources.get("/XObject")).values() if depth else ():
        yield from _fonts(_dictionary(drawing), depth=depth - 1)


def _is_mute(font: dict[str, Any]) -> bool:
    """Whether a font numbers its shapes and says nowhere which characters they are."""
    is_numbered = font.get("/Subtype") == "/Type0" and font.get("/Encoding") in {"/Identity-H", "/Identity-V"}
    return is_numbered and "/ToUnicode" not in font


def _notes(page: Any) -> Iterator[tuple[bool, str]]:
    """Yield the words of notes, fields and links of a page, and whether they are somebody's name for sure."""
    notes = page.get("/Annots")
    for note in (notes.get_object() if notes is not None else None) or ():
        told = _dictionary(note)
        is_field = told.get("/Subtype") == "/Widget"
        if not is_field and isinstance(told.get("/T"), str):
            yield True, told["/T"]
        texts = [told.get(key) for key in ("/Contents", "/V", "/TU", "/RC")]
        texts += [_dictionary(told.get("/A")).get("/URI"), _dictionary(told.get("/Parent")).get("/V")]
        yield from ((False, words) for words in texts if isinstance(words, str))
