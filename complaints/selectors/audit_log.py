"""Reads of the audit log for auditors, within the units they audit."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from complaints.models import AuditRow, Membership, Office, Tip
from complaints.policies import Person, audited_offices, may_audit


def log_rows(*, user: Person) -> "QuerySet[AuditRow]":
    """Return the rows a person audits, newest first: acts of people of these units, and acts on tips of these units."""
    offices = audited_offices(user)
    rows = AuditRow.objects.select_related("actor").order_by("-sequence")
    return rows if offices is None else rows.filter(rows_of(office_ids=offices))


def rows_of(*, office_ids: Iterable[int]) -> Q:
    """Return the condition for what people of these units did, and what anybody did to tips they are in charge of, or
    were until the tips were destroyed: the record of that names the unit, since nothing else may."""
    offices = list(office_ids)
    tips = Tip.objects.filter(handling_unit__in=offices).values("number")
    gone = AuditRow.objects.order_by().filter(action="tip.purged", data__office__in=offices).values("subject")
    return Q(actor__in=_people_of(offices)) | Q(subject__in=tips) | Q(subject__in=gone)


def _people_of(offices: list[int]) -> set[int]:
    """Return who works there or worked there: whoever leaves does not take the rows along."""
    now = Membership.objects.filter(office__in=offices).values_list("user_id", flat=True)
    earlier = AuditRow.objects.filter(action="role.taken", data__office__in=offices)
    return {*now, *earlier.values_list("data__user", flat=True)}


def audited_people(*, user: Person) -> "QuerySet[User]":
    """Return the people whose acts a person audits, by name; nobody for who audits nothing."""
    people = User.objects.order_by("first_name", "username")
    offices = audited_offices(user)
    if not may_audit(user):
        return people.none()
    return people if offices is None else people.filter(pk__in=_people_of(offices))


def audited_units(*, user: Person) -> "QuerySet[Office]":
    """Return the units a person audits."""
    units = Office.objects.defer("outline").order_by("pk")
    offices = audited_offices(user)
    return units if offices is None else units.filter(pk__in=offices)


def names_of_people() -> dict[int, str]:
    """Return everybody's name by key; staff is a few hundred people."""
    rows = User.objects.values_list("pk", "first_name", "username")
    return {pk: f"{name} ({account})" if name else account for pk, name, account in rows}


def names_of_units() -> dict[int, str]:
    """Return every unit's name by key."""
    return dict(Office.objects.values_list("pk", "name"))
