"""Places for decoders: few at once, within a bound of memory, in the order of coming; every place is given back."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from portal.shared.decoders import Places
from portal.shared.images import DEFAULT_LIMITS, PhotoError, decode_bytes, judged, sanitise_photo
from tests.portal import photo_hostile as hostile
from tests.portal.photo_ordinary import heic, jpeg, png, webp
from tests.portal.photo_parts import ihdr, png_of

MIB = 2**20
AT_ONCE = 0.02
PATIENCE = 20.0


@contextmanager
def held(places: Places, *weights: int) -> Iterator[None]:
    """Keep places of these weights taken while the block runs."""
    if not weights:
        yield
        return
    with places.place(weight=weights[0], patience=PATIENCE), held(places, *weights[1:]):
        yield


@pytest.mark.parametrize(
    ("taken", "weight", "is_free"),
    [
        ((), 10, True),
        ((), 1000, True),  # larger than everything: alone
        ((10,), 10, True),
        ((10,), 90, True),
        ((10,), 91, False),
        ((1000,), 0, True),
        ((1000,), 1, False),
        ((10, 10), 0, False),  # both places are taken
    ],
)
def test_who_finds_a_place(taken: tuple[int, ...], weight: int, is_free: bool) -> None:
    places = Places(most=2, most_bytes=100 if taken != (1000,) or weight else 1000)

    with held(places, *taken):
        try:
            with places.place(weight=weight, patience=AT_ONCE):
                found = True
        except TimeoutError:
            found = False

    assert found is is_free
    assert (places.taken, places.taken_bytes, len(places.waiting)) == (0, 0, 0)


def test_a_place_is_given_back_when_decoding_fails() -> None:
    places = Places(most=1, most_bytes=100)

    for _time in range(3):
        with pytest.raises(ValueError, match="broken"), places.place(weight=1, patience=AT_ONCE):
            raise ValueError("broken")

    assert (places.taken, places.taken_bytes) == (0, 0)


def test_a_large_picture_is_not_overtaken_for_ever() -> None:
    places, order, waits = Places(most=4, most_bytes=100), list[str](), threading.Event()

    def decode(name: str, weight: int, before: Callable[[], None]) -> None:
        before()
        with places.place(weight=weight, patience=PATIENCE):
            order.append(name)

    def when_large_waits() -> None:
        waits.wait(PATIENCE)

    with ThreadPoolExecutor(4) as pool:
        with held(places, 50):
            large = pool.submit(decode, "large", 90, lambda: None)
            while not places.waiting:
                threading.Event().wait(0.001)
            waits.set()
            small = [pool.submit(decode, "small", 1, when_large_waits) for _ in range(3)]
            while len(places.waiting) < 4:
                threading.Event().wait(0.001)
        for one in (large, *small):
            one.result(timeout=PATIENCE)

    assert order == ["large", "small", "small", "small"]


def test_never_more_than_allowed_at_once() -> None:
    places, seen = Places(most=3, most_bytes=100), list[tuple[int, int]]()

    def decode(weight: int) -> None:
        with places.place(weight=weight, patience=PATIENCE):
            seen.append((places.taken, places.taken_bytes))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(decode, [40, 60, 1, 99, 30] * 20))

    assert len(seen) == 100
    assert all(count <= 3 and weight <= 100 for count, weight in seen)


# --- what a picture weighs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", [jpeg, png, webp, heic])
def test_a_small_photo_weighs_little(sample: Callable[[], bytes]) -> None:
    assert 0 < decode_bytes(judged(sample())) < 16 * MIB


def png_bomb(side: int, *, colour: int = 2) -> bytes:
    """Return a PNG of few bytes and side × side pixels, all alike."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    rows = hostile.packed_zeros((1 + side * channels) * side)
    return png_of(ihdr(side, side, colour=colour), [(b"IDAT", rows)])


def test_a_bomb_weighs_what_it_unpacks_to() -> None:
    data = png_bomb(2_000)

    assert len(data) < MIB // 8
    assert decode_bytes(judged(data)) >= 2_000 * 2_000 * 4


@pytest.mark.parametrize("sample", [hostile.html, hostile.svg, hostile.pdf, hostile.zip_file, hostile.film])
def test_what_is_no_photo_waits_for_no_place(sample: Callable[[], bytes]) -> None:
    with pytest.raises(PhotoError):
        decode_bytes(judged(sample()))


def test_no_picture_that_is_taken_weighs_more_than_a_worker_can_carry() -> None:
    most = {
        "jpeg": DEFAULT_LIMITS.max_pixels * 4,
        "png": DEFAULT_LIMITS.max_png_pixels * 5,
        "webp": DEFAULT_LIMITS.max_webp_pixels * 16,
        "heic": DEFAULT_LIMITS.max_heic_pixels * 5,
    }

    assert {kind: size for kind, size in most.items() if size > 256 * MIB} == {}


@pytest.mark.parametrize(("ballast", "is_taken"), [(0, False), (200_000, True)])
def test_a_large_picture_of_nothing_is_no_photo(ballast: int, is_taken: bool) -> None:
    """Sixteen million pixels in a few kilobytes: the plainest photo of that size has ten times as many."""
    data = png_bomb(4_000) + b"\0" * ballast

    if is_taken:
        assert decode_bytes(judged(data))
    else:
        with pytest.raises(PhotoError, match="TOO_MANY_PIXELS"):
            decode_bytes(judged(data))
    assert len(png_bomb(4_000)) < 4_000 * 4_000 // DEFAULT_LIMITS.max_pixels_per_byte


def test_a_png_beyond_its_own_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(PhotoError) as refused:
        sanitise_photo(png_bomb(7_200, colour=0))

    assert refused.value.code == "TOO_MANY_PIXELS"
