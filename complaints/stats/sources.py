"""Where figures come from: for each kind of record the day that counts, what is counted of it, and its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, Model, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils import timezone

from complaints.enums import Action, ClaimState, Clock, Measure
from complaints.models import (
    Conclusion,
    Disposal,
    Extension,
    HandlingStep,
    Objection,
    Period,
    Rating,
    Referral,
    RewardClaim,
    Supervision,
    Tip,
    Whistle,
)
from complaints.rules.spans import Span

from .definitions import REASON_CODES, RESULT_CODES

CENT, YUAN = Decimal("0.01"), DecimalField(max_digits=16, decimal_places=2)
# What ends the period for conclusion without concluding anything.
_NO_CONCLUSION = (Action.TRANSFER_OUT, Action.MERGE, Action.VERIFY_AGAIN)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Records of one kind. `day` is the field whose day must lie in the span; `facts` are what the figures rest on."""

    model: type[Model]
    day: str
    counts: Mapping[str, Combinable]
    is_moment: bool = False
    where: Q = field(default_factory=Q)
    tip: str = "tip__"
    facts: tuple[str, ...] = ()

    def ever(self) -> "QuerySet[Any]":
        """Return the records of all time."""
        return _manager(self.model).filter(self.where)

    def rows(self, *, span: Span) -> "QuerySet[Any]":
        """Return the records of a span."""
        return self.ever().filter(self.within(first=span.start, last=span.end))

    def within(self, *, first: date, last: date) -> Q:
        """Return the condition that the day lies between two days, both included; days are local ones."""
        if not self.is_moment:
            return Q(**{f"{self.day}__range": (first, last)})
        return Q(
            **{f"{self.day}__gte": midnight(first), f"{self.day}__lt": midnight(last + timedelta(days=1))}
        )

    def on(self, stretches: Iterable[tuple[date, date]]) -> Q:
        """Return the condition that the day lies in one of these stretches; with none nothing does."""
        found = Q(pk__in=())
        for first, last in stretches:
            found |= self.within(first=first, last=last)
        return found


def midnight(day: date) -> datetime:
    """Return the first moment of a day where the bureau is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _manager(model: type[Model]) -> "QuerySet[Any]":
    found = model._default_manager.all()
    return concluded(found) if model is Period else found


def concluded(periods: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return those periods for conclusion that a transfer, a merger or a new verification did not end."""
    broken = HandlingStep.objects.filter(
        tip=OuterRef("tip"), action__in=_NO_CONCLUSION, taken_date=OuterRef("ended_date")
    )
    return periods.filter(~Exists(broken))


def _many(**conditions: Any) -> Count:
    return Count("pk", filter=Q(**conditions))


# A whistle can be judged once it was answered, or once its hour is over: one taken back before that failed nobody. The
# only count that changes while nobody writes; `cells.daily_sums` reads the days of unanswered ones from the records.
_JUDGED = (
    Q(answered_at__isnull=False)
    | Q(ended_at__isnull=True, answer_by__lt=Now())
    | Q(answered_at__isnull=True, ended_at__gt=F("answer_by"))
)
# A measure counts when a leader signed it.
_SIGNED_MEASURE = Q(is_confirmed=True)
_STEPS = {
    "accepted": Action.ACCEPT,
    "declined": Action.DECLINE,
    "transferred": Action.TRANSFER_OUT,
    "merged": Action.MERGE,
    "withdrawn": Action.WITHDRAW,
    "replied": Action.REPLY,
}

RECEIVED = Source(
    model=Tip,
    day="received_date",
    counts={"received": Count("pk")},
    tip="",
    facts=("received_date", "handling_unit", "district", "kind", "industry", "operations", "channel", "identity_mode"),
)  # fmt: skip
CONCLUDED = Source(
    model=Period,
    day="ended_date",
    where=Q(clock=Clock.CLOSE),
    counts={"concluded": Count("pk"), "on_time": _many(ended_date__lte=F("due_date"))},
    facts=("tip", "started_date", "ended_date", "due_date", "paused_days"),
)
SIGNED = Source(
    model=Conclusion,
    day="decided_at",
    is_moment=True,
    where=Q(is_confirmed=True),
    counts={
        "conclusions": Count("pk"),
        **{code: _many(result=result) for result, code in RESULT_CODES.items()},
    },
    facts=("tip", "decided_at", "result"),
)

SOURCES: tuple[Source, ...] = (
    RECEIVED,
    Source(
        model=HandlingStep,
        day="taken_date",
        where=Q(action__in=list(_STEPS.values())),
        counts={
            **{code: _many(action=action) for code, action in _STEPS.items()},
            **{code: _many(action=Action.DECLINE, reason=reason) for reason, code in REASON_CODES.items()},
        },
        facts=("tip", "action", "reason", "taken_date"),
    ),
    CONCLUDED,
    SIGNED,
    Source(
        model=Disposal,
        day="decided_date",
        where=_SIGNED_MEASURE,
        counts={
            "orders": _many(measure=Measure.RECTIFY),
            "fines": _many(fine_amount__gt=0),
            "fine_amount": Sum("fine_amount", filter=Q(fine_amount__gt=0)),
        },
        facts=("tip", "measure", "decided_date", "fine_amount"),
    ),
    Source(
        model=Disposal,
        day="rectified_date",
        where=_SIGNED_MEASURE,
        counts={"hazards_removed": Count("pk")},
        facts=("tip", "rectified_date"),
    ),
    Source(
        model=Referral,
        day="transferred_at",
        is_moment=True,
        counts={"referrals": Count("pk")},
        facts=("tip", "transferred_at"),
    ),
    Source(
        model=Whistle,
        day="raised_at",
        is_moment=True,
        counts={
            "whistles": Count("pk"),
            "whistles_due": Count("pk", filter=_JUDGED),
            "whistles_answered": _many(answered_at__isnull=False),
            "whistles_in_time": _many(answered_at__lte=F("answer_by"), is_returned=False),
        },
        facts=("tip", "raised_at", "answer_by", "answered_at", "is_returned", "ended_at"),
    ),
    Source(
        model=Supervision,
        day="raised_date",
        counts={"supervisions": Count("pk")},
        facts=("tip", "raised_date"),
    ),
    Source(
        model=Extension,
        day="decided_at",
        is_moment=True,
        where=Q(is_granted=True),
        counts={"extensions": Count("pk")},
        facts=("tip", "decided_at"),
    ),
    Source(
        model=Objection,
        day="filed_date",
        counts={"objections": Count("pk")},
        facts=("tip", "filed_date"),
    ),
    Source(
        model=Objection,
        day="reviewed_date",
        counts={
            "objections_upheld": _many(is_upheld=True),
            "objections_reopened": _many(is_upheld=False),
        },
        facts=("tip", "reviewed_date", "is_upheld"),
    ),
    Source(
        model=Rating,
        day="rated_date",
        counts={"ratings": Count("pk"), "rating_points": Sum("score")},
        facts=("tip", "rated_date", "score"),
    ),
    Source(
        model=RewardClaim,
        day="paid_date",
        # Like everything else, what a destroyed tip led to is counted no more: rows add up to the whole.
        where=Q(state=ClaimState.PAID, assessment__tip__isnull=False),
        counts={
            "rewards_paid": Count("pk"),
            "reward_amount": Sum(F("assessment__proposed_cents") * Value(CENT), output_field=YUAN),
            "rewards_answered": Count("reply_days"),
            "reward_days": Sum("reply_days"),
        },
        tip="assessment__tip__",
        facts=("assessment__number", "paid_date", "assessment__proposed_cents", "reply_days"),
    ),
    Source(
        model=RewardClaim,
        day="ended_date",
        where=Q(state=ClaimState.FORFEITED, assessment__tip__isnull=False),
        counts={"rewards_forfeited": Count("pk")},
        tip="assessment__tip__",
        facts=("assessment__number", "ended_date"),
    ),
)
