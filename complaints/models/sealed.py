"""Content at rest: a binary column and a descriptor that encrypts and decrypts it under the key ring."""

from functools import lru_cache
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
            text = active_keyring().decrypt(sealed, aad=self.aad(row)).decode() if sealed else ""
            memo = row.__dict__[self.memo] = (sealed, text)
        return memo[1]

    def __set__(self, row: Sealable, text: str) -> None:
        sealed = active_keyring().encrypt(text.encode(), aad=self.aad(row)) if text else b""
        setattr(row, self.column, sealed)

    def aad(self, row: Any) -> bytes:
        """Return what binds the ciphertext to its place."""
        return aad_for(model=row._meta.model_name, field=self.name, row=row.sealed_id)


def sealed_fields(model: type[Model]) -> list[SealedText]:
    """Return the encrypted texts of a model, those of its parents included."""
    return [value for part in model.__mro__ for value in vars(part).values() if isinstance(value, SealedText)]
