"""The photo sanitiser: what must be gone, what must be kept, and what must be refused."""

import builtins
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFile, ImageStat, PngImagePlugin

from portal.shared import images
from portal.shared.images import CleanImage, CleanPhoto, PhotoError, PhotoFault, PhotoLimits
from tests.portal import photo_samples as samples

ROOT = Path(__file__).parents[2]
JPEG_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}  # JFIF, tables, frame, scan: nothing that can hold words
FOREIGN_WORDS = (
    samples.MARKER,
    b"<script",
    b"xmpmeta",
    b"8BIM",
    b"Exif",
    b"ICC_PROFILE",
    b"PK\x03\x04",
    b"%PDF",
    b"ftyp",
)
JFIF_FACTS = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@cache
def cleaned(name: str) -> CleanPhoto:
    return images.sanitise_photo(samples.ordinary()[name]())


@cache
def cleaned_12mp() -> CleanPhoto:
    return images.sanitise_photo(samples.jpeg_12mp())


def opened(clean: CleanImage) -> Image.Image:
    image = Image.open(BytesIO(clean.data), formats=[clean.format])
    image.load()
    return image


def colour_at(clean: CleanImage, x: float, y: float) -> tuple[int, ...]:
    image = opened(clean)
    value = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(value, tuple)
    return value


def close_to(value: tuple[int, ...], expected: tuple[int, ...], tolerance: int) -> bool:
    return len(value) == len(expected) and all(
        abs(one - other) <= tolerance for one, other in zip(value, expected, strict=True)
    )


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk a JPEG without the code under test; the last item is what follows the end marker."""
    position = 2
    while data[position + 1] != 0xDA:
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        yield data[position + 1], data[position + 4 : position + 2 + length]
        position += 2 + length
    yield 0xDA, b""
    yield 0xD9, data[data.index(b"\xff\xd9", position) + 2 :]


def refused(data: bytes, limits: PhotoLimits = images.DEFAULT_LIMITS) -> PhotoFault:
    with pytest.raises(PhotoError) as caught:
        images.sanitise_photo(data, limits=limits)
    return caught.value.code


def in_a_fresh_process(script: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return run.stdout.strip()


# --- nothing but pixels ----------------------------------------------------------------


def test_the_samples_do_hold_what_must_go() -> None:
    found = {
        marker for marker in samples.MARKERS for build in samples.ordinary().values() if marker in build()
    }

    # Texts and profiles of PNG and JPEG are stored as they are; only compressed ones hide.
    assert found >= set(samples.MARKERS) - {b"LEAKMARKER-TEXT"}
    assert Image.open(BytesIO(samples.png())).info["Author"] == "LEAKMARKER-TEXT"
    assert Image.open(BytesIO(samples.jpeg())).getexif().get_ifd(0x8825)[2] == (34.0, 15.0, 39.0)


@pytest.mark.parametrize("name", samples.ordinary())
def test_no_marker_survives(name: str) -> None:
    photo = cleaned(name)

    left = [word for word in FOREIGN_WORDS if word in photo.shown.data + photo.thumb.data]

    assert left == []


@pytest.mark.parametrize("name", samples.ordinary())
def test_the_files_hold_pixels_only(name: str) -> None:
    for clean in (cleaned(name).shown, cleaned(name).thumb):
        segments = list(jpeg_segments(clean.data))
        image = opened(clean)

        assert {marker for marker, _ in segments[:-1]} <= JPEG_SEGMENTS
        assert [body[:5] for marker, body in segments if marker == 0xE0] == [b"JFIF\0"]
        assert segments[-1][1] == b""
        assert set(image.info) <= JFIF_FACTS
        assert len(image.getexif()) == 0


def test_a_real_photo_loses_everything_but_the_picture() -> None:
    photo = cleaned_12mp()

    assert samples.MARKER not in photo.shown.data + photo.thumb.data
    assert (photo.shown.width, photo.shown.height) == (2000, 1500)
    assert (photo.thumb.width, photo.thumb.height) == (400, 300)
    assert 200_000 < len(photo.shown.data) < 1_500_000
    assert 5_000 < len(photo.thumb.data) < 60_000


def test_the_picture_itself_stays_the_same() -> None:
    reference = samples.scene(samples.BIG).resize((2000, 1500), Image.Resampling.BOX)

    difference = ImageStat.Stat(ImageChops.difference(opened(cleaned_12mp().shown), reference))

    assert max(difference.mean) < 5
    assert max(difference.rms) < 7


def test_a_header_that_was_asked_for_before_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data = samples.jpeg()
    header = images.judged(data)
    monkeypatch.setattr(images, "read_header", None)

    assert images.sanitise_photo(data, header=header) == cleaned("jpeg")


def test_a_header_that_waits_holds_no_second_copy_of_the_photo() -> None:
    header = images.judged(samples.jpeg_12mp())

    copied = sum(len(part) for part in header.parts if isinstance(part, bytes))
    assert copied < 64 * 1024
    assert sum(len(part) for part in header.parts) == len(header.payload)


def test_the_same_photo_gives_the_same_files() -> None:
    assert images.sanitise_photo(samples.jpeg()) == cleaned("jpeg")


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "heic", "mpo"])
def test_what_is_returned_is_what_it_says(name: str) -> None:
    for clean in (cleaned(name).shown, cleaned(name).thumb):
        image = opened(clean)

        assert (clean.format, clean.mime) == ("JPEG", "image/jpeg")
        assert (clean.width, clean.height) == image.size
        assert image.mode == "RGB"


# --- direction -------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_orientation_is_turned_upright(kind: str, orientation: int) -> None:
    photo = images.sanitise_photo(samples.oriented(kind, orientation))

    for clean in (photo.shown, photo.thumb):
        seen = {(x, y): colour_at(clean, 0.25 + x / 2, 0.25 + y / 2) for x, y in samples.QUADRANTS}
        assert (clean.width, clean.height) == samples.UPRIGHT_SIZE
        assert all(close_to(seen[place], colour, 12) for place, colour in samples.QUADRANTS.items()), seen


def test_a_turned_phone_photo_fits_its_long_side() -> None:
    data = samples.with_metadata(samples.written(samples.scene((2400, 1200)), "JPEG"), orientation=6)

    photo = images.sanitise_photo(data)

    assert (photo.shown.width, photo.shown.height) == (1000, 2000)
    assert (photo.thumb.width, photo.thumb.height) == (200, 400)


# --- size ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "shown", "thumb"),
    [
        ((1, 1), (1, 1), (1, 1)),
        ((640, 480), (640, 480), (400, 300)),  # never enlarged
        ((300, 399), (300, 399), (300, 399)),
        ((2000, 1500), (2000, 1500), (400, 300)),
        ((2001, 1500), (2000, 1499), (400, 300)),
        ((1500, 3000), (1000, 2000), (200, 400)),
        ((4001, 2999), (2000, 1499), (400, 300)),
        ((12000, 3), (2000, 1), (400, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_sizes(kind: str, size: tuple[int, int], shown: tuple[int, int], thumb: tuple[int, int]) -> None:
    # One colour makes no photo of this size: what is looked at here is the arithmetic.
    plain = PhotoLimits(max_pixels_per_byte=10_000)
    photo = images.sanitise_photo(
        samples.written(samples.plain((40, 90, 160), size=size), kind), limits=plain
    )

    assert (photo.shown.width, photo.shown.height) == shown
    assert (photo.thumb.width, photo.thumb.height) == thumb
    assert close_to(colour_at(photo.shown, 0.5, 0.5), (40, 90, 160), 3)


@pytest.mark.parametrize(
    ("size", "decoded"),
    [
        ((4000, 3000), (2000, 1500)),
        ((3000, 4000), (1500, 2000)),
        ((4032, 3024), (2016, 1512)),
        ((4032, 2268), (2016, 1134)),  # 16:9
        ((4001, 2999), (2001, 1500)),
        ((8000, 6000), (2000, 1500)),
        ((3900, 2900), (3900, 2900)),  # less than twice: nothing to gain
    ],
)
def test_a_jpeg_is_decoded_reduced(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], decoded: tuple[int, int]
) -> None:
    seen: list[tuple[int, int]] = []
    loaded = ImageFile.ImageFile.load
    monkeypatch.setattr(
        ImageFile.ImageFile, "load", lambda self: (loaded(self), seen.append(self.im.size))[0]
    )

    images.sanitise_photo(samples.written(samples.plain((9, 90, 9), size=size), "JPEG"))

    assert seen[0] == decoded


def test_a_square_box_would_decode_everything() -> None:
    with Image.open(BytesIO(samples.jpeg_12mp())) as square, Image.open(BytesIO(samples.jpeg_12mp())) as true:
        square.draft(None, (2000, 2000))
        true.draft(None, (2000, 1500))

        assert (square.size, true.size) == ((4000, 3000), (2000, 1500))


def test_limits_can_be_set() -> None:
    limits = PhotoLimits(shown_side=320, thumb_side=40)

    photo = images.sanitise_photo(samples.jpeg(), limits=limits)

    assert (photo.shown.width, photo.thumb.width) == (320, 40)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (PhotoLimits(max_bytes=1_000), PhotoFault.TOO_LARGE_BYTES),
        (PhotoLimits(max_pixels=640 * 480 - 1), PhotoFault.TOO_MANY_PIXELS),
        (PhotoLimits(max_side=639), PhotoFault.TOO_MANY_PIXELS),
    ],
)
def test_each_limit_bites_at_its_edge(limits: PhotoLimits, code: PhotoFault) -> None:
    exact = PhotoLimits(max_bytes=len(samples.jpeg()), max_pixels=640 * 480, max_side=640)

    assert refused(samples.jpeg(), limits) == code
    assert images.sanitise_photo(samples.jpeg(), limits=exact).shown.width == 640


def test_webp_has_its_own_pixel_limit() -> None:
    tight = PhotoLimits(max_webp_pixels=640 * 480 - 1)

    assert refused(samples.webp(), tight) == PhotoFault.TOO_MANY_PIXELS
    assert images.sanitise_photo(samples.jpeg(), limits=tight).shown.width == 640


def test_progressive_photos_of_usual_make_pass_the_scan_limit() -> None:
    data = samples.written(samples.scene(), "JPEG", progressive=True)
    scans = data.count(b"\xff\xda")

    least = PhotoLimits(max_pixels=640 * 480, max_passes=scans)
    less = PhotoLimits(max_pixels=640 * 480, max_passes=scans - 1)

    assert scans >= 5
    assert images.sanitise_photo(data, limits=least).shown.width == 640
    assert refused(data, less) == PhotoFault.DAMAGED


# --- colour ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected", "tolerance"),
    [
        ("p3 jpeg", (215, 117, 84), 4),  # wider than sRGB: the same colour needs more red
        ("p3 heic", (215, 117, 84), 5),
        ("cmyk jpeg", (255, 0, 0), 6),
        ("ycck jpeg", (127, 127, 127), 6),
        ("grey jpeg", (100, 100, 100), 3),
        ("16-bit grey png", (0x81, 0x81, 0x81), 3),
        ("16-bit rgb png", (0xC8, 0x64, 0x1E), 3),
        ("palette png", (30, 160, 90), 3),
        ("transparent palette png", (255, 255, 255), 0),
        ("bilevel png", (255, 255, 255), 0),
        ("grey alpha png", (255, 255, 255), 0),
        ("jpeg with broken profile", (200, 120, 90), 4),
    ],
)
def test_colours_become_srgb(name: str, expected: tuple[int, ...], tolerance: int) -> None:
    for clean in (cleaned(name).shown, cleaned(name).thumb):
        assert close_to(colour_at(clean, 0.5, 0.5), expected, tolerance), colour_at(clean, 0.5, 0.5)


def test_a_printer_profile_decides_what_ink_looks_like() -> None:
    cyan = samples.cmyk_jpeg((255, 0, 0, 0), profile=True)
    guessed = samples.cmyk_jpeg((255, 0, 0, 0))

    assert close_to(colour_at(images.sanitise_photo(cyan).shown, 0.5, 0.5), (128, 128, 128), 6)
    assert close_to(colour_at(images.sanitise_photo(guessed).shown, 0.5, 0.5), (0, 255, 255), 6)


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (128, 128, 128)])
def test_neutral_colours_of_a_wide_profile_stay_neutral(colour: tuple[int, int, int]) -> None:
    photo = images.sanitise_photo(samples.p3("PNG", colour))

    assert close_to(colour_at(photo.shown, 0.5, 0.5), colour, 2)


@pytest.mark.parametrize("name", ["alpha png", "alpha webp"])
def test_what_is_transparent_becomes_white(name: str) -> None:
    shown = cleaned(name).shown

    assert close_to(colour_at(shown, 0.1, 0.5), (255, 255, 255), 3)
    assert close_to(colour_at(shown, 0.9, 0.5), (200, 0, 0), 4)


def test_half_transparent_is_mixed_with_white() -> None:
    photo = images.sanitise_photo(samples.alpha_png(alpha=128, colour=(200, 0, 0)))

    assert close_to(colour_at(photo.shown, 0.1, 0.5), (227, 127, 127), 4)


def test_transparent_pixels_do_not_bleed_their_hidden_colour() -> None:
    image = Image.new("RGBA", (4000, 40), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (2001, 0, 4000, 40))

    photo = images.sanitise_photo(samples.written(image, "PNG"))

    pixels = opened(photo.shown).crop((990, 0, 1010, 20)).convert("RGB")
    assert all(red <= blue + 8 for _, (red, _, blue) in pixels.getcolors(400) or [])


# --- several pictures in one file ------------------------------------------------------


def test_of_an_mpo_the_first_picture_is_shown() -> None:
    assert Image.open(BytesIO(samples.mpo())).format == "MPO"

    difference = ImageChops.difference(opened(cleaned("mpo").shown), samples.scene())

    assert max(ImageStat.Stat(difference).mean) < 6


def test_of_a_burst_the_primary_picture_is_shown() -> None:
    assert close_to(colour_at(cleaned("heic burst").shown, 0.5, 0.5), (0, 0, 200), 12)


# --- refusals --------------------------------------------------------------------------


@pytest.mark.parametrize("name", samples.hostile())
def test_hostile_files_are_refused_with_their_code(name: str) -> None:
    build, code = samples.hostile()[name]

    assert refused(build()) == PhotoFault(code)


@pytest.mark.parametrize("name", samples.hostile())
def test_editors_pictures_are_refused_alike(name: str) -> None:
    build, code = samples.hostile()[name]

    with pytest.raises(PhotoError) as caught:
        images.sanitise_image(build(), max_side=1600)

    assert caught.value.code == code


def test_the_code_is_a_plain_string_and_the_error_quotes_nothing() -> None:
    with pytest.raises(PhotoError) as caught:
        images.sanitise_photo(samples.html())

    assert caught.value.code == "NOT_AN_IMAGE"
    assert str(caught.value) == "NOT_AN_IMAGE"


def test_huge_headers_and_bombs_cost_neither_memory_nor_time() -> None:
    """Each is refused before anything of its declared size is allocated."""
    out = in_a_fresh_process("""
        import resource, time
        from portal.shared.images import PhotoError, sanitise_photo
        from tests.portal import photo_samples as samples

        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

        names = ("huge png", "huge jpeg", "huge webp", "huge heic", "zTXt bomb", "iTXt bomb", "iCCP bomb",
                 "text bomb in pieces", "broken text bomb", "scan bomb", "heic item bomb")
        files = [samples.hostile()[name][0]() for name in names] + [samples.exif_bomb()]
        before, started = peak(), time.process_time()
        for data in files:
            try:
                sanitise_photo(data)
            except PhotoError:
                pass
        print(peak() - before, time.process_time() - started)
    """)

    grown_mb, seconds = map(float, out.split())

    assert grown_mb < 40
    assert seconds < 2


def test_the_library_runs_with_its_own_bounds_too() -> None:
    out = in_a_fresh_process("""
        from io import BytesIO
        from PIL import Image
        import portal.shared.images
        from tests.portal import photo_samples as samples

        Image.MAX_IMAGE_PIXELS = 640 * 480 - 1
        try:
            Image.open(BytesIO(samples.jpeg()))
        except Image.DecompressionBombWarning:
            print("refused")
    """)

    assert out == "refused"
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
    assert PngImagePlugin.MAX_TEXT_CHUNK <= 2**20


def test_a_pixel_limit_above_the_librarys_own_does_not_lift_it() -> None:
    wide = PhotoLimits(max_pixels=10**10, max_side=60_000)

    assert refused(samples.huge_png(), wide) == PhotoFault.TOO_MANY_PIXELS


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "heic", "mpo", "p3 jpeg", "alpha png"])
def test_nothing_touches_the_disk(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    data = samples.ordinary()[name]()
    images.sanitise_photo(data)  # what the libraries import, they import now

    def no_file(*args: object, **kwargs: object) -> None:
        raise AssertionError("a file was opened")

    for module, attribute in ((builtins, "open"), (tempfile, "mkstemp"), (tempfile, "TemporaryFile"),
                              (tempfile, "NamedTemporaryFile"), (tempfile, "SpooledTemporaryFile")):  # fmt: skip
        monkeypatch.setattr(module, attribute, no_file)

    assert images.sanitise_photo(data).shown.data


def test_many_senders_at_once_get_their_own_photo() -> None:
    names = ["jpeg", "heic", "webp", "png", "p3 jpeg", "cmyk jpeg"] * 3
    alone = [cleaned(name) for name in names]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda name: images.sanitise_photo(samples.ordinary()[name]()), names))

    assert together == alone


# --- editors' pictures -----------------------------------------------------------------


def png_chunk_names(data: bytes) -> list[bytes]:
    names, position = [], 8
    while position < len(data):
        names.append(data[position + 4 : position + 8])
        position += 12 + int.from_bytes(data[position : position + 4], "big")
    return names


def test_a_transparent_png_stays_a_png_of_pixels_only() -> None:
    clean = images.sanitise_image(samples.alpha_png(), max_side=1600)

    image = opened(clean)

    assert (clean.format, clean.mime, image.mode) == ("PNG", "image/png", "RGBA")
    assert set(png_chunk_names(clean.data)) == {b"IHDR", b"IDAT", b"IEND"}
    assert (samples.MARKER in clean.data, image.info) == (False, {})
    assert [image.getpixel((x, 20)) for x in (2, 60)] == [(200, 0, 0, 0), (200, 0, 0, 255)]


def test_a_transparent_palette_png_stays_transparent() -> None:
    clean = images.sanitise_image(samples.palette_png(transparent=True), max_side=1600)

    assert clean.format == "PNG"
    assert colour_at(clean, 0.5, 0.5)[3] == 0


@pytest.mark.parametrize(
    "data",
    [
        samples.jpeg,
        samples.png,
        samples.heic,
        samples.alpha_webp,
        lambda: samples.alpha_png(alpha=255),  # a screenshot: a channel, but nothing shines through
    ],
)
def test_everything_else_becomes_jpeg(data: Callable[[], bytes]) -> None:
    clean = images.sanitise_image(data(), max_side=1600)

    assert (clean.format, clean.mime) == ("JPEG", "image/jpeg")
    assert samples.MARKER not in clean.data
    assert set(opened(clean).info) <= JFIF_FACTS


@pytest.mark.parametrize(("max_side", "size"), [(1600, (640, 480)), (320, (320, 240)), (100, (100, 75))])
def test_editors_choose_the_longest_side(max_side: int, size: tuple[int, int]) -> None:
    clean = images.sanitise_image(samples.jpeg(), max_side=max_side)

    assert (clean.width, clean.height) == size
    assert opened(clean).size == size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_editors_pictures_stand_upright(orientation: int) -> None:
    clean = images.sanitise_image(samples.oriented("JPEG", orientation), max_side=1600)

    assert close_to(colour_at(clean, 0.1, 0.1), samples.QUADRANTS[0, 0], 12)
    assert close_to(colour_at(clean, 0.9, 0.1), samples.QUADRANTS[1, 0], 12)


# --- the samples others build on -------------------------------------------------------


def test_the_12mp_sample_looks_like_a_photo_and_is_repeatable() -> None:
    data = samples.jpeg_12mp()
    samples.jpeg_12mp.cache_clear()
    samples.scene.cache_clear()

    assert 3_000_000 < len(data) < 6_000_000
    assert samples.jpeg_12mp() == data
    assert Image.open(BytesIO(data)).size == (4000, 3000)
    assert all(re.search(marker, data) for marker in samples.MARKERS if marker[11:] not in (b"TEXT", b"ICC"))


def test_another_seed_is_another_photo() -> None:
    assert samples.jpeg_of(200, 150, 1) != samples.jpeg_of(200, 150, 2)
