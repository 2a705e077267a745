"""Where labels of a map go: on their district while there is room, else as near as they cover no other one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import permutations
from math import hypot

# How far a label may be moved at a time, and how near the edge it may come.
STEP_X, STEP_Y, EDGE = 12, 6, 2
# The middle of a district that the label of another one leaves free; how many labels are tried in every order.
SPOT, MOST_ORDERED = 8, 3


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle by its middle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def covers(self, other: "Box") -> bool:
        """Whether both share more than an edge."""
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2
            and abs(self.y - other.y) < (self.height + other.height) / 2
        )

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return its point nearest to a place; the place itself where that lies within."""
        return (
            min(max(x, self.x - self.width / 2), self.x + self.width / 2),
            min(max(y, self.y - self.height / 2), self.y + self.height / 2),
        )


def placed(
    wanted: Sequence[Box], *, width: float, height: float, taken: Iterable[Box] = ()
) -> list[Box | None]:
    """Return where each label stands, in the order given; None where no room is left on a drawing of this size.

    Labels that keep their place are set first, so that none is moved for one that has to move anyway. Those that move
    leave the middles of the others free, and the order that moves them least is taken.

    Args:
        taken: what no label may cover, as the inset.
    """
    return list(_placed(tuple(wanted), width, height, tuple(taken)))


@lru_cache(maxsize=64)
def _placed(
    wanted: tuple[Box, ...], width: float, height: float, taken: tuple[Box, ...]
) -> tuple[Box | None, ...]:
    """Work it out once: for many long words it takes up to half a second, and closed periods stay as they are."""
    board = _Board(wanted=wanted, width=width, height=height)
    set_down, found = [*taken], dict[int, Box]()
    for place, box in enumerate(wanted):
        free = next(
            (one for one in board.tried(box, [(0.0, 0.0)]) if not any(map(one.covers, set_down))), None
        )
        if free is not None:
            found[place] = free
            set_down.append(free)
    movers = [place for place in range(len(wanted)) if place not in found]
    orders = permutations(movers) if len(movers) <= MOST_ORDERED else [tuple(movers)]
    moved = min((board.moved(order, set_down) for order in orders), key=board.cost)
    found |= moved
    return tuple(found.get(place) for place in range(len(wanted)))


@dataclass(frozen=True, kw_only=True)
class _Board:
    """A drawing of this size and the labels that are wanted on it."""

    wanted: tuple[Box, ...]
    width: float
    height: float

    def moved(self, order: Iterable[int], set_down: Iterable[Box]) -> dict[int, Box]:
        """Return where these labels find room one after the other beside those set down already."""
        others, found = [*set_down], dict[int, Box]()
        for place in order:
            spots = [
                Box(x=one.x, y=one.y, width=SPOT, height=SPOT)
                for other, one in enumerate(self.wanted)
                if other != place
            ]
            # Rather on the middle of another one, or behind another label, than nowhere.
            free = self.nearest_free(place, [*others, *spots], seen=others) or self.nearest_free(
                place, others
            )
            if free is not None:
                found[place] = free
                others.append(free)
        return found

    def nearest_free(self, place: int, others: Sequence[Box], *, seen: Sequence[Box] = ()) -> Box | None:
        """Return the place nearest to its own where a label covers none of these.

        Args:
            seen: labels that must not lie between it and its district.
        """
        own = self.wanted[place]
        tried = self.tried(own, _shifts(int(self.width), int(self.height)))
        free = (one for one in tried if not any(map(one.covers, others)))
        return next((one for one in free if not _crosses((own.x, own.y), one, seen)), None)

    def cost(self, found: Mapping[int, Box]) -> tuple[int, float]:
        """Return how much is lost: labels left out count more than any distance."""
        far = sum(hypot(box.x - self.wanted[at].x, box.y - self.wanted[at].y) for at, box in found.items())
        return -len(found), far

    def tried(self, box: Box, shifts: Iterable[tuple[float, float]]) -> Iterator[Box]:
        """Yield the box at every place within the drawing, the nearest first."""
        if box.width + 2 * EDGE > self.width or box.height + 2 * EDGE > self.height:
            return
        for right, down in shifts:
            x = min(max(box.x + right, box.width / 2 + EDGE), self.width - box.width / 2 - EDGE)
            y = min(max(box.y + down, box.height / 2 + EDGE), self.height - box.height / 2 - EDGE)
            yield Box(x=x, y=y, width=box.width, height=box.height)


def _crosses(middle: tuple[float, float], box: Box, others: Sequence[Box]) -> bool:
    """Whether the line from a middle to its label runs below another label; one that stands on the middle is left."""
    (x, y), (right, down) = middle, box.nearest(*middle)
    steps = max(1, int(hypot(right - x, down - y) / SPOT))
    points = [(x + (right - x) * step / steps, y + (down - y) * step / steps) for step in range(1, steps + 1)]
    over = [one for one in others if one.nearest(x, y) != (x, y)]
    return any(one.nearest(*point) == point for one in over for point in points)


@cache
def _shifts(width: int, height: int) -> tuple[tuple[float, float], ...]:
    found = [
        (float(right), float(down))
        for right in range(-width, width + 1, STEP_X)
        for down in range(-height, height + 1, STEP_Y)
    ]
    return tuple(sorted(found, key=lambda shift: (hypot(*shift), shift)))
