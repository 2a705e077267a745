"""Reads of tips for staff, always within the person's scope."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, When

from complaints.enums import Phase
from complaints.errors import TipNotFound
from complaints.models import AuditRow, Evidence, HandlingStep, Message, Tip, TipUnit
from complaints.policies import Person, leads, tips_visible_to, units_led_by

from .merging import together
from .parts import INBOX_ORDER, nearest_keys

NEWEST_FIRST = ("-pk",)


def tips_for(*, user: Person) -> "QuerySet[Tip]":
    """Return what the inbox lists, ready to show: no further query per row."""
    return (
        tips_visible_to(user)
        .select_related("district", "town", "handling_unit", "inspecting_unit", "called_unit", "handler")
        .prefetch_related(Prefetch("units", queryset=TipUnit.objects.select_related("office")))
    )


def tip_for(*, user: Person, number: str) -> Tip:
    """Return one tip; raises TipNotFound alike for an unknown number and a foreign one."""
    tip = tips_for(user=user).select_related("inside").filter(number=number).first()
    if tip is None:
        raise TipNotFound
    return tip


def tip_by_id(*, user: Person, tip_id: int) -> Tip:
    """Return one tip by its key; raises TipNotFound alike for an unknown key and a foreign one."""
    tip = tips_for(user=user).filter(pk=tip_id).first()
    if tip is None:
        raise TipNotFound
    return tip


def is_visible(*, user: Person, tip_id: int) -> bool:
    """Say whether a tip lies within the person's scope; an act may take it out of it."""
    return tips_visible_to(user).filter(pk=tip_id).exists()


def photo_for(*, user: Person, public_id: UUID) -> Evidence:
    """Return one photo of a tip within scope; raises TipNotFound.

    What the reporter of a merged tip sent with words is for the unit in charge, as the words are.
    """
    # Asked of the one photo, not of the scope: a scope may hold a million tips.
    own = Exists(tips_visible_to(user).filter(pk=OuterRef("tip_id")))
    told = Q(message=None) | Q(tip__merged_into=None) | Q(tip__handling_unit__in=units_led_by(user))
    photo = Evidence.objects.select_related("tip").filter(told, own, public_id=public_id).first()
    if photo is None:
        raise TipNotFound
    return photo


def own_photos(*, tips: list[Tip]) -> dict[int, list[Evidence]]:
    """Return the photos each of these tips came with, not those of messages and visits; one query for a whole page."""
    photos: dict[int, list[Evidence]] = {}
    for row in Evidence.objects.filter(tip__in=tips, message=None, inspection=None, internal_step=None):
        photos.setdefault(row.tip_id, []).append(row)
    return photos


def photos_of(*, tip: Tip) -> "QuerySet[Evidence]":
    """Return the reporter's photos of a tip in their order; those of officers stand with their inspection."""
    return tip.photos.filter(inspection=None, internal_step=None)


def evidence_of(*, tip: Tip, user: Person) -> "QuerySet[Evidence]":
    """Return every photo of a tip this person may see: its reporter's first, then those of tips merged into it, then
    those of each inspection; `tip` of each row says whose it is.

    Those of merged tips are for the unit in charge, as the words of their reporters are.
    """
    # What a company photographed while the tip was inside it is no evidence of the reporter nor of an officer.
    rows = Evidence.objects.filter(together(tip=tip, path="tip") if leads(user, tip) else Q(tip=tip))
    rows = rows.filter(internal_step=None)
    if tip.merged_into_id is not None and not leads(user, tip):
        rows = rows.filter(message=None)
    is_joined = Case(When(tip=tip, then=0), default=1)
    order = (F("inspection").asc(nulls_first=True), is_joined, "tip__received_date", "tip", "position")
    return rows.select_related("tip").order_by(*order)


def steps_of(*, tip: Tip) -> "QuerySet[HandlingStep]":
    """Return the history of a tip, oldest first."""
    return tip.steps.select_related("actor", "handler", "office", "towards")


def messages_of(*, tip: Tip, user: Person) -> "QuerySet[Message]":
    """Return the conversation of a tip as far as this person needs it, oldest first, with the photos sent along.

    For the unit in charge words of tips merged into it stand among them: `tip` of each row says whose they are. Who
    only takes part (co-unit, town, called unit) reads the conversation of a tip that stands alone or leads, nobody
    else's.
    """
    wanted = together(tip=tip, path="tip") if leads(user, tip) else Q(tip=tip, tip__merged_into=None)
    return Message.objects.filter(wanted).select_related("author", "tip").prefetch_related("photos")


def neighbours(*, user: Person, tip: Tip) -> tuple[Tip | None, Tip | None]:
    """Return the open tips before and after this one in the order of the inbox: due day, then key, dateless last.

    Two queries, however much the scope holds.
    """
    day, is_open = tip.order_date, Q(phase=Phase.OPEN)
    before = is_open & Q(order_date__lte=day) & (Q(order_date__lt=day) | Q(pk__lt=tip.pk))
    after = is_open & Q(order_date__gte=day) & (Q(order_date__gt=day) | Q(pk__gt=tip.pk))
    keys = nearest_keys(user=user, wanted=[(before, ("-order_date", "-pk")), (after, INBOX_ORDER)])
    # The tip itself among them: a tip without neighbours costs no less.
    rows = Tip.objects.filter(pk__in=[tip.pk, *keys]).only("pk", "number", "order_date")
    found = sorted(rows, key=lambda row: (row.order_date, row.pk))
    place = (day, tip.pk)
    earlier = [row for row in found if (row.order_date, row.pk) < place]
    later = [row for row in found if (row.order_date, row.pk) > place]
    return earlier[-1] if earlier else None, later[0] if later else None


def audit_excerpt(*, tip: Tip, photos: Iterable[Evidence], most: int = 50) -> list[AuditRow]:
    """Return the newest `most` audit rows about a tip and its photos; the caller checks who may read them."""
    subjects = [tip.number, *(str(photo.public_id) for photo in photos)]
    return list(
        AuditRow.objects.filter(subject__in=subjects).select_related("actor").order_by("-sequence")[:most]
    )
