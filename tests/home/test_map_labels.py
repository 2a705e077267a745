"""Labels of a map: none covers another, none leaves the drawing, and who has room stays where it belongs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home.map_labels import Box, placed

WIDTH, HEIGHT = 236, 163
boxes = st.lists(
    st.builds(
        Box,
        x=st.floats(0, WIDTH), y=st.floats(0, HEIGHT), width=st.floats(20, 120), height=st.just(16.0),
    ),
    max_size=8,
)  # fmt: skip


def box(x: float, y: float, width: float = 60, height: float = 16) -> Box:
    return Box(x=x, y=y, width=width, height=height)


@given(boxes)
@settings(deadline=None, max_examples=40)
def test_no_label_covers_another_or_leaves_the_drawing(wanted: list[Box]) -> None:
    found = placed(wanted, width=WIDTH, height=HEIGHT)

    assert len(found) == len(wanted)
    for place, one in enumerate(found):
        if one is None:
            continue
        assert (one.width, one.height) == (wanted[place].width, wanted[place].height)
        assert one.width / 2 <= one.x <= WIDTH - one.width / 2
        assert one.height / 2 <= one.y <= HEIGHT - one.height / 2
        assert not any(one.covers(other) for other in found[:place] if other is not None)


def test_who_has_room_stays() -> None:
    wanted = [box(60, 40), box(60, 80), box(160, 40)]

    assert placed(wanted, width=WIDTH, height=HEIGHT) == wanted


def test_who_must_move_moves_a_little() -> None:
    stays, moves = placed([box(100, 80), box(100, 84)], width=WIDTH, height=HEIGHT)

    assert stays == box(100, 80)
    assert moves is not None
    assert abs(moves.y - 84) <= 18
    assert abs(moves.x - 100) <= 12


def test_nobody_is_moved_for_one_that_has_to_move_anyway() -> None:
    wanted = [box(100, 80), box(100, 82), box(100, 100)]

    found = placed(wanted, width=WIDTH, height=HEIGHT)

    assert (found[0], found[2]) == (wanted[0], wanted[2])


def test_no_label_stands_between_another_and_its_district() -> None:
    """The line that leads from a district to its label would run below the one in between."""
    stays, moves = placed([box(100, 90), box(100, 84)], width=WIDTH, height=HEIGHT)

    assert stays is not None
    assert moves is not None
    ahead = moves.nearest(100, 84)
    assert stays.nearest(100, 84) == (100, 84) or not stays.covers(
        Box(x=ahead[0], y=ahead[1], width=1, height=1)
    )


def test_the_middle_of_another_district_stays_in_sight() -> None:
    wanted = [box(100, 80), box(100, 84), box(104, 110, width=20)]

    found = placed(wanted, width=WIDTH, height=HEIGHT)

    assert found[1] is not None
    assert not found[1].covers(Box(x=104, y=110, width=8, height=8))


def test_what_is_taken_stays_free() -> None:
    inset = box(60, 60, width=100, height=100)

    (found,) = placed([box(60, 60)], width=WIDTH, height=HEIGHT, taken=[inset])

    assert found is not None
    assert not found.covers(inset)


@pytest.mark.parametrize("wanted", [box(10, 10, width=240), box(10, 10, height=200)])
def test_what_is_larger_than_the_drawing_is_left_out(wanted: Box) -> None:
    assert placed([wanted], width=WIDTH, height=HEIGHT) == [None]


def test_where_no_room_is_left_the_last_ones_are_left_out() -> None:
    found = placed([box(50, 50, width=96, height=96)] * 3, width=100, height=100)

    assert [one is not None for one in found] == [True, False, False]


@pytest.mark.parametrize(
    ("x", "y", "nearest"), [(0, 0, (70, 42)), (100, 50, (100, 50)), (100, 0, (100, 42)), (200, 90, (130, 58))]
)
def test_the_nearest_point_of_a_box(x: float, y: float, nearest: tuple[float, float]) -> None:
    assert box(100, 50).nearest(x, y) == nearest


def test_boxes_that_touch_do_not_cover_each_other() -> None:
    assert not box(100, 50).covers(box(160, 50))
    assert not box(100, 50).covers(box(100, 66))
    assert box(100, 50).covers(box(159, 65))
