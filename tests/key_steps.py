"""A rotation for tests: two vaults, tips sealed to the old one, people who keep keys and one who decides."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User

from complaints.crypto import envelope as cipher
from complaints.crypto import filecipher
from complaints.crypto.envelope import fingerprint, public_key_of
from complaints.enums import SealedKind
from complaints.models import Evidence, SealedIdentity, Tip, Vault
from complaints.models.sealed import mark_for
from complaints.selectors.keys import SealedItem
from complaints.services.evidence import evidence_storage
from complaints.services.keys import ask_for_proof
from complaints.services.possession import Challenge, Proof
from complaints.services.reseals import Moved
from tests.factories import VAULT_SEED, TipFactory, VaultFactory

NEW_SEED = bytes(range(1, 33))
NEW_FINGERPRINT = fingerprint(public_key_of(NEW_SEED))


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """What lies sealed to the old vault, and the new one that the settings name by now."""

    old: Vault
    new: Vault
    tips: tuple[Tip, ...]


def new_vault(**values: Any) -> Vault:
    """Return a second version of the vault, whose key is `NEW_SEED`."""
    row: Vault = VaultFactory(version=2, seed=NEW_SEED, **values)
    return row


def rotation(*, old: Vault, tips: int = 2, photos: int = 1) -> Rotation:
    """Seal names and photos of so many tips to the old vault, then make the new one."""
    made = tuple(TipFactory(real_name=True, photos=photos) for _ in range(tips))
    return Rotation(old=old, new=new_vault(), tips=made)


def resealed(item: SealedItem) -> Moved:
    """Return an identity sealed again for the new vault, as a custodian's browser does it."""
    assert item.kind == SealedKind.IDENTITY
    place = {"binding": item.binding, "field": item.field}
    fields = cipher.open_fields(seed=VAULT_SEED, envelope=cipher.Envelope.parse(item.envelope), **place)
    again = cipher.seal_fields(public_key=public_key_of(NEW_SEED), vault=2, fields=fields, **place)
    return Moved(cursor=item.cursor, before=item.sha256, envelope=again.to_json())


def resealed_file(sealed: bytes, *, binding: str) -> bytes:
    """Return an original sealed again for the new vault."""
    data = filecipher.open_file(seed=VAULT_SEED, sealed=sealed, binding=binding)
    return filecipher.seal_file(data=data, public_key=public_key_of(NEW_SEED), vault=2, binding=binding)


def receive(tip: Tip, envelope: str) -> None:
    """Put an envelope in the place of a tip's own, as if it had come with the tip."""
    row = SealedIdentity.objects.select_related("tip").get(tip=tip)
    row.envelope = envelope
    row.bound_mark = mark_for(row.bound_bytes)
    row.save()


def shown_key(
    actor: User, *, at: datetime, seed: bytes = VAULT_SEED, version: int = 1, key: bytes = b""
) -> Proof:
    """Return the proof that somebody holds a key, as their browser gives it; `key` is one not registered yet."""
    asked = ask_for_proof(actor=actor, version=version, public_key=key, at=at)
    return answered(asked, seed=seed)


def answered(asked: Challenge, *, seed: bytes) -> Proof:
    """Open a challenge with a key."""
    sealed = cipher.Envelope.parse(asked.envelope)
    fields = cipher.open_fields(seed=seed, envelope=sealed, binding=asked.binding, field="possession")
    return Proof(binding=asked.binding, nonce=fields["nonce"])


def opened_names(tip: Tip, *, seed: bytes = NEW_SEED) -> dict[str, str]:
    """Open the identity of a tip as it lies in the database."""
    row = SealedIdentity.objects.get(tip=tip)
    one = cipher.Envelope.parse(row.envelope)
    return cipher.open_fields(seed=seed, envelope=one, binding=tip.idempotency_key, field="identity")


def opened_original(photo: Evidence, *, seed: bytes = NEW_SEED) -> bytes:
    """Open an original as it lies in the storage; its hash is the one the row names."""
    with evidence_storage().open(photo.path_of("original")) as file:
        sealed = file.read()
    assert sha256(sealed).hexdigest() == photo.sealed_sha256
    return filecipher.open_file(seed=seed, sealed=sealed, binding=photo.binding)
