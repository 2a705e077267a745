"""Read a HEIC's largest declared size, and refuse item tables that multiply the file."""

from collections.abc import Iterator

from portal.shared.imageformats.faults import PhotoError, PhotoFault
from portal.shared.imageformats.header import Header, Kind

STILL_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
SEQUENCE_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}
MAX_BOXES = 4_096
MAX_EXTENTS = 4_096
MAX_ITEMS = 4_096
MAX_FILE_MULTIPLE = 2  # items may overlap a little; a bomb reads the same bytes a thousand times


def read_heic(*, data: bytes) -> Header:
    """Return the largest picture size any item of the file declares.

    The orientation is part of the picture's own transformations, which the decoder
    applies; EXIF must not turn it a second time. Several stills in one file (bursts)
    are fine, the primary one is decoded.

    Raises:
        PhotoError: ANIMATED for an image sequence; DAMAGED without a readable size,
            or where the items together declare far more bytes than the file has.
    """
    if data[8:12] in SEQUENCE_BRANDS:
        raise PhotoError(PhotoFault.ANIMATED)
    meta = _first(_boxes(data), b"meta")[4:]
    _refuse_multiplied_items(_first(_boxes(meta), b"iloc"), len(data))
    properties = _first(_boxes(_first(_boxes(meta), b"iprp")), b"ipco")
    sizes = [_size(body) for name, body in _boxes(properties) if name == b"ispe"]
    if not sizes:
        raise PhotoError(PhotoFault.DAMAGED)
    width, height = max(sizes, key=lambda size: (size[0] * size[1], max(size)))
    return Header(kind=Kind.HEIC, width=width, height=height, parts=(data,))


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    for _ in range(MAX_BOXES):
        if position + 8 > len(data):
            return
        length, header = int.from_bytes(data[position : position + 4], "big"), 8
        if length == 1:
            length, header = int.from_bytes(data[position + 8 : position + 16], "big"), 16
        length = length or len(data) - position
        if length < header:
            return
        yield data[position + 4 : position + 8], data[position + header : position + length]
        position += length


def _first(boxes: Iterator[tuple[bytes, bytes]], wanted: bytes) -> bytes:
    for name, body in boxes:
        if name == wanted:
            return body
    raise PhotoError(PhotoFault.DAMAGED)


def _size(ispe: bytes) -> tuple[int, int]:
    return int.from_bytes(ispe[4:8], "big"), int.from_bytes(ispe[8:12], "big")


def _refuse_multiplied_items(iloc: bytes, file_bytes: int) -> None:
    left = MAX_FILE_MULTIPLE * file_bytes
    for count, length in enumerate(_extent_lengths(iloc)):
        left -= length or file_bytes
        if left < 0 or count >= MAX_EXTENTS:
            raise PhotoError(PhotoFault.DAMAGED)


def _extent_lengths(iloc: bytes) -> Iterator[int]:
    """Yield the declared length of every extent; 0 stands for the rest of the file."""
    reader = _Reader(iloc)
    version = reader.take(1)
    reader.take(3)
    offset_and_length, base_and_index = reader.take(1), reader.take(1)
    index_bytes = base_and_index & 15 if version else 0
    wide = 4 if version >= 2 else 2
    for _ in range(min(reader.take(wide), MAX_ITEMS)):
        reader.take(wide + (4 if version else 2) + (base_and_index >> 4))
        for _ in range(reader.take(2)):
            reader.take(index_bytes + (offset_and_length >> 4))
            yield reader.take(offset_and_length & 15)


class _Reader:
    """Big-endian numbers from a box, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def take(self, size: int) -> int:
        start, self._position = self._position, self._position + size
        if self._position > len(self._data):
            raise PhotoError(PhotoFault.DAMAGED)
        return int.from_bytes(self._data[start : self._position], "big")
