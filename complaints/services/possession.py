"""Showing that a key is held: a random number sealed to the vault's public key, which comes back opened, once."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Final
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import KeyFault
from complaints.errors import KeyRefused
from complaints.models import KeyChallenge

from .identity import sealed_number

# Long enough for the passphrase of a key file, short enough to be about this moment.
CHALLENGE_MINUTES: Final = 10
NONCE_BYTES: Final = 32


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """What a browser opens with the key: `envelope` is JSON, tied to `binding`."""

    binding: str
    envelope: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What came back: the challenge's binding and the opened number, both as posted."""

    binding: str
    nonce: str = field(repr=False)


NO_PROOF: Final = Proof(binding="", nonce="")


@transaction.atomic
def new_challenge(*, actor: User, version: int, public_key: bytes, at: datetime) -> Challenge:
    """Seal a fresh random number to a public key; an earlier one of the same person is void from now on.

    Raises:
        KeyRefused: the bytes are no usable public key, or the version is none.
    """
    nonce, public_id = token_hex(NONCE_BYTES), uuid4()
    envelope, fingerprint = sealed_number(
        public_key=public_key, version=version, binding=str(public_id), number=nonce
    )
    KeyChallenge.objects.update_or_create(
        person=actor,
        defaults={
            "public_id": public_id,
            "fingerprint": fingerprint,
            "digest": _digest(nonce),
            "valid_until": at + timedelta(minutes=CHALLENGE_MINUTES),
        },
    )
    return Challenge(binding=str(public_id), envelope=envelope)


def require_proof(*, actor: User, fingerprint: str, proof: Proof, at: datetime) -> None:
    """Take a proof that this person holds the key with this fingerprint; the caller's transaction uses it up.

    Raises:
        KeyRefused: another number, key, person or moment, or it was used before.
    """
    rows = KeyChallenge.objects.select_for_update().filter(person=actor)
    row = next((one for one in rows if str(one.public_id) == proof.binding), None)
    if row is None or at > row.valid_until or row.fingerprint != fingerprint:
        raise KeyRefused(KeyFault.NOT_PROVEN)
    if not hmac.compare_digest(row.digest, _digest(proof.nonce)):
        raise KeyRefused(KeyFault.NOT_PROVEN)
    row.delete()


def _digest(nonce: str) -> str:
    return sha256(nonce.encode()).hexdigest()
