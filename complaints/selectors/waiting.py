"""Since when people hold the roles of an opening, and when somebody else last reset their way of signing in.

Read from the audit log, not from a column: a date there cannot be moved without the log showing it. A role the log does
not know counts as old; `selectors.separation` reports such roles.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from complaints.enums import Role
from complaints.models import AuditRow, Membership
from complaints.policies import units_above

_GIVEN, _RESETS = "role.given", ("password.set", "second_factor.reset")


@dataclass(frozen=True, kw_only=True)
class Since:
    """What the log says of one person: moments by role (None: before the log knows), the newest reset by another."""

    given: Mapping[Role, datetime | None] = field(default_factory=dict)
    reset_at: datetime | None = None


def since_when(*, user_ids: Iterable[int], office_id: int) -> dict[int, Since]:
    """Return for each person since when each role over a unit is held, the oldest of several; three queries."""
    keys = list(dict.fromkeys(user_ids))
    above = units_above(office_id=office_id)
    held = list(
        Membership.objects.filter(user__in=keys, office__in=above, office__is_active=True).values_list(
            "user_id", "office_id", "role"
        )
    )
    given, resets = _logged(keys)
    return {
        key: Since(
            given=_oldest((role, given.get((key, office, role))) for one, office, role in held if one == key),
            reset_at=resets.get(key),
        )
        for key in keys
    }


def _oldest(rows: Iterable[tuple[str, datetime | None]]) -> dict[Role, datetime | None]:
    found: dict[Role, datetime | None] = {}
    for name, moment in rows:
        role = Role(name)
        known = found.get(role, moment)
        found[role] = None if known is None or moment is None else min(known, moment)
    return found


def _logged(keys: list[int]) -> tuple[dict[tuple[int, int, str], datetime], dict[int, datetime]]:
    """Return the newest granting of each role and the newest reset by somebody else, from one query."""
    subjects = {f"user:{key}": key for key in keys}
    rows = AuditRow.objects.filter(action__in=(_GIVEN, *_RESETS), subject__in=list(subjects))
    given: dict[tuple[int, int, str], datetime] = {}
    resets: dict[int, datetime] = {}
    for row in rows.order_by("sequence"):
        key = subjects[row.subject]
        if row.action == _GIVEN:
            given[key, row.data["office"], row.data["role"]] = row.taken_at
        elif row.actor_id != key:
            resets[key] = row.taken_at
    return given, resets
