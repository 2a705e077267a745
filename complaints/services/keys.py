"""The vault's public keys and who holds a key file. The secret half never comes here: custodians' browsers have it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints import policies
from complaints.enums import KeyFault, KeyOrigin
from complaints.errors import ComplaintError, KeyRefused, NotAllowed, StorageFull, TooBusy
from complaints.models import KeyHolding, Vault
from complaints.selectors.keys import custodians

from . import audit
from .vaults import register_vault

P = ParamSpec("P")
R = TypeVar("R")


def refused_key_acts_are_logged(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a service (`actor`, `at` by keyword): what it refuses leaves one audit row, after its own is undone."""

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def inner(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return service(*args, **kwargs)
            except (StorageFull, TooBusy):
                raise
            except ComplaintError as error:
                _log_refusal(error, act=act, values=kwargs)
                raise

        return inner

    return decorate


@transaction.atomic
def _log_refusal(error: ComplaintError, *, act: str, values: dict[str, Any]) -> None:
    data = {"act": act, "code": error.code}
    audit.record(action="vault.refused", at=values["at"], actor=values["actor"], subject="vault", data=data)


def require_custodian(*, actor: User) -> None:
    """Raise NotAllowed for anybody but a custodian; running the machine gives no right here."""
    if not policies.keeps_keys(actor):
        raise NotAllowed


@refused_key_acts_are_logged("register")
@transaction.atomic
def register_key(*, actor: User, version: int, public_key: bytes, fingerprint: str, at: datetime) -> Vault:
    """Store the public half of a key a custodian's browser made, and that this custodian holds its file.

    It is used once the settings pin its fingerprint.

    Args:
        fingerprint: as the browser computed it; guards against a key that was cut or swapped on the way.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: the bytes are no public key, or the fingerprint is another.
        VaultTaken: the version holds another key, or a newer version exists.
    """
    require_custodian(actor=actor)
    try:
        vault = register_vault(
            public_key=public_key, version=version, since=timezone.localdate(at), at=at, actor=actor
        )
    except ValueError:
        raise KeyRefused(KeyFault.BAD_KEY) from None
    _require_fingerprint(vault, fingerprint)
    _hold(vault=vault, holder=actor, origin=KeyOrigin.MADE, at=at)
    return vault


@refused_key_acts_are_logged("hand_over")
@transaction.atomic
def record_handover(
    *, actor: User, version: int, fingerprint: str, holder_id: int, at: datetime
) -> KeyHolding:
    """Note that a custodian wrapped a key file for another one; the file itself stays on their machine.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: unknown version, another fingerprint, or the receiver is no other custodian.
    """
    require_custodian(actor=actor)
    vault = _vault(version)
    _require_fingerprint(vault, fingerprint)
    holder = custodians(but=actor).filter(pk=holder_id).first()
    if holder is None:
        raise KeyRefused(KeyFault.NO_CUSTODIAN)
    return _hold(vault=vault, holder=holder, origin=KeyOrigin.HANDED, at=at, given_by=actor)


@refused_key_acts_are_logged("recover")
@transaction.atomic
def record_recovery(*, actor: User, version: int, fingerprint: str, at: datetime) -> KeyHolding:
    """Note that a custodian made a new key file from two sheets.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: unknown version or another fingerprint.
    """
    require_custodian(actor=actor)
    vault = _vault(version)
    _require_fingerprint(vault, fingerprint)
    return _hold(vault=vault, holder=actor, origin=KeyOrigin.RECOVERED, at=at)


def _vault(version: int) -> Vault:
    vault = Vault.objects.filter(version=version).first()
    if vault is None:
        raise KeyRefused(KeyFault.NO_VAULT)
    return vault


def _require_fingerprint(vault: Vault, fingerprint: str) -> None:
    if vault.fingerprint != fingerprint:
        raise KeyRefused(KeyFault.OTHER_FINGERPRINT)


def _hold(
    *, vault: Vault, holder: User, origin: KeyOrigin, at: datetime, given_by: User | None = None
) -> KeyHolding:
    minute = at.replace(second=0, microsecond=0)
    row = KeyHolding.objects.create(
        vault=vault, holder=holder, origin=origin, given_by=given_by, held_at=minute
    )
    audit.record(
        action=f"vault.key_{origin.value}",
        at=at,
        actor=given_by or holder,
        subject=f"vault:{vault.version}",
        data={"holder": holder.pk, "fingerprint": vault.fingerprint},
    )
    return row
