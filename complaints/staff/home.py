"""The first page of the back office for people who handle tips: five counts, what comes first, new messages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.ui.components import Component

from complaints.enums import Role
from complaints.policies import may_read_tips, scope_of
from complaints.rules.deadlines import DayOverlay
from complaints.rules.titles import title_from
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.inbox import (
    Count,
    InboxCounts,
    Tab,
    first_tips,
    inbox_counts,
    newest_messages,
)
from complaints.selectors.offices import offices_of
from complaints.selectors.signing import leads_people

from .asking_panel import AskingPanel
from .clockface import day_text
from .custody_panel import CustodyPanel
from .inbox import tab_url
from .late_panel import LatePanel
from .machine import MachinePanel
from .payments.panel import PaymentsPanel
from .reports import KEEPS_ACCOUNTS
from .rows import inbox_rows, tip_url
from .statistics.panel import ChartsPanel
from .story import name_of
from .visits import has_news
from .whistle_panel import WhistlePanel

FIRST_TIPS = 7
FIRST_MESSAGES = 4


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A count that leads somewhere; `tone` is critical, warning or empty."""

    count: Count
    label: str
    hint: str
    url: str
    tone: str


class DeskPanel(Component):
    """Today's work in one panel; it takes the place of Wagtail's site summary and page search."""

    name = "desk"
    order = 10
    template_name = "complaints/staff/home.html"
    replaces_summary = True

    class Media:
        css = {"all": ["desk/desk-pages.css"]}

    def __init__(self, *, overlay: Callable[[], DayOverlay]) -> None:
        self.overlay = overlay

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request, now = parent_context["request"], timezone.now()
        user = request.user
        today = timezone.localdate(now)
        signs = leads_people(user=user)
        counts = inbox_counts(user=user, now=now, tabs=_counted(signs=signs))
        first = first_tips(user=user, most=FIRST_TIPS, today=today)
        return {
            "greeting": _greeting(user=user, today=today, counts=counts),
            "has_news": has_news(request),
            "tiles": tiles(counts, signs=signs),
            "rows": inbox_rows(tips=first, user=user, now=now, overlay=self.overlay()),
            "messages": [
                {
                    "url": tip_url(number=row.tip.number) + "#tab-talk",
                    "text": title_from(row.body) or _("Photos"),
                    "number": row.tip.number,
                    "day": day_text(row.sent_date, today=today),
                }
                for row in newest_messages(user=user, most=FIRST_MESSAGES)
            ],
            "inbox_url": tab_url(Tab.UNIT),
        }


def _counted(*, signs: bool) -> tuple[Tab, ...]:
    """Return what this page counts: its five tiles, and what is open."""
    return (
        Tab.UNIT,
        Tab.OVERDUE,
        Tab.DUE_TODAY,
        Tab.WHISTLES,
        Tab.MESSAGES,
        Tab.SIGNING if signs else Tab.WAITING,
    )


def tiles(counts: InboxCounts, *, signs: bool) -> list[Tile]:
    """Return the five counts; late ones stand out as soon as there are any.

    Args:
        signs: whether the person leads a unit and decides what others propose.
    """
    named = [
        (Tab.OVERDUE, _("Overdue"), _("a period has run out"), "critical"),
        (Tab.DUE_TODAY, _("Due today"), _("last day of a period"), "critical"),
        (Tab.WHISTLES, _("Open whistles"), _("called, or on the way"), "warning"),
        (Tab.MESSAGES, _("New messages"), _("from reporters"), ""),
        (Tab.SIGNING, _("Waits for my decision"), _("results, measures, extensions, referrals"), "warning")
        if signs
        else (Tab.WAITING, _("To be decided"), _("accept or decline"), "warning"),
    ]
    return [
        Tile(
            count=counts[tab],
            label=label,
            hint=hint,
            url=tab_url(tab),
            tone=tone if counts[tab] else "",
        )
        for tab, label, hint, tone in named
    ]


def _greeting(*, user: User, today: date, counts: InboxCounts) -> str:
    day = f"{day_text(today, today=today)} {date_format(today, 'l')}"
    open_tips = _("%(n)s open in your unit") % {"n": counts[Tab.UNIT]}
    return " · ".join([day, name_of(user), *offices_of(user=user), open_tips])


def _desk() -> list[Component]:
    overlay = cache(day_overlay)  # read once for all panels of this page
    work = [DeskPanel(overlay=overlay), LatePanel(), WhistlePanel(overlay=overlay)]
    return [*work, AskingPanel(), ChartsPanel()]


def put_desk_first(request: HttpRequest, panels: list[Component]) -> None:
    """Give people their own first page: the desk, the machine or both; keep Wagtail's panels for who edits pages."""
    desk = _desk() if may_read_tips(request.user) else []
    if Role.CUSTODIAN in scope_of(request.user).sealed:
        desk = [*desk, CustodyPanel()]
    if Role.PAYER in scope_of(request.user).sealed:
        desk = [*desk, PaymentsPanel()]
    own = [*desk, MachinePanel()] if request.user.has_perm(KEEPS_ACCOUNTS) else desk
    if own and not user_has_any_page_permission(request.user):
        panels.clear()
    panels[:0] = own
