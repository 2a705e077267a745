"""Geometry of charts: everything lies on the drawing, bars grow with their numbers, nothing is drawn for no number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.charts import columns, lines, scale_end, stack, stretches
from portal.shared.lettering import width_of

numbers = st.lists(st.one_of(st.none(), st.integers(0, 10_000_000)), min_size=1, max_size=24)


@pytest.mark.parametrize(
    ("most", "end", "step"),
    [
        (0, 1, 1),
        (1, 1, 1),
        (3, 3, 1),
        (4, 4, 2),
        (14, 15, 5),
        (507, 600, 200),
        (1200, 1500, 500),
        (100, 100, 50),
    ],
)
def test_a_scale_ends_at_a_round_number(most: int, end: int, step: int) -> None:
    assert scale_end(most) == (end, step)


@given(st.integers(0, 10**9))
def test_a_scale_holds_what_it_must(most: int) -> None:
    end, step = scale_end(most)

    assert end >= most
    assert end % step == 0
    assert 1 <= end // step <= 4


@given(numbers)
def test_columns_lie_on_the_drawing(values: list[int | None]) -> None:
    chart = columns(labels=["x"] * len(values), bars=values, line=values)

    for bar, value in zip(chart.bars, values, strict=True):
        assert chart.left <= bar.x <= bar.right <= chart.right
        assert 0 <= bar.y <= chart.bottom
        assert (bar.height > 0) == bool(value)
        assert bar.value == ("" if value is None else f"{value:,}")
    assert len(chart.dots) == sum(value is not None for value in values)
    assert all(0 <= y <= chart.bottom for _x, y in chart.dots)


def test_columns_grow_with_their_numbers() -> None:
    chart = columns(labels=["a", "b"], bars=[100, 200])

    assert chart.bars[1].height == pytest.approx(2 * chart.bars[0].height)


def test_a_line_breaks_where_a_number_is_missing() -> None:
    chart = columns(labels=list("abcde"), bars=[1] * 5, line=[1, 2, None, 4, 5])

    assert len(chart.line) == 2
    assert len(chart.dots) == 4


def test_a_lone_point_has_no_line() -> None:
    assert columns(labels=["a", "b"], bars=[1, 1], line=[None, 3]).line == ()


def test_labels_are_written_from_the_last_one_back() -> None:
    chart = columns(labels=[str(n) for n in range(12)], bars=[1] * 12, every=3, width=340, height=240)

    assert [bar.label for bar in chart.bars if bar.label] == ["2", "5", "8", "11"]


def test_no_numbers_no_bars() -> None:
    chart = columns(labels=[], bars=[])

    assert chart.bars == ()
    assert [tick.label for tick in chart.ticks] == ["0", "1"]


def test_lying_bars() -> None:
    chart = lines(rows=[("a", 142), ("b", 71), ("c", 0)])

    assert [bar.width for bar in chart.bars] == [205, 102.5, 0]
    assert [bar.tone for bar in chart.bars] == [1, 1, 2]
    assert chart.bars[-1].y < chart.height


def test_lying_bars_of_nothing() -> None:
    assert lines(rows=[("a", 0)]).bars[0].width == 0
    assert lines(rows=[]).bars == ()


ENGLISH = ["Combustible dust", "Ammonia refrigeration", "Work at height", "Hot work"]
CHINESE = ["粉尘涉爆", "有限空间", "动火", "涉氨制冷"]
labels = st.lists(st.text("粉尘涉爆aMw i", max_size=30), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("names", "is_beside"),
    [(CHINESE, True), (["受理", "核查"], True), (["Hot work"], True), (ENGLISH, False)],
)
def test_long_labels_stand_above_their_bars(names: list[str], is_beside: bool) -> None:
    chart = lines(rows=[(name, 100) for name in names])

    for bar in chart.bars:
        assert (bar.y < bar.label_y < bar.y + bar.height) == is_beside
        assert (bar.x >= 80) == is_beside


@given(labels)
def test_no_label_lies_on_a_bar(names: list[str]) -> None:
    chart = lines(rows=[(name, 100 - place) for place, name in enumerate(names)])

    for place, bar in enumerate(chart.bars):
        is_beside = width_of(bar.label) <= bar.x
        is_above = bar.label_y <= bar.y - 4 and (
            place == 0 or bar.label_y - 14 >= chart.bars[place - 1].y + 24
        )
        assert is_beside or is_above
        assert 14 <= bar.label_y <= chart.height
        assert bar.right + width_of(bar.value) <= chart.width
    assert chart.bars[-1].y + chart.bars[-1].height <= chart.height


@given(labels)
def test_no_label_lies_on_a_stretch(names: list[str]) -> None:
    chart = stretches(rows=[(name, 3, 30) for name in names])

    for place, row in enumerate(chart.rows):
        is_beside = width_of(row.label) <= chart.left
        is_above = row.label_y <= row.y - 4 and (
            place == 0 or row.label_y - 14 >= chart.rows[place - 1].y + 26
        )
        assert is_beside or is_above
        assert chart.left + row.outer <= chart.width
    assert chart.rows[-1].y + 30 <= chart.bottom + 4


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=6))
def test_a_stack_fills_its_bar(parts: list[int]) -> None:
    chart = stack(rows=[(str(part), part) for part in parts])

    assert chart.bars[-1].right == pytest.approx(chart.width)
    assert all(one.right < two.x for one, two in zip(chart.bars, chart.bars[1:], strict=False))


def test_a_thin_part_of_a_stack_has_no_number_in_it() -> None:
    bars = stack(rows=[("a", 97), ("b", 3)]).bars

    assert [bar.value for bar in bars] == ["97", ""]


def test_a_stack_of_nothing_is_empty() -> None:
    assert all(bar.width == 0 for bar in stack(rows=[("a", 0), ("b", 0)]).bars)


def test_stretches() -> None:
    chart = stretches(rows=[("受理", 3, 6), ("核查", 11, 29)])

    short, long = chart.rows
    assert long.outer > long.inner > short.inner > 0
    assert (long.inner_value, long.outer_value) == ("11", "29")
    assert [tick.label for tick in chart.ticks] == ["0", "10", "20", "30"]
    assert chart.left + long.outer <= chart.width


def test_a_stretch_of_no_days() -> None:
    chart = stretches(rows=[("受理", 0, 0)])

    assert (chart.rows[0].inner, chart.rows[0].inner_value) == (0, "")
