"""Rules of opening: who may ask, approve, open and read, in which state, and never one person at two ends."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from complaints.enums import Role, UnsealAct, UnsealFault, UnsealStatus, UnsealTarget
from complaints.errors import NotAllowed, UnsealRefused
from complaints.rules.custody import (
    ASKERS,
    TABLE,
    WAITING_STATES,
    Part,
    Person,
    Standing,
    may,
    require,
    require_ask,
    valid_until,
)

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ASKER, APPROVER, CUSTODIAN, OTHER = 1, 2, 3, 9
S, A, T, R, F = UnsealStatus, UnsealAct, UnsealTarget, Role, UnsealFault
NOTES, FILES = frozenset({T.IDENTITY, T.CLAIM}), frozenset({T.ORIGINAL})
# For each act the states in which it is open, written down once more and by hand.
OPEN_IN = {
    A.APPROVE: {S.ASKED},
    A.REFUSE: {S.ASKED},
    A.REVOKE: {S.APPROVED, S.OPENED},
    A.WITHDRAW: {S.ASKED, S.APPROVED},
    A.GIVE_KEY: {S.ASKED, S.APPROVED, S.OPENED},
    A.HAND_OUT: {S.APPROVED, S.OPENED},
    A.REPORT_FAULT: {S.APPROVED, S.OPENED},
    A.DELIVER: {S.OPENED},
    A.HAND_OVER: {S.OPENED},
    A.READ: {S.OPENED},
    A.TAKE_OVER: {S.OPENED},
}
ROLE_OF = {Part.APPROVER: R.LEADER, Part.CUSTODIAN: R.CUSTODIAN, Part.ASKER: R.OFFICER}
HOLDER = {Part.ASKER: ASKER, Part.APPROVER: APPROVER, Part.CUSTODIAN: CUSTODIAN}
DECIDED = frozenset(S) - {S.ASKED}


def standing(status: UnsealStatus, target: UnsealTarget = T.IDENTITY, **values: object) -> Standing:
    """Return a request in this state, with the people who must have acted by then."""
    people = {
        "asker_id": ASKER,
        "approver_id": APPROVER if status in DECIDED else None,
        "custodian_id": CUSTODIAN if status in {S.OPENED, S.READ} else None,
        "valid_until": LATER if status in DECIDED else None,
    }
    return Standing(status=status, target=target, **{**people, **values})  # type: ignore[arg-type]


def person(person_id: int, *roles: Role) -> Person:
    return Person(person_id=person_id, roles=frozenset(roles))


def fitting(act: UnsealAct, target: UnsealTarget = T.IDENTITY) -> Person:
    """Return the person who may take this act; claims are the payers' business."""
    part = TABLE[act].part
    role = R.PAYER if part == Part.ASKER and target == T.CLAIM else ROLE_OF[part]
    return person(HOLDER[part], role)


def target_of(act: UnsealAct) -> UnsealTarget:
    return T.ORIGINAL if act in (A.HAND_OVER, A.TAKE_OVER) else T.IDENTITY


def refusal(
    act: UnsealAct, where: Standing, who: Person, now: datetime = NOW
) -> UnsealFault | type[NotAllowed] | None:
    try:
        require(act=act, standing=where, person=who, now=now)
    except UnsealRefused as error:
        return error.fault
    except NotAllowed:
        return NotAllowed
    return None


def test_table_knows_every_act_that_people_take() -> None:
    assert set(TABLE) == set(OPEN_IN)


# --- who may ask -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("target", "role"), list(product(T, R)))
def test_who_may_ask(target: UnsealTarget, role: Role) -> None:
    allowed = {R.PAYER} if target == T.CLAIM else {R.OFFICER, R.LEADER}

    if role in allowed:
        require_ask(target=target, person=person(ASKER, role))
    else:
        with pytest.raises(NotAllowed):
            require_ask(target=target, person=person(ASKER, role))


@pytest.mark.parametrize("role", [R.OFFICER, R.LEADER])
def test_who_handles_the_tip_asks_for_no_payment_data_even_as_a_payer(role: Role) -> None:
    both = person(ASKER, role, R.PAYER)

    with pytest.raises(NotAllowed):
        require_ask(target=T.CLAIM, person=both)
    assert refusal(A.READ, standing(S.OPENED, T.CLAIM), both) == F.ASKER_GONE
    require_ask(target=T.IDENTITY, person=both)


def test_nobody_without_a_role_asks() -> None:
    for target in ASKERS:
        with pytest.raises(NotAllowed):
            require_ask(target=target, person=person(ASKER))


# --- states ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "status"), list(product(TABLE, S)))
def test_each_act_is_open_in_its_states_alone(act: UnsealAct, status: UnsealStatus) -> None:
    where = standing(status, target_of(act))

    is_open = refusal(act, where, fitting(act)) is None

    assert is_open == (status in OPEN_IN[act])


@pytest.mark.parametrize("status", sorted(frozenset(S) - WAITING_STATES - {S.OPENED}))
def test_nothing_is_open_once_a_request_is_over(status: UnsealStatus) -> None:
    for act in TABLE:
        assert not may(act=act, standing=standing(status, target_of(act)), person=fitting(act), now=NOW)


@pytest.mark.parametrize("act", TABLE)
def test_notes_are_for_names_and_files_for_photos(act: UnsealAct) -> None:
    allowed = {A.HAND_OVER: FILES, A.TAKE_OVER: FILES, A.GIVE_KEY: NOTES, A.DELIVER: NOTES, A.READ: NOTES}
    status = next(iter(OPEN_IN[act]))

    found = {target for target in T if refusal(act, standing(status, target), fitting(act, target)) is None}

    assert found == allowed.get(act, frozenset(T))


# --- roles -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "role"), list(product(TABLE, R)))
def test_each_role_opens_its_own_acts_alone(act: UnsealAct, role: Role) -> None:
    """Somebody who is neither asker, approver nor custodian yet; an asker's acts are nobody else's."""
    status = S.ASKED if act in (A.APPROVE, A.REFUSE) else S.APPROVED
    where = standing(status, target_of(act))
    needed = {Part.APPROVER: R.LEADER, Part.CUSTODIAN: R.CUSTODIAN}.get(TABLE[act].part)

    found = refusal(act, where, person(OTHER, role))

    assert (found is not NotAllowed) == (role == needed)


@pytest.mark.parametrize("act", TABLE)
def test_a_superuser_has_no_role_and_nothing_opens(act: UnsealAct) -> None:
    where = standing(next(iter(OPEN_IN[act])), target_of(act))

    assert refusal(act, where, person(OTHER)) is NotAllowed


@pytest.mark.parametrize(
    ("first", "act"),
    [
        (Part.ASKER, A.APPROVE),
        (Part.ASKER, A.REFUSE),
        (Part.CUSTODIAN, A.APPROVE),
        (Part.ASKER, A.HAND_OUT),
        (Part.APPROVER, A.HAND_OUT),
        (Part.ASKER, A.DELIVER),
        (Part.APPROVER, A.DELIVER),
    ],
)
def test_no_pair_of_ends_is_one_person(first: Part, act: UnsealAct) -> None:
    """Whoever stands at one end already, with every role there is, is refused at the other."""
    where = standing(next(iter(OPEN_IN[act])), approver_id=APPROVER, custodian_id=CUSTODIAN)

    assert refusal(act, where, person(HOLDER[first], *R)) == F.BOTH_ENDS


def test_a_leader_never_approves_an_own_request() -> None:
    assert refusal(A.APPROVE, standing(S.ASKED), person(ASKER, R.LEADER)) == F.BOTH_ENDS
    assert refusal(A.REFUSE, standing(S.ASKED), person(ASKER, R.LEADER)) == F.BOTH_ENDS


@pytest.mark.parametrize("act", [A.GIVE_KEY, A.READ, A.TAKE_OVER])
@pytest.mark.parametrize("role", R)
def test_an_asker_who_has_left_is_given_nothing(act: UnsealAct, role: Role) -> None:
    where = standing(S.OPENED, target_of(act))

    fault = refusal(act, where, person(ASKER, role))

    assert fault == (None if role in {R.OFFICER, R.LEADER} else F.ASKER_GONE)


def test_an_asker_who_has_left_may_still_withdraw() -> None:
    assert refusal(A.WITHDRAW, standing(S.APPROVED), person(ASKER)) is None


def test_any_other_leader_takes_an_approval_back() -> None:
    assert refusal(A.REVOKE, standing(S.APPROVED), person(OTHER, R.LEADER)) is None
    for at_another_end in (ASKER, CUSTODIAN):
        where = standing(S.OPENED)
        assert refusal(A.REVOKE, where, person(at_another_end, R.LEADER)) == F.BOTH_ENDS


def test_only_the_asker_reads() -> None:
    for reader in (APPROVER, CUSTODIAN, OTHER):
        assert refusal(A.READ, standing(S.OPENED), person(reader, *R)) is NotAllowed


# --- time and the second custodian -----------------------------------------------------------------------------


@pytest.mark.parametrize("act", [act for act, row in TABLE.items() if row.is_timed])
@pytest.mark.parametrize(("now", "fault"), [(LATER, None), (LATER + timedelta(microseconds=1), F.TOO_LATE)])
def test_an_approval_ends_to_the_moment(act: UnsealAct, now: datetime, fault: UnsealFault | None) -> None:
    where = standing(S.OPENED, target_of(act))

    assert refusal(act, where, fitting(act), now=now) == fault


def test_what_has_run_out_says_so() -> None:
    where = standing(S.EXPIRED)

    assert refusal(A.HAND_OUT, where, person(CUSTODIAN, R.CUSTODIAN)) == F.TOO_LATE
    assert refusal(A.READ, where, person(ASKER, R.OFFICER)) == F.NOT_NOW


def test_an_approval_without_an_end_is_none() -> None:
    where = standing(S.APPROVED, valid_until=None)

    assert refusal(A.HAND_OUT, where, person(CUSTODIAN, R.CUSTODIAN)) == F.TOO_LATE


@pytest.mark.parametrize("act", [A.HAND_OUT, A.REPORT_FAULT, A.DELIVER])
def test_the_second_custodian_is_told(act: UnsealAct) -> None:
    where = standing(S.OPENED)

    assert refusal(act, where, person(OTHER, R.CUSTODIAN)) == F.TAKEN
    assert refusal(act, where, person(CUSTODIAN, R.CUSTODIAN)) is None


@pytest.mark.parametrize("hours", [1, 24, 168])
def test_an_approval_holds_so_many_hours(hours: int) -> None:
    assert valid_until(approved=NOW, hours=hours) == NOW + timedelta(hours=hours)


@pytest.mark.parametrize("hours", [-1, 0, 169])
def test_other_lengths_are_refused(hours: int) -> None:
    with pytest.raises(ValueError, match="hours"):
        valid_until(approved=NOW, hours=hours)
