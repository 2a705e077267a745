"""MP4 files of editors: checked box by box, and cleaned of what a phone writes beside the picture (place, maker, time).

Boxes keep their length, so that every offset in the file stays true: what is taken out is overwritten with zeros.
"""

from collections.abc import Iterator
from dataclasses import dataclass

HEAD = 8
LARGE_HEAD = 16
DEEPEST = 8
# Boxes that hold boxes, on the way to what is looked at.
CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts", b"moof", b"traf"})
# What tells of the phone, the place and the person: user data, metadata, private boxes, and what was crossed out only.
TELLING = frozenset({b"udta", b"meta", b"uuid", b"ilst", b"loci", b"keys", b"Xtra", b"free", b"skip"})
# What a player needs of a file; beside it makers put boxes of their own (a small picture, the model, notes).
OUTERMOST = frozenset(
    {b"ftyp", b"styp", b"moov", b"moof", b"mfra", b"mdat", b"sidx", b"ssix", b"pdin", b"wide"}
)
# The moment of recording stands in these.
DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
# Picture and sound. Anything else (text, hints, timed metadata such as a track of places) is refused.
HANDLERS = frozenset({b"vide", b"soun"})
BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"qt  "}
)


class FilmError(ValueError):
    """The file is no film we take; `code` says why: `type`, `damaged`, `track`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class _Box:
    """One box: its kind, where its content begins and where it ends."""

    kind: bytes
    begin: int
    body: int
    end: int


def cleaned_film(data: bytes) -> bytes:
    """Return the same film without metadata and dates.

    Raises:
        FilmError: it is no MP4, it is damaged, has no picture, or holds a track that is neither picture nor sound.
    """
    if data[4:8] != b"ftyp" or not _brands(data) & BRANDS:
        raise FilmError("type")
    fresh = bytearray(data)
    handlers: list[bytes] = []
    kinds = [box.kind for box in _walk(fresh, begin=0, end=len(fresh), handlers=handlers, depth=0)]
    if b"moov" not in kinds or b"mdat" not in kinds:
        raise FilmError("damaged")
    if b"vide" not in handlers or set(handlers) - HANDLERS:
        raise FilmError("track")
    return bytes(fresh)


def _brands(data: bytes) -> set[bytes]:
    size = int.from_bytes(data[:4], "big")
    return {data[8:12], *(data[at : at + 4] for at in range(16, min(size, 128), 4))}


def _walk(data: bytearray, *, begin: int, end: int, handlers: list[bytes], depth: int) -> Iterator[_Box]:
    """Yield the boxes of one level, having cleaned them and all below."""
    if depth > DEEPEST:
        raise FilmError("damaged")
    for box in _boxes(data, begin=begin, end=end):
        if box.kind in TELLING or (depth == 0 and box.kind not in OUTERMOST):
            _blank(data, box)
        elif box.kind in DATED:
            _forget_dates(data, box)
        elif box.kind == b"hdlr":
            handlers.append(bytes(data[box.body + 8 : box.body + 12]))
            _forget_name(data, box)
        elif box.kind in CONTAINERS:
            inside = handlers if box.kind != b"minf" else []
            list(_walk(data, begin=box.body, end=box.end, handlers=inside, depth=depth + 1))
        yield box


def _boxes(data: bytearray, *, begin: int, end: int) -> Iterator[_Box]:
    """Yield the boxes between two places; raises FilmError when they do not fill it exactly."""
    at = begin
    while at < end:
        size, body = int.from_bytes(data[at : at + 4], "big"), at + HEAD
        if size == 1:
            size, body = int.from_bytes(data[at + HEAD : at + LARGE_HEAD], "big"), at + LARGE_HEAD
        elif size == 0:
            size = end - at
        if size < body - at or at + size > end:
            raise FilmError("damaged")
        yield _Box(kind=bytes(data[at + 4 : at + 8]), begin=at, body=body, end=at + size)
        at += size


def _blank(data: bytearray, box: _Box) -> None:
    """Turn a box into free space of the same length."""
    data[box.begin + 4 : box.begin + 8] = b"free"
    data[box.body : box.end] = bytes(box.end - box.body)


def _forget_dates(data: bytearray, box: _Box) -> None:
    """Zero the moments of making and changing: 4 bytes each, 8 in version 1."""
    if box.end - box.body < 20:
        raise FilmError("damaged")
    width = 8 if data[box.body] == 1 else 4
    data[box.body + 4 : box.body + 4 + 2 * width] = bytes(2 * width)


def _forget_name(data: bytearray, box: _Box) -> None:
    """Zero the free name behind the kind of a handler: phones write their make there."""
    if box.end - box.body < 20:
        raise FilmError("damaged")
    data[box.body + 20 : box.end] = bytes(box.end - box.body - 20)
