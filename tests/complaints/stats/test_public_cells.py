"""Public cells: how a number or its absence is said, what is ranked and in what order, shares from told numbers."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.small_cells import LEAST_RANKED, LEAST_SHOWN, Hidden
from complaints.stats.public import PublicCell, _cell, _less, _ordered
from tests.home.bulletin_reports import APART, FEW, cell, report

cells = st.builds(
    cell,
    st.text("0123456789", min_size=6, max_size=6),
    st.one_of(st.integers(LEAST_SHOWN, 9999), st.sampled_from([FEW, APART])),
)


@pytest.mark.parametrize(
    ("told", "text", "is_ranked"),
    [
        (5, "5", False),
        (19, "19", False),
        (20, "20", True),
        (1133, "1,133", True),
        (FEW, "少于 5", False),
        (APART, "不单列", False),
    ],
)
def test_how_a_cell_is_said(told: Any, text: str, is_ranked: bool) -> None:
    found = cell("x", told)

    assert (found.text, found.is_ranked) == (text, is_ranked)


@given(st.lists(cells, max_size=13, unique_by=lambda one: one.code))
def test_what_may_be_compared_comes_first_by_size(rows: list[PublicCell]) -> None:
    found = _ordered(rows)

    assert sorted(one.code for one in found) == sorted(one.code for one in rows)
    ranked = [one for one in found if one.is_ranked]
    assert found[: len(ranked)] == ranked
    assert [one.value for one in ranked] == sorted((one.value or 0 for one in ranked), reverse=True)
    rest = found[len(ranked) :]
    assert all(one.value is None or one.value < LEAST_RANKED for one in rest)


@given(st.lists(cells, max_size=13, unique_by=lambda one: one.code))
def test_the_order_of_the_small_tells_nothing(rows: list[PublicCell]) -> None:
    """Hidden cells stand by their codes: whichever is larger, and in whatever order they were stored."""
    hidden = [one.code for one in _ordered(rows) if one.value is None]
    small = [one.code for one in _ordered(rows) if one.value is not None and not one.is_ranked]

    assert hidden == sorted(hidden)
    assert small == sorted(small)
    assert _ordered(list(reversed(rows))) == _ordered(rows)


@pytest.mark.parametrize(
    ("now", "later", "expected"),
    [
        (40, [], 40),
        (40, [50], 40),
        (40, ["few"], "apart"),
        (40, ["apart", 50], "apart"),
        ("few", [50], "few"),
        ("few", ["apart"], "few"),
        ("apart", ["few"], "apart"),
    ],
)
def test_what_is_hidden_later_is_not_told_any_more(now: Any, later: list[Any], expected: Any) -> None:
    """It was told, so it was five or more: it is called not listed, never fewer than five."""
    assert _less(now, later) == expected


@given(st.integers(LEAST_SHOWN, 9999), st.lists(st.sampled_from(["few", "apart", 7]), max_size=4))
def test_a_told_number_is_kept_or_gone(now: int, later: list[Any]) -> None:
    found = _less(now, later)

    assert found in {now, Hidden.APART.value}
    assert (found == now) == all(isinstance(one, int) for one in later)


@given(st.integers(LEAST_SHOWN, 9999), st.integers(LEAST_SHOWN, 9999))
def test_the_shares_of_a_whole_make_a_hundred(on_time: int, late: int) -> None:
    found = report(concluded=on_time + late, late=late)

    shares = [found.share(parts=(code,), whole="concluded", table="timing") for code in ("on_time", "late")]
    assert None not in shares
    assert abs(sum(one or Decimal(0) for one in shares) - 100) <= Decimal("0.1")
    assert found.share(parts=("on_time", "late"), whole="concluded", table="timing") == 100


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ({"results": (FEW, 15, 20, 60)}, None),
        ({"results": (60, APART, 20, 5)}, None),
        ({"conclusions": FEW}, None),
        ({"results": (60, 15, FEW, APART)}, Decimal("75.0")),
    ],
)
def test_a_share_needs_every_number_it_is_worked_out_from(
    values: dict[str, Any], share: Decimal | None
) -> None:
    parts = ("result_true", "result_partly_true")

    assert report(**values).share(parts=parts, whole="conclusions", table="result") == share


def test_an_unknown_figure_is_a_fault_of_the_program() -> None:
    with pytest.raises(StopIteration):
        report().figure("nothing")


@pytest.mark.parametrize(
    ("hidden", "between", "text"),
    [
        (Hidden.APART, (225, 229), "225 至 229"),
        (Hidden.WITHHELD, (1200, 1300), "1,200 至 1,300"),
        (Hidden.APART, None, "不单列"),
        (Hidden.FEW, None, "少于 5"),
    ],
)
def test_words_in_place_of_a_number(hidden: Hidden, between: tuple[int, int] | None, text: str) -> None:
    assert PublicCell(code="x", name="", value=None, hidden=hidden, between=between).text == text


@pytest.mark.parametrize(
    ("stored", "between"),
    [([225, 229], (225, 229)), ([5, 10], (5, 10)), ([5, 11], None), ([0, 9], None), (None, None)],
)
def test_what_a_number_lies_between_is_said_where_it_tells_how_large_it_is(
    stored: list[int] | None, between: tuple[int, int] | None
) -> None:
    assert _cell("x", "apart", "", stored).between == between
    assert _cell("x", 7, "", stored).between is None
