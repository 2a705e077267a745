"""Who may take part in an opening: not with a role just given, nor with a password somebody else has just set.

An administrator can make accounts, give roles and reset passwords. Without a waiting period one of them and a custodian
who suspects nothing would be enough for any name; within it, leaders, auditors and the true owner of an account see it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from complaints.enums import Role

# An officer handles tips from the first day; whoever decides, opens or asks for bank data has been seen before.
ROLES_THAT_WAIT: Final = frozenset({Role.LEADER, Role.CUSTODIAN, Role.PAYER})


def counts_from(
    *, given: Mapping[Role, datetime | None], reset_at: datetime | None, wait_days: int
) -> datetime | None:
    """Return when a person may take part, None when there is nothing to wait for.

    Args:
        given: each role that would do for the act, with the moment it was given; None: before the log knows.
        reset_at: when somebody else last set this person's password or took the second step away; None: never.
        wait_days: length of the waiting period, 0 for none.

    Legal basis: none fixes it; local practice after PIPL 51 (separate duties), see docs/adr/0027.
    """
    waits = [moment if role in ROLES_THAT_WAIT else None for role, moment in given.items()]
    moments = [reset_at] if reset_at else []
    if waits and all(moment is not None for moment in waits):
        moments.append(min(moment for moment in waits if moment is not None))
    return max(moments) + timedelta(days=wait_days) if moments and wait_days else None
