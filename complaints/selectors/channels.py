"""Supervision of 7号: which enterprises that must have an internal channel have none yet, against their last day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, Exists, OuterRef, Q, QuerySet, Value, When

from complaints.enums import Industry
from complaints.models import ChannelDuty
from complaints.policies import Person
from complaints.rules.channels import Duty, duties
from complaints.rules.percents import whole_percent

from .enterprises import enterprises_visible_to
from .internal import reading_managers


@dataclass(frozen=True, kw_only=True)
class DistrictChannels:
    """One district: enterprises with the duty, those with a channel, those without one, those late."""

    name: str
    owing: int
    there: int
    missing: int
    late: int

    @property
    def percent(self) -> int:
        """How many of them have a channel."""
        return whole_percent(self.there, self.owing) or 0


def owing(user: Person) -> "QuerySet[Any]":
    """Return the enterprises in a person's scope whose industry has the duty, with `has_channel` and `due_date`.

    A channel is there when somebody of the enterprise reads what is reported.
    """
    readers = reading_managers().filter(enterprise=OuterRef("pk"))
    days = {duty.industry: duty.due_date for duty in every_duty()}
    rows = enterprises_visible_to(user).filter(is_active=True, industry__in=list(days))
    due = Case(
        *(When(industry=code, then=Value(day)) for code, day in days.items()), output_field=DateField()
    )
    return rows.annotate(due_date=due, has_channel=Exists(readers))


def every_duty() -> list[Duty]:
    """Return by when which industries must have a channel: as entered, and as far as known where nothing was."""
    rows = {
        row.industry: Duty(
            industry=Industry(row.industry),
            due_date=row.due_date,
            source=row.source,
            is_verified=row.is_verified,
        )
        for row in ChannelDuty.objects.filter(industry__in=Industry.values)
    }
    return duties(rows)


def without_channel(user: Person) -> "QuerySet[Any]":
    """Return those without a channel, the ones whose day came first at the top."""
    rows = owing(user).filter(has_channel=False).select_related("district", "town", "office")
    return rows.order_by("due_date", "name", "pk")


def channels_by_district(user: Person, *, today: date) -> list[DistrictChannels]:
    """Return the figures of each district in the scope, by its code; one query."""
    rows = (
        owing(user)
        .order_by("district__code")
        .values("district__code", "district__name")
        .annotate(
            owing_count=Count("pk"),
            there=Count("pk", filter=Q(has_channel=True)),
            late=Count("pk", filter=Q(has_channel=False, due_date__lt=today)),
        )
    )
    return [
        DistrictChannels(
            name=row["district__name"],
            owing=row["owing_count"],
            there=row["there"],
            missing=row["owing_count"] - row["there"],
            late=row["late"],
        )
        for row in rows
    ]


def together(rows: Iterable[DistrictChannels], *, name: str) -> DistrictChannels:
    """Return the sum of all districts."""
    found = list(rows)
    return DistrictChannels(
        name=name,
        owing=sum(row.owing for row in found),
        there=sum(row.there for row in found),
        missing=sum(row.missing for row in found),
        late=sum(row.late for row in found),
    )
