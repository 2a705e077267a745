"""Small cells are hidden, and enough others that nobody computes them from what is shown.

A table has cells, each with a place in some sums: the cells of a table add up to its total, the months of a quarter to
the quarter. `guarded` hides every cell under `LEAST_SHOWN` of a new table and then further cells of it until no hidden
small cell, of this table or of one published before, follows from what is shown: neither as the only solution of the
sums (linear algebra over fractions) nor because its bounds close in on one number. Hiding the whole new table always
suffices, because then it adds nothing to what was known; so the search ends.

Source: DOMAIN 7 (public figures hide cells under 5 and rank only units with at least 20).
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

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
_Row = dict[Hashable, Fraction]
_Bounds = dict[Hashable, tuple[Fraction, Fraction | None]]
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
    row: _Row = {_CONSTANT: Fraction(0)}
    for name, factor in [(one.whole, 1), *((part, -1) for part in one.parts)]:
        if name in public.shown:
            row[_CONSTANT] += factor * public.shown[name]
        else:
            row[name] = row.get(name, Fraction(0)) + factor
    return {name: factor for name, factor in row.items() if factor or name is _CONSTANT}


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
        row = {name: factor / row[pivot] for name, factor in row.items()}
        done = [(name, _without(pivot, other, row)) for name, other in done]
        done.append((pivot, row))
    return [row for _pivot, row in done]


def _without(pivot: Hashable, row: _Row, other: _Row) -> _Row:
    """Return `row` with its `pivot` taken out by means of `other`, in which that cell has the factor 1."""
    times = row.get(pivot)
    if not times:
        return row
    names = dict.fromkeys((*row, *other))
    mixed = {name: row.get(name, Fraction(0)) - times * other.get(name, Fraction(0)) for name in names}
    return {name: factor for name, factor in mixed.items() if factor or name is _CONSTANT}


def _closed_in(*, rows: Sequence[_Row], public: Published) -> _Bounds:
    """Return the bounds of every unknown cell, drawn closer by each equation until nothing moves.

    A cell marked as few lies within 0 and 4, one hidden for the sake of another is 5 or more, one never published is
    anything from 0 on.
    """
    names = {name for row in rows for name in row if name is not _CONSTANT}
    bounds: _Bounds = {name: _first_bounds(public.hidden.get(name)) for name in names}
    # Each pass that goes on makes some bound at least one closer; only small cells matter, and those have five values.
    for _pass in range(LEAST_SHOWN * (len(names) + 1)):
        before = dict(bounds)
        for row in rows:
            for name in row:
                if name is not _CONSTANT:
                    bounds[name] = _drawn(name, row, bounds)
        if bounds == before:
            break
    return bounds


def _first_bounds(mark: Hidden | None) -> tuple[Fraction, Fraction | None]:
    if mark == Hidden.FEW:
        return Fraction(0), Fraction(LEAST_SHOWN - 1)
    return Fraction(LEAST_SHOWN if mark == Hidden.APART else 0), None


def _drawn(name: Hashable, row: _Row, bounds: _Bounds) -> tuple[Fraction, Fraction | None]:
    """Return the bounds of one cell after one equation: it is what the other cells leave for it."""
    low: Fraction | None = -row[_CONSTANT]
    high: Fraction | None = low
    for other, factor in row.items():
        if other is _CONSTANT or other == name:
            continue
        ends = [None if end is None else -factor * end for end in bounds[other]]
        least, most = ends if factor < 0 else ends[::-1]
        low = None if low is None or least is None else low + least
        high = None if high is None or most is None else high + most
    own = row[name]
    left, right = (low, high) if own > 0 else (high, low)
    found = [None if end is None else end / own for end in (left, right)]
    first, last = bounds[name]
    # Counts are whole numbers: what lies between two of them rounds inwards.
    lowest = first if found[0] is None else max(first, Fraction(ceil(found[0])))
    highest = [Fraction(floor(found[1]))] if found[1] is not None else []
    return lowest, min([*highest, *([last] if last is not None else [])], default=None)
