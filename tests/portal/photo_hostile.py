"""Sample files that are no photo, are cut, lie about themselves, or unpack without end."""

import struct
import zipfile
import zlib
from functools import cache
from io import BytesIO

from tests.portal.photo_colours import alpha_webp
from tests.portal.photo_ordinary import coded_heic, heic, jpeg, png, webp
from tests.portal.photo_parts import ihdr, plain, png_of, with_segments, written


def _pixels(width: int = 8, height: int = 8) -> bytes:
    return zlib.compress((b"\0" + b"\x40\x80\xc0" * width) * height)


def png_with(chunks: list[tuple[bytes, bytes]]) -> bytes:
    """A small valid PNG with further chunks between header and pixels."""
    return png_of(ihdr(8, 8), [*chunks, (b"IDAT", _pixels())])


# --- not a photo at all --------------------------------------------------------------


@cache
def html() -> bytes:
    return b"<!doctype html><html><script>alert('LEAKMARKER-TAIL')</script></html>"


@cache
def svg() -> bytes:
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@cache
def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@cache
def eps() -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 48\nshowpage\n"


@cache
def zip_file() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("LEAKMARKER-TAIL.txt", "LEAKMARKER-TAIL")
    return buffer.getvalue()


@cache
def film() -> bytes:
    return struct.pack(">L", 24) + b"ftypmp42\0\0\0\0mp42isom" + b"\0" * 200


@cache
def avif_header() -> bytes:
    return struct.pack(">L", 28) + b"ftypavif\0\0\0\0mif1avifmiaf" + b"\0" * 200


# --- cut, patched, multiplied --------------------------------------------------------


@cache
def truncated(kind: str, share: float) -> bytes:
    whole = {"JPEG": jpeg, "PNG": png, "WEBP": webp, "HEIC": heic}[kind]().removesuffix(b"LEAKMARKER-TAIL")
    return whole[: int(len(whole) * share)]


@cache
def animated(kind: str) -> bytes:
    frames = [plain((count * 80, 0, 0)) for count in range(3)]
    return written(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


@cache
def heic_sequence() -> bytes:
    """A film strip by its brand: the same boxes under the name of a sequence."""
    return heic().replace(b"ftypheic", b"ftyphevc", 1)


@cache
def huge_png(width: int = 50_000, height: int = 50_000) -> bytes:
    return png_of(ihdr(width, height), [(b"IDAT", _pixels())])


@cache
def huge_jpeg(width: int = 50_000, height: int = 50_000) -> bytes:
    return with_jpeg_size(written(plain((90, 90, 90)), "JPEG"), width, height)


def with_jpeg_size(data: bytes, width: int, height: int) -> bytes:
    at = next(data.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data)
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


@cache
def huge_webp(width: int = 50_000, height: int = 50_000) -> bytes:
    data = alpha_webp()
    extended = b"\x10\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunks = b"WEBPVP8X" + struct.pack("<L", 10) + extended + data[12:]
    return b"RIFF" + struct.pack("<L", len(chunks)) + chunks


@cache
def huge_heic(width: int = 50_000, height: int = 50_000) -> bytes:
    data = bytearray(heic())
    at = data.index(b"ispe")
    data[at + 8 : at + 16] = struct.pack(">LL", width, height)
    return bytes(data)


@cache
def heic_item_bomb() -> bytes:
    """An item table whose one item is the same bytes of the file, a thousand times over."""
    data = heic()
    at = data.index(b"iloc") - 4
    length = struct.unpack(">L", data[at : at + 4])[0]
    extents = struct.pack(">LL", 0, len(data)) * 1_000
    table = b"\0\0\0\0\x44\0" + struct.pack(">HHHH", 1, 1, 0, 1_000) + extents
    box = struct.pack(">L", len(table) + 8) + b"iloc" + table
    grown = bytearray(data[:at] + box + data[at + length :])
    meta = grown.index(b"meta") - 4
    size = struct.unpack(">L", grown[meta : meta + 4])[0] + len(box) - length
    grown[meta : meta + 4] = struct.pack(">L", size)
    return bytes(grown)


@cache
def lying_heic() -> bytes:
    """Declares 64 × 48, holds 3 000 × 2 000."""
    data = bytearray(coded_heic(plain((10, 20, 30), size=(3_000, 2_000))))
    at = data.index(b"ispe")
    while at > 0:
        data[at + 8 : at + 16] = struct.pack(">LL", 64, 48)
        at = data.find(b"ispe", at + 4)
    return bytes(data)


@cache
def packed_zeros(size: int) -> bytes:
    return zlib.compress(b"\0" * size, 9)


@cache
def text_bomb(name: str) -> bytes:
    """64 MB of zeros in a compressed text or profile of a few kilobytes."""
    packed = packed_zeros(64 * 2**20)
    body = {
        "zTXt": b"Comment\0\0" + packed,
        "iTXt": b"Comment\0\1\0\0\0" + packed,
        "iCCP": b"profile\0\0" + packed,
    }[name]
    return png_with([(name.encode(), body)])


@cache
def text_bomb_in_pieces() -> bytes:
    """Two thousand texts just under the library's limit for one."""
    return png_with([(b"zTXt", b"Comment\0\0" + packed_zeros(1_000_000))] * 2_000)


@cache
def broken_text_bomb() -> bytes:
    """Texts that unpack for a megabyte each before they turn out to be broken."""
    spoiled = packed_zeros(1_000_000)[:-8] + b"\xff" * 8
    return png_with([(b"zTXt", b"Comment\0\0" + spoiled)] * 2_000)


@cache
def exif_bomb() -> bytes:
    """Five thousand EXIF entries that all point at the same 60 kB: a copying parser takes 300 MB."""
    entries = b"".join(struct.pack("<HHLL", 0xC000 + tag, 7, 60_000, 0) for tag in range(5_000))
    body = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 5_000) + entries
    return with_segments(written(plain((90, 90, 90)), "JPEG"), [(0xE1, body.ljust(65_000, b"\0"))])


@cache
def scan_bomb() -> bytes:
    """A progressive 8 000 × 8 000 JPEG of a few kilobytes with hundreds of scans."""
    data = written(plain((90, 90, 90)), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return with_jpeg_size(data[:last] + data[last:-2] * 300 + data[-2:], 8_000, 8_000)


@cache
def two_sizes_jpeg() -> bytes:
    data = huge_jpeg()
    at = data.index(b"\xff\xc0")
    small = written(plain((90, 90, 90)), "JPEG")
    small_at = small.index(b"\xff\xc0")
    return data[:at] + small[small_at : small_at + 19] + data[at:]


@cache
def two_sizes_png() -> bytes:
    return png_of(ihdr(8, 8), [(b"IHDR", ihdr(50_000, 50_000)), (b"IDAT", _pixels())])


@cache
def polyglot(tail: str) -> bytes:
    """A valid JPEG that is something else as well for whoever reads it from the end."""
    return jpeg() + {"html": html, "zip": zip_file, "pdf": pdf, "film": film}[tail]() + b"LEAKMARKER-TAIL"


@cache
def polyglot_comment() -> bytes:
    """A JPEG whose first comment is a script."""
    return with_segments(jpeg(), [(0xFE, b"*/=1;alert('LEAKMARKER-COMMENT');/*<script>")])


@cache
def lying_profile_jpeg() -> bytes:
    return written(plain((200, 120, 90)), "JPEG", quality=95, icc_profile=b"\xff" * 3_000)


@cache
def many_chunks_png() -> bytes:
    return png_with([(b"teXt", b"")] * 70_000)


@cache
def empty_png() -> bytes:
    return png_of(ihdr(0, 48), [(b"IDAT", _pixels())])


@cache
def lost_palette_png() -> bytes:
    """Says its pixels are numbers of a palette, and brings none."""
    return png_of(ihdr(8, 8, colour=3), [(b"IDAT", zlib.compress(b"\0" * 9 * 8))])
