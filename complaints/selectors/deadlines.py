"""Reads of the legal periods in force and of special days."""

from collections.abc import Iterable
from datetime import date

from complaints.models import DeadlinePolicy, SpecialDay
from complaints.rules.deadlines import NO_OVERLAY, DayOverlay, is_provisional, open_year
from complaints.rules.due import DueDay, due_day


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


def provisional(*, due: date) -> bool:
    """Say whether a last day may still move; no query in a year whose days off are announced."""
    return is_provisional(due=due) and is_provisional(due=due, overlay=day_overlay())


def open_years(*, days: Iterable[date | None], overlay: DayOverlay) -> tuple[int, ...]:
    """Return the years whose arrangement may still move one of these last days, in order; no query."""
    years = {open_year(due=day, overlay=overlay) for day in days if day is not None}
    return tuple(sorted(year for year in years if year is not None))


def overlay_for(*, days: Iterable[date | None]) -> DayOverlay:
    """Return what tells which of these days may still move; no query where all lie in announced years."""
    is_asked = any(day is not None and is_provisional(due=day) for day in days)
    return day_overlay() if is_asked else NO_OVERLAY


def last_day_of(*, start: date, days: int, is_working: bool, is_overlaid: bool = True) -> DueDay:
    """Return the last day of a period and what moved it; raises ValueError for negative `days`. One query.

    Args:
        is_overlaid: whether special days count; without them no database is asked.
    """
    overlay = day_overlay() if is_overlaid else NO_OVERLAY
    return due_day(start=start, days=days, is_working=is_working, overlay=overlay)
