"""The vault's public keys and who holds a key file. The secret half never comes here: custodians' browsers have it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from complaints import policies
from complaints.enums import KeyFault, KeyMisfit, KeyOrigin, KeyWork, Problem
from complaints.errors import (
    ComplaintError,
    DraftInvalid,
    FieldProblem,
    KeyRefused,
    NotAllowed,
    TooManyRequests,
)
from complaints.models import KeyHolding, Vault
from complaints.rules.moments import to_minute
from complaints.selectors.keys import custodians, on_their_way

from . import audit
from .possession import Challenge, Proof, new_challenge, require_proof
from .refusals import refusals_go_to
from .vaults import register_vault

P = ParamSpec("P")
R = TypeVar("R")
# A page that goes wild must not fill the log: so many faults of one person within a while.
MOST_FAULTS: Final = 100
FAULT_SECONDS: Final = 60 * 60


def refused_key_acts_are_logged(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a service (`actor`, `at` by keyword): what it refuses leaves one audit row, after its own is undone."""
    return refusals_go_to(lambda error, values: _log_refusal(error, act=act, values=values))


@transaction.atomic
def _log_refusal(error: ComplaintError, *, act: str, values: Mapping[str, Any]) -> None:
    data = {"act": act, "code": error.code}
    audit.record(action="vault.refused", at=values["at"], actor=values["actor"], subject="vault", data=data)


def require_custodian(*, actor: User) -> None:
    """Raise NotAllowed for anybody but a custodian; running the machine gives no right here."""
    if not policies.keeps_keys(actor):
        raise NotAllowed


@refused_key_acts_are_logged("challenge")
@transaction.atomic
def ask_for_proof(*, actor: User, version: int, public_key: bytes, at: datetime) -> Challenge:
    """Return a number sealed to the key of a version, to be opened by whoever holds it.

    Args:
        public_key: of a key that is not registered yet; empty for the one registered under `version`.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: unknown version, or no public key.
    """
    require_custodian(actor=actor)
    key = public_key or bytes(_vault(version).public_key)
    return new_challenge(actor=actor, version=version, public_key=key, at=at)


@refused_key_acts_are_logged("register")
@transaction.atomic
def register_key(
    *, actor: User, version: int, public_key: bytes, fingerprint: str, proof: Proof, at: datetime
) -> Vault:
    """Store the public half of a key a custodian's browser made, and that this custodian holds its file.

    It is used once the settings pin its fingerprint.

    Args:
        fingerprint: as the browser computed it; guards against a key that was cut or swapped on the way.
        proof: that the secret half is there.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: the bytes are no public key, the fingerprint is another, or the secret half was not shown.
        VaultTaken: the key is registered already, or the version is not the next one.
    """
    require_custodian(actor=actor)
    try:
        vault = register_vault(
            public_key=public_key, version=version, since=timezone.localdate(at), at=at, actor=actor
        )
    except ValueError:
        raise KeyRefused(KeyFault.BAD_KEY) from None
    _require_fingerprint(vault, fingerprint)
    require_proof(actor=actor, fingerprint=vault.fingerprint, proof=proof, at=at)
    _hold(vault=vault, holder=actor, origin=KeyOrigin.MADE, at=at)
    return vault


@refused_key_acts_are_logged("hand_over")
@transaction.atomic
def record_handover(
    *, actor: User, version: int, fingerprint: str, holder_id: int, proof: Proof, at: datetime
) -> KeyHolding:
    """Note that a custodian wrapped a key file for another one: it is on its way until that one says so with a proof.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: unknown version, another fingerprint, no other custodian, or the giver showed no key.
    """
    require_custodian(actor=actor)
    vault = _vault(version)
    _require_fingerprint(vault, fingerprint)
    holder = custodians(but=actor).filter(pk=holder_id).first()
    if holder is None:
        raise KeyRefused(KeyFault.NO_CUSTODIAN)
    require_proof(actor=actor, fingerprint=vault.fingerprint, proof=proof, at=at)
    return _hold(vault=vault, holder=holder, origin=KeyOrigin.HANDED, at=at, given_by=actor)


@refused_key_acts_are_logged("receive")
@transaction.atomic
def record_receipt(*, actor: User, version: int, proof: Proof, at: datetime) -> KeyHolding:
    """Note that a custodian opened the key file they were handed, in their own session.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: nothing is on its way to this person, or they showed no key.
    """
    require_custodian(actor=actor)
    vault = _vault(version)
    row = on_their_way(to=actor).select_for_update(of=("self",)).filter(vault=vault).first()
    if row is None:
        raise KeyRefused(KeyFault.NOT_ON_ITS_WAY)
    require_proof(actor=actor, fingerprint=vault.fingerprint, proof=proof, at=at)
    row.received_at = at.replace(second=0, microsecond=0)
    row.save(update_fields=["received_at"])
    _log_key(row, action="vault.key_received", actor=actor, at=at)
    return row


@refused_key_acts_are_logged("recover")
@transaction.atomic
def record_recovery(*, actor: User, version: int, fingerprint: str, proof: Proof, at: datetime) -> KeyHolding:
    """Note that a custodian made a new key file from two sheets.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: unknown version, another fingerprint, or the key was not shown.
    """
    require_custodian(actor=actor)
    vault = _vault(version)
    _require_fingerprint(vault, fingerprint)
    require_proof(actor=actor, fingerprint=vault.fingerprint, proof=proof, at=at)
    return _hold(vault=vault, holder=actor, origin=KeyOrigin.RECOVERED, at=at)


@transaction.atomic
def report_misfit(*, actor: User, work: str, code: str, at: datetime) -> None:
    """Keep that something did not fit in a custodian's browser: page and code from fixed lists, nothing else.

    Raises:
        NotAllowed: not a custodian.
        DraftInvalid: an unknown page or code.
        TooManyRequests: more than `MOST_FAULTS` of one person within an hour; the log says so once.
    """
    require_custodian(actor=actor)
    if work not in KeyWork.values or code not in KeyMisfit.values:
        raise DraftInvalid([FieldProblem(field="fault", problem=Problem.UNKNOWN_CODE)])
    count = _counted_faults(actor)
    if count > MOST_FAULTS + 1:
        raise TooManyRequests
    said = "too_many" if count > MOST_FAULTS else code
    data = {"act": work, "code": said}
    audit.record(action="vault.misfit", at=at, actor=actor, subject="vault", data=data)


def _counted_faults(actor: User) -> int:
    key = f"vault-misfit:{actor.pk}"
    cache.add(key, 0, FAULT_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # the hour ended between the two calls
        return 1


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
    """Store who came by a key file, and how; a file that was handed over has yet to arrive."""
    minute = to_minute(at)
    arrived = None if origin == KeyOrigin.HANDED else minute
    row = KeyHolding.objects.create(
        vault=vault, holder=holder, origin=origin, given_by=given_by, held_at=minute, received_at=arrived
    )
    _log_key(row, action=f"vault.key_{origin.value}", actor=given_by or holder, at=at)
    return row


def _log_key(row: KeyHolding, *, action: str, actor: User, at: datetime) -> None:
    audit.record(
        action=action,
        at=at,
        actor=actor,
        subject=f"vault:{row.vault_id}",
        data={"holder": row.holder_id, "fingerprint": row.vault.fingerprint},
    )
