"""Count calendar days and working days, and say how urgent a deadline is."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version

from holidays import country_holidays
from holidays.countries.china import ChinaStaticHolidays

YEARS_REMEMBERED = 128
# Goes up when more last days are counted again after a change of the calendar: then all are, once.
WAY_OF_COUNTING = 2
# The arrangement of a year may take the last days of the year before it: that of 2019 took 31 December 2018.
TURN_OF_YEAR = timedelta(days=3)
# An arrangement of the State Council always names more days than this that differ from the plain week.
LEAST_ANNOUNCED_DAYS = 5


class Light(StrEnum):
    """Traffic light of one running clock."""

    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, kw_only=True)
class LightMarks:
    """Where the light changes; house practice, no statute fixes it."""

    red_working_days: int = 3
    amber_part: int = 2
    amber_whole: int = 3


DEFAULT_MARKS = LightMarks()


@dataclass(frozen=True, kw_only=True)
class DayOverlay:
    """Days the bureau knows about and the published calendar does not (yet).

    Raises:
        ValueError: a day is said to be both off and a working day.
    """

    off: frozenset[date] = field(default_factory=frozenset)
    working: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        both = self.off & self.working
        if both:
            raise ValueError(f"off and working at once: {sorted(both)}")


NO_OVERLAY = DayOverlay()


def is_working_day(*, day: date, overlay: DayOverlay = NO_OVERLAY) -> bool:
    """Say whether offices work on `day`; make-up working days at weekends count.

    The overlay wins over the published calendar.
    """
    return day in _working_set(day.year, overlay)


def calendar_is_official(*, year: int) -> bool:
    """Say whether the State Council's arrangement of `year` is in the library.

    For any other year only the fixed statutory holidays are known: no bridge
    days and no make-up working days, so that every date counted through it is
    provisional until the overlay is filled in or the library is updated.
    """
    return year in ChinaStaticHolidays.special_public_holidays


def open_year(*, due: date, overlay: DayOverlay = NO_OVERLAY) -> int | None:
    """Return the year whose arrangement may still move this last day; None when it is sure.

    That is its own year, or the next one for a day on 29 to 31 December (`TURN_OF_YEAR`). A year counts as announced
    when the library has it, or when the bureau has entered its days as an overlay: at least `LEAST_ANNOUNCED_DAYS` of
    that year.
    """
    years = (due.year, (due + TURN_OF_YEAR).year)
    return next((year for year in years if not _is_announced(year, overlay)), None)


def is_provisional(*, due: date, overlay: DayOverlay = NO_OVERLAY) -> bool:
    """Say whether a last day may still move, see `open_year`."""
    return open_year(due=due, overlay=overlay) is not None


def first_open_day(*, today: date, overlay: DayOverlay = NO_OVERLAY) -> date:
    """Return the first day from `today` on that may still move as a last day."""
    if is_provisional(due=today, overlay=overlay):
        return today
    year = today.year + 1
    while _is_announced(year, overlay):
        year += 1
    return date(year, 1, 1) - TURN_OF_YEAR


def _is_announced(year: int, overlay: DayOverlay) -> bool:
    if calendar_is_official(year=year):
        return True
    return sum(day.year == year for day in overlay.off | overlay.working) >= LEAST_ANNOUNCED_DAYS


def calendar_digest(*, overlay: DayOverlay) -> str:
    """Return a text that changes when a period might end on another day: with overlay, library or `WAY_OF_COUNTING`."""
    parts = [f"way {WAY_OF_COUNTING}", version("holidays")]
    parts += [f"-{day}" for day in sorted(overlay.off)] + [f"+{day}" for day in sorted(overlay.working)]
    return sha256(" ".join(parts).encode()).hexdigest()


def add_calendar_days(*, start: date, days: int, overlay: DayOverlay = NO_OVERLAY) -> date:
    """Return the last day of a period of `days` calendar days.

    The start day is not counted; a last day off moves to the next working day.
    An extension is counted from the original start over the longer period, not
    from the moved end.

    Raises:
        ValueError: `days` is negative.

    Legal basis: 民法典 201 (start day), 203 (last day).
    """
    _refuse_negative(days)
    return _next_working_day(start + timedelta(days=days), overlay)


def add_working_days(*, start: date, days: int, overlay: DayOverlay = NO_OVERLAY) -> date:
    """Return the day on which `days` working days after `start` have passed.

    The start day is not counted. Zero days ends on the start day itself, or on
    the next working day where the start day is off.

    Raises:
        ValueError: `days` is negative.

    Legal basis: 民法典 201 (start day), 203 (last day).
    """
    _refuse_negative(days)
    if days == 0:
        return _next_working_day(start, overlay)
    year, worked = start.year, _working_days(start.year, overlay)
    position = bisect_right(worked, start) + days - 1
    while position >= len(worked):
        position -= len(worked)
        year += 1
        worked = _working_days(year, overlay)
    return worked[position]


def working_days_left(*, today: date, due: date, overlay: DayOverlay = NO_OVERLAY) -> int:
    """Return the working days after `today` up to and including `due`.

    On the due day it is 0. Afterwards it is negative, and at least -1 from the
    first day after it, a weekend included: late is late.
    """
    if today <= due:
        return _worked_between(today, due, overlay)
    return -max(1, _worked_between(due, today, overlay))


def light(
    *,
    started: date,
    due: date,
    today: date,
    overlay: DayOverlay = NO_OVERLAY,
    marks: LightMarks = DEFAULT_MARKS,
) -> Light:
    """Return the traffic light of a clock that runs from `started` to `due`.

    Overdue after the due day; red with `marks.red_working_days` left or fewer;
    amber once the marked share of the calendar days of the period has gone by.
    """
    if today > due:
        return Light.OVERDUE
    left = working_days_left(today=today, due=due, overlay=overlay)
    if left <= marks.red_working_days:
        return Light.RED
    gone, period = (today - started).days, (due - started).days
    return Light.AMBER if gone * marks.amber_whole >= period * marks.amber_part else Light.GREEN


def _refuse_negative(days: int) -> None:
    if days < 0:
        raise ValueError(f"days must not be negative: {days}")


def _next_working_day(day: date, overlay: DayOverlay) -> date:
    while day not in _working_set(day.year, overlay):
        day += timedelta(days=1)
    return day


def _worked_between(after: date, until: date, overlay: DayOverlay) -> int:
    """Count the working days later than `after` and not later than `until`."""
    gone = bisect_right(_working_days(after.year, overlay), after)
    reached = bisect_right(_working_days(until.year, overlay), until)
    years = range(after.year, until.year)
    return reached - gone + sum(len(_working_days(year, overlay)) for year in years)


@lru_cache(maxsize=YEARS_REMEMBERED)
def _working_days(year: int, overlay: DayOverlay) -> tuple[date, ...]:
    """Return the sorted working days of a year; an inbox asks for the same few years."""
    return tuple(sorted(_working_set(year, overlay)))


@lru_cache(maxsize=YEARS_REMEMBERED)
def _working_set(year: int, overlay: DayOverlay) -> frozenset[date]:
    named = frozenset(day for day in overlay.working if day.year == year)
    return (_published(year) | named) - overlay.off


@lru_cache(maxsize=YEARS_REMEMBERED)
def _published(year: int) -> frozenset[date]:
    """Return the working days of a year by the library alone."""
    calendar = country_holidays("CN", years=year)
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    days = (first + timedelta(days=offset) for offset in range(length))
    return frozenset(day for day in days if calendar.is_working_day(day))
