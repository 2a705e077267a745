"""Roles kept apart: every pair of the table both ways, in one line of units and beside it."""

from itertools import combinations, permutations

import pytest

from complaints.enums import Role
from complaints.rules.separation import APART_EVERYWHERE, APART_IN_LINE, Held, conflict, is_one_line

CITY, DISTRICT, TOWN, OTHER = 1, 2, 3, 4
ABOVE = {CITY: None, DISTRICT: CITY, TOWN: DISTRICT, OTHER: CITY}

MUST_BE_APART = [
    (Role.CUSTODIAN, Role.LEADER),
    (Role.CUSTODIAN, Role.OFFICER),
    (Role.CUSTODIAN, Role.PAYER),
    (Role.REWARD_PROPOSER, Role.REWARD_APPROVER),
    (Role.REWARD_APPROVER, Role.PAYER),
    (Role.REWARD_PROPOSER, Role.PAYER),
    (Role.PAYER, Role.OFFICER),
    (Role.AUDITOR, Role.OFFICER),
    (Role.AUDITOR, Role.LEADER),
    (Role.AUDITOR, Role.CUSTODIAN),
    (Role.AUDITOR, Role.PAYER),
    (Role.AUDITOR, Role.EDITOR),
    (Role.SYSTEM_ADMINISTRATOR, Role.OFFICER),
    (Role.SYSTEM_ADMINISTRATOR, Role.CUSTODIAN),
    (Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR),
    (Role.SYSTEM_ADMINISTRATOR, Role.PAYER),
]
MAY_BE_TOGETHER = [
    (Role.OFFICER, Role.LEADER),
    (Role.OFFICER, Role.REWARD_PROPOSER),
    (Role.LEADER, Role.REWARD_APPROVER),
    (Role.EDITOR, Role.LEGAL_REVIEWER),
    (Role.OFFICER, Role.EDITOR),
]


def found(one: Role, other: Role, *, at: int = DISTRICT, there: int = DISTRICT) -> Held | None:
    return conflict(
        wanted=Held(role=one, office_id=at), held=[Held(role=other, office_id=there)], above=ABOVE
    )


@pytest.mark.parametrize("pair", MUST_BE_APART)
def test_both_ends_of_a_two_person_act_are_apart_in_either_order(pair: tuple[Role, Role]) -> None:
    for one, other in permutations(pair):
        assert found(one, other) == Held(role=other, office_id=DISTRICT)


@pytest.mark.parametrize("pair", MAY_BE_TOGETHER)
def test_other_roles_may_be_held_together(pair: tuple[Role, Role]) -> None:
    for one, other in permutations(pair):
        assert found(one, other) is None


@pytest.mark.parametrize(
    ("at", "there", "is_apart"),
    [
        (DISTRICT, DISTRICT, True),
        (CITY, TOWN, True),
        (TOWN, CITY, True),
        (TOWN, DISTRICT, True),
        (DISTRICT, OTHER, False),
        (OTHER, TOWN, False),
    ],
)
def test_the_table_holds_in_one_line_of_units(at: int, there: int, is_apart: bool) -> None:
    assert (found(Role.AUDITOR, Role.OFFICER, at=at, there=there) is not None) == is_apart
    assert is_one_line(at, there, above=ABOVE) == is_apart


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.CUSTODIAN, Role.AUDITOR, Role.PAYER])
def test_running_the_machine_is_apart_everywhere(role: Role) -> None:
    assert found(Role.SYSTEM_ADMINISTRATOR, role, at=DISTRICT, there=OTHER) is not None


def test_a_role_does_not_stand_in_its_own_way() -> None:
    for role in Role:
        assert found(role, role) is None


def test_three_people_at_least_for_a_reward_and_for_a_name() -> None:
    apart = APART_IN_LINE | APART_EVERYWHERE

    for chain in (
        (Role.REWARD_PROPOSER, Role.REWARD_APPROVER, Role.PAYER),
        (Role.CUSTODIAN, Role.LEADER),
        (Role.CUSTODIAN, Role.OFFICER),
    ):
        assert all(frozenset(pair) in apart for pair in combinations(chain, 2))


def test_a_circle_of_units_made_by_mistake_ends_the_walk() -> None:
    assert is_one_line(1, 2, above={1: 2, 2: 1})
    assert not is_one_line(1, 3, above={1: 2, 2: 1})
