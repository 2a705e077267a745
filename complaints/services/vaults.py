"""Vaults: key pairs for custodians, and the public keys that tips are sealed to."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from secrets import token_bytes

from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, connection, transaction

from complaints.crypto import envelope as cipher
from complaints.crypto import keyfile, sheets
from complaints.enums import KeyOrigin
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


def note_key_file(*, origin: KeyOrigin, version: int, fingerprint: str, at: datetime) -> bool:
    """Log that the command line wrote a key file; False where no database knows this key.

    On a computer without the portal's database there is nothing to write to, and nothing is made there. Who sat at the
    keyboard is not known: the row names nobody.
    """
    is_file, name = connection.vendor == "sqlite", str(connection.settings_dict["NAME"])
    if is_file and not Path(name).is_file():
        return False
    try:
        if not Vault.objects.filter(version=version, fingerprint=fingerprint).exists():
            return False
        audit.record(
            action=f"vault.key_{origin.value}",
            at=at,
            subject=f"vault:{version}",
            data={"fingerprint": fingerprint, "by": "command"},
        )
    except DatabaseError:
        return False
    return True


@transaction.atomic
def register_vault(
    *, public_key: bytes, version: int, since: date, at: datetime, actor: User | None = None
) -> Vault:
    """Store the public key of a vault; the same key under the same version again changes nothing.

    A version is the next one after the newest, and a key has one version: nobody can put a known key into use a second
    time, or skip numbers so that no further version fits.

    Raises:
        VaultTaken: the key is registered under another version, or the version is not the next one.
        ValueError: the bytes are no public key that can be sealed to.
    """
    _require_usable(public_key)
    versions = {vault.version: bytes(vault.public_key) for vault in Vault.objects.all()}
    if versions.get(version) == public_key:
        return Vault.objects.get(version=version)
    if public_key in versions.values() or version != max(versions, default=0) + 1:
        raise VaultTaken
    vault = _insert(
        Vault(
            version=version,
            suite=cipher.SUITE,
            public_key=public_key,
            fingerprint=cipher.fingerprint(public_key),
            since_date=since,
        )
    )
    audit.record(
        action="vault.registered",
        at=at,
        actor=actor,
        subject=f"vault:{version}",
        data={"fingerprint": vault.fingerprint},
    )
    return vault


def _require_usable(public_key: bytes) -> None:
    """Seal something to a key: bytes of the right length may still be none; raises ValueError."""
    if len(public_key) != cipher.PUBLIC_KEY_BYTES:
        raise ValueError(f"a public key has {cipher.PUBLIC_KEY_BYTES} bytes, not {len(public_key)}")
    try:
        cipher.seal(public_key=public_key, plaintext=b"trial", info=b"anshao:1:trial")
    except cipher.EnvelopeError as error:
        raise ValueError("nothing can be sealed to this key") from error


def _insert(vault: Vault) -> Vault:
    """Insert a version; of two people who make the next one at the same moment one succeeds."""
    try:
        with transaction.atomic():
            vault.save(force_insert=True)
    except IntegrityError:
        raise VaultTaken from None
    return vault
