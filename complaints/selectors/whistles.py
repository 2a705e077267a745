"""Reads of whistles: who waits for whom, until when, and who is late."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from complaints.models import Whistle
from complaints.policies import READING_ROLES, scope_of, tips_visible_to
from complaints.rules.deadlines import DayOverlay, Light, open_year
from complaints.rules.whistles import answer_light, arrival_light

from .deadlines import day_overlay


class WhistleState(StrEnum):
    """Where an open whistle stands: nobody answered yet, or somebody is on the way."""

    WAITING = "waiting"
    COMING = "coming"


@dataclass(frozen=True, kw_only=True)
class WhistleCard:
    """One whistle as a page shows it.

    `waits` waits for `awaited`; the light is that of the answer while nobody has answered, of the arrival after it.
    `open_year` is that whose days off are not announced and may still move the deadline.
    """

    tip_number: str
    state: WhistleState
    waits: str
    awaited: str
    reason: str
    answer_by: datetime
    arrive_by: date | None
    light: Light | None
    open_year: int | None


def open_whistles(
    *, user: User, now: datetime, most: int = 50, overlay: DayOverlay | None = None
) -> list[WhistleCard]:
    """Return the open whistles of the person's units, as town or as called unit; unanswered ones first.

    Within the scope of the person's tips; at most `most`, in three queries whatever their number, one fewer with
    the special days.
    """
    scope = scope_of(user)
    offices = scope.offices_with(READING_ROLES)
    rows = (
        Whistle.objects.open()
        .filter(Q(called__in=offices) | Q(town__in=offices))
        .filter(Exists(tips_visible_to(user).filter(pk=OuterRef("tip_id"))))
        .select_related("tip", "town", "called")
        .order_by(F("answered_at").asc(nulls_first=True), "answer_by", "pk")
    )
    known = day_overlay() if overlay is None else overlay
    return [_card(row, now=now, overlay=known) for row in rows[:most]]


def _card(row: Whistle, *, now: datetime, overlay: DayOverlay) -> WhistleCard:
    deadline = row.arrive_by or timezone.localdate(row.answer_by)
    return WhistleCard(
        tip_number=row.tip.number,
        state=WhistleState.WAITING if row.answered_at is None else WhistleState.COMING,
        waits=row.town.name,
        awaited=row.called.name,
        reason=row.reason,
        answer_by=row.answer_by,
        arrive_by=row.arrive_by,
        light=_light(row, now=now, overlay=overlay),
        open_year=open_year(due=deadline, overlay=overlay),
    )


def _light(row: Whistle, *, now: datetime, overlay: DayOverlay) -> Light | None:
    if row.answered_at is None:
        return answer_light(raised=row.raised_at, due=row.answer_by, now=now)
    if row.arrive_by is None:
        return None
    answered, today = timezone.localdate(row.answered_at), timezone.localdate(now)
    return arrival_light(answered=answered, due=row.arrive_by, today=today, overlay=overlay)


def late_whistles(*, now: datetime) -> "QuerySet[Whistle]":
    """Return whistles left unanswered past their hour, the longest waiting first, with tip and units loaded."""
    return Whistle.objects.late(now=now).select_related("tip", "town", "called").order_by("answer_by", "pk")


def late_arrivals(*, today: date) -> "QuerySet[Whistle]":
    """Return whistles whose called unit has not arrived by its day, the longest waiting first."""
    rows = Whistle.objects.open().filter(answered_at__isnull=False, arrive_by__lt=today)
    return rows.select_related("tip", "town", "called").order_by("arrive_by", "pk")
