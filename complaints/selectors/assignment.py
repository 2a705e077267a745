"""Reads for passing a tip on: the tree of units, and how a tip came to the one in charge."""

from collections.abc import Iterable

from complaints.enums import Action, Role
from complaints.models import HandlingStep, Office, Tip
from complaints.policies import Person, scope_of, units_above
from complaints.rules.assignment import LEAD_CHANGES, Passing, Unit, dispatch_problem, unit_above

# The order in which units are offered.
LEVELS = ("city", "district", "zone", "town")


def unit_tree() -> dict[int, Unit]:
    """Return all units by their keys, those out of use included; one query."""
    return Office.objects.all().as_tree()


def office_above(*, office: Office) -> Office:
    """Return the nearest unit in use above this one, or the unit itself at the top; no query where it has no parent."""
    if office.parent_id is None:
        return office
    above = unit_above(office_id=office.pk, units=unit_tree())
    return office if above == office.pk else Office.objects.get(pk=above)


def office_looking_in(*, user: Person, office: Office) -> Office:
    """Return the unit for which a leader looks into what another unit does: the nearest above it that the person leads.

    The unit itself where the person leads none above it: nobody is above the top one.
    """
    own, (_self, *above) = scope_of(user).own, units_above(office_id=office.pk)
    led = next((one for one in above if Role.LEADER in own.get(one, ())), None)
    return office if led is None else Office.objects.get(pk=led)


def passings_of(*, tip: Tip, steps: Iterable[HandlingStep] | None = None) -> list[Passing]:
    """Return how the tip was passed on, oldest first; one query unless `steps` are at hand."""
    rows = tip.steps.filter(action__in=LEAD_CHANGES).order_by("pk") if steps is None else steps
    return [
        Passing(action=Action(row.action), office_id=row.office_id, towards_id=row.towards_id) for row in rows
    ]


def dispatch_targets(*, tip: Tip) -> list[Office]:
    """Return the units a tip may be dispatched to now, those of higher level first; three queries."""
    units, passings = unit_tree(), passings_of(tip=tip)
    fitting = [
        pk
        for pk in units
        if dispatch_problem(
            office_id=pk,
            holder_id=tip.handling_unit_id,
            passings=passings,
            units=units,
            involves_death=tip.involves_death,
        )
        is None
    ]
    rows = Office.objects.filter(pk__in=fitting).defer("outline")
    return sorted(rows, key=lambda row: (LEVELS.index(row.level), row.pk))
