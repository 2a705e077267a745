"""Small cells: none is shown, and none follows from what is shown, by subtraction, by fractions, or by trying all."""

from collections.abc import Hashable, Mapping
from itertools import combinations_with_replacement, permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.rules.small_cells import (
    LEAST_SHOWN,
    Hidden,
    Published,
    Sum,
    guarded,
    ranges,
    recoverable,
)

TOTAL = "total"
PRIME = 2**61 - 1
counts = st.one_of(st.integers(0, 6), st.integers(0, 60))
tables = st.lists(counts, min_size=1, max_size=14)
Marks = frozenset[tuple[Hashable, Hidden]]
Shown = frozenset[tuple[Hashable, int]]


def table(values: list[int]) -> tuple[dict[Hashable, int], Sum]:
    """Return the cells of a table with their total, and the sum they stand in."""
    cells: dict[Hashable, int] = dict(enumerate(values))
    return {**cells, TOTAL: sum(values)}, Sum(whole=TOTAL, parts=tuple(cells))


def public(cells: Mapping[Hashable, int], marks: Mapping[Hashable, Hidden], *sums: Sum) -> Published:
    """Return what an attacker reads."""
    shown = {name: count for name, count in cells.items() if name not in marks}
    return Published(shown=shown, hidden=marks, sums=sums)


def solutions(found: Published) -> dict[Hashable, set[int]]:
    """Try every whole number the marks allow for what stands in no sum's place, add up, and keep what fits.

    Numbers that nothing bounds from above are tried up to 8 more than the largest number shown.
    """
    most = max([*found.shown.values(), LEAST_SHOWN]) + 8
    wholes = {one.whole for one in found.sums}
    free = [name for name in found.hidden if name not in wholes]
    possible: dict[Hashable, set[int]] = {name: set() for name in found.hidden}
    for tried in product(*(_allowed(found.hidden[name], most) for name in free)):
        values = {**found.shown, **dict(zip(free, tried, strict=True))}
        if _adds_up(values, found):
            for name in found.hidden:
                possible[name].add(values[name])
    return possible


def _allowed(mark: Hidden, most: int) -> range:
    return {
        Hidden.FEW: range(LEAST_SHOWN),
        Hidden.APART: range(LEAST_SHOWN, most + 1),
        Hidden.WITHHELD: range(most + 1),
    }[mark]


def _adds_up(values: dict[Hashable, int], found: Published) -> bool:
    """Fill in hidden totals and say whether every sum holds and every mark is true."""
    for one in found.sums:
        total = sum(values[part] for part in one.parts)
        if values.setdefault(one.whole, total) != total:
            return False
    return all(is_true(mark, values[name]) for name, mark in found.hidden.items())


def is_true(mark: Hidden, count: int) -> bool:
    """Whether a mark tells the truth of a count; one that tells nothing always does."""
    return mark == Hidden.WITHHELD or (count < LEAST_SHOWN) == (mark == Hidden.FEW)


def determined(found: Published) -> set[Hashable]:
    """Return the hidden cells with one solution: those that stand alone in a row once all rows are eliminated.

    Elimination in the numbers modulo a prime far larger than any minor of these rows, whose factors are 1 and -1.
    """
    unknown = sorted(
        {name for one in found.sums for name in (one.whole, *one.parts)} - set(found.shown), key=str
    )
    places = {name: place for place, name in enumerate(unknown)}
    left = []
    for one in found.sums:
        row = [0] * len(unknown)
        for name, factor in [(one.whole, 1), *((part, -1) for part in one.parts)]:
            if name in places:
                row[places[name]] += factor
        left.append(row)
    return {unknown[place] for place, row in eliminated(left) if sum(map(bool, row)) == 1}


def eliminated(rows: list[list[int]]) -> list[tuple[int, list[int]]]:
    """Return the rows in reduced echelon form modulo the prime, each with the place of its leading 1."""
    left, done = [[value % PRIME for value in row] for row in rows], list[tuple[int, list[int]]]()
    for place in range(len(left[0]) if left else 0):
        found = next((row for row in left if row[place]), None)
        if found is None:
            continue
        left.remove(found)
        inverse = pow(found[place], -1, PRIME)
        pivot = [value * inverse % PRIME for value in found]
        left = [_without(row, place, pivot) for row in left]
        done = [(other, _without(row, place, pivot)) for other, row in done]
        done.append((place, pivot))
    return done


def _without(row: list[int], place: int, pivot: list[int]) -> list[int]:
    times = row[place]
    if not times:
        return row
    return [(value - times * own) % PRIME for value, own in zip(row, pivot, strict=True)]


@pytest.mark.parametrize(
    ("rows", "alone"),
    [
        ([[1, -1, 0], [0, 1, -1]], set()),
        ([[1, -1, -1], [0, 1, -1], [0, 1, 1]], {0, 1, 2}),
        ([[1, 1, 0], [1, 1, 1]], {2}),
        ([[2, 2], [1, 1]], set()),
        ([], set()),
    ],
)
def test_elimination_finds_what_has_one_solution(rows: list[list[int]], alone: set[int]) -> None:
    found = eliminated(rows)

    assert {place for place, row in found if sum(map(bool, row)) == 1} == alone
    assert all(row[place] == 1 for place, row in found)


@pytest.mark.parametrize(
    ("values", "apart"),
    [
        ([214, 171, 42, 3], 1),
        # Which of them is small could be told apart: both have less than they might have together, or more.
        ([30, 20, 3, 2], 1),
        ([30, 20, 4, 4], 1),
        ([30, 20, 0, 0], 1),
        # Together 4: each may be anything from 0 to 4, and nothing else has to be hidden.
        ([30, 20, 3, 1], 0),
        ([30, 20, 0, 4], 0),
    ],
)
def test_so_many_others_are_hidden(values: list[int], apart: int) -> None:
    cells, total = table(values)

    marks = guarded(cells=cells, sums=[total])

    assert [mark for mark in marks.values() if mark == Hidden.APART] == [Hidden.APART] * apart
    assert TOTAL not in marks


def test_size_does_not_decide_which_cell_is_hidden_but_the_rank_does() -> None:
    """By size the smallest would be hidden, and whoever knows that reads from what is shown what it cannot be."""
    cells, total = table([214, 171, 42, 3])

    orders = (str, lambda name: str(name != 1), lambda name: str(name != 2))
    hidden = [guarded(cells=cells, sums=[total], rank=order) for order in orders]

    assert [set(marks) for marks in hidden] == [{3, 0}, {3, 1}, {3, 2}]


def test_a_partner_at_its_least_does_not_cover() -> None:
    """A partner marked as 5 or more beside a small cell, together 5: then the small one is 0. Another one covers."""
    cells, total = table([5, 30, 0])

    assert guarded(cells=cells, sums=[total]) == {2: Hidden.FEW, 0: Hidden.APART, 1: Hidden.APART}


def test_a_small_total_hides_everything() -> None:
    cells, total = table([1, 0, 2])

    assert set(guarded(cells=cells, sums=[total])) == set(cells)


def test_one_tip_in_one_district() -> None:
    cells, total = table([1])

    assert set(guarded(cells=cells, sums=[total])) == {0, TOTAL}


def test_nothing_small_nothing_hidden() -> None:
    cells, total = table([5, 6, 7])

    assert guarded(cells=cells, sums=[total]) == {}


def test_what_was_hidden_once_stays_hidden() -> None:
    cells, total = table([50, 60, 70])

    assert guarded(cells=cells, sums=[total], kept_back=[1, "gone"]) == {1: Hidden.APART}


def test_a_count_is_never_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        guarded(cells={"a": -1}, sums=[])


def test_without_sums_small_cells_alone_are_hidden() -> None:
    assert guarded(cells={"a": 3, "b": 9}, sums=[]) == {"a": Hidden.FEW}


@given(tables)
def test_no_small_cell_is_shown(values: list[int]) -> None:
    cells, total = table(values)

    marks = guarded(cells=cells, sums=[total])

    assert all(cells[name] >= LEAST_SHOWN for name in cells if name not in marks)
    assert all(is_true(mark, cells[name]) for name, mark in marks.items())


@given(tables)
def test_no_small_cell_has_one_solution(values: list[int]) -> None:
    cells, total = table(values)

    marks = guarded(cells=cells, sums=[total])

    found = determined(public(cells, marks, total))
    assert not {name for name in found if marks[name] == Hidden.FEW}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=1, max_size=4))
def test_no_small_cell_is_found_by_trying_all(values: list[int]) -> None:
    cells, total = table(values)

    marks = guarded(cells=cells, sums=[total])

    possible = solutions(public(cells, marks, total))
    assert all(len(possible[name]) > 1 for name, mark in marks.items() if mark == Hidden.FEW)


def test_the_rule_itself_finds_what_subtraction_finds() -> None:
    cells, total = table([30, 3])

    assert recoverable(public(cells, {1: Hidden.FEW}, total)) == {1}
    assert recoverable(public(cells, {1: Hidden.FEW, 0: Hidden.APART}, total)) == frozenset()


def grid(rows: list[list[int]]) -> tuple[list[dict[Hashable, int]], list[Sum]]:
    """Return the cells of each column (a month, the last one their sum) and each row's sum over the months."""
    months = len(rows[0])
    columns: list[dict[Hashable, int]] = []
    for month in range(months):
        own: dict[Hashable, int] = {(month, key): row[month] for key, row in enumerate(rows)}
        columns.append({**own, (month, TOTAL): sum(row[month] for row in rows)})
    whole: dict[Hashable, int] = {(months, key): sum(row) for key, row in enumerate(rows)}
    columns.append({**whole, (months, TOTAL): sum(map(sum, rows))})
    keys = [*range(len(rows)), TOTAL]
    over_time = [
        Sum(whole=(months, key), parts=tuple((month, key) for month in range(months))) for key in keys
    ]
    return columns, over_time


def publish(rows: list[list[int]]) -> tuple[Published, dict[Hashable, int]]:
    """Publish month by month and then the quarter, each guarded beside what came before."""
    columns, over_time = grid(rows)
    found, all_cells = Published(), dict[Hashable, int]()
    for place, cells in enumerate(columns):
        own = Sum(whole=(place, TOTAL), parts=tuple((place, key) for key in range(len(rows))))
        sums = [*(over_time if place == len(columns) - 1 else []), own]
        marks = guarded(cells=cells, sums=sums, beside=found)
        shown = {name: count for name, count in cells.items() if name not in marks}
        found = Published(
            shown={**found.shown, **shown}, hidden={**found.hidden, **marks}, sums=(*found.sums, *sums)
        )
        all_cells |= cells
    return found, all_cells


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=6))
def test_months_and_their_quarter_give_no_small_cell_away(rows: list[list[int]]) -> None:
    found, cells = publish(rows)

    small = {name for name, count in cells.items() if count < LEAST_SHOWN}
    assert small <= set(found.hidden)
    assert not determined(found) & small
    assert recoverable(found) == frozenset()


def test_two_months_and_their_sum_tried_through() -> None:
    """Each of the 325 grids of two cells, two months and five counts: somebody tries all numbers there may be."""
    for first, second in combinations_with_replacement(product((0, 1, 3, 4, 6), repeat=2), 2):
        found, cells = publish([list(first), list(second)])
        possible = solutions(found)
        told = [name for name in found.hidden if cells[name] < LEAST_SHOWN and len(possible[name]) == 1]
        assert not told, (first, second)
        assert all(is_true(mark, cells[name]) for name, mark in found.hidden.items()), (first, second)


def test_who_knows_the_rule_still_has_numbers_to_choose_from() -> None:
    """Replay the rule with every order of cells over all tables of three: each small cell stays open.

    The largest numbers tried are left out of what is asserted: those above them, which would fit as well, are missing.
    """
    most, could = 13, dict[tuple[Marks, Shown], set[tuple[int, ...]]]()
    for values in product(range(most), repeat=3):
        for ranks in permutations("abc"):
            could.setdefault(seen_of(values, ranks=(*ranks, "z")), set()).add(values)

    for (marks, _shown), fitting in could.items():
        hidden = [name for name, _mark in marks if isinstance(name, int)]
        if max((sum(values[name] for name in hidden) for values in fitting), default=0) >= most:
            continue
        for name, mark in marks:
            if mark == Hidden.FEW and isinstance(name, int):
                assert len({values[name] for values in fitting}) > 1, (marks, fitting)


def seen_of(values: tuple[int, ...], *, ranks: tuple[str, ...]) -> tuple[Marks, Shown]:
    """Return what is public of a table under one order of its cells; the last rank is the total's."""
    cells, total = table(list(values))
    marks = guarded(cells=cells, sums=[total], rank=lambda name: ranks[name if isinstance(name, int) else -1])
    return (
        frozenset(marks.items()),
        frozenset((name, count) for name, count in cells.items() if name not in marks),
    )


def test_where_marks_alone_would_tell_nothing_is_shown_of_the_table() -> None:
    """Small months may make a quarter of 5 or more; that it is marked so would leave each of them a single number."""
    found, _cells = publish([[0, 5], [4, 1]])

    assert {found.hidden.get((2, key)) for key in (0, 1, TOTAL)} == {Hidden.WITHHELD}
    assert recoverable(found) == frozenset()


def test_what_is_withheld_does_not_follow_later() -> None:
    """A table of which nothing was shown: its small cell must not follow from one that comes after it."""
    sums = [Sum(whole="year", parts=("old", "new"))]
    before = Published(hidden={"old": Hidden.WITHHELD})

    assert recoverable(Published(shown={"year": 12, "new": 9}, hidden=before.hidden, sums=tuple(sums))) == {
        "old"
    }
    assert (
        recoverable(Published(shown={"year": 32, "new": 9}, hidden=before.hidden, sums=tuple(sums)))
        == frozenset()
    )
    assert len(guarded(cells={"new": 9, "year": 12}, sums=sums, beside=before)) == 1
    assert guarded(cells={"new": 9, "year": 32}, sums=sums, beside=before) == {}


def test_what_is_known_already_hides_nothing_more() -> None:
    known = Published(
        shown={"year": 12, "spring": 9}, hidden={"autumn": Hidden.FEW},
        sums=(Sum(whole="year", parts=("spring", "autumn")),),
    )  # fmt: skip

    assert recoverable(known) == {"autumn"}
    assert guarded(cells={"next": 30}, sums=[], beside=known) == {}


def test_a_quarter_does_not_give_a_month_away() -> None:
    """A district with 3 tips in January and plenty later: its quarter minus February and March would tell."""
    found, _cells = publish([[3, 10, 12], [40, 41, 42], [50, 51, 52]])

    assert (3, 0) in found.hidden
    assert (3, TOTAL) in found.shown


def test_plenty_of_districts_stay_shown() -> None:
    """A city of 13 districts of which one is small each month: at most four are hidden in the quarter."""
    rows = [[30 + 3 * key, 31 + 3 * key, 33 + 3 * key] for key in range(12)]

    found, _cells = publish([*rows, [3, 2, 1]])

    quarter = [name for name in found.hidden if isinstance(name, tuple) and name[0] == 3]
    assert len(quarter) <= 4


def test_a_year_lies_between_what_its_months_leave_open() -> None:
    """Eleven months of 20 and one that is small: whoever adds up knows the year to four, and it is said."""
    months: dict[Hashable, int] = dict.fromkeys(range(11), 20)
    known = Sum(whole="year", parts=tuple(range(12)))
    public_side = Published(shown=months, hidden={11: Hidden.FEW, "year": Hidden.APART}, sums=(known,))

    assert ranges(public_side, ["year", 11, 0]) == {"year": (220, 224)}


def test_nothing_is_said_of_what_has_no_end() -> None:
    cells, total = table([30, 20, 3])

    marks = guarded(cells=cells, sums=[total])

    assert ranges(public(cells, {**marks, TOTAL: Hidden.APART}, total), [TOTAL, 0, 1, 2]) == {}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=6))
def test_ranges_hold_the_number_and_every_small_one_stays_open(rows: list[list[int]]) -> None:
    found, cells = publish(rows)

    told = ranges(found, found.hidden)

    assert all(low <= cells[name] <= high for name, (low, high) in told.items())
    assert all(low == 0 for name, (low, _high) in told.items() if cells[name] < LEAST_SHOWN)
