"""Reads one file at a time, by what its first bytes say it is."""

from threading import Lock

from .contents import Contents, Flaw, Gathered, Place, TooLong
from .office import read_office
from .pdf import read_pdf

# As large as an upload may be (WAGTAILDOCS_MAX_UPLOAD_SIZE).
BYTES_MOST = 20 * 1024 * 1024
TEXT_ENDINGS = (".csv", ".txt")
_PDF, _ZIP, _OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Readers of PDF look for its mark in so many bytes.
_HEAD = 1024
_one_at_a_time = Lock()


def read_document(*, data: bytes, name: str) -> Contents:
    """Return the words of a file and what of it could not be read; nothing it holds raises.

    One file at a time, so that the memory of two never adds up. The work is bounded by counting: bytes, pages,
    characters, steps, unpacked bytes. `name` is the file's; its ending counts for plain text alone.
    """
    found = Gathered()
    with _one_at_a_time:
        _read(data, name, found)
    return found.contents()


def _read(data: bytes, name: str, found: Gathered) -> None:
    if len(data) > BYTES_MOST:
        found.flaw(Flaw.TOO_LARGE)
    elif _PDF in data[:_HEAD]:
        read_pdf(data=data, found=found)
    elif data.startswith(_ZIP):
        read_office(data=data, found=found)
    elif data.startswith(_OLE):
        found.flaw(Flaw.ENCRYPTED)
    elif name.lower().endswith(TEXT_ENDINGS):
        _read_text(data, found)
    else:
        found.flaw(Flaw.UNKNOWN)


def _read_text(data: bytes, found: Gathered) -> None:
    text = _decoded(data)
    if text is None:
        found.flaw(Flaw.DAMAGED)
        return
    try:
        found.add(Place.TEXT, text)
    except TooLong:
        found.flaw(Flaw.TOO_LARGE)


def _decoded(data: bytes) -> str | None:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Spreadsheets in China save CSV in the second one.
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
