"""Streams of any length sealed to the vault: chunk by chunk, so that neither side needs the whole in memory.

Layout: magic "ANSB", version (1 byte), vault version (4 bytes, big-endian), wrapped key (1 168 bytes: a random
AES-256-GCM key under HPKE), then chunks of 1 MiB, each with its tag. The nonce of a chunk is its number and whether it
is the last one (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár), so that chunks that are exchanged,
left out or cut off do not open.
"""

import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import envelope
from .errors import DecryptionError, EnvelopeError

__all__ = ["DecryptionError", "EnvelopeError", "SealedWriter", "open_stream"]

CHUNK_BYTES: Final = 1024 * 1024
_TAG_BYTES: Final = 16
_MAGIC: Final = b"ANSB"
_VERSION: Final = 1
_HEADER: Final = struct.Struct(">4sBI")
_NONCE: Final = struct.Struct(">3xQB")
_KEY_BYTES: Final = 32
_WRAPPED_BYTES: Final = envelope.OVERHEAD_BYTES + _KEY_BYTES


class SealedWriter:
    """Takes bytes and writes them sealed; what was written opens only after `finish`."""

    def __init__(self, target: BinaryIO, *, public_key: bytes, vault: int, binding: str, field: str) -> None:
        """Write the head; raises EnvelopeError for a bad key or place."""
        info = envelope.info_text(suite=envelope.SUITE, vault=vault, binding=binding, field=field)
        key = secrets.token_bytes(_KEY_BYTES)
        wrapped = envelope.seal(public_key=public_key, plaintext=key, info=info)
        head = _HEADER.pack(_MAGIC, _VERSION, vault) + wrapped
        target.write(head)
        self._target, self._cipher, self._aad = target, AESGCM(key), head + info
        self._number, self._waiting = 0, bytearray()

    def write(self, data: bytes) -> int:
        """Take some bytes; whole chunks go out as soon as more follows them."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk, an empty one included."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _NONCE.pack(self._number, is_last)
        self._target.write(self._cipher.encrypt(nonce, chunk, self._aad))
        self._number += 1


def open_stream(source: BinaryIO, *, seed: bytes, binding: str, field: str) -> Iterator[bytes]:
    """Yield the plain bytes chunk by chunk.

    Raises:
        DecryptionError: wrong seed or place, altered, exchanged or cut off. Chunks yielded before are whole, but only a
            stream that ends without an error is complete.
    """
    head = source.read(_HEADER.size + _WRAPPED_BYTES)
    vault = _vault_of(head)
    info = envelope.info_text(suite=envelope.SUITE, vault=vault, binding=binding, field=field)
    cipher = AESGCM(envelope.open_sealed(seed=seed, sealed=head[_HEADER.size :], info=info))
    number, chunk = 0, source.read(CHUNK_BYTES + _TAG_BYTES)
    while True:
        following = source.read(CHUNK_BYTES + _TAG_BYTES)
        try:
            yield cipher.decrypt(_NONCE.pack(number, not following), chunk, head + info)
        except (InvalidTag, ValueError):
            raise DecryptionError("the stream was altered or cut off") from None
        if not following:
            return
        number, chunk = number + 1, following


def _vault_of(head: bytes) -> int:
    if len(head) < _HEADER.size + _WRAPPED_BYTES:
        raise DecryptionError("too short to be a sealed stream")
    magic, version, vault = _HEADER.unpack_from(head)
    if magic != _MAGIC or version != _VERSION or vault > envelope.MAX_VAULT:
        raise DecryptionError("not a sealed stream")
    return int(vault)
