"""Reads of the inbox: tabs with their counters, groups by due day, numbers as people type them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from complaints.enums import Clock, Direction, Phase, TipStatus
from complaints.models import AuditRow, Message, Tip
from complaints.policies import Person, tips_visible_to
from complaints.rules.deadlines import DEFAULT_MARKS, DayOverlay, add_working_days

_OPEN = Q(phase=Phase.OPEN)
_RUNNING = _OPEN & ~Q(clock=Clock.NONE)
_FIRST_YEAR = 2020
_NUMBER = re.compile(r"^(?:AS)?-?(?P<year>\d{4})-?(?P<code>[0-9A-Z]{6})$")
_CODE = re.compile(r"^[0-9A-Z]{6}$")


class Tab(StrEnum):
    """Saved views of the inbox; the value is a piece of its address."""

    MINE = "mine"
    UNIT = "unit"
    DUE_TODAY = "due-today"
    OVERDUE = "overdue"
    MESSAGES = "messages"
    ALL = "all"


class Due(StrEnum):
    """Groups of tips by the day their period ends."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class InboxCounts:
    """Counters of the tabs and of what waits for a decision, within one person's scope."""

    mine: int
    unit: int
    due_today: int
    overdue: int
    messages: int
    all: int
    waiting: int


def tab_filter(*, tab: Tab, user: Person, today: date) -> Q:
    """Return the condition behind a tab."""
    conditions = {
        Tab.MINE: _OPEN & Q(handler_id=user.pk),
        Tab.UNIT: _OPEN,
        Tab.DUE_TODAY: _RUNNING & Q(due_date=today),
        Tab.OVERDUE: _RUNNING & Q(due_date__lt=today),
        Tab.MESSAGES: _OPEN & Q(unread_count__gt=0),
        Tab.ALL: Q(),
    }
    return conditions[tab]


def inbox_counts(*, user: Person, today: date) -> InboxCounts:
    """Return all counters in one query."""
    tabs = {tab.name.lower(): Count("pk", filter=tab_filter(tab=tab, user=user, today=today)) for tab in Tab}
    waiting = Count("pk", filter=Q(status=TipStatus.REGISTERED))
    return InboxCounts(**tips_visible_to(user).aggregate(**tabs, waiting=waiting))


def due_filter(*, groups: list[str], today: date, overlay: DayOverlay) -> Q:
    """Return the condition "ends in one of these groups"; soon means within the days of the red light."""
    after_red = add_working_days(start=today, days=DEFAULT_MARKS.red_working_days + 1, overlay=overlay)
    soon_until = after_red - timedelta(days=1)
    conditions = {
        Due.OVERDUE: _RUNNING & Q(due_date__lt=today),
        Due.TODAY: _RUNNING & Q(due_date=today),
        Due.SOON: _RUNNING & Q(due_date__gt=today, due_date__lte=soon_until),
        Due.LATER: _RUNNING & Q(due_date__gt=soon_until),
        Due.NONE: ~_RUNNING,
    }
    wanted = Q(pk=None)
    for group in groups:
        wanted |= conditions[Due(group)]
    return wanted


def number_filter(*, typed: str, today: date) -> Q:
    """Return the condition for a typed number: whole, without its prefix, the six characters alone, or a beginning."""
    text = typed.strip().upper().replace(" ", "")
    if match := _NUMBER.match(text):
        return Q(number=f"AS-{match['year']}-{match['code']}")
    if _CODE.match(text):
        return Q(number__in=[f"AS-{year}-{text}" for year in range(_FIRST_YEAR, today.year + 2)])
    return Q(number__startswith=text)


def seen_numbers(*, user: Person, numbers: list[str]) -> set[str]:
    """Return which of these tips the person has opened before; one query for a page."""
    rows = AuditRow.objects.filter(actor_id=user.pk, action="tip.view", subject__in=numbers)
    return set(rows.values_list("subject", flat=True))


def newest_messages(*, user: Person, most: int) -> list[Message]:
    """Return the newest unread line of the tips that have one, at most `most` tips."""
    tips = tips_visible_to(user).filter(_OPEN, unread_count__gt=0)
    rows = Message.objects.filter(tip__in=tips, is_read=False, direction=Direction.FROM_REPORTER)
    newest: dict[int, Message] = {}
    for row in rows.select_related("tip").order_by("-pk")[: most * 5]:
        newest.setdefault(row.tip_id, row)
    return list(newest.values())[:most]


def inbox_tips(*, user: Person) -> "QuerySet[Tip]":
    """Return what the inbox lists, without what only the page of one tip shows."""
    hidden = ("address_sealed", "entity_code_sealed", "point_sealed", "content_digest", "idempotency_key")
    return tips_visible_to(user).select_related("district", "town", "handler").defer(*hidden)
