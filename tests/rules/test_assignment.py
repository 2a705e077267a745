"""Passing a tip on: to whom it may go, to whom it goes back, and that a death stays at county level or above."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Action, OfficeLevel, Problem
from complaints.rules.assignment import (
    Passing,
    Unit,
    dispatch_problem,
    escalation_target,
    is_under,
    sender_of,
    unit_above,
    unit_in_use,
)
from complaints.rules.routing import COUNTY_LEVELS

CITY, YANTA, LIANHU, TOWN, OTHER_TOWN, ZONE, CLOSED, BRIGADE, LOST = range(1, 10)
UNITS = {
    unit.office_id: unit
    for unit in (
        Unit(office_id=CITY, level="city"),
        Unit(office_id=YANTA, level="district", parent_id=CITY),
        Unit(office_id=LIANHU, level="district", parent_id=CITY),
        Unit(office_id=TOWN, level="town", parent_id=YANTA),
        Unit(office_id=OTHER_TOWN, level="town", parent_id=LIANHU),
        Unit(office_id=ZONE, level="zone", parent_id=CITY),
        Unit(office_id=CLOSED, level="district", parent_id=CITY, is_active=False),
        Unit(office_id=BRIGADE, level="city", parent_id=CITY),
        Unit(office_id=LOST, level="town"),
    )
}


def sent(office: int, towards: int) -> Passing:
    return Passing(action=Action.DISPATCH, office_id=office, towards_id=towards)


def back(office: int, towards: int) -> Passing:
    return Passing(action=Action.HAND_BACK, office_id=office, towards_id=towards)


def problem(
    office: int, *, holder: int = YANTA, passings: tuple[Passing, ...] = (), death: bool = False
) -> object:
    return dispatch_problem(
        office_id=office, holder_id=holder, passings=passings, units=UNITS, involves_death=death
    )


@pytest.mark.parametrize(
    ("holder", "office", "expected"),
    [
        (YANTA, TOWN, None),
        (YANTA, LIANHU, None),
        (YANTA, ZONE, None),
        (CITY, TOWN, None),
        (CITY, BRIGADE, None),
        (YANTA, YANTA, Problem.UNIT_TAKES_PART),
        (YANTA, CITY, Problem.UNIT_NOT_NEAR),
        (YANTA, OTHER_TOWN, Problem.UNIT_NOT_NEAR),
        (TOWN, YANTA, Problem.UNIT_NOT_NEAR),
        (CITY, LOST, Problem.UNIT_NOT_NEAR),
        (LOST, CITY, Problem.UNIT_NOT_NEAR),
        (YANTA, CLOSED, Problem.UNIT_UNKNOWN),
        (YANTA, 77, Problem.UNIT_UNKNOWN),
        (YANTA, 0, Problem.UNIT_UNKNOWN),
        (YANTA, -1, Problem.UNIT_UNKNOWN),
    ],
)
def test_a_tip_goes_to_units_in_use_below_or_beside(holder: int, office: int, expected: object) -> None:
    assert problem(office, holder=holder) == expected


@pytest.mark.parametrize(
    ("passings", "office"),
    [
        ((sent(LIANHU, YANTA),), LIANHU),
        ((sent(YANTA, TOWN), back(TOWN, YANTA)), TOWN),
        ((sent(LIANHU, ZONE), sent(ZONE, YANTA)), LIANHU),
    ],
)
def test_nobody_gets_a_tip_again_that_they_gave_away(passings: tuple[Passing, ...], office: int) -> None:
    assert problem(office, passings=passings) == Problem.UNIT_HAD_IT


def test_a_unit_that_got_it_and_still_leads_above_is_no_circle() -> None:
    assert problem(TOWN, passings=(sent(CITY, YANTA),)) is None


@pytest.mark.parametrize(
    ("holder", "office", "expected"),
    [
        (CITY, YANTA, None),
        (YANTA, LIANHU, None),
        (YANTA, TOWN, Problem.UNIT_TOO_LOW),
        (YANTA, ZONE, Problem.UNIT_TOO_LOW),
        (CITY, ZONE, Problem.UNIT_TOO_LOW),
    ],
)
def test_awsl73_a_death_goes_to_no_town_and_no_zone(holder: int, office: int, expected: object) -> None:
    assert problem(office, holder=holder, death=True) == expected


@pytest.mark.parametrize(
    ("passings", "holder", "expected"),
    [
        ((), YANTA, None),
        ((sent(CITY, YANTA),), YANTA, CITY),
        ((sent(CITY, YANTA), sent(YANTA, TOWN)), TOWN, YANTA),
        ((sent(CITY, YANTA), sent(YANTA, TOWN), back(TOWN, YANTA)), YANTA, CITY),
        ((sent(CITY, YANTA), back(YANTA, CITY)), CITY, None),
        ((sent(YANTA, TOWN),), YANTA, None),  # a whistle gave it back to the district
        ((sent(CITY, YANTA), sent(YANTA, TOWN)), YANTA, CITY),
        ((back(YANTA, CITY),), CITY, None),
    ],
)
def test_units_that_dispatched_in_turn_get_it_back_in_turn(
    passings: tuple[Passing, ...], holder: int, expected: int | None
) -> None:
    assert sender_of(passings=passings, holder_id=holder) == expected


@pytest.mark.parametrize(
    ("holder", "expected"),
    [(TOWN, YANTA), (ZONE, CITY), (YANTA, CITY), (CITY, CITY), (BRIGADE, CITY), (LOST, CITY), (77, CITY)],
)
def test_awsl73_a_death_goes_up_and_the_city_keeps_its_own(holder: int, expected: int) -> None:
    assert escalation_target(holder_id=holder, units=UNITS) == expected


def test_a_unit_out_of_use_is_passed_over_on_the_way_up() -> None:
    units = {**UNITS, YANTA: Unit(office_id=YANTA, level="district", parent_id=CITY, is_active=False)}

    assert escalation_target(holder_id=TOWN, units=units) == CITY
    assert unit_in_use(office_id=YANTA, units=units) == CITY
    assert unit_in_use(office_id=0, units=units) is None


def test_without_any_county_level_nobody_takes_a_death() -> None:
    assert escalation_target(holder_id=1, units={1: Unit(office_id=1, level="town")}) is None


TREES = st.lists(
    st.tuples(st.sampled_from(OfficeLevel.values), st.integers(0, 8), st.booleans()), min_size=1, max_size=8
).map(
    lambda rows: {
        key: Unit(office_id=key, level=level, parent_id=parent or None, is_active=active)
        for key, (level, parent, active) in enumerate(rows, start=1)
    }
)


@given(units=TREES, office=st.integers(0, 9), holder=st.integers(1, 8))
def test_any_tree_even_one_with_circles_has_an_answer(
    units: dict[int, Unit], office: int, holder: int
) -> None:
    found = dispatch_problem(
        office_id=office, holder_id=holder, passings=(), units=units, involves_death=True
    )
    target = escalation_target(holder_id=holder, units=units)

    assert found is not None or units[office].level in COUNTY_LEVELS
    assert target is None or units[target].level in COUNTY_LEVELS
    assert not is_under(office_id=holder, above_id=holder, units=units)


# --- the level above ----------------------------------------------------------------------------------------------


def tree(*rows: tuple[int, int | None, bool]) -> dict[int, Unit]:
    """Return units from (key, parent, in use)."""
    return {
        key: Unit(office_id=key, level="district", parent_id=parent, is_active=active)
        for key, parent, active in rows
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(3, 2, True), (2, 1, True), (1, None, True)], 2),
        ([(3, 2, True), (2, 1, False), (1, None, True)], 1),
        ([(3, 2, True), (2, 1, False), (1, None, False)], 3),
        ([(3, 2, True), (2, None, False)], 3),
        ([(3, None, True)], 3),
        ([(3, 2, True), (2, 3, True)], 2),
        ([(3, 2, True), (2, 3, False)], 3),
        ([(3, 9, True)], 3),
    ],
    ids=["parent", "grandparent", "both out", "top out", "top", "circle", "circle out", "unknown parent"],
)
def test_above_is_the_nearest_unit_in_use_and_at_the_top_the_unit_itself(
    rows: list[tuple[int, int | None, bool]], expected: int
) -> None:
    assert unit_above(office_id=3, units=tree(*rows)) == expected


def test_units_under_one_that_is_out_of_use_stay_beside_each_other() -> None:
    units = tree((1, None, True), (2, 1, False), (3, 2, True), (4, 2, True), (5, 1, True))

    problems = {
        key: dispatch_problem(office_id=key, holder_id=3, passings=[], units=units, involves_death=False)
        for key in (1, 4, 5)
    }

    assert problems == {1: Problem.UNIT_NOT_NEAR, 4: None, 5: None}
