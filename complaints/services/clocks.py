"""Starting, stopping, extending and pausing the legal periods of a tip; the caller holds the tip's lock."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from complaints.enums import Clock
from complaints.models import Period, Tip
from complaints.rules.deadlines import DayOverlay
from complaints.rules.periods import Length, last_day, length_of, stood_still
from complaints.selectors.deadlines import day_overlay, policy_on


def new_period(*, tip: Tip, clock: Clock, start: date) -> Period:
    """Return a period by the policy in force on its first day, not stored yet."""
    length = length_of(clock=clock, terms=policy_on(day=start))
    return Period(
        tip=tip,
        clock=clock,
        started_date=start,
        days=length.days,
        is_working=length.is_working,
        due_date=last_day(start=start, length=length, overlay=day_overlay()),
    )


def start(*, tip: Tip, clock: Clock, today: date) -> None:
    """Start a period unless it runs already, and show the most urgent one on the tip."""
    if clock != Clock.NONE and not tip.periods.running().filter(clock=clock).exists():
        new_period(tip=tip, clock=clock, start=today).save(force_insert=True)
    show_most_urgent(tip=tip)


def stop(*, tip: Tip, clocks: Iterable[Clock], today: date) -> None:
    """End these periods where they run, and show the most urgent of the rest; a pause ends with its period."""
    wanted = set(clocks)
    if Clock.CLOSE in wanted:
        _end_pause(tip=tip, today=today)
    tip.periods.running().filter(clock__in=wanted).update(ended_date=today)
    show_most_urgent(tip=tip)


def extend(*, tip: Tip, days: int) -> Period | None:
    """Lengthen the period for conclusion by `days`; None when it does not run."""
    period = tip.periods.running().filter(clock=Clock.CLOSE).first()
    if period is not None:
        period.extra_days += days
        _recount(period, overlay=day_overlay())
        show_most_urgent(tip=tip)
    return period


def pause(*, tip: Tip, today: date) -> None:
    """Stand the period for conclusion still: another body decides first."""
    tip.periods.running().filter(clock=Clock.CLOSE, paused_date=None).update(paused_date=today)
    show_most_urgent(tip=tip)


def resume(*, tip: Tip, today: date) -> None:
    """Let the period for conclusion go on; the days it stood still do not count."""
    _end_pause(tip=tip, today=today)
    show_most_urgent(tip=tip)


def _end_pause(*, tip: Tip, today: date) -> None:
    period = tip.periods.running().filter(clock=Clock.CLOSE, paused_date__isnull=False).first()
    if period is not None and period.paused_date is not None:
        overlay = day_overlay()
        period.paused_days += stood_still(
            start=period.started_date,
            length=Length(days=period.days, is_working=period.is_working),
            extra=period.extra_days,
            paused=period.paused_days,
            since=period.paused_date,
            until=today,
            overlay=overlay,
        )
        period.paused_date = None
        _recount(period, overlay=overlay)


def recount_running(*, overlay: DayOverlay) -> int:
    """Work out the last day of every running period again, after the calendar changed; return how many moved.

    Takes each tip's lock itself, and only where the day moves.
    """
    rows = Period.objects.running().order_by("pk").iterator()
    moved = [row.pk for row in rows if _due(row, overlay=overlay) != row.due_date]
    return sum(_recount_locked(period_id=key, overlay=overlay) for key in moved)


@transaction.atomic
def _recount_locked(*, period_id: int, overlay: DayOverlay) -> bool:
    owner = Period.objects.filter(pk=period_id).values("tip")
    tip = Tip.objects.select_for_update().filter(pk__in=owner).first()
    period = Period.objects.running().filter(pk=period_id).first()
    if tip is None or period is None:
        return False
    _recount(period, overlay=overlay)
    show_most_urgent(tip=tip)
    return True


def _recount(period: Period, *, overlay: DayOverlay) -> None:
    period.due_date = _due(period, overlay=overlay)
    period.save(update_fields=["extra_days", "paused_days", "paused_date", "due_date"])


def _due(period: Period, *, overlay: DayOverlay) -> date:
    return last_day(
        start=period.started_date,
        length=Length(days=period.days, is_working=period.is_working),
        extra=period.extra_days,
        paused=period.paused_days,
        overlay=overlay,
    )


def show_most_urgent(*, tip: Tip) -> None:
    """Copy the running period that ends first onto the tip, as lists order by it."""
    running = list(tip.periods.running().order_by("due_date", "pk"))
    moving = [period for period in running if period.paused_date is None]
    shown = next(iter(moving), None)
    tip.is_paused = any(period.paused_date is not None for period in running)
    tip.save(update_fields=["is_paused"])
    tip.set_clock(
        clock=Clock(shown.clock) if shown else Clock.NONE,
        started=shown.started_date if shown else None,
        due=shown.due_date if shown else None,
    )
