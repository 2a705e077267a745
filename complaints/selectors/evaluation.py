"""The yearly evaluation of units: figures of the year and results of reviews turned into points, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from complaints.enums import EvaluationLine, Measure
from complaints.models import Disposal, EvaluationWeights, SampledFile
from complaints.policies import READING_ROLES, Person, scope_of
from complaints.rules.evaluation import Evaluation, Rate, evaluated, placed
from complaints.rules.spans import Span
from complaints.stats.counting import By, Counts, Number, count

from .file_review import UnitResult, results_of
from .offices import names_of_offices

BEST_RATING = 5
NOTHING = Rate(part=Decimal(0), whole=Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Evaluations:
    """The sheets of a year with the names of their units and the weights that count; `placed` units have a place."""

    span: Span
    placed: int
    sheets: tuple[Evaluation, ...]
    names: Mapping[str, str]
    weights: EvaluationWeights


def evaluations(*, user: Person, span: Span, today: date) -> Evaluations:
    """Return the sheet of every unit within reach that had something to do in the year, with its place among all.

    As many queries as there are kinds of records, and five more. The weights of the last day of the year count, of a
    running year those of today. Source: 要点 14 (量化评价).
    """
    weights = EvaluationWeights.in_force(day=min(span.end, today))
    every = placed(_sheets(span=span, today=today, weights=weights))
    scope = scope_of(user)
    reach = {str(pk) for pk in scope.offices_with(READING_ROLES)}
    sheets = [one for one in every if scope.reads_all or one.key in reach]
    names = names_of_offices(office_ids=[int(one.key) for one in sheets])
    return Evaluations(
        span=span,
        placed=sum(one.place > 0 for one in every),
        sheets=tuple(sheets),
        names={str(pk): name for pk, name in names.items()},
        weights=weights,
    )


def _sheets(*, span: Span, today: date, weights: EvaluationWeights) -> list[Evaluation]:
    """Return the sheets of all units: a place among some of them would be none."""
    table = count(span=span, by=By.UNIT)
    rows = SampledFile.objects.filter(sample__span_code__startswith=str(span.year))
    whole = _whole_points(rows)
    reviews = {str(one.unit_id): one for one in results_of(rows)}
    removed = hazards_removed(span=span, today=today)
    return [
        evaluated(
            key=key,
            rates=rates(
                counts=table.rows.get(key, {}),
                review=reviews.get(key),
                whole=whole.get(key, 0),
                removed=removed.get(key, NOTHING),
            ),
            weights=weights.weights,
            concluded=int(table.rows.get(key, {}).get("concluded", 0)),
        )
        for key in sorted({*table.rows, *reviews} - {""}, key=int)
    ]


def hazards_removed(*, span: Span, today: date) -> dict[str, Rate]:
    """Return by unit how many orders of a span a re-check found fulfilled, whenever it was, of those to be judged.

    An order can be judged once it is fulfilled or its day is past. The figures of a period count re-checks of the
    period, whose orders may be older: no share of its orders. One query.
    """
    orders = Disposal.objects.signed().filter(
        measure=Measure.RECTIFY, decided_date__range=(span.start, span.end), tip__handling_unit__isnull=False
    )
    judged = Q(rectified_date__isnull=False) | Q(rectify_by__isnull=True) | Q(rectify_by__lt=today)
    found = orders.filter(judged).order_by().values("tip__handling_unit")
    counted = found.annotate(whole=Count("pk"), part=Count("pk", filter=Q(rectified_date__isnull=False)))
    return {
        str(row["tip__handling_unit"]): Rate(part=Decimal(row["part"]), whole=Decimal(row["whole"]))
        for row in counted
    }


def _whole_points(rows: "QuerySet[SampledFile]") -> dict[str, int]:
    """Return how many points the scored files of each unit could have had, by the sheets they were scored with."""
    found: dict[str, int] = {}
    scored = rows.filter(points__isnull=False).order_by()
    for unit, sheet in scored.values_list("unit", "sample__sheet").iterator():
        found[str(unit)] = found.get(str(unit), 0) + sum(item["points"] for item in sheet)
    return found


def rates(
    *, counts: Counts, review: UnitResult | None, whole: int, removed: Rate = NOTHING
) -> dict[EvaluationLine, Rate]:
    """Return the rates behind the lines; one without anything to divide by has a whole of nothing.

    Args:
        whole: how many points the scored files could have had.
        removed: orders found fulfilled, of those to be judged.
    """
    objections = counts.get("objections_upheld", 0) + counts.get("objections_reopened", 0)
    ratings = int(counts.get("ratings", 0))
    return {
        EvaluationLine.ON_TIME: _rate(counts.get("on_time", 0), counts.get("concluded", 0)),
        EvaluationLine.WHISTLES: _rate(counts.get("whistles_in_time", 0), counts.get("whistles_due", 0)),
        EvaluationLine.HAZARDS: removed,
        EvaluationLine.SATISFACTION: _rate(
            counts.get("rating_points", 0), ratings * BEST_RATING, cases=ratings
        ),
        EvaluationLine.OBJECTIONS: _rate(counts.get("objections_upheld", 0), objections),
        EvaluationLine.FILES: _rate(
            review.points if review else 0, whole, cases=review.scored if review else 0
        ),
        EvaluationLine.CORRECTIONS: _rate(
            review.corrections_done if review else 0, review.corrections if review else 0
        ),
    }


def _rate(part: Number, whole: Number, *, cases: int | None = None) -> Rate:
    return Rate(part=Decimal(part), whole=Decimal(whole), cases=cases)
