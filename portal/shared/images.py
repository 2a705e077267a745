"""Turn an untrusted picture into fresh, upright sRGB pixels that tell nothing else."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageCms

from portal.shared.imageformats.faults import PhotoError, PhotoFault
from portal.shared.imageformats.header import Header, Kind
from portal.shared.imageformats.sniff import read_header

__all__ = [
    "DEFAULT_LIMITS",
    "CleanImage",
    "CleanPhoto",
    "PhotoError",
    "PhotoFault",
    "PhotoLimits",
    "decode_bytes",
    "judged",
    "sanitise_image",
    "sanitise_photo",
]

# A HEIC carries pictures beside the picture; none of them is looked at. One thread: senders share the cores.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
# The last line behind our own size check, for every user of Pillow in this process: by itself the library
# only warns between one and two times its limit. Set once, because catching warnings is not thread-safe.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

DECODER_FAULTS = (OSError, ValueError, SyntaxError, EOFError, RuntimeError)
MAX_PROFILE_BYTES = 4 * 2**20
OPAQUE = 255
# Up to here a picture of one colour costs nothing to decode.
PLAIN_PIXELS = 8 * 2**20
# What decoders hold for each pixel; of a JPEG in several passes its coefficients.
PIXEL_BYTES = {Kind.JPEG: 4, Kind.PNG: 5, Kind.WEBP: 16, Kind.HEIC: 5}
# A HEIC is reduced strip by strip; so many rows of the reduced picture at once.
STRIP_ROWS = 64
STRIP_MODES = {"RGB", "RGBA", "L"}
# A JPEG is decoded to less than twice the wanted side.
DRAFT_PIXELS = 4_000 * 4_000
WHITE = (255, 255, 255)
SRGB_NAMES = {"sRGB", "sRGB built-in", "sRGB IEC61966-2.1"}
SRGB = ImageCms.createProfile("sRGB")
UPRIGHT_MOVES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, kw_only=True)
class PhotoLimits:
    """What a picture may cost; sides in pixels.

    `max_pixels` is 64 Mi, so that phones which call themselves 64 MP pass.
    `max_passes` bounds decoding work: scans × pixels of a progressive JPEG, in
    units of the largest picture allowed. WebP has its own pixel limit, because its
    decoder holds 16 bytes per pixel where the others hold 4 to 5; PNG has one, because
    no camera writes it; HEIC has one, as the largest that phones write have 48 million.
    A large picture of far fewer bytes than the plainest photo
    has (`max_pixels_per_byte`) is no photo but something that unpacks without end.
    """

    max_bytes: int = 20 * 2**20
    max_pixels: int = 64 * 2**20
    max_webp_pixels: int = 16 * 2**20
    max_png_pixels: int = 48 * 2**20
    max_heic_pixels: int = 50 * 2**20
    max_side: int = 20_000
    max_passes: int = 16
    max_pixels_per_byte: int = 200
    shown_side: int = 2_000
    thumb_side: int = 400
    quality: int = 82


DEFAULT_LIMITS = PhotoLimits()


@dataclass(frozen=True, kw_only=True)
class CleanImage:
    """A picture written afresh: pixels and nothing else."""

    data: bytes
    width: int
    height: int
    format: str
    mime: str


@dataclass(frozen=True, kw_only=True)
class CleanPhoto:
    """A photo to show and its thumbnail."""

    shown: CleanImage
    thumb: CleanImage


def judged(data: bytes, *, limits: PhotoLimits = DEFAULT_LIMITS) -> Header:
    """Return what the file declares; a large one costs some milliseconds, so ask once and hand it on.

    Raises:
        PhotoError: what the file declares is refused; nothing was decoded.
    """
    return _header(data, limits)


def decode_bytes(header: Header) -> int:
    """Return about how many bytes of memory decoding takes."""
    if header.kind is Kind.JPEG and header.passes == 1:
        # Row by row, and reduced while it is read.
        return min(header.width * header.height, DRAFT_PIXELS) * PIXEL_BYTES[Kind.PNG]
    return header.width * header.height * PIXEL_BYTES[header.kind]


def sanitise_photo(
    data: bytes, *, limits: PhotoLimits = DEFAULT_LIMITS, header: Header | None = None
) -> CleanPhoto:
    """Return a tip's photo and thumbnail as JPEG.

    Nothing is written to disk. Of files that hold several stills (MPO, bursts) the
    first or primary one is taken.

    Args:
        header: what `judged` returned for these bytes, where it was asked before.

    Raises:
        PhotoError: the picture is refused, with the reason in `code`.
    """
    header = header or _header(data, limits)
    picture = _on_white(_upright_srgb(header, limits.shown_side, limits))
    small = picture.resize(
        _fitted(picture.size, limits.thumb_side), Image.Resampling.HAMMING, reducing_gap=2.0
    )
    return CleanPhoto(
        shown=_as_jpeg(picture, limits.quality),
        thumb=_as_jpeg(small, limits.quality),
    )


def sanitise_image(
    data: bytes, *, max_side: int, limits: PhotoLimits = DEFAULT_LIMITS, header: Header | None = None
) -> CleanImage:
    """Return an editor's picture: PNG where a PNG really is transparent, JPEG otherwise.

    Args:
        header: as with `sanitise_photo`.

    Raises:
        PhotoError: the picture is refused, with the reason in `code`.
    """
    header = header or _header(data, limits)
    picture = _upright_srgb(header, max_side, limits)
    if picture.mode == "RGBA" and header.kind is Kind.PNG:
        return _as_png(picture)
    return _as_jpeg(_on_white(picture), limits.quality)


# --- decoding --------------------------------------------------------------------------


def _header(data: bytes, limits: PhotoLimits) -> Header:
    if len(data) > limits.max_bytes:
        raise PhotoError(PhotoFault.TOO_LARGE_BYTES)
    header = read_header(data=data)
    _refuse_size((header.width, header.height), limits)
    pixels = header.width * header.height
    own = {
        Kind.WEBP: limits.max_webp_pixels,
        Kind.PNG: limits.max_png_pixels,
        Kind.HEIC: limits.max_heic_pixels,
    }
    if pixels > own.get(header.kind, pixels):
        raise PhotoError(PhotoFault.TOO_MANY_PIXELS)
    if pixels * header.passes > limits.max_pixels * limits.max_passes:
        raise PhotoError(PhotoFault.DAMAGED)
    # A JPEG is reduced while it is read, however little it says.
    is_empty = header.kind is not Kind.JPEG and pixels > len(data) * limits.max_pixels_per_byte
    if is_empty and pixels > PLAIN_PIXELS:
        raise PhotoError(PhotoFault.TOO_MANY_PIXELS)
    return header


def _upright_srgb(header: Header, max_side: int, limits: PhotoLimits) -> Image.Image:
    """Return upright sRGB pixels in RGB, or in RGBA where something shines through."""
    with _decoder_faults():
        reduced, profile = _reduced(header, max_side, limits)
        picture = _in_srgb(reduced, profile)
        picture = picture.resize(_fitted(picture.size, max_side), Image.Resampling.HAMMING)
    move = UPRIGHT_MOVES.get(header.orientation)
    return picture if move is None else picture.transpose(move)


def _refuse_size(size: tuple[int, int], limits: PhotoLimits) -> None:
    width, height = size
    if min(width, height) < 1:
        raise PhotoError(PhotoFault.DAMAGED)
    if max(width, height) > limits.max_side or width * height > limits.max_pixels:
        raise PhotoError(PhotoFault.TOO_MANY_PIXELS)


@contextmanager
def _decoder_faults() -> Iterator[None]:
    """Decoders report a broken file in many ways; to the caller it is one."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError(PhotoFault.TOO_MANY_PIXELS) from error
    except DECODER_FAULTS as error:
        raise PhotoError(PhotoFault.DAMAGED) from error


def _reduced(header: Header, max_side: int, limits: PhotoLimits) -> tuple[Image.Image, bytes]:
    """Decode no larger than needed: less than twice the wanted side, and the profile."""
    if header.kind is Kind.HEIC and (found := _reduced_heic(header, max_side, limits)):
        return found
    with Image.open(BytesIO(header.payload), formats=[header.kind]) as source:
        _refuse_size(source.size, limits)
        profile = source.info.get("icc_profile") or b""
        if header.kind is Kind.JPEG:
            source.draft(None, _draft_box(source.size, max_side))
        source.load()
        _refuse_size(source.size, limits)
        plain = _without_palette(source)
        return plain.reduce(max(1, max(plain.size) // max_side)), profile


def _reduced_heic(header: Header, max_side: int, limits: PhotoLimits) -> tuple[Image.Image, bytes] | None:
    """Decode a HEIC without a second copy of all its pixels, which Pillow would hold with four bytes each.

    Returns None for the rare modes that Pillow has to read as a whole.
    """
    found = pillow_heif.open_heif(header.payload, convert_hdr_to_8bit=True, remove_stride=False)
    if found.mode not in STRIP_MODES:
        return None
    _refuse_size(found.size, limits)
    pixels, stride, (width, height) = memoryview(found.data), found.stride, found.size
    _refuse_size((width, height), limits)
    factor = max(1, max(width, height) // max_side)
    whole = Image.new(found.mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, STRIP_ROWS * factor):
        rows = min(STRIP_ROWS * factor, height - top)
        data = pixels[top * stride : (top + rows) * stride]
        strip = Image.frombuffer(found.mode, (width, rows), data, "raw", found.mode, stride, 1)  # type: ignore[arg-type]  # any buffer will do
        whole.paste(strip.reduce(factor), (0, top // factor))
    return whole, found.info.get("icc_profile") or b""


def _draft_box(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """Return the wanted size in the picture's own shape, rounded down.

    The decoder takes the smaller of the two ratios: with a square box, or a side
    rounded up, it decodes everything.
    """
    long = max(size)
    return max(1, size[0] * max_side // long), max(1, size[1] * max_side // long)


def _fitted(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    long = max(size)
    if long <= max_side:
        return size
    return max(1, round(size[0] * max_side / long)), max(1, round(size[1] * max_side / long))


# --- colours ---------------------------------------------------------------------------


def _without_palette(image: Image.Image) -> Image.Image:
    """Return L, RGB, RGBA or CMYK with 8 bits: what can be reduced and converted."""
    if image.mode.startswith("I"):
        return _eight_bits(image)
    if image.mode in {"L", "RGB", "RGBA", "CMYK"} and "transparency" not in image.info:
        return image
    if image.mode == "P" and image.palette is None:
        raise PhotoError(PhotoFault.DAMAGED)
    if image.mode == "LA" or image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Keep the high byte of 16-bit grey; Pillow's own conversion cuts off instead of scaling."""
    if image.mode == "I":
        return image.point(lambda value: value / 256).convert("L")
    high = image.tobytes()[0::2] if image.mode == "I;16B" else image.tobytes()[1::2]
    return Image.frombytes("L", image.size, high)


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode != "RGBA":
        return _by_profile(image, profile) or image.convert("RGB")
    alpha = image.getchannel("A")
    colours = image.convert("RGB")
    colours = _by_profile(colours, profile) or colours
    if alpha.getextrema() == (OPAQUE, OPAQUE):
        return colours
    colours.putalpha(alpha)
    return colours


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Convert by the file's own profile; None where there is none that fits."""
    if not profile or len(profile) > MAX_PROFILE_BYTES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if image.mode == "RGB" and source.profile.profile_description in SRGB_NAMES:
            return image  # the commonest profile changes nothing and costs as much as decoding
        return ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None  # a broken profile spoils the colours, not the evidence


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    page = Image.new("RGB", image.size, WHITE)
    page.paste(image, mask=image)
    return page


# --- writing ---------------------------------------------------------------------------


def _as_jpeg(image: Image.Image, quality: int) -> CleanImage:
    """Write baseline JPEG; progressive costs three times the CPU for the same size."""
    buffer = BytesIO()
    _fresh(image).save(buffer, "JPEG", quality=quality, optimize=True)
    return _clean(buffer, image, "JPEG", "image/jpeg")


def _as_png(image: Image.Image) -> CleanImage:
    buffer = BytesIO()
    _fresh(image).save(buffer, "PNG")
    return _clean(buffer, image, "PNG", "image/png")


def _fresh(image: Image.Image) -> Image.Image:
    """Copy the pixels alone: encoders write whatever a decoded image remembers."""
    page = Image.new(image.mode, image.size)
    page.paste(image)
    return page


def _clean(buffer: BytesIO, image: Image.Image, name: str, mime: str) -> CleanImage:
    return CleanImage(data=buffer.getvalue(), width=image.width, height=image.height, format=name, mime=mime)
