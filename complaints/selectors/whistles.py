"""Reads of whistles: who waits for whom, until when, and how long it took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from complaints.models import Tip, Whistle
from complaints.policies import HANDLING_ROLES, READING_ROLES, scope_of, tips_visible_to
from complaints.rules.deadlines import DayOverlay, Light, calendar_is_official, working_days_left
from complaints.rules.whistles import answer_light, arrival_light, hours_between

from .accounts import person_name
from .deadlines import day_overlay

_PEOPLE = ("town", "called", "raised_by", "answered_by")


class WhistleState(StrEnum):
    """Where a whistle stands."""

    WAITING = "waiting"
    COMING = "coming"
    ARRIVED = "arrived"
    RETURNED = "returned"


class WaitKind(StrEnum):
    """What somebody waited for."""

    ANSWER = "answer"
    ARRIVAL = "arrival"


@dataclass(frozen=True, kw_only=True)
class WhistleCard:
    """One whistle as a page shows it.

    `waits` waits for `awaited` while the whistle is open; both stay named afterwards. `hours_left` (negative: over)
    tells of the answer while nobody has answered, `days_left` (working days, negative: over) of the arrival after it;
    both and the light are None when the whistle has ended. `is_provisional`: the deadline lies in a year whose calendar
    is not official yet.
    """

    tip_number: str
    state: WhistleState
    waits: str
    awaited: str
    reason: str
    answer: str
    raised_by: str
    raised_at: datetime
    answer_by: datetime
    answered_by: str
    answered_at: datetime | None
    arrive_by: date | None
    arrived_at: datetime | None
    ended_at: datetime | None
    hours_left: float | None
    days_left: int | None
    light: Light | None
    is_provisional: bool
    may_answer: bool = False


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One row of the record: who waited for whom, from when until when (None: still), how many hours, and too long?"""

    waits: str
    awaited: str
    kind: WaitKind
    since: datetime
    until: datetime | None
    hours: float
    is_late: bool


def whistle_card(*, tip: Tip, now: datetime) -> WhistleCard | None:
    """Return the newest whistle of a tip, open or ended; None when nobody whistled. Two queries."""
    row = tip.whistles.select_related(*_PEOPLE).order_by("-pk").first()
    return _card(row, tip=tip, now=now, overlay=day_overlay()) if row else None


def open_whistles(*, user: User, now: datetime, most: int = 50) -> list[WhistleCard]:
    """Return the open whistles of the person's units, as town or as called unit; unanswered ones first.

    Within the scope of the person's tips; at most `most`, in three queries whatever their number.
    """
    scope = scope_of(user)
    offices = scope.offices_with(READING_ROLES)
    rows = (
        Whistle.objects.open()
        .filter(Q(called__in=offices) | Q(town__in=offices))
        .filter(Exists(tips_visible_to(user).filter(pk=OuterRef("tip_id"))))
        .select_related("tip", *_PEOPLE)
        .order_by(F("answered_at").asc(nulls_first=True), "answer_by", "pk")
    )
    overlay, mine = day_overlay(), frozenset(scope.offices_with(HANDLING_ROLES))
    return [_card(row, tip=row.tip, now=now, overlay=overlay, called_units=mine) for row in rows[:most]]


def _card(
    row: Whistle, *, tip: Tip, now: datetime, overlay: DayOverlay, called_units: frozenset[int] = frozenset()
) -> WhistleCard:
    state, deadline = _state(row), row.arrive_by or timezone.localdate(row.answer_by)
    is_coming = state == WhistleState.COMING and row.arrive_by is not None
    today = timezone.localdate(now)
    return WhistleCard(
        tip_number=tip.number,
        state=state,
        waits=row.town.name,
        awaited=row.called.name,
        reason=row.reason,
        answer=row.answer,
        raised_by=person_name(row.raised_by),
        raised_at=row.raised_at,
        answer_by=row.answer_by,
        answered_by=person_name(row.answered_by),
        answered_at=row.answered_at,
        arrive_by=row.arrive_by,
        arrived_at=row.arrived_at,
        ended_at=row.ended_at,
        hours_left=hours_between(now, row.answer_by) if state == WhistleState.WAITING else None,
        days_left=working_days_left(today=today, due=deadline, overlay=overlay) if is_coming else None,
        light=_light(row, state=state, now=now, overlay=overlay),
        is_provisional=not calendar_is_official(year=deadline.year),
        may_answer=state == WhistleState.WAITING and row.called_id in called_units,
    )


def _state(row: Whistle) -> WhistleState:
    if row.ended_at is not None:
        return WhistleState.RETURNED if row.is_returned else WhistleState.ARRIVED
    return WhistleState.WAITING if row.answered_at is None else WhistleState.COMING


def _light(row: Whistle, *, state: WhistleState, now: datetime, overlay: DayOverlay) -> Light | None:
    if state == WhistleState.WAITING:
        return answer_light(raised=row.raised_at, due=row.answer_by, now=now)
    if state == WhistleState.COMING and row.answered_at is not None and row.arrive_by is not None:
        answered, today = timezone.localdate(row.answered_at), timezone.localdate(now)
        return arrival_light(answered=answered, due=row.arrive_by, today=today, overlay=overlay)
    return None


def waiting_record(*, tip: Tip, now: datetime) -> list[Waiting]:
    """Return who waited for whom over this tip, oldest first; one query."""
    return waits_of(whistles=tip.whistles.select_related("town", "called").order_by("pk"), now=now)


def waits_of(*, whistles: Iterable[Whistle], now: datetime) -> list[Waiting]:
    """Return the waits behind these whistles; `town` and `called` must be loaded."""
    return [wait for row in whistles for wait in _waits(row, now=now)]


def _waits(row: Whistle, *, now: datetime) -> list[Waiting]:
    answered, arrived = row.answered_at, row.arrived_at
    waits = [_wait(row, kind=WaitKind.ANSWER, since=row.raised_at, until=answered, now=now)]
    if answered is not None and not row.is_returned:
        waits.append(_wait(row, kind=WaitKind.ARRIVAL, since=answered, until=arrived, now=now))
    return waits


def _wait(row: Whistle, *, kind: WaitKind, since: datetime, until: datetime | None, now: datetime) -> Waiting:
    end = until or now
    arrive_by = row.arrive_by or date.max
    is_late = end > row.answer_by if kind == WaitKind.ANSWER else timezone.localdate(end) > arrive_by
    return Waiting(
        waits=row.town.name,
        awaited=row.called.name,
        kind=kind,
        since=since,
        until=until,
        hours=hours_between(since, end),
        is_late=is_late,
    )


def late_whistles(*, now: datetime) -> "QuerySet[Whistle]":
    """Return whistles left unanswered past their hour, the longest waiting first, with tip and units loaded."""
    return Whistle.objects.late(now=now).select_related("tip", "town", "called").order_by("answer_by", "pk")


def late_arrivals(*, today: date) -> "QuerySet[Whistle]":
    """Return whistles whose called unit has not arrived by its day, the longest waiting first."""
    rows = Whistle.objects.open().filter(answered_at__isnull=False, arrive_by__lt=today)
    return rows.select_related("tip", "town", "called").order_by("arrive_by", "pk")
