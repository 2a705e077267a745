"""Routing: town before district, zone before district, default last; total and the same whatever the order."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import OfficeLevel
from complaints.rules.routing import Coverage, handling_office

CITY, YANTA, LIANHU, TOWN, ZONE, EMPTY = 1, 2, 3, 4, 5, 6


def unit(office_id: int, level: OfficeLevel, *divisions: str, is_default: bool = False) -> Coverage:
    return Coverage(
        office_id=office_id, level=level.value, divisions=frozenset(divisions), is_default=is_default
    )


OFFICES = [
    unit(CITY, OfficeLevel.CITY, "610100", is_default=True),
    unit(YANTA, OfficeLevel.DISTRICT, "610113"),
    unit(LIANHU, OfficeLevel.DISTRICT, "610104", "610102"),
    unit(TOWN, OfficeLevel.TOWN, "610113001"),
    unit(ZONE, OfficeLevel.ZONE, "610113002", "610104001"),
]


@pytest.mark.parametrize(
    ("district", "town", "expected"),
    [
        ("610113", "", YANTA),
        ("610104", "", LIANHU),
        ("610102", "", LIANHU),
        ("610113", "610113001", YANTA),  # the town inspects, the district leads
        ("610113", "610113002", ZONE),
        ("610104", "610104001", ZONE),
        ("610104", "610104009", LIANHU),
        ("610199", "", CITY),
        ("", "", CITY),
        ("", "610113002", ZONE),
        ("610100", "", CITY),
    ],
)
def test_place_leads_to_its_unit(district: str, town: str, expected: int) -> None:
    assert handling_office(district=district, town=town, offices=OFFICES) == expected


def test_zone_wins_over_district_for_a_whole_district() -> None:
    offices = [*OFFICES, unit(EMPTY, OfficeLevel.ZONE, "610113")]

    found = handling_office(district="610113", town="", offices=offices)

    assert found == EMPTY


def test_two_units_for_one_place_go_to_the_older_one() -> None:
    offices = [unit(9, OfficeLevel.DISTRICT, "610113"), unit(7, OfficeLevel.DISTRICT, "610113")]

    assert handling_office(district="610113", town="", offices=offices) == 7


def test_without_a_default_an_unknown_place_has_no_unit() -> None:
    assert handling_office(district="", town="", offices=OFFICES[1:]) is None


def test_order_of_units_does_not_matter() -> None:
    results = {handling_office(district="610113", town="610113002", offices=o) for o in permutations(OFFICES)}

    assert results == {ZONE}


CODES = st.sampled_from(["", "610113", "610104", "610102", "610113001", "610113002", "x", "999999999"])
UNITS = st.lists(
    st.builds(
        Coverage,
        office_id=st.integers(1, 50),
        level=st.sampled_from(OfficeLevel.values),
        divisions=st.frozensets(CODES, max_size=4),
        is_default=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.office_id,
)


@given(district=CODES, town=CODES, offices=UNITS, seed=st.randoms())
def test_routing_is_total_and_deterministic(
    district: str, town: str, offices: list[Coverage], seed: object
) -> None:
    shuffled = sorted(offices, key=lambda _one: seed.random())  # type: ignore[attr-defined]  # hypothesis' Random

    found = handling_office(district=district, town=town, offices=offices)

    assert found == handling_office(district=district, town=town, offices=shuffled)
    assert found is None or found in {one.office_id for one in offices}
    if any(one.is_default for one in offices):
        assert found is not None


@given(district=CODES, town=CODES, offices=UNITS)
def test_a_town_unit_never_leads_unless_it_is_the_default(
    district: str, town: str, offices: list[Coverage]
) -> None:
    found = handling_office(district=district, town=town, offices=offices)

    chosen = next((one for one in offices if one.office_id == found), None)
    assert chosen is None or chosen.level != OfficeLevel.TOWN or chosen.is_default
