"""What sample pictures are made of: scenes, and metadata full of markers."""

import random
import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

MARKER = b"LEAKMARKER"
MARKERS = tuple(
    MARKER + place
    for place in (
        b"-CAMERA", b"-SERIAL", b"-MAKERNOTE", b"-USERNOTE", b"-GPS", b"-THUMB", b"-XMP", b"-IPTC",
        b"-COMMENT", b"-VENDOR", b"-TAIL", b"-TEXT", b"-ICC",
    )
)  # fmt: skip
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
BIG, SMALL = (4000, 3000), (640, 480)


# --- scenes --------------------------------------------------------------------------


@cache
def scene(size: tuple[int, int] = SMALL, seed: int = 1, grain: float = 0.22) -> Image.Image:
    """Draw soft colours under sensor noise: it compresses like a photo, not like a test card."""
    rng = random.Random(seed)
    light = Image.frombytes("RGB", (40, 30), rng.randbytes(40 * 30 * 3))
    light = light.resize(size, Image.Resampling.BICUBIC)
    half = (size[0] // 2, size[1] // 2)
    speckle = Image.frombytes("L", half, rng.randbytes(half[0] * half[1]))
    speckle = speckle.resize(size, Image.Resampling.BILINEAR)
    return Image.blend(light, Image.merge("RGB", (speckle,) * 3), grain)


def plain(colour: Any, *, mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.new(mode, size, colour)


def written(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


# --- metadata ------------------------------------------------------------------------


def exif_block(*, orientation: int = 1, thumbnail: bytes = b"", order: str = "<") -> bytes:
    """Write a TIFF block with camera, maker note, GPS position, thumbnail and orientation."""
    gps = [(0, 1, 4, b"\2\3\0\0"), (1, 2, 2, b"N\0"), (2, 5, 3, _degrees(34, 15, 39, order)),
           (3, 2, 2, b"E\0"), (4, 5, 3, _degrees(108, 56, 33, order)), (29, 2, 15, b"LEAKMARKER-GPS\0")]  # fmt: skip
    camera = [(0x927C, 7, 20, b"LEAKMARKER-MAKERNOTE"), (0x9286, 7, 19, b"LEAKMARKER-USERNOTE"),
              (0xA431, 2, 18, b"LEAKMARKER-SERIAL\0")]  # fmt: skip
    first = [(0x010F, 2, 18, b"LEAKMARKER-CAMERA\0"), (0x0112, 3, 1, struct.pack(f"{order}H", orientation)),
             (0x0132, 2, 20, b"2026:11:20 08:15:00\0")]  # fmt: skip
    gps_at, camera_at = 4_000, 5_000
    first += [
        (0x8769, 4, 1, struct.pack(f"{order}L", camera_at)),
        (0x8825, 4, 1, struct.pack(f"{order}L", gps_at)),
    ]
    block = bytearray((b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}L", 8))
    block += _directory(first, at=8, follow=6_000, order=order)
    block = bytearray(block.ljust(gps_at, b"\0")) + _directory(gps, at=gps_at, order=order)
    block = bytearray(block.ljust(camera_at, b"\0")) + _directory(camera, at=camera_at, order=order)
    block = bytearray(block.ljust(6_000, b"\0"))
    thumb = [(0x0103, 3, 1, struct.pack(f"{order}H", 6)), (0x0201, 4, 1, struct.pack(f"{order}L", 6_100)),
             (0x0202, 4, 1, struct.pack(f"{order}L", len(thumbnail)))]  # fmt: skip
    block += _directory(thumb, at=6_000, order=order)
    return bytes(block.ljust(6_100, b"\0")) + thumbnail


def _directory(
    entries: list[tuple[int, int, int, bytes]], *, at: int, follow: int = 0, order: str = "<"
) -> bytes:
    table, extra = b"", b""
    extra_at = at + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        place = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(f"{order}L", extra_at + len(extra))
        extra += value if len(value) > 4 else b""
        table += struct.pack(f"{order}HHL", tag, kind, count) + place
    return struct.pack(f"{order}H", len(entries)) + table + struct.pack(f"{order}L", follow) + extra


def _degrees(degrees: int, minutes: int, seconds: int, order: str) -> bytes:
    return struct.pack(f"{order}6L", degrees, 1, minutes, 1, seconds, 1)


@cache
def marked_thumbnail() -> bytes:
    return written(scene((160, 120)), "JPEG", quality=60, comment=b"LEAKMARKER-THUMB")


@cache
def xmp_packet() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="LEAKMARKER-XMP"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )


@cache
def iptc_block() -> bytes:
    record = b"\x1c\x02\x50" + struct.pack(">H", 15) + b"LEAKMARKER-IPTC"
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">L", len(record)) + record
    return b"Photoshop 3.0\0" + resource + b"\0" * (len(record) % 2)


def with_segments(jpeg: bytes, segments: list[tuple[int, bytes]]) -> bytes:
    """Put JPEG segments right behind the start marker."""
    added = b"".join(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments)
    return jpeg[:2] + added + jpeg[2:]


def with_metadata(jpeg: bytes, *, orientation: int = 1) -> bytes:
    """Hide a marker in every place a camera or an editor uses."""
    exif = exif_block(orientation=orientation, thumbnail=marked_thumbnail())
    return with_segments(
        jpeg,
        [
            (0xE1, b"Exif\0\0" + exif),
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp_packet()),
            (0xED, iptc_block()),
            (0xE5, b"LEAKMARKER-VENDOR" * 40),
            (0xFE, b"LEAKMARKER-COMMENT"),
        ],
    )


# --- PNG by hand ---------------------------------------------------------------------


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))


def ihdr(width: int, height: int, *, depth: int = 8, colour: int = 2) -> bytes:
    return struct.pack(">LLBBBBB", width, height, depth, colour, 0, 0, 0)


def png_of(header: bytes, chunks: list[tuple[bytes, bytes]], *, end: bool = True) -> bytes:
    body = b"".join(png_chunk(name, content) for name, content in chunks)
    return PNG_SIGNATURE + png_chunk(b"IHDR", header) + body + (png_chunk(b"IEND", b"") if end else b"")
