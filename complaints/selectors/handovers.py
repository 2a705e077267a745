"""Reads for handing over what somebody leaves behind: who has open tips in the units a person leads."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count

from complaints.enums import Phase, Role
from complaints.models import Office, Tip
from complaints.policies import Person, scope_of

from .accounts import person_name


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A person with open tips in one unit; `is_gone` when the account is switched off."""

    user_id: int
    office_id: int
    name: str
    unit: str
    open_count: int
    is_gone: bool


def led_offices(*, user: Person) -> list[int]:
    """Return the units a person leads, the ones below included."""
    return scope_of(user).offices_with({Role.LEADER})


def holders_under(*, user: Person) -> list[Holder]:
    """Return who has open tips in the units a person leads, those who are gone first; three queries."""
    tips = Tip.objects.filter(
        phase=Phase.OPEN, handling_unit__in=led_offices(user=user), handler__isnull=False
    )
    counts = list(tips.order_by().values_list("handler", "handling_unit").annotate(n=Count("pk")))
    people = User.objects.in_bulk({pk for pk, _office, _n in counts})
    units = dict(
        Office.objects.filter(pk__in={office for _pk, office, _n in counts}).values_list("pk", "name")
    )
    found = [
        Holder(
            user_id=pk,
            office_id=office,
            name=person_name(people[pk]),
            unit=units[office],
            open_count=n,
            is_gone=not people[pk].is_active,
        )
        for pk, office, n in counts
    ]
    return sorted(found, key=lambda one: (not one.is_gone, one.unit, one.name))


def open_count_of(*, user: User) -> int:
    """Return how many open tips are in a person's hands."""
    return Tip.objects.filter(handler=user, phase=Phase.OPEN).count()
