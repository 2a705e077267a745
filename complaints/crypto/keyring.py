"""The server's key ring: encryption at rest and keyed digests, with rotation.

The ring's 32-byte keys encrypt nothing themselves: every purpose has its own sub-key by
HKDF (RFC 5869), so that encryption and MAC keys differ. Algorithms: see `suites`.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from . import base64text
from .errors import CryptoError, DecryptionError, KeyRingError
from .suites import Suite, suite_named

__all__ = ["DecryptionError", "KeyRing", "KeyRingError"]

KEY_BYTES: Final = 32
_VERSION: Final = 1
_ID = re.compile(r"[a-z0-9]{1,16}")
_SHAPE: Final = "expected id:suite:base64 of 32 bytes, entries separated by commas"


@dataclass(frozen=True, kw_only=True)
class _Entry:
    id: str
    suite: Suite
    secret: bytes = field(repr=False)

    def subkey(self, *, purpose: str, length: int) -> bytes:
        info = f"anshao:1:{self.suite.name}:{self.id}:{purpose}".encode()
        return self.suite.derive(key=self.secret, info=info, length=length)

    def cipher_key(self) -> bytes:
        return self.subkey(purpose="encrypt", length=self.suite.key_bytes)

    def digest(self, *, data: bytes, purpose: str) -> bytes:
        return self.suite.mac(key=self.subkey(purpose=f"mac:{purpose}", length=KEY_BYTES), data=data)

    def header(self) -> bytes:
        name, key_id = self.suite.name.encode(), self.id.encode()
        return bytes([_VERSION, len(name)]) + name + bytes([len(key_id)]) + key_id


class KeyRing:
    """Keys by id. The first one is active: it encrypts; the others only open."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._active = next(iter(self._entries.values()))

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._entries)})"

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Read the `KEY_RING` setting: `id:suite:base64(32 bytes)`, comma separated, active first.

        Raises:
            KeyRingError: empty, malformed, or an id or key that appears twice. There is
                no default key to fall back to; the message names the entry, never the key.
        """
        if not text.strip():
            raise KeyRingError(f"KEY_RING is empty: {_SHAPE}")
        entries = [_entry(part.strip(), place) for place, part in enumerate(text.split(","), start=1)]
        if len({entry.id for entry in entries}) < len(entries):
            raise KeyRingError("KEY_RING names a key id twice")
        if len({entry.secret for entry in entries}) < len(entries):
            raise KeyRingError("KEY_RING holds the same key twice")
        return cls(entries)

    @classmethod
    def generate(cls, *, key_id: str, suite: str) -> str:
        """Return one new `KEY_RING` entry with a random key; raises KeyRingError for a bad id or suite."""
        entry = f"{key_id}:{suite}:{base64text.encode(secrets.token_bytes(KEY_BYTES))}"
        cls.parse(entry)
        return entry

    def encrypt(self, plaintext: bytes, *, aad: bytes) -> bytes:
        """Return a token that names version, suite and key id, sealed with the active key.

        `aad` says where the token belongs (model, field, public id); elsewhere it does not open.
        """
        header = self._active.header()
        key = self._active.cipher_key()
        return header + self._active.suite.seal(key=key, plaintext=plaintext, aad=header + aad)

    def decrypt(self, token: bytes, *, aad: bytes) -> bytes:
        """Return the plain text; raises DecryptionError: malformed, altered, moved, or key unknown."""
        token = bytes(token)  # database drivers hand out memoryview
        entry = self._entry_of(token)
        if entry is None:
            raise DecryptionError("malformed token, or its key is not in the ring")
        header = entry.header()
        return entry.suite.open(key=entry.cipher_key(), sealed=token[len(header) :], aad=header + aad)

    def is_active(self, token: bytes) -> bool:
        """Tell whether the active key made this token, without opening it; False for other bytes."""
        return bytes(token).startswith(self._active.header())

    def digest(self, data: bytes, *, purpose: str) -> bytes:
        """Return the 32-byte MAC of `data` under the active key, different for every purpose."""
        return self._active.digest(data=data, purpose=_named(purpose))

    def digests(self, data: bytes, *, purpose: str) -> list[bytes]:
        """Return one MAC per key of the ring, active first: what was stored under an older key."""
        return [entry.digest(data=data, purpose=_named(purpose)) for entry in self._entries.values()]

    def _entry_of(self, token: bytes) -> _Entry | None:
        return next((e for e in self._entries.values() if token.startswith(e.header())), None)


def _entry(part: str, place: int) -> _Entry:
    key_id, suite, secret = _fields(part, place)
    if not _ID.fullmatch(key_id):
        raise KeyRingError(f"KEY_RING entry {place}: the id must be 1 to 16 of a-z and 0-9")
    try:
        entry = _Entry(id=key_id, suite=suite_named(suite), secret=base64text.decode(secret))
    except CryptoError as error:
        raise KeyRingError(f"KEY_RING entry {place}: {error}") from None
    except ValueError:
        raise KeyRingError(f"KEY_RING entry {place}: the key is not canonical base64") from None
    if len(entry.secret) != KEY_BYTES:
        raise KeyRingError(
            f"KEY_RING entry {place}: the key must be {KEY_BYTES} bytes, is {len(entry.secret)}"
        )
    return entry


def _fields(part: str, place: int) -> tuple[str, str, str]:
    pieces = part.split(":")
    if len(pieces) != 3:
        raise KeyRingError(f"KEY_RING entry {place}: {_SHAPE}")
    return pieces[0], pieces[1], pieces[2]


def _named(purpose: str) -> str:
    if not purpose:
        raise ValueError("a digest needs a purpose")
    return purpose
