"""A running period as officers see it: a ring, what is left in words, and what must happen by when."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.enums import Clock
from complaints.models import Tip
from complaints.rules.deadlines import DayOverlay, Light, light, working_days_left

LEAST_ARC = 4


@dataclass(frozen=True, kw_only=True)
class ClockFace:
    """`tone` is a Light in lower case, `arc` the share of the period gone by in per cent."""

    tone: str
    headline: str
    subline: str
    arc: int

    @property
    def is_marked(self) -> bool:
        """Whether the ring carries a mark inside: colour alone must not say that it is late."""
        return self.tone in {"red", "overdue"}


def clock_face(*, tip: Tip, today: date, overlay: DayOverlay) -> ClockFace | None:
    """Return the face of the tip's running clock, or None when none runs."""
    if tip.clock == Clock.NONE or tip.due_date is None:
        return None
    started = tip.clock_started or tip.received_date
    tone = light(started=started, due=tip.due_date, today=today, overlay=overlay)
    left = working_days_left(today=today, due=tip.due_date, overlay=overlay)
    return ClockFace(
        tone=tone.value.lower(),
        headline=_headline(left),
        subline=_subline(clock=tip.clock, due=tip.due_date, today=today),
        arc=_arc(started=started, due=tip.due_date, today=today, is_over=tone == Light.OVERDUE),
    )


def day_text(day: date, *, today: date) -> str:
    """Return a day as people say it: without the year while it is this one."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


def _headline(left: int) -> str:
    if left == 0:
        return _("Due today")
    if left < 0:
        return ngettext("%(n)d working day over", "%(n)d working days over", -left) % {"n": -left}
    return ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}


def _subline(*, clock: str, due: date, today: date) -> str:
    texts = {Clock.DECIDE: _("decide by %(day)s"), Clock.CLOSE: _("conclude by %(day)s")}
    return texts[Clock(clock)] % {"day": day_text(due, today=today)}


def _arc(*, started: date, due: date, today: date, is_over: bool) -> int:
    if is_over or due <= started:
        return 100
    return min(100, max(LEAST_ARC, (today - started).days * 100 // (due - started).days))
