"""Reads of orders to rectify: which of them nobody has found fulfilled by their day."""

from dataclasses import dataclass
from datetime import date

from complaints.enums import Measure
from complaints.models import Disposal
from complaints.policies import Person, tips_visible_to


@dataclass(frozen=True, kw_only=True)
class OverdueRectification:
    """One order to rectify past its day; `days_over` are calendar days."""

    tip_number: str
    unit: str
    words: str
    decided_date: date
    rectify_by: date
    days_over: int


def overdue_rectifications(*, user: Person, today: date, most: int = 50) -> list[OverdueRectification]:
    """Return orders of the person's tips past their day and not found rectified, the oldest first; one query."""
    rows = Disposal.objects.filter(
        measure=Measure.RECTIFY, rectified_date=None, rectify_by__lt=today, tip__in=tips_visible_to(user)
    ).select_related("tip__handling_unit")
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
