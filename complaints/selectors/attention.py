"""Counts behind the ranking of where to look: what was found true in a period, by entity, industry and town."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from complaints.enums import AttentionLine, InsideState, Result, Subject, TipKind, TipStatus, Uncounted
from complaints.models import InternalTip, Tip
from complaints.policies import Person, tips_visible_to
from complaints.rules.spans import Span

from .enterprises import UPHELD, enterprises_visible_to

Counts = dict[AttentionLine, int]
# Matters: the leading tips found true; what was joined to them is the same danger told again.
MATTER = Q(result__in=UPHELD, merged_into=None)
LINES: Mapping[AttentionLine, Q] = {
    AttentionLine.VERIFIED: MATTER,
    AttentionLine.MAJOR_HAZARD: MATTER & Q(kind=TipKind.MAJOR_HAZARD),
    AttentionLine.CONCEALED: MATTER & Q(kind=TipKind.CONCEALED_ACCIDENT),
    AttentionLine.DEATH: MATTER & Q(involves_death=True),
    # A further matter has no list of its own: it is one of the matters.
    AttentionLine.REPEAT: MATTER,
}
_OUT = (TipStatus.DECLINED, TipStatus.TRANSFERRED_OUT)
_SINGLE = Q(merged_into=None)
_UNFOUNDED = Q(result__in=(Result.FALSE, Result.UNVERIFIABLE))
UNCOUNTED: Mapping[Uncounted, Q] = {
    Uncounted.JOINED: Q(merged_into__isnull=False),
    Uncounted.UNFOUNDED: _SINGLE & _UNFOUNDED,
    Uncounted.DECLINED: _SINGLE & Q(result="", status__in=_OUT),
    Uncounted.UNDECIDED: _SINGLE & Q(result="") & ~Q(status__in=_OUT),
}
_FIELDS = {Subject.ENTERPRISE: "entity_key", Subject.INDUSTRY: "industry", Subject.TOWN: "town"}
_MANY = {
    line: Count("pk", filter=LINES[line])
    for line in (AttentionLine.MAJOR_HAZARD, AttentionLine.CONCEALED, AttentionLine.DEATH)
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """What was found true at one entity, in one industry and town; `newest` is the key of its newest tip."""

    entity: bytes
    industry: str
    town: str
    newest: int
    counts: Counts


@dataclass(kw_only=True)
class Inside:
    """Internal tips nobody cared for, by enterprise; numbers alone."""

    by_enterprise: dict[int, Counts] = field(default_factory=dict)
    places: dict[int, tuple[str, str]] = field(default_factory=dict)


def received_in(*, user: Person, span: Span) -> "QuerySet[Tip]":
    """Return the tips of a period within the person's scope."""
    return tips_visible_to(user).filter(received_date__range=(span.start, span.end))


def groups(*, user: Person, span: Span) -> list[Group]:
    """Return the groups of matters; one query, memory bounded by entities times industries times towns."""
    rows = (
        received_in(user=user, span=span).filter(MATTER).order_by().values("entity_key", "industry", "town")
    )
    found = rows.annotate(
        many=Count("pk"), newest=Max("pk"), **{line.value: one for line, one in _MANY.items()}
    )
    return [_group(row) for row in found.iterator()]


def _group(row: Mapping[str, Any]) -> Group:
    counts = {AttentionLine.VERIFIED: row["many"], **{line: row[line.value] for line in _MANY}}
    return Group(
        entity=bytes(row["entity_key"]),
        industry=row["industry"],
        town=row["town"] or "",
        newest=row["newest"],
        counts=counts,
    )


def uncounted(
    *, user: Person, span: Span, subject: Subject, keys: Iterable[Any]
) -> dict[Any, dict[Uncounted, int]]:
    """Return what gives no points for these keys of a subject; one query, one row for each key."""
    name, wanted = _FIELDS[subject], list(keys)
    rows = received_in(user=user, span=span).filter(**{f"{name}__in": wanted}).order_by().values(name)
    counts = {one.value: Count("pk", filter=condition) for one, condition in UNCOUNTED.items()}
    return {
        bytes(row[name]) if subject == Subject.ENTERPRISE else row[name]: {
            one: row[one.value] for one in Uncounted
        }
        for row in rows.annotate(**counts).iterator()
    }


def inside(*, user: Person, span: Span, today: Any) -> Inside:
    """Return internal tips left past their day, and those turned in the period, by enterprise; one query.

    Args:
        today: a period that is still running is looked at as of this day, one that is over as of its last.
    """
    last = min(today, span.end)
    late = Q(received_date__range=(span.start, span.end), due_date__lt=last)
    turned = Q(state=InsideState.TURNED, turned_date__range=(span.start, span.end))
    rows = InternalTip.objects.filter(late | turned, enterprise__in=enterprises_visible_to(user)).order_by()
    found = Inside()
    for row in rows.values("enterprise", "enterprise__industry", "enterprise__town").annotate(
        overdue=Count("pk", filter=late & ~turned), turned=Count("pk", filter=turned)
    ):
        found.by_enterprise[row["enterprise"]] = {
            AttentionLine.INSIDE_OVERDUE: row["overdue"],
            AttentionLine.INSIDE_TURNED: row["turned"],
        }
        found.places[row["enterprise"]] = (row["enterprise__industry"], row["enterprise__town"] or "")
    return found


def summed(parts: Iterable[Counts]) -> Counts:
    """Return the sum of counts, line by line."""
    total: Counts = {}
    for counts in parts:
        for line, many in counts.items():
            total[line] = total.get(line, 0) + many
    return total


def with_repeats(found: Iterable[Group]) -> Counts:
    """Return the counts of groups together, a further matter of the same known entity counted as repeat."""
    rows = list(found)
    by_entity: dict[bytes, int] = {}
    for row in rows:
        if row.entity:
            by_entity[row.entity] = by_entity.get(row.entity, 0) + row.counts[AttentionLine.VERIFIED]
    total = summed(row.counts for row in rows)
    total[AttentionLine.REPEAT] = sum(many - 1 for many in by_entity.values())
    return total
