"""Reads of the units working together on a tip: for which of them a person acts."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from complaints.models import Office, Supervision, Tip
from complaints.policies import HANDLING_ROLES, scope_of


def town_unit(*, user: User, tip: Tip) -> Office | None:
    """Return the town unit a person whistles for: the one in charge, the inspecting one, or the one of the place."""
    held = scope_of(user).town_units
    own = Office.objects.filter(pk__in=[office for office, roles in held.items() if roles & HANDLING_ROLES])
    by_id = {office.pk: office for office in own}
    for office_id in (tip.handling_unit_id, tip.inspecting_unit_id):
        if office_id in by_id:
            return by_id[office_id]
    return own.filter(divisions=tip.town_id).first() if tip.town_id else None


def acting_unit(*, user: User, tip: Tip) -> Office:
    """Return the unit for which a person works on the spot; the one in charge where none of the own takes part."""
    own = Office.objects.filter(
        memberships__user=user, memberships__role__in=HANDLING_ROLES, is_active=True
    ).distinct()
    by_id = {office.pk: office for office in own}
    joint = [row.office_id for row in tip.units.all() if row.ended_date is None]
    for office_id in (tip.inspecting_unit_id, tip.handling_unit_id, *joint):
        if office_id in by_id:
            return by_id[office_id]
    return (own.filter(divisions=tip.town_id).first() if tip.town_id else None) or tip.handling_unit


def handles_in(*, user: User, office_id: int) -> bool:
    """Say whether a person handles tips in this very unit; no query."""
    return bool(scope_of(user).own.get(office_id, frozenset()) & HANDLING_ROLES)


def asking_supervisions(*, tip: Tip, office_id: int) -> "QuerySet[Supervision]":
    """Return the supervisions that have not ended and ask a unit, of the tip and of those merged into it."""
    together = Q(tip=tip) | Q(tip__merged_into=tip)
    return Supervision.objects.filter(together, unit=office_id, ended_date=None)
