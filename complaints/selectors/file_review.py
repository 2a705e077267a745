"""Reads of the review of case files: what can be drawn, who may see which sample and file, results of units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from complaints.enums import ReviewState, Role
from complaints.errors import ReviewNotFound
from complaints.models import FileSample, HandlingStep, Membership, SampledFile, Tip
from complaints.policies import HANDLING_ROLES, READING_ROLES, Person, scope_of
from complaints.rules.file_review import READABLE
from complaints.rules.spans import Span
from complaints.stats.sources import CONCLUDED

# Who draws samples and assigns reviewers, and who looks on.
DRAWING, WATCHING = frozenset({Role.LEADER}), frozenset({Role.LEADER, Role.AUDITOR})


def stock_of(*, span: Span, units: Iterable[int]) -> dict[int, list[str]]:
    """Return the numbers of the cases these units concluded in a period, by unit; one query."""
    rows = CONCLUDED.rows(span=span).filter(tip__handling_unit__in=list(units)).order_by("tip__number")
    found: dict[int, list[str]] = {}
    for unit, number in rows.values_list("tip__handling_unit", "tip__number").distinct():
        found.setdefault(unit, []).append(number)
    return found


def units_to_draw_from(user: Person) -> list[int]:
    """Return the units whose files a person may have reviewed: those they lead and those below."""
    return scope_of(user).offices_with(DRAWING)


def units_drawn_by(user: Person) -> list[int]:
    """Return the units in which the person draws: where they are leader themselves."""
    return [office for office, held in scope_of(user).own.items() if held & DRAWING]


def samples_visible_to(user: Person) -> "QuerySet[FileSample]":
    """Return the samples a person organises or audits, with their counts."""
    rows = FileSample.objects.filter(office__in=scope_of(user).offices_with(WATCHING))
    return rows.select_related("office", "drawn_by").annotate(
        many=Count("files"), done=Count("files", filter=Q(files__state=ReviewState.DONE))
    )


def sample_for(*, user: Person, public_id: UUID) -> FileSample:
    """Return one sample; raises ReviewNotFound for a foreign one and an unknown one alike."""
    row = samples_visible_to(user).filter(public_id=public_id).first()
    if row is None:
        raise ReviewNotFound
    return row


def files_visible_to(user: Person) -> "QuerySet[SampledFile]":
    """Return the drawn files a person has to do with: as reviewer, as the unit that has them, as organiser."""
    scope = scope_of(user)
    reach = Q(reviewer=user.pk) | Q(unit__in=scope.offices_with(READING_ROLES))
    reach |= Q(sample__office__in=scope.offices_with(WATCHING))
    return SampledFile.objects.filter(reach).select_related("sample", "unit", "reviewer", "tip")


def files_to_count(user: Person) -> "QuerySet[SampledFile]":
    """Return the files that count as results for a person: of the own units, and of the samples they organise or audit.

    Not those they only review: a part of the files of another unit is no result of it.
    """
    scope = scope_of(user)
    reach = Q(unit__in=scope.offices_with(READING_ROLES))
    return SampledFile.objects.filter(reach | Q(sample__office__in=scope.offices_with(WATCHING)))


def files_owed_by(user: Person) -> "QuerySet[SampledFile]":
    """Return the files whose findings the person's very units have to put right, the newest first."""
    units = [office for office, held in scope_of(user).own.items() if held & HANDLING_ROLES]
    return files_visible_to(user).filter(state=ReviewState.CORRECTION, unit__in=units).order_by("-pk")


def file_for(*, user: Person, public_id: UUID) -> SampledFile:
    """Return one drawn file; raises ReviewNotFound for a foreign one and an unknown one alike."""
    row = files_visible_to(user).filter(public_id=public_id).first() if user.is_active and user.pk else None
    if row is None:
        raise ReviewNotFound
    return row


def tip_to_review(*, user: Person, public_id: UUID) -> Tip:
    """Return the tip behind a drawn file for its reviewer, by the grant alone: the scope does not matter.

    Raises:
        ReviewNotFound: no such file, another person's, one that is done, or a destroyed tip.
    """
    rows = SampledFile.objects.filter(public_id=public_id, reviewer=user.pk, state__in=READABLE)
    row = rows.select_related("tip__handling_unit", "tip__district", "tip__town", "tip__handler").first()
    if row is None or row.tip is None or not user.is_active:
        raise ReviewNotFound
    return row.tip


def is_reviewer(*, user: Person, row: SampledFile) -> bool:
    """Whether the person may read and score this file now."""
    return row.reviewer_id == user.pk and row.state in READABLE


def may_assign(*, user: Person, row: SampledFile) -> bool:
    """Whether the person organises the sample of this file."""
    return row.sample.office_id in scope_of(user).offices_with(DRAWING)


def may_answer(*, user: Person, row: SampledFile) -> bool:
    """Whether the person answers for the unit that has the file: handlers of that very unit."""
    return bool(scope_of(user).own.get(row.unit_id, frozenset()) & HANDLING_ROLES)


def reviewers_for(*, row: SampledFile, below: Iterable[int]) -> list[User]:
    """Return who may be asked to review a file: handlers of other units who took no step in it; two queries.

    Their `memberships` are those in which they handle tips, with the units.
    """
    barred = {row.unit_id, *below}
    own = Membership.objects.filter(office__in=barred).values("user")
    took = HandlingStep.objects.filter(tip=row.tip_id, actor__isnull=False).values("actor")
    found = Membership.objects.filter(role__in=HANDLING_ROLES, office__is_active=True, user__is_active=True)
    people = User.objects.filter(pk__in=found.values("user")).exclude(pk__in=own).exclude(pk__in=took)
    held = Prefetch(
        "memberships", queryset=Membership.objects.filter(role__in=HANDLING_ROLES).select_related("office")
    )
    return list(people.prefetch_related(held).order_by("first_name", "pk"))


def took_part(*, user_id: int, tip_id: int | None) -> bool:
    """Whether a person took a step in a case."""
    return HandlingStep.objects.filter(tip=tip_id, actor=user_id).exists()


def units_of(*, user_id: int) -> set[int]:
    """Return every unit in which a person holds any role."""
    return set(Membership.objects.filter(user=user_id).values_list("office", flat=True))


@dataclass(frozen=True, kw_only=True)
class UnitResult:
    """What the review found of one unit: files drawn, scored, their points, corrections asked for and closed."""

    unit_id: int
    unit: str
    files: int
    scored: int
    points: int
    corrections: int
    corrections_done: int

    @property
    def mean(self) -> float | None:
        """The mean points of a scored file, to one decimal."""
        return round(self.points / self.scored, 1) if self.scored else None


def results_of(rows: "QuerySet[SampledFile]") -> list[UnitResult]:
    """Return the results by unit; one query."""
    asked = Q(wants_correction=True)
    found = (
        rows.order_by("unit")
        .values("unit", "unit__name")
        .annotate(
            files=Count("pk"),
            scored=Count("pk", filter=Q(points__isnull=False)),
            total=Sum("points"),
            corrections=Count("pk", filter=asked),
            corrections_done=Count("pk", filter=asked & Q(state=ReviewState.DONE)),
        )
    )
    return [
        UnitResult(
            unit_id=row["unit"],
            unit=row["unit__name"],
            files=row["files"],
            scored=row["scored"],
            points=row["total"] or 0,
            corrections=row["corrections"],
            corrections_done=row["corrections_done"],
        )
        for row in found
    ]


def findings_by_item(rows: "QuerySet[SampledFile]") -> Mapping[str, tuple[int, int]]:
    """Return for each item in how many files points were taken off, and how many; one query."""
    found = rows.filter(findings__minus__gt=0).order_by().values(code=F("findings__item"))
    counts = found.annotate(files=Count("pk", distinct=True), minus=Sum("findings__minus"))
    return {row["code"]: (row["files"], row["minus"]) for row in counts}
