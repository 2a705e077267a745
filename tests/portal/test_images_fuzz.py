"""Whatever is sent, the sanitiser gives a clean photo or a PhotoError, never anything else."""

from functools import cache
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.shared import images
from portal.shared.images import PhotoError, PhotoFault
from tests.portal import photo_samples as samples

EASY = settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
STARTS = (
    b"",
    b"\xff\xd8\xff",
    b"\xff\xd8\xff\xe1\x00\x40Exif\0\0II*\0",
    samples.PNG_SIGNATURE,
    samples.PNG_SIGNATURE + samples.png_chunk(b"IHDR", samples.ihdr(16, 16)),
    b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0",
    b"RIFF\x40\0\0\0WEBPVP8L",
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\1\0meta\0\0\0\0",
)


@cache
def seeds() -> dict[str, bytes]:
    """Small valid files of every kind, metadata and profiles included: a mutation hits something."""
    tiny = samples.scene((48, 36))
    return {
        "jpeg": samples.with_metadata(samples.written(tiny, "JPEG", icc_profile=samples.p3_profile())),
        "progressive": samples.written(tiny, "JPEG", progressive=True),
        "cmyk": samples.cmyk_jpeg(profile=True),
        "mpo": samples.written(tiny, "MPO", save_all=True, append_images=[tiny]),
        "png": samples.written(tiny, "PNG", icc_profile=samples.p3_profile(), exif=samples.exif_block()),
        "palette": samples.palette_png(transparent=True),
        "grey 16": samples.grey16_png(),
        "webp": samples.written(tiny, "WEBP", exif=samples.exif_block(), icc_profile=samples.p3_profile()),
        "alpha webp": samples.alpha_webp(),
        "heic": samples.oriented("HEIF", 6),
        "burst": samples.heic_burst(),
    }


def outcome(data: bytes) -> str:
    """Sanitise, check what came out, and say which it was; any other exception fails the test."""
    try:
        photo = images.sanitise_photo(data)
    except PhotoError as error:
        return PhotoFault(error.code)
    for clean in (photo.shown, photo.thumb):
        with Image.open(BytesIO(clean.data), formats=["JPEG"]) as image:
            image.load()
            assert (image.size, image.mode) == ((clean.width, clean.height), "RGB")
        assert samples.MARKER not in clean.data
    assert max(photo.shown.width, photo.shown.height) <= 2000
    assert max(photo.thumb.width, photo.thumb.height) <= 400
    return "clean"


@EASY
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=600))
def test_random_bytes(start: bytes, rest: bytes) -> None:
    assert outcome(start + rest) in {*PhotoFault, "clean"}


@EASY
@given(
    kind=st.sampled_from(sorted(seeds())),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12
    ),
)
def test_changed_bytes(kind: str, changes: list[tuple[float, int]]) -> None:
    data = bytearray(seeds()[kind])
    for place, value in changes:
        data[int(place * len(data))] = value

    assert outcome(bytes(data)) in {*PhotoFault, "clean"}


@EASY
@given(
    kind=st.sampled_from(sorted(seeds())),
    place=st.floats(0, 0.2),
    value=st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]),
    width=st.integers(1, 8),
)
def test_extreme_numbers_in_headers(kind: str, place: float, value: int, width: int) -> None:
    data = bytearray(seeds()[kind])
    start = int(place * len(data))
    data[start : start + width] = bytes([value]) * width

    assert outcome(bytes(data)) in {*PhotoFault, "clean"}


@EASY
@given(
    kind=st.sampled_from(sorted(seeds())),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    filling=st.binary(max_size=40),
)
def test_pieces_cut_out_and_put_in(kind: str, cut: tuple[float, float], filling: bytes) -> None:
    data = seeds()[kind]
    first, last = sorted(int(share * len(data)) for share in cut)

    assert outcome(data[:first] + filling + data[last:]) in {*PhotoFault, "clean"}


@EASY
@given(head=st.sampled_from(sorted(seeds())), tail=st.sampled_from(sorted(seeds())), place=st.floats(0, 1))
def test_two_files_joined(head: str, tail: str, place: float) -> None:
    one, other = seeds()[head], seeds()[tail]

    assert outcome(one[: int(place * len(one))] + other[int(place * len(other)) :]) in {*PhotoFault, "clean"}


@pytest.mark.parametrize("kind", sorted(seeds()))
def test_every_length_of_a_cut_file(kind: str) -> None:
    data = seeds()[kind]
    step = max(1, len(data) // 60)

    found = {outcome(data[:length]) for length in range(0, len(data), step)}

    assert outcome(data) == "clean"
    assert found <= {*PhotoFault, "clean"}
    assert PhotoFault.DAMAGED in found


@pytest.mark.parametrize("kind", sorted(seeds()))
def test_anything_may_follow(kind: str) -> None:
    assert outcome(seeds()[kind] + b"LEAKMARKER-TAIL" * 50) == "clean"
