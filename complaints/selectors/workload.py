"""Reads for handing out work: who handles tips in a unit, and how many each has open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count

from complaints.enums import Phase
from complaints.models import Membership, Tip
from complaints.policies import HANDLING_ROLES, Person, may_write, tips_visible_to

from .accounts import person_name


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A person who handles tips in `unit`; `open_count` tips are in their hands now."""

    user_id: int
    name: str
    unit: str
    open_count: int


def handlers_of(*, office_ids: Collection[int]) -> list[Handler]:
    """Return who handles tips in these units, unit by unit and by name, each once; two queries."""
    held = Membership.objects.filter(
        office__in=office_ids, office__is_active=True, role__in=HANDLING_ROLES, user__is_active=True
    )
    people: dict[int, tuple[str, User]] = {}
    for row in held.select_related("user", "office").defer("office__outline").order_by("office", "pk"):
        people.setdefault(row.user_id, (row.office.name, row.user))
    loads = _open_counts(people)
    found = [
        Handler(user_id=pk, name=person_name(user), unit=unit, open_count=loads.get(pk, 0))
        for pk, (unit, user) in people.items()
    ]
    units = {unit: place for place, unit in enumerate(dict.fromkeys(one.unit for one in found))}
    return sorted(found, key=lambda one: (units[one.unit], one.name))


def _open_counts(user_ids: Iterable[int]) -> dict[int, int]:
    tips = Tip.objects.filter(handler__in=list(user_ids), phase=Phase.OPEN).order_by()
    return dict(tips.values_list("handler").annotate(n=Count("pk")))


def chosen_tips(*, user: Person, keys: Collection[int]) -> list[Tip]:
    """Return those of these tips that lie within scope, in the order they came in; one query."""
    tips = tips_visible_to(user).filter(pk__in=keys).select_related("handling_unit", "handler")
    return list(tips.defer("handling_unit__outline").order_by("pk"))


def is_assignable(*, user: Person, tip: Tip) -> bool:
    """Say whether the person may put this tip into somebody's hands; the act itself asks the table again."""
    return tip.phase == Phase.OPEN and may_write(user, tip)
