"""Reads of the legal periods in force and of special days."""

from datetime import date

from complaints.models import DeadlinePolicy, SpecialDay
from complaints.rules.deadlines import DayOverlay


def policy_on(*, day: date) -> DeadlinePolicy:
    """Return the periods in force on `day`; the defaults of the law when no row is that old."""
    return DeadlinePolicy.objects.in_force(day=day).first() or DeadlinePolicy(effective_from=day)


def day_overlay() -> DayOverlay:
    """Return the special days announced late; one query."""
    rows = list(SpecialDay.objects.values_list("day", "is_working"))
    return DayOverlay(
        off=frozenset(day for day, working in rows if not working),
        working=frozenset(day for day, working in rows if working),
    )
