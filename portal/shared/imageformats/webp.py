"""Read a WebP's canvas size, orientation and number of frames."""

from collections.abc import Iterator

from portal.shared.imageformats.exif import orientation_of
from portal.shared.imageformats.faults import PhotoError, PhotoFault
from portal.shared.imageformats.header import Header, Kind

FIRST_CHUNK = 12
MAX_CHUNKS = 4_096
LOSSLESS_SIGNATURE = 0x2F
LOSSY_START_CODE = b"\x9d\x01\x2a"


def read_webp(*, data: bytes) -> Header:
    """Return size and orientation of a still WebP, and the file without its tail.

    The decoder allocates its canvas when it is created, so that the size has to be
    known before.

    Raises:
        PhotoError: ANIMATED for several frames, DAMAGED where no size can be read.
    """
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    payload = data[:end]
    chunks = list(_chunks(payload))
    if not chunks:
        raise PhotoError(PhotoFault.DAMAGED)
    if sum(name == b"ANMF" for name, _ in chunks) > 1:
        raise PhotoError(PhotoFault.ANIMATED)
    width, height = _size(*chunks[0])
    exif = next((body for name, body in chunks if name == b"EXIF"), b"")
    return Header(
        kind=Kind.WEBP, width=width, height=height, orientation=orientation_of(exif=exif), parts=(payload,)
    )


def _chunks(payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = FIRST_CHUNK
    for _ in range(MAX_CHUNKS):
        if position + 8 > len(payload):
            return
        length = int.from_bytes(payload[position + 4 : position + 8], "little")
        yield payload[position : position + 4], payload[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8L" and len(body) >= 5 and body[0] == LOSSLESS_SIGNATURE:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and len(body) >= 10 and body[3:6] == LOSSY_START_CODE:
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    raise PhotoError(PhotoFault.DAMAGED)
