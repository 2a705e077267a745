"""Small cells are hidden, and enough others that nobody computes them from what is shown.

A table has cells, each with a place in some sums: the cells of a table add up to its total, the months of a quarter to
the quarter. `guarded` hides every cell under `LEAST_SHOWN` of a new table and then further cells of it until no hidden
small cell, of this table or of one published before, follows from what is shown: not as the only solution of the sums
(linear algebra over whole numbers), not because its bounds close in on one number, and not to somebody who tries all
numbers there may be. At the latest nothing of the new table is shown, not even which of its cells are small: then it
adds nothing to what was known.

Source: DOMAIN 7 (public figures hide cells under 5 and rank only units with at least 20).
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .whole_numbers import (
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

LEAST_SHOWN = 5
LEAST_RANKED = 20


class Hidden(StrEnum):
    """Why a cell is not shown: it is under 5, another one would follow from it, or nothing of its table is shown.

    The first two say something themselves: fewer than 5, and 5 or more. The third says nothing at all.
    """

    FEW = "few"
    APART = "apart"
    WITHHELD = "withheld"


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
_MAY_BE_SMALL = frozenset({Hidden.FEW, Hidden.WITHHELD})
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

    def followed(marks: Mapping[Hashable, Hidden]) -> frozenset[Hashable]:
        return recoverable(_published(cells=cells, marks=marks, sums=known, beside=beside))

    withheld = dict.fromkeys(cells, Hidden.WITHHELD)
    # What follows without this table is known already, and nothing that is hidden here takes it back.
    before = followed(withheld) if followed(hidden) else frozenset()

    def exposed(marks: Mapping[Hashable, Hidden]) -> int:
        return len(followed(marks) - before)

    while (count := exposed(hidden)) and len(hidden) < len(cells):
        links = _links(sums=known, hidden={*hidden, *beside.hidden})
        best = _best(cells=cells, hidden=hidden, links=links, count=count, exposed=exposed)
        hidden[best] = Hidden.APART
    # Whole and small, its marks alone may tell: two cells under 5 whose sum is none have a least that they cannot miss.
    return withheld if count else hidden


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
    """Return the hidden small cells that follow from what is public: those for which only one number is possible.

    A cell that is withheld counts where that number is under 5. Where the search for a second number was given up, the
    cell counts as one that follows. Where what is public contradicts itself, no number is possible, and only what its
    bounds closed in on counts. Cells found by closing in are returned without a search for more of them.
    """
    given = [_row(one, public) for one in public.sums]
    rows = [*reduced(given), *given]
    names = {name for row in rows for name in row if name is not CONSTANT}
    bounds: Bounds = {name: _first_bounds(public.hidden.get(name)) for name in names}
    # Each pass that goes on makes some bound at least one closer; only small cells matter, and those have five values.
    draw_closer(rows, bounds, moved=names, passes=LEAST_SHOWN * (len(names) + 1))
    small = {
        name for name in names if public.hidden.get(name) in _MAY_BE_SMALL and bounds[name][0] < LEAST_SHOWN
    }
    found = frozenset(name for name in small if bounds[name][0] == bounds[name][1])
    if found or any(is_empty(own) for own in bounds.values()):
        return found
    return frozenset[Hashable]().union(*(_alone(group, bounds, small) for group in connected(rows)))


def _alone(rows: Sequence[Equation], bounds: Bounds, small: Collection[Hashable]) -> set[Hashable]:
    """Return the small cells of these equations for which no second number was found."""
    own: Bounds = {name: bounds[name] for row in rows for name in row if name is not CONSTANT}
    seen: dict[Hashable, set[int]] = {name: set() for name in own if name in small}
    if not seen:
        return set()
    try:
        first = one_solution(rows, own)
    except SearchGivenUpError:
        return set(seen)
    if first is None:
        return set()
    _noted(first, seen)
    for name, values in seen.items():
        for value in values_within(own[name]):
            if len(values) > 1:
                break
            if value not in values:
                _noted(_solution_with(rows, own, name=name, value=value), seen)
    return {name for name, values in seen.items() if len(values) == 1 and min(values) < LEAST_SHOWN}


def _noted(solution: Mapping[Hashable, int], seen: Mapping[Hashable, set[int]]) -> None:
    for name in seen.keys() & solution.keys():
        seen[name].add(solution[name])


def _solution_with(
    rows: Sequence[Equation], bounds: Bounds, *, name: Hashable, value: int
) -> dict[Hashable, int]:
    """Return numbers that fulfil the equations with this cell at this value; empty where none were found."""
    try:
        return one_solution(rows, {**bounds, name: (value, value)}) or {}
    except SearchGivenUpError:
        return {}


def _row(one: Sum, public: Published) -> Equation:
    """Return a sum as an equation: unknown cells with their factors, the rest as a constant; all adds up to 0."""
    row: Equation = {CONSTANT: 0}
    for name, factor in [(one.whole, 1), *((part, -1) for part in one.parts)]:
        if name in public.shown:
            row[CONSTANT] += factor * public.shown[name]
        else:
            row[name] = row.get(name, 0) + factor
    return tidied(row)


def _first_bounds(mark: Hidden | None) -> tuple[int, int | None]:
    """Return what a mark says: few is 0 to 4, hidden for the sake of another 5 or more, anything else anything."""
    if mark == Hidden.FEW:
        return 0, LEAST_SHOWN - 1
    return LEAST_SHOWN if mark == Hidden.APART else 0, None
