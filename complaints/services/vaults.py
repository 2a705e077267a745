"""Vaults: key pairs for custodians, and the public keys that tips are sealed to."""

from dataclasses import dataclass, field
from datetime import date, datetime
from secrets import token_bytes

from django.contrib.auth.models import User
from django.db import transaction

from complaints.crypto import envelope as cipher
from complaints.crypto import keyfile, sheets
from complaints.errors import VaultTaken
from complaints.models import Vault

from . import audit


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """A fresh vault: the public half, and the private half wrapped by a passphrase and on three sheets of words."""

    version: int
    public_key: bytes
    fingerprint: str
    key_file: str = field(repr=False)
    sheets: tuple[str, ...] = field(repr=False)


def new_key_pair(*, version: int, passphrase: str, seed: bytes | None = None) -> KeyPair:
    """Return a key pair of this vault version; the seed is made here and leaves only inside the key file and on
    the sheets, of which any two recover it.

    Args:
        seed: 32 bytes; given only for the demo vault, whose key is public knowledge.

    Raises:
        KeyFileError: the passphrase is too short.
        ValueError: the version is not 1 or more.
    """
    secret = seed or token_bytes(cipher.SEED_BYTES)
    public_key = cipher.public_key_of(secret)
    return KeyPair(
        version=version,
        public_key=public_key,
        fingerprint=cipher.fingerprint(public_key),
        key_file=keyfile.wrap(seed=secret, passphrase=passphrase, vault=version),
        sheets=tuple(sheets.split(secret)),
    )


@transaction.atomic
def register_vault(
    *, public_key: bytes, version: int, since: date, at: datetime, actor: User | None = None
) -> Vault:
    """Store the public key of a vault; the same key under the same version again changes nothing.

    Tips are sealed to the newest version, and only while its fingerprint is the one pinned in settings.

    Raises:
        VaultTaken: the version holds another key, or a newer version exists.
        ValueError: the bytes are no public key.
    """
    if len(public_key) != cipher.PUBLIC_KEY_BYTES:
        raise ValueError(f"a public key has {cipher.PUBLIC_KEY_BYTES} bytes, not {len(public_key)}")
    known = Vault.objects.filter(version=version).first()
    if known is not None and bytes(known.public_key) == public_key:
        return known
    if known is not None or Vault.objects.filter(version__gt=version).exists():
        raise VaultTaken
    vault = Vault.objects.create(
        version=version,
        suite=cipher.SUITE,
        public_key=public_key,
        fingerprint=cipher.fingerprint(public_key),
        since_date=since,
    )
    audit.record(
        action="vault.registered",
        at=at,
        actor=actor,
        subject=f"vault:{version}",
        data={"fingerprint": vault.fingerprint},
    )
    return vault
