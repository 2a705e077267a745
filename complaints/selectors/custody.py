"""Reads of requests for opening: which are a person's business, for whom they wait, what there is to open."""

import logging
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from complaints.enums import Role, UnsealAct, UnsealFault, UnsealStatus, UnsealTarget
from complaints.errors import RequestNotFound, UnsealRefused
from complaints.models import (
    Evidence,
    IdentityAccess,
    Membership,
    SealedClaim,
    SealedIdentity,
    SealedNote,
    Tip,
    UnsealRequest,
    UnsealStep,
    Vault,
)
from complaints.models.sealed import Bound, is_bound
from complaints.policies import (
    Person,
    requests_visible_to,
    roles_by_unit,
    tips_visible_to,
    units_above,
)
from complaints.rules import custody

logger = logging.getLogger(__name__)
_PEOPLE = ("asker", "approver", "custodian")


@dataclass(frozen=True, kw_only=True)
class SealedThing:
    """What a request asks to have opened: where it lies and what it was tied to when it was sealed.

    `envelope` is the JSON text of a name or claim, empty for a photo, whose bytes lie in the evidence storage;
    `sha256` is that of the envelope or of the sealed file as it arrived.
    """

    vault_version: int
    binding: str
    field: str
    sha256: str
    envelope: str = ""
    photo: Evidence | None = None


@dataclass(frozen=True, kw_only=True)
class YearCounts:
    """How many requests of this year were made, opened and returned."""

    asked: int
    opened: int
    returned: int


def requests_for(*, user: Person) -> "QuerySet[UnsealRequest]":
    """Return the requests that are this person's business, newest first, ready to show."""
    return (
        requests_visible_to(user)
        .select_related(*_PEOPLE, "tip__handling_unit", "photo")
        .annotate(
            has_note=Exists(SealedNote.objects.filter(request=OuterRef("pk"))),
            note_until=Subquery(SealedNote.objects.filter(request=OuterRef("pk")).values("keep_until")),
        )
    )


def as_of(row: UnsealRequest, *, now: datetime) -> UnsealRequest:
    """Return a row of `requests_for` as it stands at this moment: run out, even before the daily look has written it.

    For showing only; acts look at the clock themselves.
    """
    is_waiting = row.delivered_at is None and row.status in (UnsealStatus.APPROVED, UnsealStatus.OPENED)
    is_unused = is_waiting and row.valid_until is not None and row.valid_until < now
    until: datetime | None = row.note_until  # type: ignore[attr-defined]  # annotated above
    if is_unused or (row.status == UnsealStatus.OPENED and until is not None and until < now):
        row.status = UnsealStatus.EXPIRED
    return row


def request_for(*, user: Person, public_id: UUID) -> UnsealRequest:
    """Return one request; raises RequestNotFound alike for an unknown one and a foreign one."""
    row = requests_for(user=user).filter(public_id=public_id).first()
    if row is None:
        raise RequestNotFound
    return row


def requests_on(*, tip: Tip, user: Person, now: datetime) -> list[UnsealRequest]:
    """Return what was asked about one tip as far as it is this person's business, newest first."""
    return [as_of(row, now=now) for row in requests_for(user=user).filter(tip=tip)[:20]]


def standing_of(row: UnsealRequest) -> custody.Standing:
    """Return what the rules ask about a request."""
    return custody.Standing(
        status=UnsealStatus(row.status),
        target=UnsealTarget(row.target),
        asker_id=row.asker_id,
        approver_id=row.approver_id,
        custodian_id=row.custodian_id,
        valid_until=row.valid_until,
    )


def acts_open_to(*, user: User, row: UnsealRequest, now: datetime) -> frozenset[UnsealAct]:
    """Return what this person may do about a request now."""
    return open_acts(user=user, rows=[row], now=now)[row.pk]


def open_acts(*, user: User, rows: list[UnsealRequest], now: datetime) -> dict[int, frozenset[UnsealAct]]:
    """Return by key what this person may do about each of these requests now; two queries, however many."""
    roles = roles_by_unit(user)
    return {
        row.pk: _open_acts(
            row,
            person=custody.Person(person_id=user.pk, roles=roles.get(row.tip.handling_unit_id, frozenset())),
            now=now,
        )
        for row in rows
    }


def _open_acts(row: UnsealRequest, *, person: custody.Person, now: datetime) -> frozenset[UnsealAct]:
    standing = standing_of(row)
    return frozenset(
        act for act in custody.TABLE if custody.may(act=act, standing=standing, person=person, now=now)
    )


def waiting_for_custodian(*, user: User, most: int, now: datetime) -> list[UnsealRequest]:
    """Return what this person may open now and nobody else has taken, the one that runs out first before."""
    rows = requests_for(user=user).filter(status=UnsealStatus.APPROVED, valid_until__gte=now)
    found = list(rows.order_by("valid_until", "pk")[:most])
    open_to = open_acts(user=user, rows=found, now=now) if found else {}
    return [row for row in found if UnsealAct.HAND_OUT in open_to[row.pk]]


def people_for(*, row: UnsealRequest, role: Role) -> list[User]:
    """Return who may take the next end of a request: this role in the unit of the tip or above, at no other end."""
    units = units_above(office_id=row.tip.handling_unit_id)
    held = Membership.objects.filter(office__in=units, office__is_active=True, role=role)
    taken = [one for one in (row.asker_id, row.approver_id) if one is not None]
    people = User.objects.filter(is_active=True, pk__in=held.values("user")).exclude(pk__in=taken)
    return list(people.order_by("pk"))


def sealed_thing(*, row: UnsealRequest) -> SealedThing | None:
    """Return what there is to open, or None: nobody left a name, claimed a reward, or no original was kept.

    Raises:
        UnsealRefused: what is sealed there is not what was received with this tip; the log has an alarm.
    """
    if row.target == UnsealTarget.ORIGINAL:
        return _original(row.photo) if row.photo and row.photo.tip_id == row.tip_id else None
    if row.target == UnsealTarget.IDENTITY:
        return _identity(row.tip)
    return _claim(row.tip)


def _identity(tip: Tip) -> SealedThing | None:
    sealed = SealedIdentity.objects.filter(tip=tip).first()
    if sealed is None:
        return None
    sealed.tip = tip
    _require_bound(sealed, tip)
    return SealedThing(
        vault_version=sealed.vault_id,
        binding=tip.idempotency_key,
        field="identity",
        sha256=sha256(sealed.envelope.encode()).hexdigest(),
        envelope=sealed.envelope,
    )


def _claim(tip: Tip) -> SealedThing | None:
    """What a reporter gave to be paid by; who handles the tip cannot ask for it (rules.custody)."""
    sealed = SealedClaim.objects.filter(tip=tip).first()
    if sealed is None:
        return None
    sealed.tip = tip
    _require_bound(sealed, tip)
    return SealedThing(
        vault_version=sealed.vault_id,
        binding=sealed.binding,
        field="claim",
        sha256=sha256(sealed.envelope.encode()).hexdigest(),
        envelope=sealed.envelope,
    )


def _original(photo: Evidence) -> SealedThing | None:
    if photo.vault_version is None:
        return None
    _require_bound(photo, photo.tip)
    return SealedThing(
        vault_version=photo.vault_version,
        binding=photo.binding,
        field="original",
        sha256=photo.sealed_sha256,
        photo=photo,
    )


def _require_bound(sealed: Bound, tip: Tip) -> None:
    if not is_bound(sealed):
        logger.critical("tip %s: what is sealed there was not received with it", tip.pk)
        raise UnsealRefused(UnsealFault.MISPLACED)


def fingerprint_of_vault(*, version: int) -> str:
    """Return the stored fingerprint of a vault version; empty for an unknown one."""
    return Vault.objects.filter(version=version).values_list("fingerprint", flat=True).first() or ""


def reader_key_of(*, public_id: UUID) -> str:
    """Return the public key of the asker's tab as it is now; empty while there is none."""
    found = UnsealRequest.objects.filter(public_id=public_id).values_list("asker_key", flat=True)
    return found.first() or ""


def originals_of(*, tip: Tip) -> list[Evidence]:
    """Return the photos of a tip whose original was kept sealed, in their order."""
    return list(tip.photos.exclude(vault_version=None).order_by("pk"))


def steps_of(*, row: UnsealRequest) -> list[UnsealStep]:
    """Return the history of a request, oldest first."""
    return list(row.steps.select_related("actor"))


def accesses_of(*, row: UnsealRequest) -> list[IdentityAccess]:
    """Return each time an envelope was handed out for a request, oldest first."""
    return list(row.accesses.select_related("custodian"))


def year_counts(*, user: Person, now: datetime) -> YearCounts:
    """Return the counts of this year among the requests that are this person's business; one query."""
    rows = requests_visible_to(user).filter(asked_at__year=timezone.localtime(now).year)
    found = rows.aggregate(
        asked=Count("pk"),
        opened=Count("pk", filter=~Q(opened_at=None)),
        returned=Count("pk", filter=Q(status=UnsealStatus.REFUSED)),
    )
    return YearCounts(**found)


def seen_tips(*, user: Person, rows: list[UnsealRequest]) -> set[int]:
    """Return the tips of these requests that this person may open; one query."""
    keys = {row.tip_id for row in rows}
    return set(tips_visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
