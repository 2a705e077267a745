"""Sealed originals: round trips, other tips, and bytes that somebody touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.crypto import envelope, filecipher
from complaints.crypto.errors import DecryptionError, EnvelopeError

SEED = bytes(range(32))
PUBLIC_KEY = envelope.public_key_of(SEED)
BODY_START = 4 + 1 + 4 + 1120 + 16 + 32


def sealed_file(data: bytes = b"\xff\xd8photo", *, vault: int = 3) -> bytes:
    return filecipher.seal_file(data=data, public_key=PUBLIC_KEY, vault=vault, binding="tip-1")


def opened(sealed: bytes, *, seed: bytes = SEED, binding: str = "tip-1", field: str = "original") -> bytes:
    return filecipher.open_file(seed=seed, sealed=sealed, binding=binding, field=field)


SEALED = sealed_file()


@settings(max_examples=40)
@given(data=st.binary(max_size=5000))
def test_round_trip(data: bytes) -> None:
    assert opened(sealed_file(data)) == data


def test_an_empty_file_round_trips() -> None:
    assert opened(sealed_file(b"")) == b""


def test_the_header_says_what_it_is() -> None:
    assert SEALED[:9] == b"ANSF\x01\x00\x00\x00\x03"
    assert len(SEALED) == BODY_START + 12 + len(b"\xff\xd8photo") + 16
    assert filecipher.vault_of(SEALED) == 3


def test_every_file_has_its_own_key() -> None:
    first, second = sealed_file(), sealed_file()

    assert first[9:41] != second[9:41]
    with pytest.raises(DecryptionError):
        opened(first[:BODY_START] + second[BODY_START:])


def test_nothing_of_the_file_shows() -> None:
    marker = b"GPSLatitude 34.2658"

    assert marker not in sealed_file(marker * 50)


@pytest.mark.parametrize("binding", ["tip-2", "TIP-1"])
def test_a_file_of_another_tip_does_not_open(binding: str) -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED, binding=binding)


def test_a_file_of_another_field_does_not_open() -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED, field="identity")


def test_another_seed_does_not_open() -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED, seed=bytes(32))


def test_a_file_relabelled_for_another_vault_does_not_open() -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED[:8] + b"\x04" + SEALED[9:])


def test_flipped_bits_are_noticed_everywhere() -> None:
    positions = [*range(9), *range(9, BODY_START, 97), *range(BODY_START, len(SEALED))]

    for position in positions:
        flipped = bytearray(SEALED)
        flipped[position] ^= 1 << position % 8
        with pytest.raises(DecryptionError):
            opened(bytes(flipped))


@pytest.mark.parametrize("length", [0, 3, 8, 9, 1176, BODY_START, BODY_START + 27, len(SEALED) - 1])
def test_truncated_files_do_not_open(length: int) -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED[:length])


def test_appended_bytes_are_noticed() -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED + b"\0")


@given(noise=st.binary(max_size=BODY_START + 60))
def test_noise_is_not_a_sealed_file(noise: bytes) -> None:
    with pytest.raises(DecryptionError):
        filecipher.vault_of(noise)


def test_a_vault_beyond_the_range_is_not_a_sealed_file() -> None:
    with pytest.raises(DecryptionError, match="not a sealed file"):
        opened(b"ANSF\x01\xff\xff\xff\xff" + SEALED[9:])


def test_a_bad_key_or_place_is_refused_when_sealing() -> None:
    with pytest.raises(EnvelopeError):
        filecipher.seal_file(data=b"", public_key=PUBLIC_KEY[:-1], vault=1, binding="tip-1")
    with pytest.raises(EnvelopeError):
        filecipher.seal_file(data=b"", public_key=PUBLIC_KEY, vault=1, binding="")
