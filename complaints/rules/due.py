"""Why a period ends on the day it ends: what was skipped, what was made up, and whether that may still change."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from holidays import country_holidays

from .deadlines import (
    NO_OVERLAY,
    DayOverlay,
    add_calendar_days,
    add_working_days,
    is_working_day,
    open_year,
)

SATURDAY = 5


class Cause(StrEnum):
    """Why one day counts as it does."""

    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"
    MADE_UP = "MADE_UP"
    ENTERED_OFF = "ENTERED_OFF"
    ENTERED_WORKING = "ENTERED_WORKING"


@dataclass(frozen=True, kw_only=True)
class DayNote:
    """One day that is not what its weekday says, or on which a period cannot end; `name` is that of a holiday."""

    day: date
    cause: Cause
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class DueDay:
    """The last day of a period. `counted_to` is the day the count alone gives; `moved_by` lie between the two.

    `moved_by` of a period in working days are the days inside it that are not plain weekends or plain weekdays.
    `open_year` is the year whose arrangement may still move the last day, None when it is sure; at the turn of a year
    that is not the year of the day itself.
    """

    due: date
    counted_to: date
    moved_by: tuple[DayNote, ...]
    open_year: int | None


def due_day(*, start: date, days: int, is_working: bool = False, overlay: DayOverlay = NO_OVERLAY) -> DueDay:
    """Return the last day of a period and what moved it; raises ValueError for negative `days`.

    Legal basis: 民法典 201 (start day), 203 (last day).
    """
    if is_working:
        due = add_working_days(start=start, days=days, overlay=overlay)
        moved = [note for note in _notes(start, due, overlay) if note.cause != Cause.WEEKEND]
        counted = due
    else:
        due = add_calendar_days(start=start, days=days, overlay=overlay)
        counted = start + timedelta(days=days)
        moved = _notes(counted - timedelta(days=1), due - timedelta(days=1), overlay)
    return DueDay(
        due=due,
        counted_to=counted,
        moved_by=tuple(moved),
        open_year=open_year(due=due, overlay=overlay),
    )


def _notes(after: date, until: date, overlay: DayOverlay) -> list[DayNote]:
    """Return a note for each day after `after` and not after `until` that has one."""
    days = (after + timedelta(days=offset) for offset in range(1, (until - after).days + 1))
    return [note for day in days if (note := _note(day, overlay))]


def _note(day: date, overlay: DayOverlay) -> DayNote | None:
    is_weekend = day.weekday() >= SATURDAY
    if is_working_day(day=day, overlay=overlay):
        if not is_weekend:
            return None
        return DayNote(day=day, cause=Cause.ENTERED_WORKING if day in overlay.working else Cause.MADE_UP)
    if day in overlay.off:
        return DayNote(day=day, cause=Cause.ENTERED_OFF)
    name = country_holidays("CN", years=day.year, language="zh_CN").get(day) or ""
    return DayNote(day=day, cause=Cause.HOLIDAY if name else Cause.WEEKEND, name=str(name))
