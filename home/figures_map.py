"""The map of districts on the page of figures, with an inset for those too close together to be labelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist
from typing import Any

from django.utils.translation import gettext as _

from complaints.disclosure import PublicCell, PublicReport, city_outlines
from portal.shared.lettering import width_of

from .map_labels import Box, placed

# Five tones; fewer numbers are never told.
MOST_CLASSES, LEAST_TOLD = 5, 5
# Widths of a class that read well, times a power of ten.
NICE = (10, 15, 20, 25, 30, 40, 50, 60, 80)
WIDTH, HEIGHT = 600, 420
INSET_WIDTH, INSET_HEIGHT = 280, 172
INSET = Box(x=14 + INSET_WIDTH / 2, y=8 + INSET_HEIGHT / 2, width=INSET_WIDTH, height=INSET_HEIGHT)
# Labels of two lines need so much room between the middles of two districts.
ROOM = 46
# The height of labels of one line and of two.
ONE_LINE, TWO_LINES = 16, 33
DARK = 4
# What the table beside the map says and a map need not: every label names a district or a county.
ENDINGS = (" District", " County")


@dataclass(frozen=True, kw_only=True)
class Area:
    """A district on the map: `tone` 1 to 5 by its class, 0 where the number is not told.

    `x` and `y` are its middle, `box` where its label stands on this map, None where it has none here. `is_inset` where
    labels are wider than their districts.
    """

    d: str
    x: float
    y: float
    name: str
    text: str
    tone: int
    box: Box | None
    is_inset: bool

    @property
    def label(self) -> str:
        """Its name as a map writes it."""
        return short(self.name)

    @property
    def label_class(self) -> str:
        """How its label is written: white on dark; with a rim where it may stand on more than its own ground."""
        if self.tone == 0 or self.is_inset or self.is_moved:
            return " h"
        return " w" if self.tone >= DARK else ""

    @property
    def is_moved(self) -> bool:
        """Whether its label does not stand on its middle."""
        return self.box is not None and dist((self.x, self.y), (self.box.x, self.box.y)) > 1

    @property
    def leader(self) -> tuple[float, float] | None:
        """The point of its label nearest to its middle, where a line shows whose label it is."""
        if self.box is None or not self.is_moved:
            return None
        end = self.box.nearest(self.x, self.y)
        return None if end == (self.x, self.y) else end


@dataclass(frozen=True, kw_only=True)
class DistrictMap:
    """The map with its key (tone and words of each class); `inset` is empty where every label has room."""

    width: int
    height: int
    areas: tuple[Area, ...]
    inset: tuple[Area, ...]
    inset_width: int
    inset_height: int
    key: tuple[tuple[int, str], ...]


def district_map(report: PublicReport) -> DistrictMap | None:
    """Return the map of a period; None while the city has no outlines."""
    cells = {cell.code: cell for cell in report.rows["district"]}
    middles = {
        path.code: path.middle
        for path in city_outlines(width=WIDTH, height=HEIGHT).paths
        if path.code in cells
    }
    if not middles:
        return None
    close = crowded(middles)
    classes = classes_of([cell.value for cell in cells.values() if cell.value is not None])
    return DistrictMap(
        width=WIDTH,
        height=HEIGHT,
        areas=_areas(cells, labelled=set(middles) - close, classes=classes, has_inset=bool(close)),
        inset=_inset(cells, close, classes=classes) if close else (),
        inset_width=INSET_WIDTH,
        inset_height=INSET_HEIGHT,
        key=tuple(_key(classes)),
    )


def crowded(middles: Mapping[str, tuple[float, float]]) -> set[str]:
    """Return the districts whose labels would touch another one's."""
    return {
        code
        for code, middle in middles.items()
        if any(other != code and dist(middle, place) < ROOM for other, place in middles.items())
    }


def _areas(
    cells: Mapping[str, PublicCell], *, labelled: set[str], classes: Sequence[int], has_inset: bool
) -> tuple[Area, ...]:
    paths = {
        path.code: path for path in city_outlines(width=WIDTH, height=HEIGHT).paths if path.code in cells
    }
    wanted = {code: _two_lines(cells[code], *paths[code].middle) for code in paths if code in labelled}
    boxes = placed([*wanted.values()], width=WIDTH, height=HEIGHT, taken=[INSET] if has_inset else [])
    return _drawn(cells, paths, dict(zip(wanted, boxes, strict=True)), classes=classes, is_inset=False)


def _inset(cells: Mapping[str, PublicCell], close: set[str], *, classes: Sequence[int]) -> tuple[Area, ...]:
    outlines = city_outlines(width=INSET_WIDTH, height=INSET_HEIGHT, focus=sorted(close))
    paths = {path.code: path for path in outlines.paths if path.code in cells}
    wanted = {code: _one_line(cells[code], *paths[code].middle) for code in paths if code in close}
    boxes = placed([*wanted.values()], width=INSET_WIDTH, height=INSET_HEIGHT)
    return _drawn(cells, paths, dict(zip(wanted, boxes, strict=True)), classes=classes, is_inset=True)


def _drawn(
    cells: Mapping[str, PublicCell],
    paths: Mapping[str, Any],
    boxes: Mapping[str, Box | None],
    *,
    classes: Sequence[int],
    is_inset: bool,
) -> tuple[Area, ...]:
    return tuple(
        Area(
            d=path.d,
            x=path.middle[0],
            y=path.middle[1],
            name=cells[code].name,
            text=cells[code].text,
            tone=tone(cells[code], classes=classes),
            box=boxes.get(code),
            is_inset=is_inset,
        )
        for code, path in paths.items()
    )


def _two_lines(cell: PublicCell, x: float, y: float) -> Box:
    wide = max(width_of(short(cell.name)), width_of(cell.text))
    return Box(x=x, y=y, width=wide, height=TWO_LINES)


def _one_line(cell: PublicCell, x: float, y: float) -> Box:
    return Box(x=x, y=y, width=width_of(f"{short(cell.name)} {cell.text}"), height=ONE_LINE)


def short(name: str) -> str:
    """Return a name as a map writes it."""
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def classes_of(told: Sequence[int]) -> tuple[int, ...]:
    """Return from how many tips on a district is drawn in each tone, from the lightest: five steps of a round width.

    The lowest number has the first tone, the highest the last. What is hidden has no part in it: the key would tell of
    it. Fewer classes where the numbers are too close together, none where nothing is told.
    """
    if not told:
        return ()
    low, high = min(told), max(told)
    width = _nice((high - low) // (MOST_CLASSES - 1))
    first = low // width * width
    steps = range(first, min(high, first + width * (MOST_CLASSES - 1)) + 1, width)
    return (max(first, LEAST_TOLD), *steps[1:])


def _nice(most: int) -> int:
    """Return the widest round step that is not wider than this; 1 at least."""
    if most < NICE[0]:
        return max(1, most)
    scale: int = 10 ** (len(str(most)) - 2)
    return max(step for step in NICE if step * scale <= most) * scale


def tone(cell: PublicCell, *, classes: Sequence[int]) -> int:
    """Return the class of a number, from 1; 0 where it is not told."""
    return 0 if cell.value is None else sum(cell.value >= least for least in classes)


def _key(classes: Sequence[int]) -> list[tuple[int, str]]:
    ends = [f"{low}–{high - 1}" if low < high - 1 else str(low) for low, high in pairwise(classes)]
    last = [_("%(n)d tips or more") % {"n": least} for least in classes[-1:]]
    return [*enumerate([*ends, *last], start=1), (0, _("hidden"))]
