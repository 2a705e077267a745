"""Figures of internal tips: counts of a company as it stood at the end of a day, opening no text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from complaints.enums import InsideState, TipKind
from complaints.models import Enterprise, InternalStep, InternalTip
from complaints.policies import Person
from complaints.rules.inside_account import AccountDays, closed_days, running_days
from complaints.rules.percents import whole_percent

from .enterprises import enterprises_visible_to

FIXED = (InsideState.FIXED, InsideState.ACCEPTED, InsideState.PAID, InsideState.CLOSED)


@dataclass(frozen=True, kw_only=True)
class InsideFigures:
    """What a company made of the tips of its own people until a day, in whole yuan.

    `overdue` and `unpaid` count clocks that are past their day now, of whatever year: somebody has to act on them.
    """

    until: date
    received: int
    fixed: int
    untrue: int
    untrue_major: int
    turned: int
    overdue: int
    unpaid: int
    paid_count: int
    paid_yuan: int

    def tells_fixed(self, *, least: int) -> bool:
        """Whether neither those put right nor the others are so few that one could be picked out."""
        others = self.received - self.fixed
        return self.fixed >= least and (others == 0 or others >= least)

    def tells_paid(self, *, least: int) -> bool:
        """Whether the sum paid stands for so many rewards that it is nobody's own."""
        return self.paid_count >= least

    @property
    def paid_shown(self) -> str:
        """The yuan paid as people read them; Django groups Chinese digits by four."""
        return f"{self.paid_yuan:,}"

    @property
    def fixed_percent(self) -> int | None:
        """How many of the tips found true or still open are put right; None without any."""
        return whole_percent(self.fixed, self.received - self.untrue)


def figures_of_year(enterprise: Enterprise, *, today: date) -> InsideFigures:
    """Return the counts of one enterprise as the bureau reads them: those of closed months, and what is late today."""
    return _figures(enterprise.internal_tips.all(), days=closed_days(today=today), today=today)


def figures_for(user: User, enterprise: Enterprise, *, today: date) -> InsideFigures:
    """Return the counts of this year until today as a manager reads them, who has each of these tips in the inbox.

    One that names the person is in none of them.
    """
    rows = enterprise.internal_tips.exclude(kept_from=user)
    return _figures(rows, days=running_days(today=today), today=today)


def figures_shown(enterprise: Enterprise, *, today: date) -> InsideFigures:
    """Return the counts of closed months that everybody may read.

    Without tips that name a manager, who would miss them in the inbox.
    """
    rows = enterprise.internal_tips.filter(kept_from=None)
    return _figures(rows, days=closed_days(today=today), today=today)


def figures_by_enterprise(user: Person, *, today: date) -> "QuerySet[Any, Any]":
    """Return the counts of each enterprise in a person's scope with a tip to count, the most left alone first.

    Rows hold `enterprise`, `enterprise__name` and what `as_figures` reads; no text is opened.
    """
    days = closed_days(today=today)
    seen = enterprises_visible_to(user).values("pk")
    told = Q(received_date__range=(days.first, days.last)) | Q(due_date__lt=today)
    rows = InternalTip.objects.filter(told, enterprise__in=seen).order_by()
    keyed: QuerySet[Any, Any] = _as_of(rows, day=days.last).values("enterprise", "enterprise__name")
    counted: QuerySet[Any, Any] = keyed.annotate(**_counts(days, today=today))
    return counted.order_by("-overdue", "-unpaid", "enterprise__name", "enterprise")


def as_figures(row: Mapping[str, Any], *, today: date) -> InsideFigures:
    """Return the figures of one row of `figures_by_enterprise` on the same day."""
    days = closed_days(today=today)
    return InsideFigures(until=days.last, **{name: row[name] or 0 for name in _counts(days, today=today)})


def _figures(rows: "QuerySet[InternalTip]", *, days: AccountDays, today: date) -> InsideFigures:
    found = _as_of(rows, day=days.last).aggregate(**_counts(days, today=today))
    return InsideFigures(until=days.last, **{name: value or 0 for name, value in found.items()})


def _as_of(rows: "QuerySet[InternalTip]", *, day: date) -> "QuerySet[InternalTip]":
    """Annotate `state_then`, the state at the end of a day by the history, and `whole`, what was paid in whole yuan."""
    steps = InternalStep.objects.filter(internal=OuterRef("pk"), taken_date__lte=day).order_by("-pk")
    then = Coalesce(Subquery(steps.values("state")[:1]), Value(InsideState.RECEIVED.value))
    return rows.annotate(state_then=then, whole=F("reward_yuan") + Coalesce("special_yuan", 0))


def _counts(days: AccountDays, *, today: date) -> dict[str, Any]:
    within = Q(received_date__range=(days.first, days.last))
    paid = within & Q(state_then__in=(InsideState.PAID, InsideState.CLOSED), whole__isnull=False)
    untrue, late = within & Q(state_then=InsideState.UNTRUE), Q(due_date__lt=today)
    return {
        "received": Count("pk", filter=within),
        "fixed": Count("pk", filter=within & Q(state_then__in=FIXED)),
        "untrue": Count("pk", filter=untrue),
        "untrue_major": Count("pk", filter=untrue & Q(tip__kind=TipKind.MAJOR_HAZARD)),
        "turned": Count("pk", filter=within & Q(state_then=InsideState.TURNED)),
        "overdue": Count("pk", filter=late),
        "unpaid": Count("pk", filter=late & Q(state=InsideState.ACCEPTED)),
        "paid_count": Count("pk", filter=paid & Q(whole__gt=0)),
        "paid_yuan": Sum("whole", filter=paid),
    }
