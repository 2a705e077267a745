"""The review of a case file: every act in every state, who may review, and what a score sheet is."""

from itertools import product

import pytest

from complaints.enums import ReviewAct, ReviewFault, ReviewState
from complaints.rules.file_review import MOVES, READABLE, reviewer_fault, state_after
from complaints.rules.review_sheet import Item, SheetFault, points_left, read_items
from complaints.services.review_sheets import shipped_items

GOOD = "intake | 10 | 受理及时 | 106号\nreply｜5｜四项齐全｜106号\n\n"


@pytest.mark.parametrize(
    ("act", "state", "wants", "after"),
    [
        ("assign", "drawn", False, "assigned"),
        ("assign", "assigned", False, "assigned"),
        ("score", "assigned", False, "done"),
        ("score", "assigned", True, "correction"),
        ("answer", "correction", False, "answered"),
        ("return", "answered", False, "correction"),
        ("close", "answered", False, "done"),
    ],
)
def test_what_leads_where(act: str, state: str, wants: bool, after: str) -> None:
    found = state_after(act=ReviewAct(act), state=ReviewState(state), wants_correction=wants)

    assert found == ReviewState(after)


def test_nothing_else_is_possible() -> None:
    possible = {(act, state) for act, moves in MOVES.items() for state in moves}

    assert len(possible) == 6
    for act, state in set(product(ReviewAct, ReviewState)) - possible:
        assert state_after(act=act, state=state, wants_correction=True) is None


def test_the_file_is_readable_from_assignment_to_the_end() -> None:
    assert set(ReviewState) - READABLE == {ReviewState.DRAWN, ReviewState.DONE}


@pytest.mark.parametrize(
    ("units", "took_part", "fault"),
    [
        ({1}, False, ReviewFault.SAME_UNIT),
        ({1, 9}, False, ReviewFault.SAME_UNIT),
        ({2}, False, ReviewFault.SAME_UNIT),
        ({9}, True, ReviewFault.TOOK_PART),
        ({1}, True, ReviewFault.SAME_UNIT),
        ({9}, False, None),
        ({7, 9}, False, None),
    ],
)
def test_who_may_review(units: set[int], took_part: bool, fault: ReviewFault | None) -> None:
    assert reviewer_fault(reviewer_units=units, file_unit=1, below={1, 2, 3}, took_part=took_part) == fault


def test_a_sheet_is_read_line_by_line() -> None:
    assert read_items(GOOD) == (
        Item(code="intake", points=10, title="受理及时", basis="106号"),
        Item(code="reply", points=5, title="四项齐全", basis="106号"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("\n \n", 0),
        ("a | 10 | x", 1),
        ("a | 10 | x | y | z", 1),
        ("a | 10 |  | y", 1),
        ("a | 0 | x | y", 1),
        ("a | 101 | x | y", 1),
        ("a | ten | x | y", 1),
        ("a | １０ | x | y", 1),
        ("a | -1 | x | y", 1),
        ("A | 1 | x | y", 1),
        ("a b | 1 | x | y", 1),
        ("a | 1 | x | y\n\nb | 1 | x", 3),
        ("a | 1 | x | y\na | 2 | x | y", 2),
        ("a | 1 | " + "x" * 201 + " | y", 1),
        ("\n".join(f"a{n} | 1 | x | y" for n in range(41)), 0),
    ],
)
def test_sheets_that_cannot_be_read_say_in_which_line(text: str, line: int) -> None:
    with pytest.raises(SheetFault) as caught:
        read_items(text)

    assert caught.value.line == line


def test_the_sheet_that_ships_holds_a_hundred_points_and_marks_what_nobody_checked() -> None:
    items = read_items(shipped_items())

    assert sum(item.points for item in items) == 100
    assert [item.code for item in items if "待核实" in item.basis] == ["intake", "recheck", "archive"]
    assert all(item.basis for item in items)


@pytest.mark.parametrize(
    ("minus", "left"), [({}, 15), ({"intake": 0}, 15), ({"intake": 10, "reply": 5}, 0), ({"reply": 2}, 13)]
)
def test_points_left(minus: dict[str, int], left: int) -> None:
    assert points_left(items=read_items(GOOD), minus=minus) == left


@pytest.mark.parametrize("minus", [{"intake": 11}, {"intake": -1}, {"nothing": 0}, {"reply": 6}])
def test_points_that_cannot_be_taken_off(minus: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=":"):
        points_left(items=read_items(GOOD), minus=minus)
