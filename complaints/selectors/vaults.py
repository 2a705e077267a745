"""The vault in use, checked against the fingerprint pinned in settings, and how the other versions stand."""

import logging
from dataclasses import dataclass

from complaints.crypto.envelope import fingerprint
from complaints.enums import KeyState
from complaints.errors import VaultUnavailable
from complaints.models import Vault

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class VaultLine:
    """One version of the vault; `fingerprint` is computed from the key, whatever the row says."""

    vault: Vault
    fingerprint: str
    state: KeyState


def current_vault(*, pinned: str) -> Vault:
    """Return the vault whose public key has the pinned fingerprint; raises VaultUnavailable when none has.

    The fingerprint is computed from the key each time: the stored one proves nothing after a swap. A newer version
    that is not pinned yet waits (docs/adr/0026): tips are sealed to the pinned one meanwhile. Of two rows with the
    pinned key the older one is in use: a second one put in later changes nothing.
    """
    for vault in Vault.objects.order_by("version"):
        if fingerprint(bytes(vault.public_key)) == pinned:
            return vault
    raise VaultUnavailable


def vault_lines(*, pinned: str) -> list[VaultLine]:
    """Return every version with how it stands, the newest first; one query."""
    found = [(vault, fingerprint(bytes(vault.public_key))) for vault in Vault.objects.order_by("-version")]
    in_use = min((vault.version for vault, printed in found if printed == pinned), default=None)
    return [
        VaultLine(vault=vault, fingerprint=printed, state=_state(vault, printed, in_use=in_use))
        for vault, printed in found
    ]


def _state(vault: Vault, printed: str, *, in_use: int | None) -> KeyState:
    if vault.version == in_use:
        return KeyState.IN_USE
    if printed != vault.fingerprint:
        return KeyState.ALTERED
    return KeyState.PENDING if in_use is None or vault.version > in_use else KeyState.EARLIER


def is_pinned(*, pinned: str) -> bool:
    """Whether some version of the vault has the pinned key."""
    return any(line.state == KeyState.IN_USE for line in vault_lines(pinned=pinned))


def trusted_vault(*, pinned: str) -> Vault | None:
    """Return the vault in use, or None with an alarm in the log when no key is the pinned one."""
    try:
        return current_vault(pinned=pinned)
    except VaultUnavailable:
        logger.critical("identity vault: no key in the database is the one pinned in VAULT_FINGERPRINT")
        return None
