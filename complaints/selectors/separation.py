"""Roles as they are: who holds both ends of a two-person act, and which roles the audit log does not know."""

from collections import defaultdict

from django.contrib.auth.models import User

from complaints.enums import Role
from complaints.models import AuditRow, Membership, Office
from complaints.rules import separation
from complaints.rules.waiting import ROLES_THAT_WAIT


def people_at_both_ends() -> list[User]:
    """Return the people with an open account whose roles are kept apart today; two queries.

    Such rows are of the time before the table, or came with a unit that was moved under another one.
    """
    rows = Membership.objects.filter(user__is_active=True).select_related("user").order_by("user")
    held: dict[User, list[separation.Held]] = defaultdict(list)
    for row in rows:
        held[row.user].append(separation.Held(role=Role(row.role), office_id=row.office_id))
        if row.user.is_superuser:
            held[row.user].append(separation.Held(role=Role.SYSTEM_ADMINISTRATOR, office_id=row.office_id))
    above = dict(Office.objects.values_list("pk", "parent_id"))
    return [user for user, roles in held.items() if _holds_both(roles, above=above)]


def _holds_both(roles: list[separation.Held], *, above: separation.Above) -> bool:
    return any(
        separation.conflict(wanted=one, held=[other for other in roles if other != one], above=above)
        is not None
        for one in roles
    )


def people_with_unlogged_roles() -> list[User]:
    """Return the people whose role of leader, custodian or payer no row of the audit log gave; two queries.

    Whoever writes into the database past the program leaves such a role.
    """
    given = {
        (row["user"], row["office"], row["role"])
        for row in AuditRow.objects.filter(action="role.given").values_list("data", flat=True)
    }
    rows = Membership.objects.filter(user__is_active=True, role__in=ROLES_THAT_WAIT).select_related("user")
    found = {
        row.user: True for row in rows.order_by("user") if (row.user_id, row.office_id, row.role) not in given
    }
    return list(found)
