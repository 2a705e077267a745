"""Small cells are hidden, and enough others that nobody computes them from what is shown.

A table has cells, each with a place in some sums: the cells of a table add up to its total, the months of a quarter to
the quarter. `guarded` hides every cell under `LEAST_SHOWN` of a new table and then further cells of it until no hidden
small cell, of this table or of one published before, follows from what is shown: neither as the only solution of the
sums (linear algebra over whole numbers) nor because its bounds close in on one number. Hiding the whole new table
always suffices, because then it adds nothing to what was known; so the search ends.

Source: DOMAIN 7 (public figures hide cells under 5 and rank only units with at least 20).
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import gcd

LEAST_SHOWN = 5
LEAST_RANKED = 20


class Hidden(StrEnum):
    """Why a cell is not shown: it is under 5, or another one would follow from it."""

    FEW = "few"
    APART = "apart"


@dataclass(frozen=True, kw_only=True)
class Sum:
    """`whole` is what `parts` add up to; cells are named by whatever can be hashed."""

    whole: Hashable
    parts: tuple[Hashable, ...]


@dataclass(frozen=True, kw_only=True)
class Published:
    """What is public: shown numbers, hidden cells with the reason told, and the sums everybody knows to hold."""

    shown: Mapping[Hashable, int] = field(default_factory=dict)
    hidden: Mapping[Hashable, Hidden] = field(default_factory=dict)
    sums: tuple[Sum, ...] = ()


NOTHING_PUBLISHED = Published()
_Row = dict[Hashable, int]
_Bounds = dict[Hashable, tuple[int, int | None]]
_CONSTANT = object()
_Exposed = Callable[[Mapping[Hashable, Hidden]], int]


def guarded(
    *,
    cells: Mapping[Hashable, int],
    sums: Iterable[Sum],
    beside: Published = NOTHING_PUBLISHED,
    kept_back: Iterable[Hashable] = (),
) -> dict[Hashable, Hidden]:
    """Return which of these new cells are hidden, and why.

    Args:
        cells: whole numbers, >= 0.
        sums: what holds among the new cells and those published before.
        beside: what is public already; its hidden small cells are protected as well.
        kept_back: cells hidden in an earlier version of this table stay hidden.

    Raises:
        ValueError: a cell is negative.
    """
    if any(count < 0 for count in cells.values()):
        raise ValueError("a count is never negative")
    hidden = {name: Hidden.FEW for name, count in cells.items() if count < LEAST_SHOWN}
    for name in kept_back:
        if name in cells:
            hidden.setdefault(name, Hidden.APART)
    known = tuple(sums)

    def exposed(marks: Mapping[Hashable, Hidden]) -> int:
        return len(recoverable(_published(cells=cells, marks=marks, sums=known, beside=beside)))

    while (count := exposed(hidden)) and len(hidden) < len(cells):
        links = _links(sums=known, hidden={*hidden, *beside.hidden})
        best = _best(cells=cells, hidden=hidden, links=links, count=count, exposed=exposed)
        hidden[best] = Hidden.APART
    return hidden


def _best(
    *,
    cells: Mapping[Hashable, int],
    hidden: Mapping[Hashable, Hidden],
    links: Mapping[Hashable, int],
    count: int,
    exposed: _Exposed,
) -> Hashable:
    """Return the first cell whose hiding helps; the first of all where none does alone.

    Those that already stand in most sums with something hidden come first, then the smaller ones.
    """
    left = sorted(
        (name for name in cells if name not in hidden),
        key=lambda name: (-links.get(name, 0), cells[name], str(name)),
    )
    for name in left:
        if exposed({**hidden, name: Hidden.APART}) < count:
            return name
    return left[0]


def _links(*, sums: Iterable[Sum], hidden: Collection[Hashable]) -> Counter[Hashable]:
    """Count for each cell the sums it stands in together with another hidden one."""
    members = ({one.whole, *one.parts} for one in sums)
    return Counter(name for row in members for name in row if any(other in hidden for other in row - {name}))


def _published(
    *,
    cells: Mapping[Hashable, int],
    marks: Mapping[Hashable, Hidden],
    sums: tuple[Sum, ...],
    beside: Published,
) -> Published:
    shown = {name: count for name, count in cells.items() if name not in marks}
    return Published(
        shown={**beside.shown, **shown}, hidden={**beside.hidden, **marks}, sums=(*beside.sums, *sums)
    )


def recoverable(public: Published) -> frozenset[Hashable]:
    """Return the hidden small cells that follow from what is public."""
    rows = _reduced([_row(one, public) for one in public.sums])
    bounds = _closed_in(rows=[*rows, *(_row(one, public) for one in public.sums)], public=public)
    small = (name for name, mark in public.hidden.items() if mark == Hidden.FEW)
    return frozenset(name for name in small if name in bounds and bounds[name][0] == bounds[name][1])


def _row(one: Sum, public: Published) -> _Row:
    """Return a sum as an equation: unknown cells with their factors, the rest as a constant; all adds up to 0."""
    row: _Row = {_CONSTANT: 0}
    for name, factor in [(one.whole, 1), *((part, -1) for part in one.parts)]:
        if name in public.shown:
            row[_CONSTANT] += factor * public.shown[name]
        else:
            row[name] = row.get(name, 0) + factor
    return _tidied(row)


def _reduced(rows: Sequence[_Row]) -> list[_Row]:
    """Return the equations in reduced echelon form: a cell alone in its row has one solution."""
    done: list[tuple[Hashable, _Row]] = []
    for fresh in rows:
        row = fresh
        for pivot, other in done:
            row = _without(pivot, row, other)
        pivot = next((name for name in row if name is not _CONSTANT), None)
        if pivot is None:
            continue
        done = [(name, _without(pivot, other, row)) for name, other in done]
        done.append((pivot, row))
    return [row for _pivot, row in done]


def _without(pivot: Hashable, row: _Row, other: _Row) -> _Row:
    """Return `row` with its `pivot` taken out by means of `other`, both multiplied so that nothing is divided."""
    times = row.get(pivot)
    if not times:
        return row
    own = other[pivot]
    mixed = {name: own * factor for name, factor in row.items()}
    for name, factor in other.items():
        mixed[name] = mixed.get(name, 0) - times * factor
    return _tidied(mixed)


def _tidied(row: _Row) -> _Row:
    """Return an equation without cells of no weight, in its smallest numbers: whole numbers would grow otherwise."""
    left = {name: factor for name, factor in row.items() if factor or name is _CONSTANT}
    shared = gcd(*left.values())
    return {name: factor // shared for name, factor in left.items()} if shared > 1 else left


def _closed_in(*, rows: Sequence[_Row], public: Published) -> _Bounds:
    """Return the bounds of every unknown cell, drawn closer by each equation until nothing moves.

    A cell marked as few lies within 0 and 4, one hidden for the sake of another is 5 or more, one never published is
    anything from 0 on.
    """
    names = {name for row in rows for name in row if name is not _CONSTANT}
    bounds: _Bounds = {name: _first_bounds(public.hidden.get(name)) for name in names}
    moved: Collection[Hashable] = names
    # Each pass that goes on makes some bound at least one closer; only small cells matter, and those have five values.
    for _pass in range(LEAST_SHOWN * (len(names) + 1)):
        # An equation whose cells stand still has nothing new to say.
        moved = {name for row in rows if not row.keys().isdisjoint(moved) for name in _draw(row, bounds)}
        if not moved:
            break
    return bounds


def _first_bounds(mark: Hidden | None) -> tuple[int, int | None]:
    if mark == Hidden.FEW:
        return 0, LEAST_SHOWN - 1
    return LEAST_SHOWN if mark == Hidden.APART else 0, None


def _draw(row: _Row, bounds: _Bounds) -> list[Hashable]:
    """Draw the bounds of the cells of one equation closer, each to what the others leave for it; return which moved."""
    parts = {name: _ends(factor, bounds[name]) for name, factor in row.items() if name is not _CONSTANT}
    least, most = (_added([part[end] for part in parts.values()]) for end in (0, 1))
    moved = []
    for name, (own_least, own_most) in parts.items():
        # factor x cell = -(constant + the others), and the others lie between these two.
        lowest, highest = _rest(least, own_least), _rest(most, own_most)
        ends = [None if end is None else -(row[_CONSTANT] + end) for end in (highest, lowest)]
        drawn = _inwards(bounds[name], ends=ends, factor=row[name])
        if drawn != bounds[name]:
            bounds[name] = drawn
            moved.append(name)
    return moved


def _ends(factor: int, bounds: tuple[int, int | None]) -> tuple[int | None, int | None]:
    """Return the least and the most that a cell with this factor adds; None where that has no end."""
    low, high = factor * bounds[0], None if bounds[1] is None else factor * bounds[1]
    return (low, high) if factor > 0 else (high, low)


def _added(ends: Sequence[int | None]) -> tuple[int, int]:
    """Return the sum of the ends there are, and how many there are not."""
    return sum(end for end in ends if end is not None), ends.count(None)


def _rest(added: tuple[int, int], own: int | None) -> int | None:
    """Return the sum of all ends but a cell's own; None where one of them has no end."""
    total, missing = added
    return None if missing > (own is None) else total - (own or 0)


def _inwards(
    bounds: tuple[int, int | None], *, ends: Sequence[int | None], factor: int
) -> tuple[int, int | None]:
    """Return bounds within which factor x cell lies between these ends; counts are whole, so they round inwards."""
    low, high = ends if factor > 0 else (ends[1], ends[0])
    lowest = bounds[0] if low is None else max(bounds[0], -(-low // factor))
    highest = bounds[1]
    if high is not None:
        highest = high // factor if highest is None else min(highest, high // factor)
    return lowest, highest
