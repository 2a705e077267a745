"""What is late without a clock of the tip: orders to rectify nobody looked at again, referrals past their day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from complaints.models import Referral
from complaints.rules.deadlines import DayOverlay
from complaints.selectors.deadlines import overlay_for
from complaints.selectors.inbox import Tab
from complaints.selectors.rectifications import OverdueRectification, overdue_rectifications
from complaints.selectors.referrals import awaited_day, late_referrals

from .clockface import day_text, provisional_words
from .inbox import tab_url
from .labels import Chip
from .rows import tip_url
from .story import minute_text
from .timeline import duration_text

MOST_ROWS = 5


@dataclass(frozen=True, kw_only=True)
class LateRow:
    """One thing that is late in a line: what is owed, of which tip and unit, since when; `warning`: it may move."""

    url: str
    number: str
    unit: str
    words: str
    deadline: str
    chip: Chip
    warning: str


class LatePanel(Component):
    """Both lists with the way to all of them; nothing at all while nothing is late."""

    name = "late"
    order = 15
    template_name = "complaints/staff/late.html"

    class Media:
        css = {"all": ["desk/desk-pages.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        today = timezone.localdate(now)
        orders = overdue_rectifications(user=user, today=today, most=MOST_ROWS)
        referrals = list(late_referrals(user=user, now=now)[:MOST_ROWS])
        overlay = overlay_for(days=[*(row.rectify_by for row in orders), *map(awaited_day, referrals)])
        return {
            "orders": [_order(row, today=today, overlay=overlay) for row in orders],
            "orders_url": tab_url(Tab.RECTIFY),
            "referrals": [_referral(row, now=now, overlay=overlay) for row in referrals],
            "referrals_url": tab_url(Tab.REFERRALS),
        }


def _order(row: OverdueRectification, *, today: date, overlay: DayOverlay) -> LateRow:
    return LateRow(
        url=tip_url(number=row.tip_number),
        number=row.tip_number,
        unit=row.unit,
        words=row.words,
        deadline=_("to be rectified by %(day)s") % {"day": day_text(row.rectify_by, today=today)},
        chip=_days_over(row.days_over),
        warning=provisional_words(day=row.rectify_by, overlay=overlay),
    )


def _referral(row: Referral, *, now: datetime, overlay: DayOverlay) -> LateRow:
    words, deadline, chip = _awaited(row, now=now)
    day = awaited_day(row)
    return LateRow(
        url=tip_url(number=row.tip.number),
        number=row.tip.number,
        unit=row.tip.handling_unit.name,
        words=words,
        deadline=deadline,
        chip=chip,
        warning=provisional_words(day=day, overlay=overlay) if day else "",
    )


def _awaited(row: Referral, *, now: datetime) -> tuple[str, str, Chip]:
    """Return what a late referral waits for, since when, and by how much it is late."""
    today = timezone.localdate(now)
    if row.is_referred is None:
        over = _days_over((today - row.decide_by).days)
        return _("Waits for the decision"), _by(day_text(row.decide_by, today=today)), over
    if row.transferred_at is None and row.transfer_by is not None:
        span = duration_text(now - row.transfer_by)
        late = Chip(tone="bad", word=_("%(span)s late") % {"span": span})
        return (
            _("Waits for the hand-over to the police"),
            _by(minute_text(row.transfer_by, today=today)),
            late,
        )
    day = row.answer_by or today
    return (
        _("Waits for the answer of the police"),
        _by(day_text(day, today=today)),
        _days_over((today - day).days),
    )


def _by(when: str) -> str:
    return _("due by %(when)s") % {"when": when}


def _days_over(days: int) -> Chip:
    return Chip(tone="bad", word=ngettext("%(n)d day over", "%(n)d days over", days) % {"n": days})
