"""Streams sealed to the vault: every length comes back, nothing that was touched does, memory stays small."""

import io
import tracemalloc

import pytest

from complaints.crypto import streamcipher
from complaints.crypto.envelope import public_key_of
from complaints.crypto.errors import DecryptionError, EnvelopeError
from complaints.crypto.streamcipher import CHUNK_BYTES, SealedWriter, open_stream

SEED = bytes(range(32))
PUBLIC = public_key_of(SEED)
HEAD = 9 + 1168
PART = CHUNK_BYTES + 16


def sealed(data: bytes, *, step: int = 100_000, binding: str = "b1", field: str = "backup") -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, public_key=PUBLIC, vault=3, binding=binding, field=field)
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
    writer.finish()
    return out.getvalue()


def opened(data: bytes, *, seed: bytes = SEED, binding: str = "b1", field: str = "backup") -> bytes:
    return b"".join(open_stream(io.BytesIO(data), seed=seed, binding=binding, field=field))


@pytest.mark.parametrize(
    "length",
    [0, 1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7],
)
def test_every_length_comes_back(length: int) -> None:
    data = bytes(range(256)) * (length // 256 + 1)

    assert opened(sealed(data[:length])) == data[:length]


def test_how_it_was_written_makes_no_difference_to_what_is_read() -> None:
    data = bytes(3_000_000)

    assert opened(sealed(data, step=1_300_001)) == opened(sealed(data, step=7_919)) == data


WHOLE = sealed(bytes(2 * CHUNK_BYTES + 5))
TOUCHED = {
    "nothing": b"",
    "head cut": WHOLE[:100],
    "no chunk": WHOLE[:HEAD],
    "cut in the last chunk": WHOLE[:-1],
    "last chunk gone": WHOLE[: HEAD + 2 * PART],
    "chunks exchanged": WHOLE[:HEAD]
    + WHOLE[HEAD + PART : HEAD + 2 * PART]
    + WHOLE[HEAD : HEAD + PART]
    + WHOLE[HEAD + 2 * PART :],
    "chunk left out": WHOLE[: HEAD + PART] + WHOLE[HEAD + 2 * PART :],
    "chunk twice": WHOLE[: HEAD + PART] + WHOLE[HEAD:],
    "bytes behind": WHOLE + b"x",
    "bit in a chunk": WHOLE[: HEAD + 50] + bytes([WHOLE[HEAD + 50] ^ 1]) + WHOLE[HEAD + 51 :],
    "bit in the key": WHOLE[:20] + bytes([WHOLE[20] ^ 1]) + WHOLE[21:],
    "other vault": WHOLE[:8] + b"\x04" + WHOLE[9:],
    "other magic": b"ANSF" + WHOLE[4:],
    "other version": WHOLE[:4] + b"\x02" + WHOLE[5:],
    "absurd vault": WHOLE[:5] + b"\xff" * 4 + WHOLE[9:],
}


@pytest.mark.parametrize("data", TOUCHED.values(), ids=TOUCHED)
def test_what_was_touched_does_not_open(data: bytes) -> None:
    with pytest.raises(DecryptionError):
        opened(data)


@pytest.mark.parametrize("place", [{"binding": "b2"}, {"field": "original"}, {"seed": bytes(32)}])
def test_it_opens_in_its_place_with_its_key_only(place: dict[str, object]) -> None:
    with pytest.raises(DecryptionError):
        opened(sealed(b"x"), **place)


def test_a_bad_key_is_refused() -> None:
    with pytest.raises(EnvelopeError):
        SealedWriter(io.BytesIO(), public_key=b"x", vault=1, binding="b", field="backup")


def test_two_streams_of_the_same_bytes_differ() -> None:
    assert sealed(b"same")[HEAD:] != sealed(b"same")[HEAD:]


class Nowhere(io.RawIOBase):
    """Counts bytes and forgets them."""

    size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)


def test_memory_does_not_grow_with_the_length() -> None:
    target, piece = Nowhere(), bytes(65_536)
    writer = SealedWriter(target, public_key=PUBLIC, vault=1, binding="b", field="backup")
    tracemalloc.start()
    for _number in range(480):
        writer.write(piece)
    writer.finish()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert target.size > 480 * 65_536
    assert peak < 6 * streamcipher.CHUNK_BYTES
