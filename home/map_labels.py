"""Where labels of a map go: on their district while there is room, else as near as they cover no other one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot

# How far a label may be moved at a time, and how near the edge it may come.
STEP_X, STEP_Y, EDGE = 8, 4, 2


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

    Labels that keep their place are set first, so that none is moved for one that has to move anyway.

    Args:
        taken: what no label may cover, as the inset.
    """
    set_down = list(taken)
    found: dict[int, Box] = {}
    for may_move in (False, True):
        for place, box in enumerate(wanted):
            if place in found:
                continue
            shifts = _shifts(int(width), int(height)) if may_move else [(0.0, 0.0)]
            free = next((one for one in _tried(box, shifts, width, height) if _is_free(one, set_down)), None)
            if free is not None:
                found[place] = free
                set_down.append(free)
    return [found.get(place) for place in range(len(wanted))]


def _is_free(box: Box, others: Iterable[Box]) -> bool:
    return not any(box.covers(other) for other in others)


def _tried(
    box: Box, shifts: Iterable[tuple[float, float]], width: float, height: float
) -> Iterator[Box]:
    """Yield the box at every place within the drawing, the nearest first."""
    if box.width + 2 * EDGE > width or box.height + 2 * EDGE > height:
        return
    for right, down in shifts:
        x = min(max(box.x + right, box.width / 2 + EDGE), width - box.width / 2 - EDGE)
        y = min(max(box.y + down, box.height / 2 + EDGE), height - box.height / 2 - EDGE)
        yield Box(x=x, y=y, width=box.width, height=box.height)


@cache
def _shifts(width: int, height: int) -> tuple[tuple[float, float], ...]:
    found = [
        (float(right), float(down))
        for right in range(-width, width + 1, STEP_X)
        for down in range(-height, height + 1, STEP_Y)
    ]
    return tuple(sorted(found, key=lambda shift: (hypot(*shift), shift)))
