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
    _settled(System(rows), bounds, moved=moved, passes=passes)


class System:
    """Equations made ready to be drawn by again and again: each with its counts, and for each count its equations."""

    def __init__(self, rows: Sequence[Equation]) -> None:
        self.rows = [
            (row[CONSTANT], [(name, one) for name, one in row.items() if name is not CONSTANT])
            for row in rows
        ]
        self.of: dict[Hashable, list[int]] = {}
        for number, (_constant, factors) in enumerate(self.rows):
            for name, _factor in factors:
                self.of.setdefault(name, []).append(number)


def _settled(system: System, bounds: Bounds, *, moved: Collection[Hashable], passes: int) -> bool:
    """Draw the bounds closer in place until nothing moves; return whether every count still has a value left."""
    waiting = {number for name in moved for number in system.of.get(name, ())}
    for _pass in range(passes):
        following: set[int] = set()
        for number in waiting:
            for name in _draw(*system.rows[number], bounds):
                low, high = bounds[name]
                if high is not None and high < low:
                    return False
                # An equation whose counts stand still has nothing new to say.
                following.update(system.of[name])
        if not following:
            return True
        waiting = following
    return True


def is_empty(bounds: tuple[int, int | None]) -> bool:
    """Whether no count lies within these bounds."""
    return bounds[1] is not None and bounds[1] < bounds[0]


def values_within(bounds: tuple[int, int | None]) -> range:
    """Return the counts to try: all of them, or the lowest ones where there is no highest."""
    low, high = bounds
    return range(low, low + MOST_TRIED if high is None else high + 1)


def one_solution(
    rows: Sequence[Equation],
    bounds: Mapping[Hashable, tuple[int, int | None]],
    *,
    is_high_first: bool = False,
) -> dict[Hashable, int] | None:
    """Return counts within the bounds that fulfil every equation, or None where there are none.

    Args:
        rows: equations whose counts all have bounds.
        is_high_first: whether each count is tried from its highest value down: so other counts are found.

    Raises:
        SearchGivenUpError: neither was found within `MOST_STEPS` trials.
    """
    steps = iter(range(MOST_STEPS))
    found = _searched(
        System(rows), dict(bounds), moved=bounds.keys(), steps=steps, is_high_first=is_high_first
    )
    return None if found is None else {name: low for name, (low, _high) in found.items()}


def _searched(
    system: System, bounds: Bounds, *, moved: Collection[Hashable], steps: Iterator[int], is_high_first: bool
) -> Bounds | None:
    """Draw closer, then try the count with the fewest values left, each in turn."""
    if next(steps, None) is None:
        raise SearchGivenUpError
    if not _settled(system, bounds, moved=moved, passes=len(bounds) + MOST_TRIED):
        return None
    open_ones = [name for name, (low, high) in bounds.items() if low != high]
    if not open_ones:
        return bounds if all(_holds(row, bounds) for row in system.rows) else None
    name = min(open_ones, key=lambda one: _width(bounds[one]))
    values = values_within(bounds[name])
    for value in reversed(values) if is_high_first else values:
        closer = {**bounds, name: (value, value)}
        found = _searched(system, closer, moved=[name], steps=steps, is_high_first=is_high_first)
        if found is not None:
            return found
    if bounds[name][1] is None:
        raise SearchGivenUpError
    return None


def _width(bounds: tuple[int, int | None]) -> float:
    return float("inf") if bounds[1] is None else bounds[1] - bounds[0]


def _holds(row: tuple[int, list[tuple[Hashable, int]]], bounds: Bounds) -> bool:
    return row[0] + sum(factor * bounds[name][0] for name, factor in row[1]) == 0


def _draw(constant: int, factors: list[tuple[Hashable, int]], bounds: Bounds) -> list[Hashable]:
    """Draw the bounds of the counts of one equation closer, each to what the others leave it; return which moved.

    This is where a search spends its time, so it adds up in one walk what the others lie between: `least` and `most`
    of those that have an end, and how many have none.
    """
    ends: list[tuple[int | None, int | None]] = []
    least, most, endless_down, endless_up = 0, 0, 0, 0
    for name, factor in factors:
        low, high = bounds[name]
        one, other = factor * low, None if high is None else factor * high
        down, up = (one, other) if factor > 0 else (other, one)
        ends.append((down, up))
        endless_down, least = (endless_down + 1, least) if down is None else (endless_down, least + down)
        endless_up, most = (endless_up + 1, most) if up is None else (endless_up, most + up)
    if endless_down > 1 and endless_up > 1:
        return []
    moved = []
    for (name, factor), (down, up) in zip(factors, ends, strict=True):
        # factor x count = -(constant + the others), and the others lie between these two.
        lowest = None if endless_down > (down is None) else least - (down or 0)
        highest = None if endless_up > (up is None) else most - (up or 0)
        drawn = _inwards(
            bounds[name],
            low=None if highest is None else -(constant + highest),
            high=None if lowest is None else -(constant + lowest),
            factor=factor,
        )
        if drawn != bounds[name]:
            bounds[name] = drawn
            moved.append(name)
    return moved


def _inwards(
    bounds: tuple[int, int | None], *, low: int | None, high: int | None, factor: int
) -> tuple[int, int | None]:
    """Return bounds within which factor x count lies between these ends; counts are whole, so they round inwards."""
    if factor < 0:
        low, high = high, low
    lowest, highest = bounds
    if low is not None:
        lowest = max(lowest, -(-low // factor))
    if high is not None:
        highest = high // factor if highest is None else min(highest, high // factor)
    return lowest, highest
