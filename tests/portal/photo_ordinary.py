"""Sample pictures as phones, cameras and editors write them, upright or turned."""

from functools import cache
from itertools import product
from typing import Any

from PIL import Image, PngImagePlugin

from tests.portal.photo_colours import srgb_profile
from tests.portal.photo_parts import (
    BIG,
    SMALL,
    exif_block,
    marked_thumbnail,
    plain,
    scene,
    with_metadata,
    with_segments,
    written,
    xmp_packet,
)

QUADRANTS = {(0, 0): (220, 30, 30), (1, 0): (30, 180, 30), (0, 1): (30, 60, 220), (1, 1): (240, 220, 40)}
UPRIGHT_SIZE = (96, 64)  # of the picture `oriented()` shows


# --- ordinary pictures ---------------------------------------------------------------


@cache
def jpeg_12mp(seed: int = 1) -> bytes:
    """A 4000 × 3000 photo of 3 to 6 MB with every kind of metadata; the same bytes for a seed."""
    return with_metadata(written(scene(BIG, seed), "JPEG", quality=92)) + b"LEAKMARKER-TAIL"


@cache
def jpeg_of(width: int, height: int, seed: int = 1) -> bytes:
    return with_metadata(written(scene((width, height), seed), "JPEG", quality=85))


@cache
def jpeg() -> bytes:
    return with_metadata(written(scene(), "JPEG", quality=88, icc_profile=srgb_profile()))


@cache
def progressive_jpeg() -> bytes:
    return with_metadata(written(scene(), "JPEG", quality=88, progressive=True))


@cache
def png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "LEAKMARKER-TEXT")
    info.add_text("Comment", "LEAKMARKER-COMMENT", zip=True)
    info.add_itxt("XML:com.adobe.xmp", xmp_packet().decode(), zip=True)
    return written(scene(), "PNG", pnginfo=info, exif=exif_block(), compress_level=1) + b"LEAKMARKER-TAIL"


@cache
def webp() -> bytes:
    exif = exif_block(thumbnail=marked_thumbnail())
    return written(scene(), "WEBP", quality=80, exif=exif, xmp=xmp_packet()) + b"LEAKMARKER-TAIL"


@cache
def lossless_webp() -> bytes:
    return written(scene((160, 120)), "WEBP", lossless=True, method=0)


@cache
def heic() -> bytes:
    return coded_heic(scene(), exif=exif_block(thumbnail=marked_thumbnail()), xmp=xmp_packet())


@cache
def heic_12mp() -> bytes:
    """A 4000 × 3000 HEIC; encoding takes seconds, so ask for it sparingly."""
    return coded_heic(scene(BIG, grain=0.05), exif=exif_block(thumbnail=marked_thumbnail()))


@cache
def heic_burst() -> bytes:
    """Two stills in one file, the second one the primary."""
    first, second = plain((200, 0, 0)), plain((0, 0, 200))
    return coded_heic(first, save_all=True, append_images=[second], primary_index=1)


def coded_heic(image: Image.Image, **options: Any) -> bytes:
    return written(image, "HEIF", quality=70, enc_params={"preset": "ultrafast"}, **options)


@cache
def mpo() -> bytes:
    """What many phones write under the name JPEG: a second picture behind the first."""
    first, second = scene(), plain((255, 0, 255), size=SMALL)
    return written(first, "MPO", save_all=True, append_images=[second], exif=exif_block())


# --- direction -----------------------------------------------------------------------


@cache
def oriented(kind: str, orientation: int) -> bytes:
    """A picture stored turned, whose EXIF says how; shown right, the QUADRANTS stand in place."""
    image = _stored_for(orientation)
    if kind == "JPEG":
        order = ">" if orientation % 2 else "<"
        body = b"Exif\0\0" + exif_block(orientation=orientation, order=order)
        return with_segments(written(image, "JPEG", quality=95, subsampling=0), [(0xE1, body)])
    options: dict[str, Any] = {"quality": 95} if kind != "PNG" else {}
    return written(image, kind, exif=exif_block(orientation=orientation), **options)


def _stored_for(orientation: int) -> Image.Image:
    """Build the stored pixels from the words of the EXIF standard, not from a library's table."""
    width, height = UPRIGHT_SIZE
    stored = UPRIGHT_SIZE if orientation < 5 else (height, width)
    image = Image.new("RGB", stored)
    for column, row in product(range(stored[0]), range(stored[1])):
        x, y = _seen_at(orientation, column, row, width, height)
        image.putpixel((column, row), QUADRANTS[2 * x // width, 2 * y // height])
    return image


def _seen_at(orientation: int, column: int, row: int, width: int, height: int) -> tuple[int, int]:
    """Where EXIF says a stored pixel is seen: which side row 0 and column 0 are."""
    right, bottom = width - 1, height - 1
    return {
        1: (column, row),  # row 0 top, column 0 left
        2: (right - column, row),  # top, right
        3: (right - column, bottom - row),  # bottom, right
        4: (column, bottom - row),  # bottom, left
        5: (row, column),  # left, top
        6: (right - row, column),  # right, top
        7: (right - row, bottom - column),  # right, bottom
        8: (row, bottom - column),  # left, bottom
    }[orientation]
