"""Laws of hiding: nothing under five is told, hiding is for good, one period alone and parts beside a whole alike."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.rules.small_cells import LEAST_RANKED, LEAST_SHOWN
from complaints.rules.spans import span_of
from complaints.stats.publishing import ALONE, TOTAL, Counted, families, shown
from complaints.stats.stages import Spread

DISTRICTS = ["610102", "610103", "610104"]
few = st.integers(0, 12)


def counted_of(districts: list[int], *, on_time: int = 30, late: int = 2, fines: int = 7) -> Counted:
    """Return a count in which nothing happened but this."""
    template = families(_empty(), districts=DISTRICTS)
    codes = {key for name in ("reason", "result") for key in template[name] if key != TOTAL}
    whole: dict[str, Any] = {
        **dict.fromkeys(codes, 0),
        **dict.fromkeys(ALONE, 0),
        "declined": 0,
        "conclusions": 0,
    }
    whole |= {"received": sum(districts), "concluded": on_time + late, "on_time": on_time}
    whole |= {"fines": fines, "fine_amount": 1000 * fines}
    rows = {code: {"received": many} for code, many in zip(DISTRICTS, districts, strict=True)}
    return Counted(whole=whole, by={"district": rows}, stages={})


class _Zeros(dict[str, int]):
    def __missing__(self, key: str) -> int:
        return 0


def _empty() -> Counted:
    return Counted(whole=_Zeros(), by={}, stages={})


@given(st.lists(few, min_size=3, max_size=3), few, few)
@settings(deadline=None)
def test_nothing_under_five_is_told(districts: list[int], on_time: int, late: int) -> None:
    cells = shown(
        counted_of(districts, on_time=on_time, late=late),
        span=span_of("2026-01"),
        districts=DISTRICTS,
        beside={},
    )["cells"]

    for name, table in cells.items():
        for key, cell in table.items():
            assert not isinstance(cell, int) or cell >= LEAST_SHOWN, (name, key)


@given(st.lists(few, min_size=3, max_size=3))
@settings(deadline=None)
def test_a_lone_small_district_hides_another_one(districts: list[int]) -> None:
    """With a total and one hidden part, the part would be the rest."""
    table = shown(counted_of(districts), span=span_of("2026-01"), districts=DISTRICTS, beside={})["cells"][
        "district"
    ]

    hidden = [key for key, cell in table.items() if isinstance(cell, str)]
    small = [many for many in districts if many < LEAST_SHOWN]
    assert len(hidden) != 1 or hidden == [TOTAL]
    assert len(hidden) >= len(small)
    if small and TOTAL not in hidden:
        assert len(hidden) >= 2


@given(st.lists(st.integers(5, 50), min_size=3, max_size=3), st.integers(5, 90), st.integers(5, 90))
@settings(deadline=None)
def test_where_nothing_is_small_everything_is_told(districts: list[int], on_time: int, late: int) -> None:
    counted = counted_of(districts, on_time=on_time, late=late)
    cells = shown(counted, span=span_of("2026-01"), districts=DISTRICTS, beside={})["cells"]

    tables = families(counted, districts=DISTRICTS)
    assert {name: cells[name] for name in ("district", "timing", "fines")} == {
        name: tables[name] for name in ("district", "timing", "fines")
    }


@given(st.lists(few, min_size=3, max_size=3), st.lists(st.integers(5, 50), min_size=3, max_size=3))
@settings(deadline=None)
def test_what_one_version_hid_the_next_hides(first: list[int], second: list[int]) -> None:
    span = span_of("2026-01")
    before = shown(counted_of(first), span=span, districts=DISTRICTS, beside={})["cells"]

    after = shown(counted_of(second), span=span, districts=DISTRICTS, beside={}, before=[before])["cells"]

    for name, table in before.items():
        for key, cell in table.items():
            if isinstance(cell, str):
                assert isinstance(after[name][key], str), (name, key)


@given(st.lists(few, min_size=9, max_size=9))
@settings(deadline=None, max_examples=40)
def test_a_quarter_minus_two_months_is_no_small_third(numbers: list[int]) -> None:
    months = [numbers[place : place + 3] for place in (0, 3, 6)]
    done: dict[str, Any] = {}
    for month, districts in zip(span_of("2026Q1").months, months, strict=True):
        done[month.code] = shown(counted_of(districts), span=month, districts=DISTRICTS, beside=done)["cells"]
    whole = [sum(parts) for parts in zip(*months, strict=True)]

    quarter = shown(counted_of(whole), span=span_of("2026Q1"), districts=DISTRICTS, beside=done)["cells"]

    for key in (*DISTRICTS, TOTAL):
        cells = [done[month.code]["district"][key] for month in span_of("2026Q1").months]
        told = [cell for cell in cells if isinstance(cell, int)]
        if len(told) == 2 and isinstance(quarter["district"][key], int):
            assert quarter["district"][key] - sum(told) >= LEAST_SHOWN, key


@pytest.mark.parametrize("many", range(18, 23))
def test_a_stage_is_told_from_twenty_on(many: int) -> None:
    counted = counted_of([9, 9, 9])
    stages = {"whole": Spread(count=many, median=9, p90=30), "verify": Spread(count=500, median=4, p90=9)}

    found = shown(
        Counted(whole=counted.whole, by=counted.by, stages=stages),
        span=span_of("2026-01"), districts=DISTRICTS, beside={},
    )["stages"]  # fmt: skip

    assert ("whole" in found) == (many >= LEAST_RANKED)
    assert found["verify"] == {"median": 4, "p90": 9}


@pytest.mark.parametrize(
    ("fines", "month", "is_told"),
    [(4, 30, False), (5, 30, True), (60, 30, True), (60, "few", False), (60, "apart", False)],
)
def test_an_amount_follows_its_number(fines: int, month: Any, is_told: bool) -> None:
    beside = {"2026-01": {"fines": {TOTAL: month}}, "2026-02": {"fines": {TOTAL: 30}}}

    found = shown(
        counted_of([9, 9, 9], fines=fines), span=span_of("2026Q1"), districts=DISTRICTS, beside=beside
    )["fine_amount"]

    assert (found is not None) == is_told


@pytest.mark.parametrize("other", ["2025-01", "2026Q2", "2026-04"])
def test_periods_that_do_not_lie_within_do_not_hide_an_amount(other: str) -> None:
    found = shown(
        counted_of([9, 9, 9], fines=30),
        span=span_of("2026Q1"), districts=DISTRICTS, beside={other: {"fines": {TOTAL: "few"}}},
    )  # fmt: skip

    assert found["fine_amount"] == "30000"
