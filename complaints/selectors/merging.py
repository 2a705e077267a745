"""Reads of tips about the same thing: suggestions, what was put together, who hears the answer, who was first.

A merged tip points at its lead, never at another merged one: whatever is merged along follows to the new lead.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from complaints.models import DuplicateHint, Message, SealedMessage, Tip, TipReceipt
from complaints.policies import Person, tips_visible_to
from complaints.rules.workflow import MERGE_TARGETS


def lead_of(*, tip: Tip) -> Tip:
    """Return the tip that is worked on in this one's stead, or the tip itself."""
    return tip.merged_into or tip


def together(*, tip: Tip, path: str = "") -> Q:
    """Return the condition "this tip or one merged into it", asked of tips or along `path` of what hangs on one."""
    own, merged = (f"{path}", f"{path}__merged_into") if path else ("pk", "merged_into")
    return Q(**{own: tip.pk}) | Q(**{merged: tip.pk})


def waits_for_answer(*, tip: Tip) -> bool:
    """Say whether anybody who reported this has not withdrawn."""
    return Tip.objects.filter(together(tip=tip), withdrawn_date=None).exists()


def hearing_receipts(*, tip: Tip, is_reply: bool = False) -> "QuerySet[TipReceipt]":
    """Return the receipts words to the reporter are sealed to; an answer not to those who withdrew."""
    rows = TipReceipt.objects.filter(Q(tip=tip) | Q(tip__merged_into=tip))
    return rows.filter(tip__withdrawn_date=None) if is_reply else rows


def reporters_of(*, tip: Tip) -> list[Tip]:
    """Return the tips whose reporters are written to from this one, itself among them, in the order they came in."""
    rows = Tip.objects.filter(together(tip=tip)).only("pk", "number", "withdrawn_date")
    return list(rows.order_by("received_date", "pk"))


def hearers_of(*, messages: Iterable[Message]) -> dict[int, set[int]]:
    """Return for each of these messages the keys of the tips whose reporters can open it; one query."""
    rows = SealedMessage.objects.filter(message__in=[row.pk for row in messages])
    hearers: dict[int, set[int]] = {}
    for message, tip in rows.values_list("message", "receipt__tip"):
        hearers.setdefault(message, set()).add(tip)
    return hearers


def words_heard_by(*, tip: Tip) -> "QuerySet[Message]":
    """Return the officers' words that the reporter of this tip may read: its own, and the lead's since the merge."""
    return Message.objects.filter(sealed_copies__receipt__tip=tip).distinct()


def order_of_acceptance(*, tip: Tip) -> list[Tip]:
    """Return the tips put together here in the order that decides who was first, for rewards.

    Acceptance counts, then the day and order of receipt. What is merged into an accepted tip is accepted that day.
    """
    lead = lead_of(tip=tip)
    return sorted(Tip.objects.filter(together(tip=lead)), key=_rank)


def _rank(tip: Tip) -> tuple[date, date, int]:
    return (tip.accepted_date or date.max, tip.received_date, tip.pk)


def hints_of(*, user: Person, tip: Tip) -> "QuerySet[DuplicateHint]":
    """Return what this tip may repeat and what may repeat it, within scope, as far as it could still be merged."""
    if tip.status not in MERGE_TARGETS:
        return DuplicateHint.objects.none()
    visible = tips_visible_to(user).filter(status__in=MERGE_TARGETS)
    rows = DuplicateHint.objects.filter(Q(tip=tip) | Q(earlier=tip), dismissed_at=None)
    # Asked of each hint, not of the scope: a scope may hold a million tips, a tip has a few hints.
    both = [Exists(visible.filter(pk=OuterRef(name))) for name in ("tip_id", "earlier_id")]
    rows = rows.filter(*both, tip__handling_unit=F("earlier__handling_unit"))
    return rows.select_related("tip", "earlier")


def candidates_for(
    *, tip: Tip, entity_keys: Sequence[bytes], place_keys: Sequence[bytes], since: date, most: int
) -> list[Tip]:
    """Return open tips of the same unit that may be about the same thing, at most `most` by each of three ways.

    Each way is one look-up in an index; nothing is read through.
    """
    ways = [Q(entity_key__in=entity_keys), Q(place_key__in=place_keys)]
    ways += [Q(town=tip.town_id)] if tip.town_id else []
    keys: set[int] = set()
    for way in ways:
        keys.update(_newest(tip=tip, way=way, since=since, most=most))
    return list(Tip.objects.filter(pk__in=keys, withdrawn_date=None))


def _newest(*, tip: Tip, way: Q, since: date, most: int) -> list[int]:
    found = Tip.objects.filter(way, received_date__gte=since, received_date__lte=tip.received_date)
    found = found.filter(handling_unit=tip.handling_unit_id, status__in=MERGE_TARGETS, pk__lt=tip.pk)
    return list(found.order_by("-received_date").values_list("pk", flat=True)[:most])
