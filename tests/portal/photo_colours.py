"""Sample pictures in every colour model a camera, a printer or an editor writes."""

import struct
import zlib
from functools import cache
from itertools import product
from typing import Any

from PIL import Image, PngImagePlugin

from tests.portal.photo_parts import ihdr, plain, png_of, written

# --- profiles ------------------------------------------------------------------------


def _tag(kind: bytes, body: bytes) -> bytes:
    block = kind + b"\0\0\0\0" + body
    return block + b"\0" * (-len(block) % 4)


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65_536)) for value in values)


def _profile(kind: bytes, space: bytes, connection: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, block in tags:
        table += name + struct.pack(">LL", start + len(body), len(block))
        body += block
    size = start + len(body)
    head = struct.pack(">L", size) + b"\0\0\0\0\4\x30\0\0" + kind + space + connection + b"\0" * 12
    head += b"acsp" + b"\0" * 28 + _fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + struct.pack(">L", len(tags)) + table + body


def _text_tag(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return _tag(b"mluc", struct.pack(">LL", 1, 12) + b"enUS" + struct.pack(">LL", len(encoded), 28) + encoded)


def _matrix_profile(name: str, colorants: dict[bytes, tuple[float, float, float]]) -> bytes:
    curve = _tag(b"para", b"\0\3\0\0" + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
    tags = [(b"desc", _text_tag(name)), (b"cprt", _text_tag("LEAKMARKER-ICC"))]
    tags += [(tag, _tag(b"XYZ ", _fixed(*value))) for tag, value in colorants.items()]
    tags += [(tag, curve) for tag in (b"rTRC", b"gTRC", b"bTRC")]
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags) + b"LEAKMARKER-ICC"


@cache
def p3_profile() -> bytes:
    """Display P3, as phones embed it: wider red and green than sRGB."""
    colorants = {
        b"wtpt": (0.9642, 1.0, 0.8249),
        b"rXYZ": (0.51512, 0.2412, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.1571, 0.06657, 0.78407),
    }
    return _matrix_profile("Display P3", colorants)


@cache
def srgb_profile() -> bytes:
    colorants = {
        b"wtpt": (0.9642, 1.0, 0.8249),
        b"rXYZ": (0.43607, 0.22249, 0.01392),
        b"gXYZ": (0.38515, 0.71687, 0.09708),
        b"bXYZ": (0.14307, 0.06061, 0.7141),
    }
    return _matrix_profile("sRGB", colorants)


@cache
def cmyk_profile() -> bytes:
    """A printer profile whose full cyan prints a middle grey: nobody gets that by guessing."""
    ramp = bytes(range(256))
    corners = b"".join(_printed(*ink) for ink in product((0, 1), repeat=4))
    lut = bytes((4, 3, 2, 0)) + _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1) + ramp * 4 + corners + ramp * 3
    words = [(b"desc", _text_tag("Test press")), (b"cprt", _text_tag("LEAKMARKER-ICC"))]
    tables = [(name, _tag(b"mft1", lut)) for name in (b"A2B0", b"A2B1", b"A2B2")]
    return _profile(b"prtr", b"CMYK", b"Lab ", [*words, *tables])


def _printed(cyan: int, magenta: int, yellow: int, black: int) -> bytes:
    """L*, a*, b* of one corner of the ink cube, as the 8-bit table stores them."""
    lightness = 255 if not (cyan or magenta or yellow or black) else 137 if not black else 0
    return bytes((lightness, 128, 128))


@cache
def p3(kind: str, colour: tuple[int, int, int] = (200, 120, 90)) -> bytes:
    options: dict[str, Any] = {} if kind == "PNG" else {"quality": 95}
    return written(plain(colour), kind, icc_profile=p3_profile(), **options)


@cache
def cmyk_jpeg(ink: tuple[int, int, int, int] = (0, 255, 255, 0), *, profile: bool = False) -> bytes:
    icc = {"icc_profile": cmyk_profile()} if profile else {}
    return written(plain(ink, mode="CMYK"), "JPEG", quality=95, **icc)


@cache
def ycck_jpeg() -> bytes:
    """CMYK written as YCCK, the way Photoshop does: the marker says transform 2."""
    neutral = written(plain((128, 128, 128, 0), mode="CMYK"), "JPEG", quality=95)
    at = neutral.index(b"Adobe")
    return neutral[: at + 11] + b"\2" + neutral[at + 12 :]


@cache
def grey_jpeg() -> bytes:
    return written(plain(100, mode="L"), "JPEG", quality=95, icc_profile=srgb_profile())


@cache
def grey16_png(value: int = 0x8123) -> bytes:
    image = Image.new("I;16", (64, 48), value)
    return written(image, "PNG")


@cache
def rgb16_png(colour: tuple[int, int, int] = (0xC8FF, 0x6400, 0x1E80)) -> bytes:
    row = b"\0" + struct.pack(">3H", *colour) * 64
    return png_of(ihdr(64, 48, depth=16, colour=2), [(b"IDAT", zlib.compress(row * 48))])


@cache
def palette_png(*, transparent: bool = False) -> bytes:
    image = Image.new("P", (64, 48), 1)
    image.putpalette([0, 0, 0, 30, 160, 90])
    return written(image, "PNG", **({"transparency": 1} if transparent else {}))


@cache
def bilevel_png() -> bytes:
    return written(Image.new("1", (64, 48), 1), "PNG")


@cache
def alpha_png(*, alpha: int = 0, colour: tuple[int, int, int] = (200, 0, 0)) -> bytes:
    """Left half of the given opacity, right half opaque, with text chunks."""
    image = Image.new("RGBA", (64, 48), (*colour, 255))
    image.paste((*colour, alpha), (0, 0, 32, 48))
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "LEAKMARKER-TEXT")
    return written(image, "PNG", pnginfo=info, icc_profile=srgb_profile())


@cache
def alpha_webp() -> bytes:
    image = Image.new("RGBA", (64, 48), (200, 0, 0, 255))
    image.paste((200, 0, 0, 0), (0, 0, 32, 48))
    return written(image, "WEBP", lossless=True)


@cache
def grey_alpha_png() -> bytes:
    return written(Image.new("LA", (64, 48), (100, 0)), "PNG")
