"""Equations over counts: what follows from sums alone, how close they draw each count, and which counts are possible.

An equation is a mapping of unknown counts to their factors, with what is known under `CONSTANT`; all of it adds up to
0. Counts are whole numbers within bounds, of which the upper one may be missing (None).

Three questions, each harder and more exact than the one before: `reduced` solves as one does on paper, `draw_closer`
lets every equation narrow the bounds of its counts, and `one_solution` searches for counts that fulfil them all.
Everything here is exact; only the search may give up, which it says.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from math import gcd

CONSTANT = object()
Equation = dict[Hashable, int]
Bounds = dict[Hashable, tuple[int, int | None]]
# A count without an upper bound is tried at its least and a few above: others make up for more of it.
MOST_TRIED = 12
MOST_STEPS = 2_000


class SearchGivenUpError(Exception):
    """Too many counts were tried without an end: whether there is a solution is not known."""


def tidied(row: Equation) -> Equation:
    """Return an equation without counts of no weight, in its smallest numbers: whole numbers would grow otherwise."""
    left = {name: factor for name, factor in row.items() if factor or name is CONSTANT}
    shared = gcd(*left.values())
    return {name: factor // shared for name, factor in left.items()} if shared > 1 else left


def reduced(rows: Sequence[Equation]) -> list[Equation]:
    """Return the equations in reduced echelon form: a count alone in its equation has one solution."""
    done: list[tuple[Hashable, Equation]] = []
    for fresh in rows:
        row = fresh
        for pivot, other in done:
            row = _without(pivot, row, other)
        pivot = next((name for name in row if name is not CONSTANT), None)
        if pivot is None:
            continue
        done = [(name, _without(pivot, other, row)) for name, other in done]
        done.append((pivot, row))
    return [row for _pivot, row in done]


def _without(pivot: Hashable, row: Equation, other: Equation) -> Equation:
    """Return `row` with its `pivot` taken out by means of `other`, both multiplied so that nothing is divided."""
    times = row.get(pivot)
    if not times:
        return row
    own = other[pivot]
    mixed = {name: own * factor for name, factor in row.items()}
    for name, factor in other.items():
        mixed[name] = mixed.get(name, 0) - times * factor
    return tidied(mixed)


def connected(rows: Sequence[Equation]) -> list[list[Equation]]:
    """Return the equations in groups that share no unknown count; one without any is left out."""
    groups: list[tuple[set[Hashable], list[Equation]]] = []
    for row in rows:
        names = row.keys() - {CONSTANT}
        if not names:
            continue
        touched = [group for group in groups if not group[0].isdisjoint(names)]
        groups = [group for group in groups if group[0].isdisjoint(names)]
        members = names.union(*(group[0] for group in touched))
        groups.append((members, [*(other for group in touched for other in group[1]), row]))
    return [own for _names, own in groups]


def draw_closer(
    rows: Sequence[Equation], bounds: Bounds, *, moved: Collection[Hashable], passes: int
) -> None:
    """Draw the bounds closer in place, by each equation that holds a count that moved, until nothing moves.

    Args:
        moved: the counts whose bounds are new.
        passes: the most rounds over the equations. Bounds of a system without a solution could close in for ever.
    """
    for _pass in range(passes):
        # An equation whose counts stand still has nothing new to say.
        moved = {name for row in rows if not row.keys().isdisjoint(moved) for name in _draw(row, bounds)}
        if not moved or any(is_empty(bounds[name]) for name in moved):
            break


def is_empty(bounds: tuple[int, int | None]) -> bool:
    """Whether no count lies within these bounds."""
    return bounds[1] is not None and bounds[1] < bounds[0]


def values_within(bounds: tuple[int, int | None]) -> range:
    """Return the counts to try: all of them, or the lowest ones where there is no highest."""
    low, high = bounds
    return range(low, low + MOST_TRIED if high is None else high + 1)


def one_solution(
    rows: Sequence[Equation], bounds: Mapping[Hashable, tuple[int, int | None]], *, turn: int = 0
) -> dict[Hashable, int] | None:
    """Return counts within the bounds that fulfil every equation, or None where there are none.

    Args:
        rows: equations whose counts all have bounds.
        turn: with which of its values each count is tried first, so that one turn finds other counts than the next.

    Raises:
        SearchGivenUpError: neither was found within `MOST_STEPS` trials.
    """
    steps = iter(range(MOST_STEPS))
    found = _searched(rows, dict(bounds), moved=bounds.keys(), steps=steps, turn=turn)
    return None if found is None else {name: low for name, (low, _high) in found.items()}


def _searched(
    rows: Sequence[Equation], bounds: Bounds, *, moved: Collection[Hashable], steps: Iterator[int], turn: int
) -> Bounds | None:
    """Draw closer, then try the count with the fewest values left, each in turn."""
    if next(steps, None) is None:
        raise SearchGivenUpError
    draw_closer(rows, bounds, moved=moved, passes=len(bounds) + MOST_TRIED)
    if any(is_empty(own) for own in bounds.values()):
        return None
    open_ones = [name for name, (low, high) in bounds.items() if low != high]
    if not open_ones:
        return bounds if all(_holds(row, bounds) for row in rows) else None
    name = min(open_ones, key=lambda one: _width(bounds[one]))
    values = values_within(bounds[name])
    start = turn % len(values)
    for value in (*values[start:], *values[:start]):
        closer = {**bounds, name: (value, value)}
        found = _searched(rows, closer, moved=[name], steps=steps, turn=turn)
        if found is not None:
            return found
    if bounds[name][1] is None:
        raise SearchGivenUpError
    return None


def _width(bounds: tuple[int, int | None]) -> float:
    return float("inf") if bounds[1] is None else bounds[1] - bounds[0]


def _holds(row: Equation, bounds: Bounds) -> bool:
    return not sum(factor * (1 if name is CONSTANT else bounds[name][0]) for name, factor in row.items())


def _draw(row: Equation, bounds: Bounds) -> list[Hashable]:
    """Draw the bounds of the counts of one equation closer, each to what the others leave it; return which moved."""
    parts = {name: _ends(factor, bounds[name]) for name, factor in row.items() if name is not CONSTANT}
    least, most = (_added([part[end] for part in parts.values()]) for end in (0, 1))
    moved = []
    for name, (own_least, own_most) in parts.items():
        # factor x count = -(constant + the others), and the others lie between these two.
        lowest, highest = _rest(least, own_least), _rest(most, own_most)
        ends = [None if end is None else -(row[CONSTANT] + end) for end in (highest, lowest)]
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
    """Return the sum of all ends but a count's own; None where one of them has no end."""
    total, missing = added
    return None if missing > (own is None) else total - (own or 0)


def _inwards(
    bounds: tuple[int, int | None], *, ends: Sequence[int | None], factor: int
) -> tuple[int, int | None]:
    """Return bounds within which factor x count lies between these ends; counts are whole, so they round inwards."""
    low, high = ends if factor > 0 else (ends[1], ends[0])
    lowest = bounds[0] if low is None else max(bounds[0], -(-low // factor))
    highest = bounds[1]
    if high is not None:
        highest = high // factor if highest is None else min(highest, high // factor)
    return lowest, highest
