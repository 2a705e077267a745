"""Read a PNG's chunks and keep those its decoder needs."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from portal.shared.imageformats.exif import orientation_of
from portal.shared.imageformats.faults import PhotoError, PhotoFault
from portal.shared.imageformats.header import Header, Kind

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NEEDED = {b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"IDAT", b"IEND"}
SINGLE = {b"IHDR", b"PLTE", b"tRNS", b"iCCP"}
COMPRESSED = {b"zTXt", b"iTXt", b"iCCP"}
HEADER_BYTES = 13
MAX_CHUNKS = 65_536
MAX_TEXT_BYTES = 4 * 2**20  # all compressed texts and profiles of one file together, unpacked


@dataclass(frozen=True, kw_only=True)
class _Chunk:
    name: bytes
    body: memoryview
    raw: memoryview


def read_png(*, data: bytes) -> Header:
    """Return size, orientation and a PNG of header, palette, profile and pixels only.

    Raises:
        PhotoError: ANIMATED for an APNG of several frames; DAMAGED for a broken
            chain of chunks, a missing end, or texts that unpack beyond measure.
    """
    chunks = list(_chunks(data))
    if not chunks or chunks[0].name != b"IHDR" or chunks[-1].name != b"IEND":
        raise PhotoError(PhotoFault.DAMAGED)
    _refuse_doubles(chunks)
    _refuse_text_bomb(chunks)
    if any(chunk.name == b"acTL" and int.from_bytes(chunk.body[:4], "big") > 1 for chunk in chunks):
        raise PhotoError(PhotoFault.ANIMATED)
    kept = [chunk.raw for chunk in chunks if chunk.name in NEEDED]
    exif = next((bytes(chunk.body) for chunk in chunks if chunk.name == b"eXIf"), b"")
    size = chunks[0].body
    return Header(
        kind=Kind.PNG,
        width=int.from_bytes(size[:4], "big"),
        height=int.from_bytes(size[4:8], "big"),
        orientation=orientation_of(exif=exif),
        parts=(SIGNATURE, *kept),
    )


def _chunks(data: bytes) -> Iterator[_Chunk]:
    view, position = memoryview(data), len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        length = int.from_bytes(data[position : position + 4], "big")
        end = position + 12 + length
        if end > len(data):
            return
        name = data[position + 4 : position + 8]
        yield _Chunk(name=name, body=view[position + 8 : end - 4], raw=view[position:end])
        if name == b"IEND":
            return
        position = end


def _refuse_doubles(chunks: list[_Chunk]) -> None:
    """A decoder may believe the second header where the size check read the first."""
    names = [chunk.name for chunk in chunks if chunk.name in SINGLE]
    if len(names) != len(set(names)) or len(chunks[0].body) != HEADER_BYTES:
        raise PhotoError(PhotoFault.DAMAGED)


def _refuse_text_bomb(chunks: list[_Chunk]) -> None:
    left = MAX_TEXT_BYTES
    try:
        for chunk in chunks:
            if chunk.name in COMPRESSED:
                left -= len(zlib.decompressobj().decompress(_packed_part(chunk), left + 1))
            if left < 0:
                raise PhotoError(PhotoFault.DAMAGED)
    except zlib.error as error:  # it may have unpacked megabytes before it broke, so it is not let off
        raise PhotoError(PhotoFault.DAMAGED) from error


def _packed_part(chunk: _Chunk) -> bytes:
    _, _, rest = bytes(chunk.body).partition(b"\0")
    if chunk.name != b"iTXt":
        return rest[1:]
    language_and_text = rest[2:].split(b"\0", 2)
    return language_and_text[2] if rest[:1] == b"\1" and len(language_and_text) == 3 else b""
