"""How long each legal period runs, by the policy in force, and on which day it ends."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from complaints.enums import Clock

from .deadlines import NO_OVERLAY, DayOverlay, add_calendar_days, add_working_days


class Terms(Protocol):
    """The figures of one dated policy row that the periods need."""

    decide_working_days: int
    pass_on_working_days: int
    close_days: int
    reply_days: int
    review_days: int


@dataclass(frozen=True, kw_only=True)
class Length:
    """So many days, calendar or working ones."""

    days: int
    is_working: bool = False


def length_of(*, clock: Clock, terms: Terms) -> Length:
    """Return how long a period runs; raises ValueError for Clock.NONE.

    Legal basis: 19号 (60 days), 106号 (review 30 days), 安全生产法 73 (pass on); the others are local figures.
    """
    lengths = {
        Clock.DECIDE: Length(days=terms.decide_working_days, is_working=True),
        Clock.PASS_ON: Length(days=terms.pass_on_working_days, is_working=True),
        Clock.CLOSE: Length(days=terms.close_days),
        Clock.REPLY: Length(days=terms.reply_days),
        Clock.REVIEW: Length(days=terms.review_days),
    }
    if clock not in lengths:
        raise ValueError(f"no period: {clock}")
    return lengths[clock]


def last_day(
    *, start: date, length: Length, extra: int = 0, paused: int = 0, overlay: DayOverlay = NO_OVERLAY
) -> date:
    """Return the last day of a period.

    Args:
        extra: days granted once, counted from the original start over the longer period (19号).
        paused: calendar days during which another body decided; they do not count.

    Raises:
        ValueError: a period in working days is neither extended nor paused.
    """
    if not length.is_working:
        return add_calendar_days(start=start, days=length.days + extra + paused, overlay=overlay)
    if extra or paused:
        raise ValueError("a period in working days is neither extended nor paused")
    return add_working_days(start=start, days=length.days, overlay=overlay)


def stood_still(
    *, start: date, length: Length, extra: int, paused: int, since: date, until: date, overlay: DayOverlay
) -> int:
    """Return the calendar days that do not count because of a pause from `since` to `until`; 0 or more.

    A pause that begins after the bare end, while the period is still running because its last day was a day off,
    stops what is left of the moved end: the days from the bare to the moved end do not count either. A pause that
    begins after the last day mends nothing.

    Args:
        paused: days that do not count already, from earlier pauses.

    Legal basis: 民法典 203 (the period ends with the day it was moved to).
    """
    bare = start + timedelta(days=length.days + extra + paused)
    moved = last_day(start=start, length=length, extra=extra, paused=paused, overlay=overlay)
    gap = (moved - bare).days if bare < since <= moved else 0
    return (until - since).days + gap
