"""What authenticator apps share with us, and the seeds of recovery codes: sealed under the key ring, like content.

Those of before hang on SECRET_KEY (`portal.shared.secretbox`); they open as long as it is the same, and a rotation
brings them under the ring. allauth's hooks do not say whose secret they seal, so a secret is not tied to its person.
"""

import base64
from dataclasses import dataclass
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db import transaction

from complaints.crypto.errors import DecryptionError
from complaints.models.sealed import aad_for, active_keyring
from portal.shared import secretbox
from portal.shared.secretbox import SecretUnreadable

PREFIX: Final = "r1:"
# Where allauth keeps a secret in the data of a row.
FIELDS: Final = ("secret", "seed")
_AAD: Final = aad_for(model="mfa.Authenticator", field="data", row="")


@dataclass(kw_only=True)
class Renewed:
    """How many authenticators were sealed anew, and which no key of the ring opens."""

    count: int = 0
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Of how many authenticators the secret cannot be opened, and how many hang on SECRET_KEY still."""

    unreadable: int
    under_secret_key: int


def seal(text: str) -> str:
    """Return a secret encrypted under the active key, as printable characters that name their own version."""
    token = active_keyring().encrypt(text.encode(), aad=_AAD)
    return PREFIX + base64.urlsafe_b64encode(token).decode()


def read_secret(sealed: str) -> str:
    """Return the clear text; raises SecretUnreadable: changed, or under a key that is not here."""
    if not sealed.startswith(PREFIX):
        return secretbox.read(sealed)
    try:
        return active_keyring().decrypt(_token(sealed), aad=_AAD).decode()
    except (DecryptionError, ValueError) as error:
        raise SecretUnreadable("another key or a changed text") from error


def renew() -> Renewed:
    """Seal what is not under the active key anew, each row by itself; a second call finds nothing left.

    What hung on a SECRET_KEY that is gone is left: no key of the ring is needed for it, `standing` counts it.
    """
    done = Renewed()
    for row_id, data in list(Authenticator.objects.order_by("pk").values_list("pk", "data")):
        if not is_active(data):
            _renew(row_id, done)
    return done


@transaction.atomic
def _renew(row_id: int, done: Renewed) -> None:
    row = Authenticator.objects.select_for_update().filter(pk=row_id).first()
    if row is None or is_active(row.data):
        return
    try:
        row.data = {name: _again(name, value) for name, value in row.data.items()}
    except SecretUnreadable:
        if not _is_of_before(row.data):
            done.unreadable = (*done.unreadable, f"{row._meta.label} {row.pk}")
        return
    row.save(update_fields=["data"])
    done.count += 1


def _again(name: str, value: Any) -> Any:
    return seal(read_secret(value)) if name in FIELDS else value


def needs_older_key() -> bool:
    """Whether the secret of an authenticator lies under another key of the ring than the active one."""
    rows = Authenticator.objects.values_list("data", flat=True)
    return any(not is_active(data) and not _is_of_before(data) for data in rows)


def standing() -> Standing:
    """Return what an operator must know of; reads every authenticator once."""
    rows = list(Authenticator.objects.values_list("data", flat=True))
    return Standing(
        unreadable=sum(not _opens(data) for data in rows),
        under_secret_key=sum(_is_of_before(data) for data in rows),
    )


def is_active(data: dict[str, Any]) -> bool:
    """Whether the secrets of a row lie under the active key of the ring."""
    ring = active_keyring()
    return all(one.startswith(PREFIX) and ring.is_active(_token(one)) for one in _secrets(data))


def _is_of_before(data: dict[str, Any]) -> bool:
    return any(not one.startswith(PREFIX) for one in _secrets(data))


def _opens(data: dict[str, Any]) -> bool:
    try:
        for one in _secrets(data):
            read_secret(one)
    except SecretUnreadable:
        return False
    return True


def _secrets(data: dict[str, Any]) -> list[str]:
    return [str(data[name]) for name in FIELDS if name in data]


def _token(sealed: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(sealed.removeprefix(PREFIX))
    except ValueError:
        return b""
