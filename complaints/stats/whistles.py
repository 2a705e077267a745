"""Figures about whistles: how many, how many in time, how long it took in the middle case."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from complaints.models import Whistle
from complaints.policies import READING_ROLES, scope_of


@dataclass(frozen=True, kw_only=True)
class WhistleFigures:
    """Whistles raised in a span of days; medians in hours, None without any answer or arrival.

    `judged` are those answered and those whose hour passed without an answer, as in `sources`: the share in time is of
    them. `answered` counts takings-up and returns alike, `answered_in_time` takings-up alone: nobody came for what was
    sent back; `late` what was answered past its hour or waits past it.
    """

    raised: int
    judged: int
    answered: int
    answered_in_time: int
    returned: int
    arrived: int
    late: int
    median_hours_to_answer: float | None
    median_hours_to_arrive: float | None


def whistle_figures(
    *, user: User, since: date, until: date, now: datetime, office_id: int | None = None
) -> WhistleFigures:
    """Return the figures of whistles raised from `since` to `until`, both included; three queries.

    Args:
        office_id: this unit's alone, as town or as called unit; outside the person's scope it counts nothing.
    """
    rows = _within(user=user, office_id=office_id).filter(
        raised_at__gte=_start(since), raised_at__lt=_start(until + timedelta(days=1))
    )
    answered = Q(answered_at__isnull=False)
    # One taken back waits no longer; it was late if that came after its hour.
    waits = Q(answered_at=None, ended_at=None, answer_by__lt=now)
    taken_back = Q(answered_at=None, ended_at__gt=F("answer_by"))
    late = Q(answered_at__gt=F("answer_by")) | waits | taken_back
    counts = rows.aggregate(
        raised=Count("pk"),
        judged=Count("pk", filter=answered | waits | taken_back),
        answered=Count("pk", filter=answered),
        answered_in_time=Count("pk", filter=Q(answered_at__lte=F("answer_by"), is_returned=False)),
        returned=Count("pk", filter=Q(is_returned=True)),
        arrived=Count("pk", filter=Q(arrived_at__isnull=False)),
        late=Count("pk", filter=late),
    )
    return WhistleFigures(
        **counts,
        median_hours_to_answer=_median(
            rows.filter(answered), since="raised_at", until="answered_at", count=counts["answered"]
        ),
        median_hours_to_arrive=_median(
            rows.filter(arrived_at__isnull=False),
            since="answered_at",
            until="arrived_at",
            count=counts["arrived"],
        ),
    )


def _within(*, user: User, office_id: int | None) -> "QuerySet[Whistle]":
    offices = scope_of(user).offices_with(READING_ROLES)
    wanted = [office for office in offices if office_id in (None, office)]
    return Whistle.objects.filter(Q(called__in=wanted) | Q(town__in=wanted))


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _median(rows: "QuerySet[Whistle]", *, since: str, until: str, count: int) -> float | None:
    """Return the median span in hours to the hundredth: the one or two middle rows, no more of them leave the
    database.
    """
    span = ExpressionWrapper(F(until) - F(since), output_field=DurationField())
    spans = rows.annotate(span=span).order_by("span").values_list("span", flat=True)
    # Asked even when there is none: a page costs the same on the first day.
    middle = list(spans[max(0, count - 1) // 2 : count // 2 + 1])
    total = sum(middle, timedelta())
    return round(total / timedelta(hours=1) / len(middle), 2) if middle else None
