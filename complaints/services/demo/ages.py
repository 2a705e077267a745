"""How old a demo tip must be so that its clock shows what the demonstration needs."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from django.utils import timezone

from complaints.models import DeadlinePolicy
from complaints.rules.deadlines import (
    DayOverlay,
    add_calendar_days,
    add_working_days,
    is_working_day,
    working_days_left,
)

LONGEST_SEARCH_DAYS = 150
OFFICE_OPENS = 9
OFFICE_HOURS = 8


def decision_started(*, today: date, left: int, policy: DeadlinePolicy, overlay: DayOverlay) -> date:
    """Return a day of receipt on which `left` working days remain today to decide; negative: overdue."""
    return _found(
        today=today,
        left=left,
        overlay=overlay,
        due=partial(add_working_days, days=policy.decide_working_days, overlay=overlay),
    )


def closing_started(*, today: date, left: int, policy: DeadlinePolicy, overlay: DayOverlay) -> date:
    """Return a day of acceptance on which `left` working days remain today to conclude; negative: overdue."""
    return _found(
        today=today,
        left=left,
        overlay=overlay,
        due=partial(add_calendar_days, days=policy.close_days, overlay=overlay),
    )


def _found(*, today: date, left: int, overlay: DayOverlay, due: Callable[..., date]) -> date:
    """Return the latest fitting day, a working day if one fits; raises ValueError when none does."""
    fitting = [
        day
        for day in (today - timedelta(days=number) for number in range(LONGEST_SEARCH_DAYS))
        if working_days_left(today=today, due=due(start=day), overlay=overlay) == left
    ]
    if not fitting:
        raise ValueError(f"no day leaves {left} working days")
    return next((day for day in fitting if is_working_day(day=day, overlay=overlay)), fitting[0])


def working_day_from(*, day: date, overlay: DayOverlay) -> date:
    """Return this day, or the first working day after it: officers act on working days."""
    while not is_working_day(day=day, overlay=overlay):
        day += timedelta(days=1)
    return day


def office_moment(*, day: date, seed: int, now: datetime) -> datetime:
    """Return a moment within office hours, fixed by `seed`, and never later than `now`."""
    minutes = seed % (OFFICE_HOURS * 60)
    moment = timezone.make_aware(datetime.combine(day, time(OFFICE_OPENS))) + timedelta(minutes=minutes)
    return min(moment, now)
