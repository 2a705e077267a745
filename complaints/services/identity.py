"""Sealing of names. This module can seal; nothing on the server can open."""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.crypto import base64text, strictjson
from complaints.crypto import envelope as cipher
from complaints.enums import KeyFault, Problem, SealedBy
from complaints.errors import DraftInvalid, FieldProblem, KeyRefused
from complaints.models import SealedClaim, SealedIdentity, Tip, Vault
from complaints.models.sealed import mark_for
from complaints.rules.intake import TipDraft

Sealed = tuple[cipher.Envelope, SealedBy]


def envelope_for(*, draft: TipDraft, vault: Vault) -> Sealed | None:
    """Return the envelope of a real-name draft and where it was sealed, or None for an anonymous one.

    Without JavaScript the server seals here, in memory (the form says so).

    Raises:
        DraftInvalid: the envelope was made for another vault or suite.
    """
    if draft.envelope is not None:
        if draft.envelope.vault != vault.version or draft.envelope.suite != vault.suite:
            raise DraftInvalid([FieldProblem(field="name", problem=Problem.OTHER_VAULT)])
        return draft.envelope, SealedBy.BROWSER
    if not draft.identity:
        return None
    return _seal(fields=draft.identity, vault=vault, binding=draft.idempotency_key), SealedBy.SERVER


def seal_claim(*, fields: Mapping[str, str], vault: Vault, number: str) -> str:
    """Seal payment details for the demonstration, whose reporters have no browser; nothing that is sent comes here."""
    return _seal(fields=fields, vault=vault, binding=number, field="claim").to_json()


def _seal(
    *, fields: Mapping[str, str], vault: Vault, binding: str, field: str = "identity"
) -> cipher.Envelope:
    return cipher.seal_fields(
        public_key=bytes(vault.public_key),
        vault=vault.version,
        binding=binding,
        field=field,
        fields=dict(fields),
    )


def store_identity(
    *, tip: Tip, envelope: cipher.Envelope, vault: Vault, sealed_by: SealedBy
) -> SealedIdentity:
    """Insert the sealed identity, marked as this tip's own, inside the caller's transaction."""
    row = SealedIdentity(tip=tip, vault=vault, envelope=envelope.to_json(), sealed_by=sealed_by)
    row.bound_mark = mark_for(row.bound_bytes)
    row.save(force_insert=True)
    return row


@dataclass(frozen=True, kw_only=True)
class SealedClaimText:
    """Payment details as a browser sealed them, checked from outside, and the vault they are sealed to."""

    envelope: cipher.Envelope
    vault: Vault


def claim_envelope(*, text: str, vault: Vault) -> SealedClaimText:
    """Return the envelope a reporter's browser sealed for a claim; only its outside can be looked at.

    Raises:
        DraftInvalid: missing, malformed, or made for another vault or suite.
    """
    try:
        envelope = cipher.Envelope.parse(text)
    except cipher.EnvelopeError:
        problem = Problem.BAD_ENVELOPE if text else Problem.MISSING
        raise DraftInvalid([FieldProblem(field="claim", problem=problem)]) from None
    if (envelope.vault, envelope.suite) != (vault.version, vault.suite):
        raise DraftInvalid([FieldProblem(field="claim", problem=Problem.OTHER_VAULT)])
    return SealedClaimText(envelope=envelope, vault=vault)


def store_claim(*, tip: Tip, sealed: SealedClaimText) -> SealedClaim:
    """Store sealed payment details at their tip, in the place of earlier ones, inside the caller's transaction."""
    row = SealedClaim(tip=tip, vault=sealed.vault, envelope=sealed.envelope.to_json())
    row.bound_mark = mark_for(row.bound_bytes)
    SealedClaim.objects.filter(tip=tip).delete()
    row.save(force_insert=True)
    return row


def forget_claim(*, tip_id: int | None) -> None:
    """Delete the sealed payment details of a tip: they are of no use any more."""
    SealedClaim.objects.filter(tip=tip_id).delete()


def moved_envelope(*, text: str, vault: Vault) -> str:
    """Return the JSON of an envelope a custodian sealed again for this vault; only its outside can be looked at.

    Raises:
        KeyRefused: malformed, or made for another version or suite.
    """
    try:
        moved = cipher.Envelope.parse(text)
    except cipher.EnvelopeError:
        raise KeyRefused(KeyFault.MISFIT) from None
    if (moved.vault, moved.suite) != (vault.version, vault.suite):
        raise KeyRefused(KeyFault.MISFIT)
    return moved.to_json()


def sealed_number(*, public_key: bytes, version: int, binding: str, number: str) -> tuple[str, str]:
    """Seal a number to a vault's key for whoever is to show that they hold it; return envelope and fingerprint.

    Raises:
        KeyRefused: the bytes are no usable public key, or the version is none.
    """
    try:
        sealed = cipher.seal_fields(
            public_key=public_key,
            vault=version,
            binding=binding,
            field="possession",
            fields={"nonce": number},
        )
    except cipher.EnvelopeError:
        raise KeyRefused(KeyFault.BAD_KEY) from None
    return sealed.to_json(), cipher.fingerprint(public_key)


def is_reader_key(text: str) -> bool:
    """Whether a text is the public half of a key pair, in base64, to which a note can be sealed."""
    if len(text) > cipher.PUBLIC_KEY_BYTES * 2:
        return False
    try:
        return len(base64text.decode(text)) == cipher.PUBLIC_KEY_BYTES
    except ValueError:
        return False


def reader_fingerprint(text: str) -> str:
    """Return the fingerprint of a public key that `is_reader_key` lets pass; empty for no key."""
    return cipher.fingerprint(base64text.decode(text)) if text else ""


def is_note(text: str) -> bool:
    """Whether a text has the outside of a note: an envelope for no vault (0); only the asker's tab reads it."""
    if len(text) > cipher.MAX_ENVELOPE_CHARS:
        return False
    try:
        raw = strictjson.loads(text)
    except ValueError:
        return False
    vault, sealed = raw.get("vault"), raw.pop("ct", None)
    if raw != {"v": 1, "suite": cipher.SUITE, "vault": 0} or type(vault) is not int:
        return False
    return isinstance(sealed, str) and _has_sealed_length(sealed)


def _has_sealed_length(text: str) -> bool:
    try:
        return len(base64text.decode(text)) - cipher.OVERHEAD_BYTES in cipher.PADDED_BYTES
    except ValueError:
        return False
