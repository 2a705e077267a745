"""The vault in use, checked against the fingerprint pinned in settings."""

import logging

from complaints.crypto.envelope import fingerprint
from complaints.errors import VaultUnavailable
from complaints.models import Vault

logger = logging.getLogger(__name__)


def current_vault(*, pinned: str) -> Vault:
    """Return the newest vault; raises VaultUnavailable unless its public key has the pinned fingerprint.

    The fingerprint is computed from the key each time: the stored one proves nothing after a swap.
    """
    vault = _newest()
    if vault is None or fingerprint(bytes(vault.public_key)) != pinned:
        raise VaultUnavailable
    return vault


def newest_fingerprint() -> str:
    """Return the fingerprint of the newest vault's key, computed from the key; empty when there is none."""
    vault = _newest()
    return fingerprint(bytes(vault.public_key)) if vault else ""


def _newest() -> Vault | None:
    return Vault.objects.order_by("-version").first()


def trusted_vault(*, pinned: str) -> Vault | None:
    """Return the newest vault, or None with an alarm in the log when its key is not the pinned one."""
    try:
        return current_vault(pinned=pinned)
    except VaultUnavailable:
        logger.critical("identity vault: the key in the database is not the one pinned in VAULT_FINGERPRINT")
        return None
