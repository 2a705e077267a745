"""Reads around the vault's keys: who holds which, what is sealed to a version, and jobs that move it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet

from complaints.enums import KeyOrigin, ResealState, Role, SealedKind
from complaints.models import Evidence, KeyHolding, Reseal, SealedClaim, SealedIdentity
from complaints.models.sealed import is_bound
from complaints.rules import reseal as rules

IDENTITIES_AT_ONCE = 20
ORIGINALS_AT_ONCE = 5


@dataclass(frozen=True, kw_only=True)
class SealedCounts:
    """How much is sealed to one version."""

    identities: int
    originals: int
    claims: int = 0

    @property
    def total(self) -> int:
        return self.identities + self.originals + self.claims


@dataclass(frozen=True, kw_only=True)
class SealedItem:
    """One sealed thing to move: `key` names it, `binding` and `field` tie it to its place, `cursor` orders it.

    An identity or claim is named by the hash of its envelope: who left a name is told by no list of numbers.
    `envelope` is empty for an original, whose bytes are fetched one by one; `sha256` is that of the sealed bytes. What
    is not `is_bound` was not received with the tip it lies at.
    """

    kind: SealedKind
    key: str
    binding: str
    field: str
    sha256: str
    cursor: int
    is_bound: bool
    envelope: str = ""


def sealed_counts(*, version: int) -> SealedCounts:
    """Return how many identities, originals and claims are sealed to a version; three queries."""
    return SealedCounts(
        identities=SealedIdentity.objects.filter(vault_id=version).count(),
        originals=Evidence.objects.filter(vault_version=version).count(),
        claims=SealedClaim.objects.filter(vault_id=version).count(),
    )


def holdings_by_vault() -> dict[int, list[KeyHolding]]:
    """Return who came by which key file, oldest first, by version; one query."""
    found: dict[int, list[KeyHolding]] = defaultdict(list)
    for row in KeyHolding.objects.select_related("holder", "given_by").order_by("pk"):
        found[row.vault_id].append(row)
    return dict(found)


def on_their_way(*, to: User) -> "QuerySet[KeyHolding]":
    """Return the key files this person was handed and has not shown to have, oldest first."""
    rows = KeyHolding.objects.filter(holder=to, origin=KeyOrigin.HANDED, received_at=None)
    return rows.select_related("vault", "given_by").order_by("pk")


def custodians(*, but: User) -> "QuerySet[User]":
    """Return the other people who may be handed a key file: custodians whose account is open."""
    people = User.objects.filter(
        is_active=True, memberships__role=Role.CUSTODIAN, memberships__office__is_active=True
    )
    return people.exclude(pk=but.pk).distinct().order_by("first_name", "username")


def reseal_jobs(*, most: int = 10) -> list[Reseal]:
    """Return the newest jobs with everything a page shows of them; one query."""
    related = ("source", "target", "asked_by", "decided_by")
    return list(Reseal.objects.select_related(*related).order_by("-pk")[:most])


def reseal_job(*, public_id: UUID) -> Reseal | None:
    """Return one job, or None."""
    related = ("source", "target", "asked_by", "decided_by")
    return Reseal.objects.select_related(*related).filter(public_id=public_id).first()


def standing_of(job: Reseal) -> rules.Standing:
    """Return what the rule wants to know of a job."""
    return rules.Standing(
        asked_at=job.asked_at,
        is_approved=job.is_approved,
        decided_at=job.decided_at,
        finished_at=job.finished_at,
    )


def state_of(job: Reseal, *, now: datetime) -> ResealState:
    """Return how far a job has got."""
    return rules.state(standing_of(job), now=now)


def items_after(*, version: int, identity: int, original: int, claim: int = 0) -> list[SealedItem]:
    """Return the next sealed things of a version after three cursors: identities first, then claims, then originals.

    What cannot be opened keeps its place behind the cursor, so that it holds nobody up; a new start tries it again.
    """
    identities = SealedIdentity.objects.filter(vault_id=version, pk__gt=identity).select_related("tip")
    found = [_identity(row) for row in identities.order_by("pk")[:IDENTITIES_AT_ONCE]]
    claims = SealedClaim.objects.filter(vault_id=version, pk__gt=claim).select_related("tip")
    found = found or [_claim(row) for row in claims.order_by("pk")[:IDENTITIES_AT_ONCE]]
    if found:
        return found
    originals = Evidence.objects.filter(vault_version=version, pk__gt=original).select_related("tip")
    return [_original(row) for row in originals.order_by("pk")[:ORIGINALS_AT_ONCE]]


def original_of(*, version: int, public_id: UUID) -> Evidence | None:
    """Return the row of an original that is sealed to this version, or None."""
    return Evidence.objects.filter(vault_version=version, public_id=public_id).select_related("tip").first()


def hash_of(envelope: str) -> str:
    """Return the SHA-256 of an envelope's text."""
    return sha256(envelope.encode()).hexdigest()


def _identity(row: SealedIdentity) -> SealedItem:
    digest = hash_of(row.envelope)
    return SealedItem(
        kind=SealedKind.IDENTITY,
        key=digest,
        binding=row.tip.idempotency_key,
        field="identity",
        sha256=digest,
        cursor=row.pk,
        is_bound=is_bound(row),
        envelope=row.envelope,
    )


def _claim(row: SealedClaim) -> SealedItem:
    digest = hash_of(row.envelope)
    return SealedItem(
        kind=SealedKind.CLAIM,
        key=digest,
        binding=row.binding,
        field="claim",
        sha256=digest,
        cursor=row.pk,
        is_bound=is_bound(row),
        envelope=row.envelope,
    )


def _original(row: Evidence) -> SealedItem:
    return SealedItem(
        kind=SealedKind.ORIGINAL,
        key=str(row.public_id),
        binding=row.binding,
        field="original",
        sha256=row.sealed_sha256,
        cursor=row.pk,
        is_bound=is_bound(row),
    )


def administrators() -> "QuerySet[User]":
    """Return the people who run the machine and can mend its settings."""
    people = User.objects.filter(is_active=True, memberships__role=Role.SYSTEM_ADMINISTRATOR)
    return (people | User.objects.filter(is_active=True, is_superuser=True)).distinct().order_by("pk")
