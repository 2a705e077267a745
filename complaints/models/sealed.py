"""Content at rest: a binary column and a descriptor that encrypts and decrypts it under the key ring."""

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol, Self, overload

from django.conf import settings
from django.db.models import Model

from complaints.crypto.keyring import KeyRing


@lru_cache(maxsize=4)
def _parsed(text: str) -> KeyRing:
    return KeyRing.parse(text)


def active_keyring() -> KeyRing:
    """Return the key ring of this installation; raises KeyRingError when the setting is malformed."""
    return _parsed(settings.KEY_RING)


class Sealable(Protocol):
    """A row that names itself in the authenticated data, so that a ciphertext moved to another row does not open."""

    @property
    def sealed_id(self) -> str: ...


def aad_for(*, model: str, field: str, row: str) -> bytes:
    """Return the authenticated data of one column of one row: model, field, public id."""
    return f"anshao:{model}:{field}:{row}".encode()


# The purpose of the marks that tie what lies sealed to the vault to its tip.
_BOUND = "bound"


class Bound(Protocol):
    """A row with something sealed to the vault: `bound_mark` is a MAC under the key ring over `bound_bytes`.

    The envelope itself is tied to the sending of the tip, which is a plain column: whoever can write to the database
    could swap both between two tips, and one name would open under the number of another (docs/adr/0027).
    """

    bound_mark: Any

    @property
    def bound_bytes(self) -> bytes: ...


def identity_bound(*, number: str, key: str, envelope: str) -> bytes:
    """Return what the mark of a sealed identity covers: public number, idempotency key, SHA-256 of the envelope."""
    return _joined(["identity", number, key, sha256(envelope.encode()).hexdigest()])


def claim_bound(*, number: str, key: str, envelope: str) -> bytes:
    """Return what the mark of sealed payment details covers; that of an identity says another word."""
    return _joined(["claim", number, key, sha256(envelope.encode()).hexdigest()])


def original_bound(*, number: str, binding: str, photo: str, sealed_sha256: str) -> bytes:
    """Return what the mark of a sealed original covers; `binding` is what it was sealed with, `photo` its public id."""
    return _joined(["original", number, binding, photo, sealed_sha256])


def _joined(parts: Iterable[str]) -> bytes:
    return json.dumps(list(parts), separators=(",", ":")).encode()


def mark_for(bound: bytes) -> bytes:
    """Return the mark of what is bound, under the active key."""
    return active_keyring().digest(bound, purpose=_BOUND)


def is_bound(row: Bound) -> bool:
    """Whether a key of the ring tied this row to its tip as it stands."""
    return bytes(row.bound_mark) in active_keyring().digests(row.bound_bytes, purpose=_BOUND)


class SealedText:
    """Text stored in the binary column `<name>_sealed`; empty text is stored as empty bytes."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.column = f"{name}_sealed"
        self.memo = f"_{name}_plain"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: Sealable, owner: type) -> str: ...
    def __get__(self, row: Sealable | None, owner: type) -> "str | SealedText":
        if row is None:
            return self
        sealed = bytes(getattr(row, self.column) or b"")
        memo: tuple[bytes, str] | None = row.__dict__.get(self.memo)
        if memo is None or memo[0] != sealed:
            text = self.opened(sealed, model=type(row), row_id=row.sealed_id)
            memo = row.__dict__[self.memo] = (sealed, text)
        return memo[1]

    def __set__(self, row: Sealable, text: str) -> None:
        sealed = active_keyring().encrypt(text.encode(), aad=self.aad(row)) if text else b""
        setattr(row, self.column, sealed)

    def opened(self, sealed: bytes, *, model: type[Any], row_id: str) -> str:
        """Return the text of a column that was read without its row; `row_id` is what `sealed_id` of the row is.

        Raises:
            DecryptionError: altered, of another row, or its key is not in the ring.
        """
        if not sealed:
            return ""
        aad = aad_for(model=model._meta.model_name, field=self.name, row=row_id)
        return active_keyring().decrypt(sealed, aad=aad).decode()

    def aad(self, row: Any) -> bytes:
        """Return what binds the ciphertext to its place."""
        return aad_for(model=row._meta.model_name, field=self.name, row=row.sealed_id)


def sealed_fields(model: type[Model]) -> list[SealedText]:
    """Return the encrypted texts of a model, those of its parents included."""
    return [value for part in model.__mro__ for value in vars(part).values() if isinstance(value, SealedText)]
