"""Reads of the inbox: tabs with their counters, groups by due day, numbers as people type them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from complaints.enums import Direction, Phase, TipStatus
from complaints.models import AuditRow, Message, Tip, Whistle
from complaints.models.tip import NO_DUE_DATE
from complaints.policies import Person, tips_visible_to, units_led_by
from complaints.rules.deadlines import DEFAULT_MARKS, DayOverlay, add_working_days

from .merging import lead_of
from .newest import newest_keys
from .parts import counts_within, first_keys, first_of_few
from .rectifications import overdue_orders
from .referrals import overdue_referrals
from .routing import waits_to_be_passed_on
from .signing import waits_for_signature

_OPEN = Q(phase=Phase.OPEN)
# A list is leafed through so far and counted so far; filters and the search reach what lies behind.
COUNT_BOUND = 500
# Unread conversations among which the first page looks for the newest.
UNREAD_BOUND = 500
MAP_BOUND = 500
_MAPPED = (
    "number", "description_sealed", "entity_name_sealed", "point_sealed", "kind", "violation", "operations",
    "photo_count", "status", "clock", "clock_started", "due_date", "order_date", "received_date", "is_paused",
    "district__name", "town__name",
)  # fmt: skip
_FIRST_YEAR = 2020
_NUMBER = re.compile(r"^(?:AS)?-?(?P<year>\d{4})-?(?P<code>[0-9A-Z]{6})$")
_BEGINNING = re.compile(r"^AS(-\d{0,4}(-[0-9A-Z]{0,6})?)?$")
_LAST = "Z" * 20  # comes after whatever may follow in a number
_CODE = re.compile(r"^[0-9A-Z]{6}$")


class Tab(StrEnum):
    """Saved views of the inbox; the value is a piece of its address."""

    MINE = "mine"
    UNIT = "unit"
    DUE_TODAY = "due-today"
    OVERDUE = "overdue"
    WHISTLES = "whistles"
    SUPERVISED = "supervised"
    MESSAGES = "messages"
    WAITING = "waiting"
    SIGNING = "signing"
    RECTIFY = "rectify"
    REFERRALS = "referrals"
    FOREIGN = "pass-on"
    ALL = "all"


class Due(StrEnum):
    """Groups of tips by the day their period ends."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many there are, counted up to a bound: `is_more` says that counting stopped there."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.is_more else str(self.number)

    def __bool__(self) -> bool:
        return bool(self.number)


InboxCounts = Mapping[Tab, Count]


def tab_filter(*, tab: Tab, user: Person, now: datetime) -> Q:
    """Return the condition behind a tab; what waits for a signature, orders to rectify, referrals and supervisions
    outlive the work on a tip.
    """
    today = timezone.localdate(now)
    conditions = {
        Tab.MINE: _OPEN & Q(handler_id=user.pk),
        Tab.UNIT: _OPEN,
        Tab.DUE_TODAY: _OPEN & Q(order_date=today),
        Tab.OVERDUE: _OPEN & Q(order_date__lt=today),
        Tab.WHISTLES: _OPEN & Q(called_unit__isnull=False),
        Tab.SUPERVISED: Q(is_supervised=True),
        Tab.MESSAGES: _unread_by(user),
        Tab.WAITING: _OPEN & Q(status__in=(TipStatus.REGISTERED, TipStatus.SCREENING)),
        Tab.SIGNING: waits_for_signature(user=user),
        Tab.RECTIFY: Q(pk__in=overdue_orders(today=today).values("tip")),
        Tab.REFERRALS: Q(pk__in=overdue_referrals(now=now).values("tip")),
        Tab.FOREIGN: _OPEN & waits_to_be_passed_on(),
        Tab.ALL: Q(),
    }
    return conditions[tab]


def _unread_by(user: Person) -> Q:
    """Return the condition "a reporter waits to be read by the unit in charge"."""
    return _OPEN & Q(unread_count__gt=0, handling_unit__in=units_led_by(user))


def inbox_counts(*, user: Person, now: datetime, tabs: Iterable[Tab] = tuple(Tab)) -> InboxCounts:
    """Return the counters of these tabs, each counted up to COUNT_BOUND; one query for all of them."""
    wanted = list(tabs)
    conditions = [tab_filter(tab=tab, user=user, now=now) for tab in wanted]
    found = counts_within(user=user, conditions=conditions, most=COUNT_BOUND + 1)
    return {tab: bounded(number) for tab, number in zip(wanted, found, strict=True)}


def bounded(number: int) -> Count:
    """Return a number that was counted one beyond COUNT_BOUND at most: a million closed tips must not be counted."""
    return Count(number=min(number, COUNT_BOUND), is_more=number > COUNT_BOUND)


def listed_keys(*, tips: "QuerySet[Tip]", user: Person, tab: Tab, most: int) -> list[int]:
    """Return the keys of what a tab lists, in its order, `most` at most.

    Open ones come by due day; all there ever were newest first.
    """
    if tab == Tab.ALL:
        return newest_keys(tips=tips, user=user, most=most)
    return first_keys(tips=tips, user=user, most=most)


def due_filter(*, groups: list[str], today: date, overlay: DayOverlay) -> Q:
    """Return the condition "ends in one of these groups"; soon means within the days of the red light."""
    after_red = add_working_days(start=today, days=DEFAULT_MARKS.red_working_days + 1, overlay=overlay)
    soon_until = after_red - timedelta(days=1)
    conditions = {
        Due.OVERDUE: _OPEN & Q(order_date__lt=today),
        Due.TODAY: _OPEN & Q(order_date=today),
        Due.SOON: _OPEN & Q(order_date__gt=today, order_date__lte=soon_until),
        Due.LATER: _OPEN & Q(order_date__gt=soon_until, order_date__lt=NO_DUE_DATE),
        Due.NONE: Q(order_date=NO_DUE_DATE),
    }
    wanted = Q(pk=None)
    for group in groups:
        wanted |= conditions[Due(group)]
    return wanted


def is_number(*, typed: str) -> bool:
    """Say whether somebody types a tip's number, whole or its beginning."""
    text = typed.strip().upper().replace(" ", "")
    return bool(_NUMBER.match(text) or _CODE.match(text) or _BEGINNING.match(text))


def is_code(*, typed: str) -> bool:
    """Say whether somebody types six characters alone: the end of a number, or a short word."""
    return bool(_CODE.match(typed.strip().upper()))


def number_filter(*, typed: str, today: date) -> Q:
    """Return the condition for a typed number: whole, without its prefix, the six characters alone, or a beginning."""
    text = typed.strip().upper().replace(" ", "")
    if match := _NUMBER.match(text):
        return Q(number=f"AS-{match['year']}-{match['code']}")
    if _CODE.match(text):
        return Q(number__in=[f"AS-{year}-{text}" for year in range(_FIRST_YEAR, today.year + 2)])
    # The range says the same: SQLite finds a beginning by an index only so.
    return Q(number__startswith=text, number__gte=text, number__lte=text + _LAST)


def is_within_reach(*, user: Person, number: str) -> bool:
    """Say whether the tip of this number lies within the person's scope."""
    return tips_visible_to(user).filter(number=number).exists()


def seen_numbers(*, user: Person, numbers: list[str]) -> set[str]:
    """Return which of these tips the person has opened before; one query for a page."""
    rows = AuditRow.objects.filter(actor_id=user.pk, action="tip.view", subject__in=numbers)
    return set(rows.values_list("subject", flat=True))


def newest_messages(*, user: Person, most: int) -> list[Message]:
    """Return the newest unread line of the tips that have one, at most `most` tips; `tip` is where it is read."""
    unread = tips_visible_to(user).filter(_unread_by(user))
    tips = first_of_few(tips=unread, user=user, most=UNREAD_BOUND, few=UNREAD_BOUND)
    # What is joined is never inside a company; one condition more, and SQLite reads every tip instead of the index.
    joined = Tip.everywhere.filter(merged_into__in=tips).order_by().values("pk")
    # Each side finds its lines by the index of the tip; asked through the joined tips, every line ever sent is read.
    rows = Message.objects.filter(Q(tip__in=tips) | Q(tip__in=joined), is_read=False)
    rows = rows.filter(direction=Direction.FROM_REPORTER).select_related("tip__merged_into")
    newest: dict[int, Message] = {}
    for row in rows.order_by("-pk")[: most * 5]:
        row.tip = lead_of(tip=row.tip)
        newest.setdefault(row.tip.pk, row)
    return list(newest.values())[:most]


def open_whistles_on(*, tips: Iterable[Tip]) -> dict[int, Whistle]:
    """Return the open whistle of each of these tips that has one, without its words; one query."""
    rows = Whistle.objects.open().filter(tip__in=[tip.pk for tip in tips])
    return {row.tip_id: row for row in rows.defer("reason_sealed", "answer_sealed")}


@dataclass(frozen=True, kw_only=True)
class OnMap:
    """Tips with a point, newest first; `is_bounded` when older ones were left out."""

    tips: list[Tip]
    is_bounded: bool


def tips_on_map(*, tips: "QuerySet[Tip]", user: Person) -> OnMap:
    """Return the newest MAP_BOUND of these tips that have a point: points are encrypted, each is opened in memory.

    `tips` are narrowed to the person's scope already.
    """
    keys = newest_keys(tips=tips.exclude(point_sealed=b""), user=user, most=MAP_BOUND + 1)
    wanted = Tip.objects.select_related("district", "town").only(*_MAPPED).order_by("-pk")
    return OnMap(tips=list(wanted.filter(pk__in=keys[:MAP_BOUND])), is_bounded=len(keys) > MAP_BOUND)


def inbox_tips(*, user: Person) -> "QuerySet[Tip]":
    """Return what the inbox lists, without what only the page of one tip shows."""
    hidden = ("address_sealed", "entity_code_sealed", "point_sealed", "content_digest", "idempotency_key")
    outlines = ("district__outline", "town__outline", "handling_unit__outline")
    tips = tips_visible_to(user).select_related("district", "town", "handler", "handling_unit")
    return tips.defer(*hidden, *outlines)


def first_tips(*, user: Person, most: int, today: date) -> list[Tip]:
    """Return what a person does first, at most `most`, ready for a list: overdue, another body's, then what is due.

    Each by its day; what no period runs for does not stand there.
    """
    tips = tips_visible_to(user).filter(_OPEN)
    waiting = tips.filter(waits_to_be_passed_on())
    foreign = first_of_few(tips=waiting, user=user, most=most, few=COUNT_BOUND)
    due = first_keys(tips=tips, user=user, most=most + len(foreign))
    found = in_order(tips=inbox_tips(user=user), keys=list(dict.fromkeys([*foreign, *due])))
    theirs = set(foreign)
    timed = [tip for tip in found if tip.order_date != NO_DUE_DATE]
    return sorted(timed, key=lambda tip: _urgency(tip, theirs=theirs, today=today))[:most]


def _urgency(tip: Tip, *, theirs: Collection[int], today: date) -> tuple[int, date, int]:
    place = 0 if tip.order_date < today else 1 if tip.pk in theirs else 2
    return place, tip.order_date, tip.pk


def in_order(*, tips: "QuerySet[Tip]", keys: Sequence[int]) -> list[Tip]:
    """Return those of these tips that still are there, in the order of their keys; one query."""
    found = tips.order_by().in_bulk(list(keys))
    return [found[key] for key in keys if key in found]
