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
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

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
Rank = Callable[[Hashable], str]
# What a small cell may be for all that anybody can tell.
SMALL = frozenset(range(LEAST_SHOWN))


def guarded(
    *,
    cells: Mapping[Hashable, int],
    sums: Iterable[Sum],
    beside: Published = NOTHING_PUBLISHED,
    kept_back: Iterable[Hashable] = (),
    rank: Rank = str,
) -> dict[Hashable, Hidden]:
    """Return which of these new cells are hidden, and why.

    Args:
        cells: whole numbers, >= 0.
        sums: what holds among the new cells and those published before.
        beside: what is public already; its hidden small cells are protected as well.
        kept_back: cells hidden in an earlier version of this table stay hidden.
        rank: what cells that would do as well are ordered by. Where it is known to others, they replay the choice and
            strike out every number for which it would have been another one; so it is a keyed digest in earnest.

    Raises:
        ValueError: a cell is negative.
    """
    if any(count < 0 for count in cells.values()):
        raise ValueError("a count is never negative")
    few = {name: Hidden.FEW for name, count in cells.items() if count < LEAST_SHOWN}
    hidden = {**{name: Hidden.APART for name in kept_back if name in cells}, **few}
    known = tuple(sums)
    told = partial(_published, cells=cells, sums=known, beside=beside)
    withheld = dict.fromkeys(cells, Hidden.WITHHELD)
    before: Mapping[Hashable, Collection[int]] = {}
    if any(_narrow(told(hidden), before)):
        # What is ruled out without this table was so before, and nothing that is hidden here takes it back.
        before = {name: SMALL & values for name, values in _possible(told(withheld), enough=LEAST_SHOWN + 1)}
    while (is_narrow := any(_narrow(told(hidden), before))) and len(hidden) < len(cells):
        order = _order(cells, hidden=hidden, sums=known, beside=beside.hidden, rank=rank)
        useful = (name for name in order if not _follows(name, told({**hidden, name: Hidden.APART})))
        hidden[next(useful, order[0])] = Hidden.APART
    # Whole and small, its marks alone may tell: two cells under 5 whose sum is none have a least that they cannot miss.
    return withheld if is_narrow else hidden


def _order(
    cells: Collection[Hashable],
    *,
    hidden: Collection[Hashable],
    sums: Sequence[Sum],
    beside: Collection[Hashable],
    rank: Rank,
) -> list[Hashable]:
    """Return the cells that may be hidden next, those in most sums with something hidden first, totals last.

    The counts themselves decide nothing here: whoever knows the order would learn from what was passed over.
    """
    links = _links(sums=sums, hidden={*hidden, *beside})
    totals = {one.whole for one in sums if set(cells) >= {one.whole, *one.parts}}
    left = [name for name in cells if name not in hidden]
    return sorted(left, key=lambda name: (name in totals, -links.get(name, 0), rank(name), str(name)))


def _follows(name: Hashable, public: Published) -> bool:
    """Whether a cell follows from the sums whatever the counts are, so that hiding it alone hides nothing."""
    return any(
        row.keys() - {CONSTANT} == {name} for row in reduced([_row(one, public) for one in public.sums])
    )


def _links(*, sums: Iterable[Sum], hidden: Collection[Hashable]) -> Counter[Hashable]:
    """Count for each cell the sums it stands in together with another hidden one."""
    members = ({one.whole, *one.parts} for one in sums)
    return Counter(name for row in members for name in row if any(other in hidden for other in row - {name}))


def _published(
    marks: Mapping[Hashable, Hidden],
    *,
    cells: Mapping[Hashable, int],
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
    bounds closed in on counts.
    """
    return frozenset(
        name for name, values in _possible(public, enough=2) if len(values) == 1 and min(values) < LEAST_SHOWN
    )


def narrowed(public: Published) -> frozenset[Hashable]:
    """Return the hidden small cells of which anything is known but that they are small: some number is ruled out.

    To hide until only the number itself is safe would not do: who sees that a further cell had to be hidden would rule
    out those numbers for which it need not have been. Where all numbers are possible, that cannot tell anything.
    """
    return frozenset(name for (name,) in _narrow(public, {}))


def ranges(public: Published, names: Iterable[Hashable]) -> dict[Hashable, tuple[int, int]]:
    """Return for hidden cells between which numbers they lie, where what is public bounds them on both sides.

    Anybody can work that out, so to tell it adds nothing; whoever reads a year need not add up its months to know how
    large it is about.
    """
    _given, bounds = _bounded(public)
    return {
        name: (low, high)
        for name in names
        if public.hidden.get(name) in {Hidden.APART, Hidden.WITHHELD} and name in bounds
        for low, high in [bounds[name]]
        if high is not None and low <= high
    }


def _narrow(public: Published, before: Mapping[Hashable, Collection[int]]) -> Iterator[tuple[Hashable]]:
    """Yield them as they are found, each as a tuple of one: whoever asks whether there are any need not wait for all.

    Args:
        before: the small numbers that are possible for a cell anyway; all of them where it says nothing.
    """
    for name, values in _possible(public, enough=LEAST_SHOWN):
        if values and min(values) < LEAST_SHOWN and not values.issuperset(before.get(name, SMALL)):
            yield (name,)


def _possible(public: Published, *, enough: int) -> Iterator[tuple[Hashable, set[int]]]:
    """Yield for each hidden small cell numbers that are possible, so many at most; none where that is not known."""
    given, bounds = _bounded(public)
    small = {
        name for name in bounds if public.hidden.get(name) in _MAY_BE_SMALL and bounds[name][0] < LEAST_SHOWN
    }
    if any(is_empty(own) for own in bounds.values()):
        yield from ((name, {bounds[name][0]}) for name in small if bounds[name][0] == bounds[name][1])
        return
    # The sums as they are have fewer cells than what was reduced from them, and the bounds know both.
    for group in connected(given):
        yield from _seen(group, bounds, small, enough)


def _bounded(public: Published) -> tuple[list[Equation], Bounds]:
    """Return the sums as equations, and the bounds of every unknown cell as close as they can be drawn."""
    given = [_row(one, public) for one in public.sums]
    rows = [*reduced(given), *given]
    names = {name for row in rows for name in row if name is not CONSTANT}
    bounds: Bounds = {name: _first_bounds(public.hidden.get(name)) for name in names}
    # Each pass that goes on makes some bound at least one closer; only small cells matter, and those have five values.
    draw_closer(rows, bounds, moved=names, passes=LEAST_SHOWN * (len(names) + 1))
    return given, bounds


def _seen(
    rows: Sequence[Equation], bounds: Bounds, small: Collection[Hashable], enough: int
) -> Iterator[tuple[Hashable, set[int]]]:
    """Yield numbers found for the small cells of these equations; a search given up finds none but those it knows.

    Only the ends are searched for: what lies between two possible numbers is possible as well. For sums over groups
    that lie within each other in two directions, as keys and periods do, the equations are those of a flow through a
    network, and whole numbers have no gaps there.
    """
    own: Bounds = {name: bounds[name] for row in rows for name in row if name is not CONSTANT}
    seen: dict[Hashable, set[int]] = {name: set() for name in own if name in small}
    try:
        # Two searches find the ends of most cells at once; what is left over is asked for cell by cell.
        for is_high_first in (False, True) if seen else ():
            found = one_solution(rows, own, is_high_first=is_high_first)
            if found is None:
                # What is public contradicts itself: what its bounds close in on is all that somebody takes from it.
                yield from ((name, {own[name][0]}) for name in seen if own[name][0] == own[name][1])
                return
            _noted(found, seen)
    except SearchGivenUpError:
        yield from ((name, values or {own[name][0]}) for name, values in seen.items())
        return
    for name, values in seen.items():
        asked = [value for value in values_within(own[name]) if value <= LEAST_SHOWN]
        for row in (asked, asked[::-1]):
            for value in row:
                if value in values or len(values) >= enough:
                    break
                _noted(_solution_with(rows, own, name=name, value=value), seen)
        yield name, set(range(min(values), max(values) + 1))


def _noted(solution: Mapping[Hashable, int], seen: Mapping[Hashable, set[int]]) -> None:
    for name in seen.keys() & solution.keys():
        seen[name].add(solution[name])


def _solution_with(
    rows: Sequence[Equation], bounds: Bounds, *, name: Hashable, value: int
) -> dict[Hashable, int]:
    """Return numbers that fulfil the equations with this cell at this value; empty where none were found."""
    try:
        return one_solution(rows, {**bounds, name: (value, value)}, is_high_first=value > 1) or {}
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
