"""Companies with one safety manager, and fixes that nobody else there could accept: what the bureau has to mend."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from complaints.enums import InsideState
from complaints.models import Enterprise, EnterpriseManager, GivenPassword, InternalTip
from complaints.policies import Person

from .enterprises import enterprises_supervised_by, enterprises_visible_to
from .internal import reading_managers


@dataclass(frozen=True, kw_only=True)
class DistrictLone:
    """One district: companies with a reader, those with one alone, those of them that asked for a second."""

    name: str
    reading: int
    lone: int
    asked: int


def with_readers(rows: "QuerySet[Enterprise]") -> "QuerySet[Any]":
    """Annotate `reader_count`: safety managers with an open account who have joined."""
    readers = reading_managers().filter(enterprise=OuterRef("pk")).order_by().values("enterprise")
    return rows.annotate(reader_count=Coalesce(Subquery(readers.annotate(n=Count("pk")).values("n")), 0))


def unacceptable_fixes() -> "QuerySet[InternalTip]":
    """Return what is put right inside a company and waits for another person who is not there.

    A second manager whom the tip names is none: for that person it does not exist.
    """
    named = InternalTip.kept_from.through.objects.filter(internaltip=OuterRef(OuterRef("pk"))).values("user")
    others = (
        reading_managers()
        .filter(enterprise=OuterRef("enterprise"), enterprise__is_active=True)
        .exclude(user=OuterRef("fixed_by"))
        .exclude(user__in=named)
    )
    rows = InternalTip.objects.filter(state=InsideState.FIXED, tip__is_internal=True)
    return rows.exclude(Exists(others))


def unacceptable_of(enterprise: Enterprise) -> list[InternalTip]:
    """Return those of one company, whose number and last day the bureau sees, not words."""
    rows = unacceptable_fixes().filter(enterprise=enterprise).select_related("tip")
    return list(rows.order_by("due_date", "pk"))


def unacceptable_seen_by(user: Person, *, most: int) -> list[InternalTip]:
    """Return those in a person's scope, the nearest last day first; number and day, not words."""
    rows = unacceptable_fixes().filter(enterprise__in=enterprises_visible_to(user).values("pk"))
    return list(rows.select_related("tip", "enterprise").order_by("due_date", "pk")[:most])


def lone_companies(user: Person) -> "QuerySet[Any]":
    """Return the companies in a person's scope with one manager alone: who asked first, then whose fixes wait.

    Rows hold `has_invited` (a second one was invited and has not joined), `fix_count` (fixes nobody else could accept)
    and `may_invite` for this person.
    """
    waiting = EnterpriseManager.objects.filter(
        enterprise=OuterRef("pk"),
        ended_at=None,
        user__is_active=True,
        user__in=GivenPassword.objects.values("user"),
    )
    fixes = unacceptable_fixes().filter(enterprise=OuterRef("pk")).order_by().values("enterprise")
    supervised = enterprises_supervised_by(user).filter(pk=OuterRef("pk"))
    lone = with_readers(enterprises_visible_to(user).filter(is_active=True)).filter(reader_count=1)
    rows: QuerySet[Any] = lone.annotate(
        has_invited=Exists(waiting),
        fix_count=Coalesce(Subquery(fixes.annotate(n=Count("pk")).values("n")), 0),
        may_invite=Exists(supervised),
    )
    asked_first = F("second_asked_date").asc(nulls_last=True)
    return rows.select_related("district", "town").order_by(asked_first, "-fix_count", "name", "pk")


def lone_by_district(user: Person) -> list[DistrictLone]:
    """Return the figures of each district in the scope, by its code; one query."""
    rows = with_readers(enterprises_visible_to(user).filter(is_active=True)).filter(reader_count__gte=1)
    lone = Q(reader_count=1)
    counted = (
        rows.order_by("district__code")
        .values("district__code", "district__name")
        .annotate(
            reading=Count("pk"),
            lone=Count("pk", filter=lone),
            asked=Count("pk", filter=lone & Q(second_asked_date__isnull=False)),
        )
    )
    return [
        DistrictLone(name=row["district__name"], reading=row["reading"], lone=row["lone"], asked=row["asked"])
        for row in counted
    ]


def lone_count(user: Person) -> int:
    """Return how many companies in a person's scope have one manager alone; one query."""
    return with_readers(enterprises_visible_to(user).filter(is_active=True)).filter(reader_count=1).count()


def asking_companies(user: Person, *, most: int) -> list[Enterprise]:
    """Return the companies this person may invite for that ask for a second manager, the oldest first; one query."""
    rows = enterprises_supervised_by(user).filter(is_active=True, second_asked_date__isnull=False)
    rows = with_readers(rows).filter(reader_count=1)
    return list(rows.order_by("second_asked_date", "name", "pk")[:most])


def is_lone(enterprise: Enterprise) -> bool:
    """Whether one person alone reads what is told to the company."""
    return reading_managers().filter(enterprise=enterprise).count() == 1
