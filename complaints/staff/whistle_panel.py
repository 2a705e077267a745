"""Whistles on the first page of the back office: who waits for whom now, and the figures of the last weeks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from complaints.rules.deadlines import DayOverlay, Light
from complaints.rules.percents import whole_percent
from complaints.selectors.inbox import Tab
from complaints.selectors.whistles import WhistleCard, WhistleState, open_whistles
from complaints.stats.whistles import WhistleFigures, whistle_figures

from .clockface import day_text, open_year_words
from .inbox import tab_url
from .labels import Chip
from .rows import tip_url
from .story import minute_text
from .timeline import duration_text

MOST_ROWS = 5
FIGURE_DAYS = 90
_TONES = {Light.GREEN: "go", Light.AMBER: "wait", Light.RED: "wait", Light.OVERDUE: "bad"}


@dataclass(frozen=True, kw_only=True)
class WhistleRow:
    """One open whistle in a line: who waits for whom, what for, until when; `warning`: the day may move."""

    url: str
    number: str
    words: str
    reason: str
    deadline: str
    chip: Chip
    warning: str


class WhistlePanel(Component):
    """What the own units wait for or are waited for, longest due first, beside the figures."""

    name = "whistles"
    order = 20
    template_name = "complaints/staff/whistles.html"

    class Media:
        css = {"all": ["desk/desk-pages.css"]}

    def __init__(self, *, overlay: Callable[[], DayOverlay]) -> None:
        self.overlay = overlay

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        today = timezone.localdate(now)
        found = whistle_figures(user=user, since=today - timedelta(days=FIGURE_DAYS), until=today, now=now)
        cards = open_whistles(user=user, now=now, most=MOST_ROWS, overlay=self.overlay())
        return {
            "rows": [_row(card, now=now) for card in cards],
            "figures": figure_lines(found),
            "days": FIGURE_DAYS,
            "all_url": tab_url(Tab.WHISTLES),
        }


def _row(card: WhistleCard, *, now: datetime) -> WhistleRow:
    values = {"town": card.waits, "unit": card.awaited}
    words = (
        _("%(town)s waits for %(unit)s")
        if card.state == WhistleState.WAITING
        else _("%(town)s waits for %(unit)s to arrive")
    )
    deadline, left = _deadline(card, now=now)
    return WhistleRow(
        url=tip_url(number=card.tip_number),
        number=card.tip_number,
        words=words % values,
        reason=card.reason,
        deadline=deadline,
        chip=Chip(tone=_TONES[card.light] if card.light else "go", word=left),
        warning=open_year_words(card.open_year),
    )


def _deadline(card: WhistleCard, *, now: datetime) -> tuple[str, str]:
    """Return by when what is owed, and how it stands."""
    today = timezone.localdate(now)
    if card.arrive_by is not None:
        late = card.arrive_by < today
        words = _("on its way") if not late else _("arrival overdue")
        return _("on site by %(day)s") % {"day": day_text(card.arrive_by, today=today)}, words
    span = duration_text(abs(card.answer_by - now))
    words = _("%(span)s left") if card.answer_by >= now else _("%(span)s late")
    answer_by = minute_text(card.answer_by, today=today)
    return _("answer by %(time)s") % {"time": answer_by}, words % {"span": span}


def figure_lines(found: WhistleFigures) -> list[tuple[str, str]]:
    """Return the figures with their labels; medians only where there is a case."""
    return [
        (_("Whistles raised"), str(found.raised)),
        (_("Answered in time"), _in_time(found)),
        (_("Answered late or waiting past the hour"), str(found.late)),
        (_("Sent back"), str(found.returned)),
        (_("Median until the answer"), _hours(found.median_hours_to_answer)),
        (_("Median from answer to arrival"), _hours(found.median_hours_to_arrive)),
    ]


def _in_time(found: WhistleFigures) -> str:
    if not found.judged:
        return "0"
    share = whole_percent(found.answered_in_time, found.judged)
    return f"{found.answered_in_time} / {found.judged} ({share} %)"


def _hours(hours: float | None) -> str:
    if hours is None:
        return "—"
    if hours < 1:
        return duration_text(timedelta(hours=hours))
    return _("%(n)s hours") % {"n": f"{round(hours, 1):g}"}
