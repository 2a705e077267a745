"""Equations over counts: what bounds draw closer, and what a search finds or rules out, against trying all."""

from collections.abc import Hashable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules import whole_numbers
from complaints.rules.whole_numbers import (
    CONSTANT,
    Bounds,
    Equation,
    SearchGivenUpError,
    connected,
    draw_closer,
    is_empty,
    one_solution,
    reduced,
    tidied,
    values_within,
)

NAMES = ("a", "b", "c", "d")
HIGHEST = 4
factors = st.integers(-2, 2)
equations = st.builds(
    lambda constant, own: tidied({CONSTANT: constant, **dict(zip(NAMES, own, strict=True))}),
    st.integers(-9, 9),
    st.tuples(factors, factors, factors, factors),
)
systems = st.lists(equations, min_size=1, max_size=4)


def unknowns(rows: list[Equation]) -> list[Hashable]:
    return sorted({name for row in rows for name in row if name is not CONSTANT}, key=str)


def all_solutions(rows: list[Equation]) -> list[dict[Hashable, int]]:
    """Try every count from 0 to the highest."""
    names = unknowns(rows)
    tried = (dict(zip(names, one, strict=True)) for one in product(range(HIGHEST + 1), repeat=len(names)))
    return [one for one in tried if all(holds(row, one) for row in rows)]


def holds(row: Equation, counts: dict[Hashable, int]) -> bool:
    return not sum(factor * (1 if name is CONSTANT else counts[name]) for name, factor in row.items())


def bounds_of(rows: list[Equation]) -> Bounds:
    return dict.fromkeys(unknowns(rows), (0, HIGHEST))


@given(systems)
def test_a_solution_is_found_where_there_is_one(rows: list[Equation]) -> None:
    found = one_solution(rows, bounds_of(rows))

    assert (found is None) == (not all_solutions(rows))
    assert found is None or found in all_solutions(rows)


@given(systems)
def test_closer_bounds_leave_no_solution_out(rows: list[Equation]) -> None:
    bounds = bounds_of(rows)

    draw_closer(rows, bounds, moved=list(bounds), passes=50)

    for one in all_solutions(rows):
        assert all(low <= one[name] <= (high or 0) for name, (low, high) in bounds.items())


@given(systems)
def test_reduced_equations_have_the_same_solutions(rows: list[Equation]) -> None:
    narrow = reduced(rows)

    for one in all_solutions(rows):
        assert all(holds(row, one) for row in narrow)
    assert len(narrow) <= len(rows)


def test_without_a_highest_count_the_lowest_are_tried() -> None:
    rows: list[Equation] = [{CONSTANT: -30, "a": 1, "b": 1, "c": 1}]

    found = one_solution(rows, {"a": (5, None), "b": (5, None), "c": (0, 4)})

    assert found is not None
    assert holds(rows[0], found)


def test_a_search_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice a count is no odd number, whatever bounds may say."""
    rows: list[Equation] = [{CONSTANT: 1, "a": 2, "b": -2}]
    monkeypatch.setattr(whole_numbers, "MOST_STEPS", 5)

    with pytest.raises(SearchGivenUpError):
        one_solution(rows, {"a": (0, None), "b": (0, None)})


def test_given_up_where_all_that_was_tried_failed_but_more_is_left() -> None:
    """Even counts never add up to an odd number, but without a highest there is always one more to try."""
    rows: list[Equation] = [{CONSTANT: 1, "a": 2, "b": -2, "c": 2}]

    with pytest.raises(SearchGivenUpError):
        one_solution(rows, {"a": (0, None), "b": (0, None), "c": (0, 1)})


def test_equations_that_share_nothing_stand_apart() -> None:
    rows: list[Equation] = [
        {CONSTANT: -3, "a": 1, "b": 1}, {CONSTANT: -2, "d": 1}, {CONSTANT: 0, "b": 1, "c": -1}, {CONSTANT: 0},
    ]  # fmt: skip

    assert sorted(len(group) for group in connected(rows)) == [1, 2]
    assert connected([]) == []


@pytest.mark.parametrize(("bounds", "empty"), [((3, 2), True), ((3, 3), False), ((3, None), False)])
def test_empty_bounds(bounds: tuple[int, int | None], empty: bool) -> None:
    assert is_empty(bounds) is empty


def test_values_within() -> None:
    assert list(values_within((2, 4))) == [2, 3, 4]
    assert list(values_within((7, None)))[:2] == [7, 8]
    assert list(values_within((3, 2))) == []
