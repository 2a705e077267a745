"""The yearly evaluation of units: figures of the year and results of reviews turned into points, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from complaints.enums import EvaluationLine
from complaints.models import EvaluationWeights, SampledFile
from complaints.policies import READING_ROLES, Person, scope_of
from complaints.rules.evaluation import Evaluation, Rate, evaluated, placed
from complaints.rules.spans import Span
from complaints.stats.counting import By, Counts, count

from .file_review import UnitResult, results_of
from .offices import names_of_offices

BEST_RATING = 5


@dataclass(frozen=True, kw_only=True)
class Evaluations:
    """The sheets of a year with the names of their units and the weights that count."""

    span: Span
    sheets: tuple[Evaluation, ...]
    names: Mapping[str, str]
    weights: EvaluationWeights


def evaluations(*, user: Person, span: Span, today: date) -> Evaluations:
    """Return the sheet of every unit within reach that had something to do in the year.

    As many queries as there are kinds of records, and four more. The weights of the last day of the year count, of a
    running year those of today. Source: 要点 14 (量化评价).
    """
    scope = scope_of(user)
    reach = sorted(scope.offices_with(READING_ROLES))
    weights = EvaluationWeights.in_force(day=min(span.end, today))
    table = count(span=span, units=None if scope.reads_all else reach, by=By.UNIT)
    rows = SampledFile.objects.filter(unit__in=reach, sample__span_code__startswith=str(span.year))
    whole = _whole_points(rows)
    reviews = {str(one.unit_id): one for one in results_of(rows)}
    sheets = [
        evaluated(
            key=key,
            rates=rates(counts=table.rows.get(key, {}), review=reviews.get(key), whole=whole.get(key, 0)),
            weights=weights.weights,
            concluded=int(table.rows.get(key, {}).get("concluded", 0)),
        )
        for key in sorted({*table.rows, *reviews} - {""}, key=int)
    ]
    names = names_of_offices(office_ids=[int(one.key) for one in sheets])
    return Evaluations(
        span=span,
        sheets=tuple(placed(sheets)),
        names={str(pk): name for pk, name in names.items()},
        weights=weights,
    )


def _whole_points(rows: "QuerySet[SampledFile]") -> dict[str, int]:
    """Return how many points the scored files of each unit could have had, by the sheets they were scored with."""
    found: dict[str, int] = {}
    scored = rows.filter(points__isnull=False).order_by()
    for unit, sheet in scored.values_list("unit", "sample__sheet").iterator():
        found[str(unit)] = found.get(str(unit), 0) + sum(item["points"] for item in sheet)
    return found


def rates(*, counts: Counts, review: UnitResult | None, whole: int) -> dict[EvaluationLine, Rate]:
    """Return the rates behind the lines; one without anything to divide by has a whole of nothing."""
    objections = counts.get("objections_upheld", 0) + counts.get("objections_reopened", 0)
    pairs = {
        EvaluationLine.ON_TIME: (counts.get("on_time", 0), counts.get("concluded", 0)),
        EvaluationLine.WHISTLES: (counts.get("whistles_in_time", 0), counts.get("whistles_due", 0)),
        EvaluationLine.HAZARDS: (counts.get("hazards_removed", 0), counts.get("orders", 0)),
        EvaluationLine.SATISFACTION: (counts.get("rating_points", 0), counts.get("ratings", 0) * BEST_RATING),
        EvaluationLine.OBJECTIONS: (counts.get("objections_upheld", 0), objections),
        EvaluationLine.FILES: (review.points if review else 0, whole),
        EvaluationLine.CORRECTIONS: (
            review.corrections_done if review else 0,
            review.corrections if review else 0,
        ),
    }
    return {line: Rate(part=Decimal(part), whole=Decimal(of)) for line, (part, of) in pairs.items()}
