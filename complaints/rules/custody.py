"""Who may do what about a request for opening: one table, three people, never one of them at two ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from complaints.enums import Role, UnsealAct, UnsealFault, UnsealStatus, UnsealTarget
from complaints.errors import NotAllowed, UnsealRefused

S, A, T = UnsealStatus, UnsealAct, UnsealTarget
_HANDLERS = frozenset({Role.OFFICER, Role.LEADER})
LEADERS = frozenset({Role.LEADER})
_CUSTODIANS = frozenset({Role.CUSTODIAN})

# A claim holds bank data: the case side never sees it (DOMAIN §4), the payer asks.
ASKERS: Mapping[UnsealTarget, frozenset[Role]] = {
    T.IDENTITY: _HANDLERS,
    T.ORIGINAL: _HANDLERS,
    T.CLAIM: frozenset({Role.PAYER}),
}
# Still to be decided or opened: one such request for one thing and person.
WAITING_STATES = frozenset({S.ASKED, S.APPROVED})
LONGEST_HOURS = 7 * 24


class Part(StrEnum):
    """The end of the procedure at which a person stands."""

    ASKER = "asker"
    APPROVER = "approver"
    CUSTODIAN = "custodian"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: `part` may take the act while the request is in one of `sources`.

    Approvers and custodians need one of `roles` in the unit of the tip or above it; an asker needs a role of those who
    may ask, unless it hands nothing out (`is_given`). `is_timed` acts need a valid approval. `targets` are the
    things it makes sense for.
    """

    part: Part
    sources: frozenset[UnsealStatus]
    roles: frozenset[Role] = frozenset()
    is_timed: bool = False
    is_given: bool = True
    targets: frozenset[UnsealTarget] = frozenset(T)


_NOTES = frozenset({T.IDENTITY, T.CLAIM})
_FILES = frozenset({T.ORIGINAL})
TABLE: Mapping[UnsealAct, Row] = {
    A.APPROVE: Row(part=Part.APPROVER, sources=frozenset({S.ASKED}), roles=LEADERS),
    A.REFUSE: Row(part=Part.APPROVER, sources=frozenset({S.ASKED}), roles=LEADERS),
    A.REVOKE: Row(part=Part.APPROVER, sources=frozenset({S.APPROVED, S.OPENED}), roles=LEADERS),
    A.WITHDRAW: Row(part=Part.ASKER, sources=WAITING_STATES, is_given=False),
    A.GIVE_KEY: Row(part=Part.ASKER, sources=WAITING_STATES | {S.OPENED}, targets=_NOTES),
    A.HAND_OUT: Row(
        part=Part.CUSTODIAN, sources=frozenset({S.APPROVED, S.OPENED}), roles=_CUSTODIANS, is_timed=True
    ),
    A.REPORT_FAULT: Row(
        part=Part.CUSTODIAN, sources=frozenset({S.APPROVED, S.OPENED}), roles=_CUSTODIANS, is_timed=True
    ),
    A.DELIVER: Row(
        part=Part.CUSTODIAN,
        sources=frozenset({S.OPENED}),
        roles=_CUSTODIANS,
        is_timed=True,
        targets=_NOTES,
    ),
    A.HAND_OVER: Row(
        part=Part.CUSTODIAN,
        sources=frozenset({S.OPENED}),
        roles=_CUSTODIANS,
        is_timed=True,
        targets=_FILES,
    ),
    A.READ: Row(part=Part.ASKER, sources=frozenset({S.OPENED}), targets=_NOTES),
    A.TAKE_OVER: Row(part=Part.ASKER, sources=frozenset({S.OPENED}), targets=_FILES),
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who wants to act, with the roles held in the unit of the tip or in one above it."""

    person_id: int
    roles: frozenset[Role]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a request stands: its state, its people so far, until when the approval holds."""

    status: UnsealStatus
    target: UnsealTarget
    asker_id: int
    approver_id: int | None = None
    custodian_id: int | None = None
    valid_until: datetime | None = None


def asks(*, target: UnsealTarget, roles: frozenset[Role]) -> bool:
    """Whether somebody with these roles may ask for this kind of thing.

    Legal basis: the case side sees no bank data (DOMAIN §4), not even where one person handles tips and pays.
    """
    is_both = target == T.CLAIM and bool(roles & _HANDLERS)
    return bool(roles & ASKERS[target]) and not is_both


def require_ask(*, target: UnsealTarget, person: Person) -> None:
    """Raise NotAllowed unless the person may ask for this kind of thing."""
    if not asks(target=target, roles=person.roles):
        raise NotAllowed


def require(*, act: UnsealAct, standing: Standing, person: Person, now: datetime) -> None:
    """Check one act against the table.

    Raises:
        NotAllowed: the person lacks the role, or is not the one who asked.
        UnsealRefused: the person stands at another end already, has left the tip since asking, the state does not
            allow it, the approval has run out, or another custodian holds the request.
    """
    row = TABLE[act]
    if row.part == Part.ASKER:
        if person.person_id != standing.asker_id:
            raise NotAllowed
        if row.is_given and not asks(target=standing.target, roles=person.roles):
            raise UnsealRefused(UnsealFault.ASKER_GONE)
    elif not person.roles & row.roles:
        raise NotAllowed
    elif _stands_elsewhere(row.part, standing=standing, person_id=person.person_id):
        raise UnsealRefused(UnsealFault.BOTH_ENDS)
    fault = _fault(act, row=row, standing=standing, person=person, now=now)
    if fault is not None:
        raise UnsealRefused(fault)


def may(*, act: UnsealAct, standing: Standing, person: Person, now: datetime) -> bool:
    """Whether `require` lets this act pass."""
    try:
        require(act=act, standing=standing, person=person, now=now)
    except (NotAllowed, UnsealRefused):
        return False
    return True


def valid_until(*, approved: datetime, hours: int) -> datetime:
    """Return the moment after which nothing is handed out any more; nights and days off count.

    Raises:
        ValueError: not between an hour and a week.

    Legal basis: none fixes it; local practice, see DeadlinePolicy.unseal_hours and docs/adr/0027.
    """
    if not 1 <= hours <= LONGEST_HOURS:
        raise ValueError(f"an approval holds 1 to {LONGEST_HOURS} hours, not {hours}")
    return approved + timedelta(hours=hours)


def _stands_elsewhere(part: Part, *, standing: Standing, person_id: int) -> bool:
    ends = {
        Part.ASKER: standing.asker_id,
        Part.APPROVER: standing.approver_id,
        Part.CUSTODIAN: standing.custodian_id,
    }
    return any(holder == person_id for end, holder in ends.items() if end != part)


def _fault(
    act: UnsealAct, *, row: Row, standing: Standing, person: Person, now: datetime
) -> UnsealFault | None:
    if standing.target not in row.targets:
        return UnsealFault.NOT_NOW
    if row.is_timed and standing.status == S.EXPIRED:
        return UnsealFault.TOO_LATE
    if standing.status not in row.sources:
        return UnsealFault.NOT_NOW
    if row.is_timed and (standing.valid_until is None or now > standing.valid_until):
        return UnsealFault.TOO_LATE
    is_held = standing.custodian_id not in (None, person.person_id)
    return UnsealFault.TAKEN if row.part == Part.CUSTODIAN and is_held else None
