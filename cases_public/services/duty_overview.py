"""What is owed, submitted and qualified by unit, in a span of days; a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cases_public.duty.definitions import FIGURES
from cases_public.duty.rates import Counted, Rates, rates
from cases_public.models import Duty, Submission, SubmissionScore

from .duty_rights import DutyRights

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Stands where there is no rate: nothing was owed, or nothing submitted.
NO_RATE = "—"


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """One unit: its rates, its duties of the span, and whether it was closed."""

    office_id: int
    name: str
    rates: Rates
    duties: tuple[Duty, ...]
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The units a person reads, and their sum; `names` are those of all units."""

    units: tuple[UnitRow, ...]
    total: Rates
    submissions: tuple[Submission, ...]
    names: dict[int, str]


def overview(*, rights: DutyRights, start: date, end: date, today: date) -> Overview:
    """Return the duties that end in a span, by unit, as they stand on a day; four queries."""
    duties = list(
        Duty.objects.filter(office__in=rights.reads, due_date__range=(start, end), start_date__lte=today)
        .select_related("rule")
        .order_by("office_id", "start_date")
    )
    rows = _submissions(duties)
    counted = _counted_by_duty(duties, rows, today=today)
    units = [
        UnitRow(
            office_id=key,
            name=rights.units[key].name,
            rates=rates(counted[one.pk] for one in duties if one.office_id == key),
            duties=tuple(one for one in duties if one.office_id == key),
            is_active=rights.units[key].is_active,
        )
        for key in dict.fromkeys(one.office_id for one in duties)
    ]
    return Overview(
        units=tuple(units),
        total=rates(counted.values()),
        submissions=tuple(rows),
        names={key: unit.name for key, unit in rights.units.items()},
    )


def counted_of(*, duties: Iterable[Duty], today: date) -> dict[int, Counted]:
    """Return what counts for each duty, by its key: what the rates, the cards and the reminders are made of.

    Two queries; `rule` of the duties is fetched.
    """
    found = list(duties)
    return _counted_by_duty(found, _submissions(found), today=today)


def _submissions(duties: Iterable[Duty]) -> list[Submission]:
    rows = Submission.objects.filter(duty__in=[one.pk for one in duties])
    return list(rows.select_related("duty", "page").prefetch_related("scores"))


def _counted_by_duty(
    duties: Iterable[Duty], rows: Iterable[Submission], *, today: date
) -> dict[int, Counted]:
    counting = [row for row in rows if counts(row, today=today)]
    return {duty.pk: _counted(duty, counting, today=today) for duty in duties}


def submissions_for(*, rights: DutyRights) -> "QuerySet[Submission]":
    """Return the submissions a person reads."""
    rows = Submission.objects.filter(duty__office__in=rights.reads)
    return rows.select_related("duty__rule", "page", "file").prefetch_related("scores")


def never_scored(*, today: date) -> int:
    """Return how many submissions that count nobody has scored; one query."""
    return Submission.objects.counting(today=today).filter(file=None, scores=None).count()


def counts(row: Submission, *, today: date) -> bool:
    """Whether a submission counts on a day, as `Submission.objects.counting` says."""
    if row.page is None or (row.ended_date is not None and row.ended_date <= today):
        return False
    return row.page.publish_until is None or row.page.publish_until >= today


def newest_score(row: Submission) -> SubmissionScore | None:
    """Return the score that counts; reads what was fetched before."""
    return max(row.scores.all(), key=lambda one: one.pk, default=None)


def waits_for_score(row: Submission) -> bool:
    """Whether nobody has scored the case as it is published now."""
    score = newest_score(row)
    return row.page is not None and (score is None or score.version != row.page.live_revision_id)


def rows_of_figures(found: Rates) -> list[tuple[str, str]]:
    """Return code and text of every figure, in the order of the definitions."""
    values = {
        "cases_owed": found.owed,
        "cases_submitted": found.submitted,
        "cases_late": found.late,
        "cases_qualified": found.qualified,
        "reported_share": found.reported_percent,
        "qualified_share": found.qualified_percent,
    }
    return [(one.code, NO_RATE if values[one.code] is None else str(values[one.code])) for one in FIGURES]


def _counted(duty: Duty, rows: Iterable[Submission], *, today: date) -> Counted:
    own = [row for row in rows if row.duty_id == duty.pk]
    scores = [score for row in own if (score := newest_score(row)) is not None]
    return Counted(
        owed=duty.owed(today=today),
        submitted=len(own),
        late=sum(row.submitted_date > duty.due_date for row in own),
        scored=len(scores),
        qualified=sum(score.is_qualified for score in scores),
    )
