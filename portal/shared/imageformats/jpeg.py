"""Read a JPEG's segments and keep those its decoder needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.shared.imageformats.exif import PREFIX as EXIF
from portal.shared.imageformats.exif import orientation_of
from portal.shared.imageformats.faults import PhotoError, PhotoFault
from portal.shared.imageformats.header import Header, Kind

START, END, SCAN = 0xD8, 0xD9, 0xDA
APP1 = 0xE1
STANDALONE = {0x00, 0x01, START, *range(0xD0, 0xD8)}
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
NEEDED = FRAMES | {0xC4, 0xCC, 0xDB, 0xDD}  # frames, Huffman, arithmetic, quantisation, restart
NEEDED_STARTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # decide the colours
MAX_SEGMENTS = 4_096


@dataclass(frozen=True, kw_only=True)
class _Segment:
    marker: int
    start: int
    body: bytes


def read_jpeg(*, data: bytes) -> Header:
    """Return size, orientation and a JPEG without metadata, from the first picture only.

    Phones put further pictures behind the first (MPO, motion photos); they are cut
    off with everything else after the end marker.

    Raises:
        PhotoError: DAMAGED where no picture begins, or it has two frame headers.
    """
    kept, frame, orientation = [b"\xff\xd8"], b"", 1
    for segment in _segments(data):
        if segment.marker == SCAN:
            return _header(data, segment.start, kept, frame, orientation)
        if segment.marker in FRAMES:
            if frame:
                raise PhotoError(PhotoFault.DAMAGED)
            frame = segment.body
        if segment.marker == APP1 and orientation == 1 and segment.body.startswith(EXIF):
            orientation = orientation_of(exif=segment.body)
        if _is_needed(segment):
            kept.append(data[segment.start : segment.start + 4] + segment.body)
    raise PhotoError(PhotoFault.DAMAGED)


def _segments(data: bytes) -> Iterator[_Segment]:
    position = 2
    for _ in range(MAX_SEGMENTS):
        position = data.find(b"\xff", position)
        while position >= 0 and data[position + 1 : position + 2] == b"\xff":
            position += 1
        if position < 0 or position + 4 > len(data) or data[position + 1] == END:
            return
        marker = data[position + 1]
        if marker in STANDALONE:
            position += 2
            continue
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        yield _Segment(marker=marker, start=position, body=data[position + 4 : position + 2 + length])
        position += 2 + length


def _is_needed(segment: _Segment) -> bool:
    start = NEEDED_STARTS.get(segment.marker)
    return segment.marker in NEEDED or (start is not None and segment.body.startswith(start))


def _header(data: bytes, scan: int, kept: list[bytes], frame: bytes, orientation: int) -> Header:
    if len(frame) < 6:
        raise PhotoError(PhotoFault.DAMAGED)
    end = data.find(b"\xff\xd9", scan)
    end = end + 2 if end >= 0 else len(data)
    return Header(
        kind=Kind.JPEG,
        width=int.from_bytes(frame[3:5], "big"),
        height=int.from_bytes(frame[1:3], "big"),
        orientation=orientation,
        passes=data.count(b"\xff\xda", scan, end),
        parts=(*kept, memoryview(data)[scan:end]),
    )
