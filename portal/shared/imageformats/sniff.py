"""Decide by content, never by name, what kind of picture a file is."""

from collections.abc import Callable

from portal.shared.imageformats import heic, png
from portal.shared.imageformats.faults import PhotoError, PhotoFault
from portal.shared.imageformats.header import Header, Kind
from portal.shared.imageformats.heic import read_heic
from portal.shared.imageformats.jpeg import read_jpeg
from portal.shared.imageformats.png import read_png
from portal.shared.imageformats.webp import read_webp

OTHER_PICTURES = (
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"8BPS",
    b"%!PS",
    b"\xc5\xd0\xd3\xc6",  # EPS with a preview
    b"\0\0\1\0",  # ICO
    b"\xff\x0a",  # JPEG XL
    b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",  # JPEG 2000 without a container
)
AVIF_BRANDS = {b"avif", b"avis"}
MARKUP_LOOKED_AT = 1_024

READERS: dict[Kind, Callable[..., Header]] = {
    Kind.JPEG: read_jpeg,
    Kind.PNG: read_png,
    Kind.WEBP: read_webp,
    Kind.HEIC: read_heic,
}


def read_header(*, data: bytes) -> Header:
    """Return what the file declares about its picture.

    Raises:
        PhotoError: EMPTY, NOT_AN_IMAGE, KIND_NOT_ALLOWED, ANIMATED or DAMAGED.
    """
    if not data:
        raise PhotoError(PhotoFault.EMPTY)
    return READERS[_kind(data)](data=data)


def _kind(data: bytes) -> Kind:
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(png.SIGNATURE):
        return Kind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp":
        return _kind_by_brand(data)
    is_picture = data.startswith(OTHER_PICTURES) or _is_svg(data)
    raise PhotoError(PhotoFault.KIND_NOT_ALLOWED if is_picture else PhotoFault.NOT_AN_IMAGE)


def _kind_by_brand(data: bytes) -> Kind:
    """Tell HEIC from AVIF and from films, which share one container."""
    length = int.from_bytes(data[:4], "big")
    brands = {data[8:12], *(data[start : start + 4] for start in range(16, min(length, 256), 4))}
    has_hevc = bool(brands & (heic.STILL_BRANDS | heic.SEQUENCE_BRANDS) - {b"mif1", b"msf1"})
    if brands & AVIF_BRANDS and not has_hevc:
        raise PhotoError(PhotoFault.KIND_NOT_ALLOWED)
    if data[8:12] in heic.STILL_BRANDS | heic.SEQUENCE_BRANDS:
        return Kind.HEIC
    raise PhotoError(PhotoFault.NOT_AN_IMAGE)


def _is_svg(data: bytes) -> bool:
    start = data[:MARKUP_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start)
