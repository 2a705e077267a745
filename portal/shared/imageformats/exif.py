"""Read the one EXIF value that matters, the orientation, and nothing else."""

import struct

ORIENTATION_TAG = 0x0112
PREFIX = b"Exif\0\0"
BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
VALUE_FORMATS = {1: "B", 3: "H", 4: "L"}  # BYTE, SHORT, LONG: writers do not agree
ENTRY_BYTES = 12
UPRIGHT = 1


def orientation_of(*, exif: bytes) -> int:
    """Return the EXIF orientation, 1 to 8; 1 for anything absent or unreadable.

    A general EXIF parser follows every offset of a hostile file and copies what
    it finds; this one looks at the entries of the first directory only.
    """
    tiff = exif.removeprefix(PREFIX)
    order = BYTE_ORDERS.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        value = _first_directory_value(tiff, order)
    except struct.error:
        return UPRIGHT
    return value if 1 <= value <= 8 else UPRIGHT


def _first_directory_value(tiff: bytes, order: str) -> int:
    (start,) = struct.unpack_from(f"{order}L", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for position in range(start + 2, start + 2 + count * ENTRY_BYTES, ENTRY_BYTES):
        tag, kind, _ = struct.unpack_from(f"{order}HHL", tiff, position)
        if tag == ORIENTATION_TAG and kind in VALUE_FORMATS:
            (value,) = struct.unpack_from(f"{order}{VALUE_FORMATS[kind]}", tiff, position + 8)
            return int(value)
    return UPRIGHT
