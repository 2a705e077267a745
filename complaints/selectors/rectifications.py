"""Reads of orders to rectify, given alone or with a penalty: which nobody has found fulfilled by their day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from complaints.enums import Result, TipStatus
from complaints.models import Disposal, Tip
from complaints.policies import Person, tips_visible_to

# Orders of a result that a review made void bind nobody.
_CONFIRMED = (Result.TRUE, Result.PARTLY_TRUE)


@dataclass(frozen=True, kw_only=True)
class OverdueRectification:
    """One order to rectify past its day; `days_over` are calendar days."""

    tip_number: str
    unit: str
    words: str
    decided_date: date
    rectify_by: date
    days_over: int


def waits_for_recheck(*, tip: Tip) -> bool:
    """Say whether a closed case holds an order nobody has found fulfilled; no query in any other state."""
    if tip.status != TipStatus.CLOSED or tip.result not in _CONFIRMED:
        return False
    return tip.disposals.unfulfilled().exists()


def open_order(*, tip: Tip, disposals: Iterable[Disposal]) -> Disposal | None:
    """Return the order among a tip's measures that ends first and nobody has found fulfilled; no query."""
    if tip.result not in _CONFIRMED:
        return None
    rows = [row for row in disposals if row.is_unfulfilled]
    return min(rows, key=lambda row: row.rectify_by or row.decided_date, default=None)


def overdue_orders(*, today: date) -> "QuerySet[Disposal]":
    """Return orders to rectify past their day that nobody has found fulfilled, in every scope."""
    return Disposal.objects.unfulfilled().filter(rectify_by__lt=today, tip__result__in=_CONFIRMED)


def overdue_rectifications(*, user: Person, today: date, most: int = 50) -> list[OverdueRectification]:
    """Return orders of the person's tips past their day and not found rectified, the oldest first; one query."""
    seen = Exists(tips_visible_to(user).filter(pk=OuterRef("tip_id")))
    rows = overdue_orders(today=today).filter(seen).select_related("tip__handling_unit")
    return [
        OverdueRectification(
            tip_number=row.tip.number,
            unit=row.tip.handling_unit.name,
            words=row.words,
            decided_date=row.decided_date,
            rectify_by=row.rectify_by,
            days_over=(today - row.rectify_by).days,
        )
        for row in rows.order_by("rectify_by", "pk")[:most]
        if row.rectify_by is not None
    ]
