"""Working out last days again after the calendar changed: beside the periods all that a day off may have moved.

Only what is still waited for moves; what was answered, ended or handed over keeps the day it was measured by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from complaints.enums import Clock, Measure
from complaints.models import DeadlinePolicy, Disposal, Objection, Period, Referral, Supervision, Tip, Whistle
from complaints.rules import referral as referral_rules
from complaints.rules.deadlines import DayOverlay, add_working_days
from complaints.rules.whistles import answer_deadline
from complaints.selectors.deadlines import policy_on

from . import clocks

Days = Mapping[str, date | datetime | None]


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a day is counted by: the calendar as it is now and the dated policy rows, each read once."""

    overlay: DayOverlay
    policy: Callable[[date], DeadlinePolicy]

    def working(self, *, start: date, days: int) -> date:
        """Return the last of so many working days."""
        return add_working_days(start=start, days=days, overlay=self.overlay)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of row with last days: which of them are still waited for, and what their days are now."""

    waiting: Callable[[], "QuerySet[Any]"]
    days: Callable[[Any, Count], Days]


def recount(*, overlay: DayOverlay) -> int:
    """Count every last day that somebody still waits for again; return how many rows moved.

    Periods first: a review shows the day of its period. Takes each tip's lock itself, and only where a day moves; a
    second run finds nothing to move. Each row is counted by the policy in force on the day it began.
    """
    count = Count(overlay=overlay, policy=cache(lambda day: policy_on(day=day)))
    return clocks.recount_running(overlay=overlay) + sum(_recount_kind(kind, count) for kind in KINDS)


def _recount_kind(kind: Kind, count: Count) -> int:
    rows = kind.waiting().order_by("pk").iterator()
    moved = [(row.pk, row.tip_id) for row in rows if _changes(row, kind=kind, count=count)]
    return sum(_move(key, tip_id=tip_id, kind=kind, count=count) for key, tip_id in moved)


@transaction.atomic
def _move(key: int, *, tip_id: int, kind: Kind, count: Count) -> bool:
    """Count one row again under the lock of its tip; False when nobody waits for it any more."""
    Tip.objects.select_for_update().get(pk=tip_id)
    row = kind.waiting().filter(pk=key).first()
    changes = _changes(row, kind=kind, count=count) if row is not None else {}
    if row is None or not changes:
        return False
    for name, day in changes.items():
        setattr(row, name, day)
    row.save(update_fields=list(changes))
    return True


def _changes(row: models.Model, *, kind: Kind, count: Count) -> dict[str, date | datetime | None]:
    return {name: day for name, day in kind.days(row, count).items() if getattr(row, name) != day}


# --- whistles -----------------------------------------------------------------------------------------------------


def _whistle_days(row: Whistle, count: Count) -> Days:
    """Hours to answer until somebody did, then the working days to arrive (要点 4)."""
    if row.answered_at is None:
        raised = timezone.localtime(row.raised_at)
        hours = count.policy(raised.date()).whistle_hours
        return {"answer_by": answer_deadline(raised=raised, hours=hours, overlay=count.overlay)}
    answered = timezone.localdate(row.answered_at)
    days = count.policy(answered).arrival_working_days
    return {"arrive_by": count.working(start=answered, days=days)}


# --- supervision and objections -----------------------------------------------------------------------------------


def _supervision_days(row: Supervision, count: Count) -> Days:
    days = count.policy(row.raised_date).supervision_working_days
    return {"answer_by": count.working(start=row.raised_date, days=days)}


def _objection_days(row: Objection, _count: Count) -> Days:
    """The day of a review is that of its period (106号)."""
    period = Period.objects.running().filter(tip=row.tip_id, clock=Clock.REVIEW).first()
    return {"review_by": period.due_date if period else row.review_by}


# --- criminal referral --------------------------------------------------------------------------------------------


def _referral_days(row: Referral, count: Count) -> Days:
    """The one day that is waited for: a decision, an answer of the police, reconsideration (移送规定 5, 8, 9)."""
    terms = count.policy(row.proposed_date)
    if row.decided_at is None:
        day = referral_rules.decide_by(proposed=row.proposed_date, terms=terms, overlay=count.overlay)
        return {"decide_by": day}
    if row.is_filed is None and row.transferred_at is not None:
        since = row.reconsidered_date or timezone.localdate(row.transferred_at)
        day = referral_rules.police_answer_by(handed_over=since, terms=terms, overlay=count.overlay)
        return {"answer_by": day}
    if row.is_filed is False and row.reconsidered_date is None and row.answered_date is not None:
        day = referral_rules.reconsider_by(refused=row.answered_date, terms=terms, overlay=count.overlay)
        return {"reconsider_by": day}
    return {}


def _open_referrals() -> "QuerySet[Referral]":
    """Return referrals with a day somebody waits for: hours to hand over run through days off."""
    undecided = Q(decided_at=None)
    unanswered = Q(transferred_at__isnull=False, is_filed=None)
    refused = Q(is_filed=False, reconsidered_date=None)
    return Referral.objects.filter(undecided | unanswered | refused)


# --- penalties ----------------------------------------------------------------------------------------------------


def _penalty_days(row: Disposal, count: Count) -> Days:
    days = count.policy(row.decided_date).publish_working_days
    return {"publish_by": count.working(start=row.decided_date, days=days)}


KINDS = (
    Kind(waiting=Whistle.objects.open, days=_whistle_days),
    Kind(
        waiting=lambda: Supervision.objects.filter(ended_date=None, answered_date=None),
        days=_supervision_days,
    ),
    Kind(waiting=lambda: Objection.objects.filter(reviewed_date=None), days=_objection_days),
    Kind(waiting=_open_referrals, days=_referral_days),
    # Nothing here says that a penalty was published: its last day is what the calendar says (安全生产法 78).
    Kind(waiting=lambda: Disposal.objects.signed().filter(measure=Measure.PENALTY), days=_penalty_days),
)
