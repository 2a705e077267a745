"""A running period as officers see it: a ring, what is left in words, and what must happen by when."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.enums import Clock
from complaints.models import Tip
from complaints.rules.deadlines import DayOverlay, Light, first_open_day, light, open_year, working_days_left

LEAST_ARC = 4
_writes_years: ContextVar[bool] = ContextVar("writes_years", default=False)


@dataclass(frozen=True, kw_only=True)
class ClockFace:
    """`tone` is a Light in lower case or `paused`, `arc` the share of the period gone by in per cent.

    `warning` says that the last day may still move: the days off of its year are not announced.
    """

    tone: str
    headline: str
    subline: str
    arc: int
    warning: str = ""

    @property
    def is_marked(self) -> bool:
        """Whether the ring carries a mark inside: colour alone must not say that it is late."""
        return self.tone in {"red", "overdue"}


def clock_face(*, tip: Tip, today: date, overlay: DayOverlay) -> ClockFace | None:
    """Return the face of the tip's running clock, one that stands still while it is paused, or None."""
    if tip.clock == Clock.NONE or tip.due_date is None:
        return _standing_still() if tip.is_paused else None
    started = tip.clock_started or tip.received_date
    return period_face(
        clock=Clock(tip.clock), started=started, due=tip.due_date, today=today, overlay=overlay
    )


def period_face(*, clock: Clock, started: date, due: date, today: date, overlay: DayOverlay) -> ClockFace:
    """Return the face of a period that runs from `started` to `due`."""
    tone = light(started=started, due=due, today=today, overlay=overlay)
    left = working_days_left(today=today, due=due, overlay=overlay)
    return ClockFace(
        tone=tone.value.lower(),
        headline=_headline(left),
        subline=_subline(clock=clock, due=due, today=today),
        arc=_arc(started=started, due=due, today=today, is_over=tone == Light.OVERDUE),
        warning=provisional_words(day=due, overlay=overlay),
    )


def _standing_still() -> ClockFace:
    return ClockFace(
        tone="paused", headline=_("Period paused"), subline=_("another body decides first"), arc=0
    )


def provisional_words(*, day: date, overlay: DayOverlay) -> str:
    """Return a warning while a last day may still move, else nothing."""
    return open_year_words(open_year(due=day, overlay=overlay))


def open_year_words(year: int | None) -> str:
    """Return the warning that names the year whose days off are not announced; nothing where there is none."""
    if year is None:
        return ""
    return _("The days off of %(year)s are not announced yet; the day may still move.") % {"year": year}


def marked(text: str, *, day: date, overlay: DayOverlay) -> str:
    """Return a day in words with a mark behind it while it may still move: for a line with no room for the warning."""
    return _("%(day)s (provisional)") % {"day": text} if open_year(due=day, overlay=overlay) else text


def far_days_words(*, today: date, overlay: DayOverlay) -> str:
    """Return from which day on a last day that is chosen now may still move."""
    first = first_open_day(today=today, overlay=overlay)
    values = {"day": date_format(first, "DATE_FORMAT"), "year": open_year(due=first, overlay=overlay)}
    return _("From %(day)s on it may still move: the days off of %(year)s are not announced yet.") % values


@contextmanager
def with_years() -> Iterator[None]:
    """Write every day with its year: paper is read in another year than it was printed in."""
    token = _writes_years.set(True)
    try:
        yield
    finally:
        _writes_years.reset(token)


def day_text(day: date, *, today: date) -> str:
    """Return a day as people say it: without the year while it is this one; on paper (`with_years`) always with it."""
    is_short = day.year == today.year and not _writes_years.get()
    return date_format(day, "MONTH_DAY_FORMAT" if is_short else "DATE_FORMAT")


def _headline(left: int) -> str:
    if left == 0:
        return _("Due today")
    if left < 0:
        return ngettext("%(n)d working day over", "%(n)d working days over", -left) % {"n": -left}
    return ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}


def _subline(*, clock: str, due: date, today: date) -> str:
    texts = {
        Clock.DECIDE: _("decide by %(day)s"),
        Clock.PASS_ON: _("pass on by %(day)s"),
        Clock.CLOSE: _("conclude by %(day)s"),
        Clock.REPLY: _("answer by %(day)s"),
        Clock.REVIEW: _("review by %(day)s"),
    }
    return texts[Clock(clock)] % {"day": day_text(due, today=today)}


def _arc(*, started: date, due: date, today: date, is_over: bool) -> int:
    if is_over or due <= started:
        return 100
    return min(100, max(LEAST_ARC, (today - started).days * 100 // (due - started).days))
