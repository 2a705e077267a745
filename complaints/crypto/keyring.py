"""The server's key ring: encryption at rest and keyed digests, with rotation.

The ring's 32-byte keys encrypt nothing themselves: every purpose has its own sub-key by
HKDF (RFC 5869), so that encryption and MAC keys differ. Algorithms: see `suites`.

A key whose content was all encrypted anew may be cut down to a remnant: the sub-keys of its lasting marks and no more.
It still recognises receipts and audit records made under it, and opens nothing.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from . import base64text
from .errors import CryptoError, DecryptionError, KeyRingError
from .suites import Suite, suite_named

__all__ = ["DecryptionError", "KeyRing", "KeyRingError"]

KEY_BYTES: Final = 32
# Marks nobody can compute anew: receipts are known to their holders alone, a record of the audit log is never changed.
LASTING: Final = ("audit", "receipt-tag")
# Remnants made earlier also sealed the end of the log; they are read, and none is made any more.
_KNOWN: Final = (*LASTING, "audit-head")
_REMNANT: Final = "only"
_UNTIL: Final = "until"
_VERSION: Final = 1
_ID = re.compile(r"[a-z0-9]{1,16}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_SHAPE: Final = "expected id:suite:base64 of 32 bytes, entries separated by commas"


@dataclass(frozen=True, kw_only=True)
class _Entry:
    id: str
    suite: Suite
    secret: bytes = field(default=b"", repr=False)
    # Of a remnant: the sub-keys that are left, by purpose.
    marks: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    # Of a remnant: the last record of the audit log the key may have signed; None where the entry does not say.
    until: int | None = None

    def subkey(self, *, purpose: str, length: int) -> bytes:
        info = f"anshao:1:{self.suite.name}:{self.id}:{purpose}".encode()
        return self.suite.derive(key=self.secret, info=info, length=length)

    @cached_property
    def cipher_key(self) -> bytes:
        # Kept: a search opens thousands of texts, and to derive it takes as long as to open one.
        if not self.secret:
            raise DecryptionError("its key was cut down to marks and opens nothing")
        return self.subkey(purpose="encrypt", length=self.suite.key_bytes)

    def mark_key(self, purpose: str) -> bytes:
        if not self.secret:
            return self.marks[purpose]
        return self.subkey(purpose=f"mac:{purpose}", length=KEY_BYTES)

    def can_mark(self, purpose: str) -> bool:
        return bool(self.secret) or purpose in self.marks

    def digest(self, *, data: bytes, purpose: str) -> bytes:
        return self.suite.mac(key=self.mark_key(purpose), data=data)

    @cached_property
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

        After the first, newest first, `id:suite:only:purpose=base64;…;until=N` may stand for a key that was cut down
        to its marks and signed no record of the audit log after number N; without `until` it is not bounded.

        Raises:
            KeyRingError: empty, malformed, or an id or key that appears twice. There is
                no default key to fall back to; the message names the entry, never the key.
        """
        if not text.strip():
            raise KeyRingError(f"KEY_RING is empty: {_SHAPE}")
        entries = [_entry(part.strip(), place) for place, part in enumerate(text.split(","), start=1)]
        if len({entry.id for entry in entries}) < len(entries):
            raise KeyRingError("KEY_RING names a key id twice")
        whole = [entry.secret for entry in entries if entry.secret]
        if len(set(whole)) < len(whole):
            raise KeyRingError("KEY_RING holds the same key twice")
        if not entries[0].secret:
            raise KeyRingError("KEY_RING entry 1: the active key must be a whole one")
        return cls(entries)

    @classmethod
    def generate(cls, *, key_id: str, suite: str) -> str:
        """Return one new `KEY_RING` entry with a random key; raises KeyRingError for a bad id or suite."""
        entry = f"{key_id}:{suite}:{base64text.encode(secrets.token_bytes(KEY_BYTES))}"
        cls.parse(entry)
        return entry

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, active first."""
        return tuple(self._entries)

    @property
    def whole_ids(self) -> frozenset[str]:
        """The ids of the keys that still open content."""
        return frozenset(entry.id for entry in self._entries.values() if entry.secret)

    @property
    def unbounded_ids(self) -> frozenset[str]:
        """The ids of remnants that do not name the last record they may have signed."""
        return frozenset(
            entry.id for entry in self._entries.values() if not entry.secret and entry.until is None
        )

    def age(self, key_id: str) -> int:
        """Return how many newer keys the ring holds: 0 for the active one. Raises ValueError for an unknown id."""
        return self.ids.index(key_id)

    def may_sign(self, key_id: str, *, sequence: int) -> bool:
        """Whether this key may have signed so late a record of the audit log."""
        until = self._entries[key_id].until
        return until is None or sequence <= until

    @property
    def active_id(self) -> str:
        """The id of the key that encrypts."""
        return self._active.id

    @property
    def suite_name(self) -> str:
        """The suite of the active key."""
        return self._active.suite.name

    def remnant(self, key_id: str, *, until: int) -> str:
        """Return the `KEY_RING` entry that is left of a key: the sub-keys of its lasting marks. It is a secret too.

        Args:
            until: number of the last record of the audit log the key signed. It stands in the settings, out of reach
                of whoever holds only the database.

        Raises:
            KeyRingError: no such key, it is the active one, or it was cut down and bounded already.
        """
        entry = self._entries.get(key_id)
        if entry is None or entry is self._active or entry.until is not None:
            raise KeyRingError(f"{key_id} is no older key of this ring that can be cut down")
        marks = [
            f"{name}={base64text.encode(entry.mark_key(name))}" for name in LASTING if entry.can_mark(name)
        ]
        return f"{entry.id}:{entry.suite.name}:{_REMNANT}:{';'.join([*marks, f'{_UNTIL}={until}'])}"

    def encrypt(self, plaintext: bytes, *, aad: bytes) -> bytes:
        """Return a token that names version, suite and key id, sealed with the active key.

        `aad` says where the token belongs (model, field, public id); elsewhere it does not open.
        """
        header = self._active.header
        key = self._active.cipher_key
        return header + self._active.suite.seal(key=key, plaintext=plaintext, aad=header + aad)

    def decrypt(self, token: bytes, *, aad: bytes) -> bytes:
        """Return the plain text; raises DecryptionError: malformed, altered, moved, or key unknown."""
        token = bytes(token)  # database drivers hand out memoryview
        entry = self._entry_of(token)
        if entry is None:
            raise DecryptionError("malformed token, or its key is not in the ring")
        header = entry.header
        return entry.suite.open(key=entry.cipher_key, sealed=token[len(header) :], aad=header + aad)

    def is_active(self, token: bytes) -> bool:
        """Tell whether the active key made this token, without opening it; False for other bytes."""
        return bytes(token).startswith(self._active.header)

    def digest(self, data: bytes, *, purpose: str) -> bytes:
        """Return the 32-byte MAC of `data` under the active key, different for every purpose."""
        return self._active.digest(data=data, purpose=_named(purpose))

    def digests(self, data: bytes, *, purpose: str) -> list[bytes]:
        """Return one MAC per key of the ring, active first: what was stored under an older key."""
        return list(self.digests_by_key(data, purpose=purpose).values())

    def digests_by_key(self, data: bytes, *, purpose: str) -> dict[str, bytes]:
        """Return the same MACs by the id of their key; a key cut down to other marks makes none."""
        able = [entry for entry in self._entries.values() if entry.can_mark(_named(purpose))]
        return {entry.id: entry.digest(data=data, purpose=purpose) for entry in able}

    def _entry_of(self, token: bytes) -> _Entry | None:
        return next((e for e in self._entries.values() if token.startswith(e.header)), None)


def _entry(part: str, place: int) -> _Entry:
    pieces = part.split(":")
    is_remnant = len(pieces) == 4 and pieces[2] == _REMNANT
    if len(pieces) != 3 and not is_remnant:
        raise KeyRingError(f"KEY_RING entry {place}: {_SHAPE}")
    if not _ID.fullmatch(pieces[0]):
        raise KeyRingError(f"KEY_RING entry {place}: the id must be 1 to 16 of a-z and 0-9")
    try:
        suite = suite_named(pieces[1])
    except CryptoError as error:
        raise KeyRingError(f"KEY_RING entry {place}: {error}") from None
    if is_remnant:
        marks, until = _marks(pieces[3], place)
        return _Entry(id=pieces[0], suite=suite, marks=marks, until=until)
    return _Entry(id=pieces[0], suite=suite, secret=_secret(pieces[2], place))


def _marks(text: str, place: int) -> tuple[dict[str, bytes], int | None]:
    pairs = [one.partition("=") for one in text.split(";")]
    bounds = [value for name, _equals, value in pairs if name == _UNTIL]
    marks = [(name, key) for name, _equals, key in pairs if name != _UNTIL]
    if not marks or any(name not in _KNOWN for name, _key in marks):
        raise KeyRingError(f"KEY_RING entry {place}: known marks are {', '.join(_KNOWN)}")
    if len(bounds) > 1 or any(not _NUMBER.fullmatch(bound) for bound in bounds):
        raise KeyRingError(f"KEY_RING entry {place}: {_UNTIL} must be one whole number")
    return {name: _secret(key, place) for name, key in marks}, int(bounds[0]) if bounds else None


def _secret(text: str, place: int) -> bytes:
    try:
        secret = base64text.decode(text)
    except ValueError:
        raise KeyRingError(f"KEY_RING entry {place}: the key is not canonical base64") from None
    if len(secret) != KEY_BYTES:
        raise KeyRingError(f"KEY_RING entry {place}: the key must be {KEY_BYTES} bytes, is {len(secret)}")
    return secret


def _named(purpose: str) -> str:
    if not purpose:
        raise ValueError("a digest needs a purpose")
    return purpose
