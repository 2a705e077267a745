"""Which roles one person may not hold together: whoever could do both ends of a two-person act by himself or herself.

The table holds for units of one line: the same unit, or one above the other. Beside each other, in two districts, a
person may be officer here and auditor there. Running the machine is kept apart everywhere: it has no district.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from complaints.enums import Role

Above = Mapping[int, int | None]

_HANDLING = (Role.OFFICER, Role.LEADER)
_MONEY = (Role.REWARD_PROPOSER, Role.REWARD_APPROVER, Role.PAYER)
_REVIEWING = (Role.LEGAL_REVIEWER, Role.SECRECY_REVIEWER)


def _pairs(one: Role, others: Iterable[Role]) -> frozenset[frozenset[Role]]:
    return frozenset(frozenset({one, other}) for other in others)


# Asking for a name, approving it and opening it are different people; so are those who know the name and those who
# pay: the finance side sees no tip, the case side no bank account (19号, DOMAIN §4).
APART_IN_LINE: frozenset[frozenset[Role]] = (
    _pairs(Role.CUSTODIAN, (*_HANDLING, *_MONEY))
    | _pairs(Role.REWARD_APPROVER, (Role.REWARD_PROPOSER, Role.PAYER))
    | _pairs(Role.PAYER, (Role.REWARD_PROPOSER, *_HANDLING))
    # Who reads all records must not have made them.
    | _pairs(Role.AUDITOR, (*_HANDLING, Role.CUSTODIAN, *_MONEY, Role.EDITOR, *_REVIEWING, Role.PUBLISHER))
)
# Whoever gives roles and resets passwords could become anybody: such a person holds nothing else that acts or checks.
APART_EVERYWHERE: frozenset[frozenset[Role]] = _pairs(
    Role.SYSTEM_ADMINISTRATOR, (*_HANDLING, Role.CUSTODIAN, *_MONEY, Role.AUDITOR)
)


@dataclass(frozen=True, kw_only=True)
class Held:
    """One role in one unit."""

    role: Role
    office_id: int


def conflict(*, wanted: Held, held: Iterable[Held], above: Above) -> Held | None:
    """Return the role held already that keeps this one from being given, or None.

    Args:
        above: each unit's next unit above; None or missing for the top.

    Legal basis: 19号 (proposal, approval and payment are three people); PIPL 51 (separate duties over personal data).
    """
    return next((one for one in held if _are_apart(wanted, one, above=above)), None)


def _are_apart(one: Held, other: Held, *, above: Above) -> bool:
    pair = frozenset({one.role, other.role})
    if pair in APART_EVERYWHERE:
        return True
    return pair in APART_IN_LINE and is_one_line(one.office_id, other.office_id, above=above)


def is_one_line(office_id: int, other_id: int, *, above: Above) -> bool:
    """Whether two units are the same or one stands above the other; a circle made by mistake ends the walk."""
    return other_id in _up_from(office_id, above=above) or office_id in _up_from(other_id, above=above)


def _up_from(office_id: int, *, above: Above) -> set[int]:
    found: set[int] = set()
    current: int | None = office_id
    while current is not None and current not in found:
        found.add(current)
        current = above.get(current)
    return found
