"""The clocks of a whistle: hours to answer, working days to arrive, and the light of each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .deadlines import NO_OVERLAY, DayOverlay, Light, LightMarks, add_working_days, light

# The period is two working days: red as early as for the long ones would be red from the start.
ARRIVAL_MARKS = LightMarks(red_working_days=0)


@dataclass(frozen=True, kw_only=True)
class HourMarks:
    """Where the light of a clock in hours changes; house practice, no statute fixes it."""

    red_hours: int = 4
    amber_part: int = 2
    amber_whole: int = 3


DEFAULT_HOUR_MARKS = HourMarks()


def answer_deadline(*, raised: datetime, hours: int, overlay: DayOverlay = NO_OVERLAY) -> datetime:
    """Return the moment until which a whistle is to be answered.

    Hours run through nights and days off alike: a whistle is urgent. Only when the last of them falls on a day off, the
    moment moves to the same hour of the next working day, because nobody is there to answer. No rule fixes either:
    this is local practice, to be checked.

    Args:
        raised: in the time zone of the bureau, as days are counted in it.

    Raises:
        ValueError: `hours` is negative.

    Legal basis: 要点 4 (镇街吹哨、区县报到); the figure is a local one, see DeadlinePolicy.whistle_hours.
    """
    if hours < 0:
        raise ValueError(f"hours must not be negative: {hours}")
    due = raised + timedelta(hours=hours)
    return due + (add_working_days(start=due.date(), days=0, overlay=overlay) - due.date())


def answer_light(
    *, raised: datetime, due: datetime, now: datetime, marks: HourMarks = DEFAULT_HOUR_MARKS
) -> Light:
    """Return the light of a whistle nobody has answered yet."""
    if now > due:
        return Light.OVERDUE
    if due - now <= timedelta(hours=marks.red_hours):
        return Light.RED
    is_late_part = (now - raised) * marks.amber_whole >= (due - raised) * marks.amber_part
    return Light.AMBER if is_late_part else Light.GREEN


def arrival_light(*, answered: date, due: date, today: date, overlay: DayOverlay = NO_OVERLAY) -> Light:
    """Return the light of a unit that is on its way: red on the last day, overdue after it."""
    return light(started=answered, due=due, today=today, overlay=overlay, marks=ARRIVAL_MARKS)
