"""Liaison points with their visits of a year, the diary of visits, and the sums the outreach page tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet, Sum

if TYPE_CHECKING:
    from home.models import HelpVisit, LiaisonPoint

POINTS_PER_PAGE = 30
VISITS_PER_PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Points:
    """One page of points (each with `visits_done` and `last_visit`), and the districts there are."""

    page: "ListPage[LiaisonPoint]"
    districts: tuple[str, ...]
    district: str = ""

    def query(self, *, page: int = 1) -> str:
        """Return the query of one page of these points."""
        kept = {"district": self.district} if self.district else {}
        return f"?{urlencode({**kept, 'page': page} if page > 1 else kept)}"


@dataclass(frozen=True, kw_only=True)
class Sums:
    """How many points there are, and how many visits and people there were in a year."""

    points: int
    visits: int
    people: int


def with_visits(*, points: "QuerySet[LiaisonPoint]", year: int, shown_only: bool) -> "QuerySet[LiaisonPoint]":
    """Return points with `visits_done` in a year and the day of the `last_visit`; one query."""
    counted = Q(visits__day__year=year)
    if shown_only:
        counted &= Q(visits__is_shown=True)
    return points.annotate(
        visits_done=Count("visits", filter=counted, distinct=True),
        last_visit=Max("visits__day", filter=counted),
    )


def points(*, points: "QuerySet[LiaisonPoint]", year: int, values: Mapping[str, str]) -> Points:
    """Return one page of points; a district that does not exist counts as not said. Three queries."""
    districts = tuple(points.order_by("district").values_list("district", flat=True).distinct())
    district = values.get("district", "")
    district = district if district in districts else ""
    chosen = points.filter(district=district) if district else points
    listed = with_visits(points=chosen, year=year, shown_only=True).order_by("district", "enterprise")
    page = Paginator(listed, POINTS_PER_PAGE).get_page(values.get("page", "1"))
    return Points(page=page, districts=districts, district=district)


def newest(*, visits: "QuerySet[HelpVisit]") -> "QuerySet[HelpVisit]":
    """Return visits by day, the latest first, with what a diary shows of them."""
    return visits.order_by("-day", "-pk").select_related("point").annotate(people=Sum("signs__count"))


def diary(*, visits: "QuerySet[HelpVisit]", number: str) -> "ListPage[HelpVisit]":
    """Return one page of the diary, with posts and pictures; five queries."""
    told = newest(visits=visits).prefetch_related("signs", "pictures__picture__renditions")
    return Paginator(told, VISITS_PER_PAGE).get_page(number)


def sums(*, points: "QuerySet[LiaisonPoint]", visits: "QuerySet[HelpVisit]", year: int) -> Sums:
    """Return the sums of a year; two queries."""
    of_year = visits.filter(day__year=year)
    told = of_year.aggregate(visits=Count("pk", distinct=True), people=Sum("signs__count"))
    # A visit stands once for each of its posts in the joined rows: the people add up, the visits are counted apart.
    return Sums(points=points.count(), visits=told["visits"], people=told["people"] or 0)
