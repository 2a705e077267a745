"""Reads of tips for staff, always within the person's scope."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Q, QuerySet

from complaints.enums import TipStatus
from complaints.errors import TipNotFound
from complaints.models import AuditRow, Evidence, HandlingStep, Message, Tip
from complaints.policies import Person, tips_visible_to

# What is due first comes first; what nothing is due for comes last.
INBOX_ORDER = (F("due_date").asc(nulls_last=True), "pk")


def tips_for(*, user: Person) -> "QuerySet[Tip]":
    """Return what the inbox lists, ready to show: no further query per row."""
    return tips_visible_to(user).select_related("district", "town", "handling_unit", "handler")


def tip_for(*, user: Person, number: str) -> Tip:
    """Return one tip; raises TipNotFound alike for an unknown number and a foreign one."""
    tip = tips_for(user=user).filter(number=number).first()
    if tip is None:
        raise TipNotFound
    return tip


def tip_by_id(*, user: Person, tip_id: int) -> Tip:
    """Return one tip by its key; raises TipNotFound alike for an unknown key and a foreign one."""
    tip = tips_for(user=user).filter(pk=tip_id).first()
    if tip is None:
        raise TipNotFound
    return tip


def photo_for(*, user: Person, public_id: UUID) -> Evidence:
    """Return one photo within scope; raises TipNotFound otherwise."""
    photo = (
        Evidence.objects.select_related("tip")
        .filter(public_id=public_id, tip__in=tips_visible_to(user))
        .first()
    )
    if photo is None:
        raise TipNotFound
    return photo


def own_photos(*, tips: list[Tip]) -> dict[int, list[Evidence]]:
    """Return the photos each of these tips came with, not those of later messages; one query for a whole page."""
    photos: dict[int, list[Evidence]] = {}
    for row in Evidence.objects.filter(tip__in=tips, message=None):
        photos.setdefault(row.tip_id, []).append(row)
    return photos


def photos_of(*, tip: Tip) -> "QuerySet[Evidence]":
    """Return all photos of a tip in their order."""
    return tip.photos.all()


def steps_of(*, tip: Tip) -> "QuerySet[HandlingStep]":
    """Return the history of a tip, oldest first."""
    return tip.steps.select_related("actor", "office")


def messages_of(*, tip: Tip) -> "QuerySet[Message]":
    """Return the conversation of a tip, oldest first, with the photos sent along."""
    return tip.messages.select_related("author").prefetch_related("photos")


def neighbours(*, user: Person, tip: Tip) -> tuple[Tip | None, Tip | None]:
    """Return the open tips before and after this one in the order of the inbox: due day, then key, dateless last."""
    tips = tips_visible_to(user).exclude(status=TipStatus.CLOSED).only("pk", "number", "due_date")
    if tip.due_date is None:
        before = tips.filter(Q(due_date__isnull=False) | Q(pk__lt=tip.pk))
        after = tips.filter(due_date=None, pk__gt=tip.pk)
    else:
        before = tips.filter(Q(due_date__lt=tip.due_date) | Q(due_date=tip.due_date, pk__lt=tip.pk))
        after = tips.filter(
            Q(due_date__gt=tip.due_date) | Q(due_date=tip.due_date, pk__gt=tip.pk) | Q(due_date=None)
        )
    return before.order_by(F("due_date").desc(nulls_first=True), "-pk").first(), after.order_by(
        *INBOX_ORDER
    ).first()


def audit_excerpt(*, tip: Tip, photos: Iterable[Evidence], most: int = 50) -> list[AuditRow]:
    """Return the newest `most` audit rows about a tip and its photos; the caller checks who may read them."""
    subjects = [tip.number, *(str(photo.public_id) for photo in photos)]
    return list(
        AuditRow.objects.filter(subject__in=subjects).select_related("actor").order_by("-sequence")[:most]
    )
