"""The map of districts on the page of figures, with an inset for those too close together to be labelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist

from django.utils.translation import gettext as _

from complaints.disclosure import PublicCell, PublicReport, city_outlines, public_spans

# From how many tips on a district is drawn darker in a quarter; fixed classes keep two periods of a length comparable.
CLASSES = (5, 50, 100, 150, 200)
OTHERS = {"month": (5, 15, 30, 45, 60), "half": (5, 100, 200, 300, 400), "year": (5, 200, 400, 600, 800)}
WIDTH, HEIGHT = 600, 420
INSET_WIDTH, INSET_HEIGHT = 236, 163
# Labels of two lines need so much room between the middles of two districts.
ROOM = 46
# What a label of one line covers in the inset.
LABEL_WIDTH, LABEL_HEIGHT = 74, 15
DARK = 4


@dataclass(frozen=True, kw_only=True)
class Area:
    """A district on the map: `tone` 1 to 5 by its class, 0 where the number is not told; `is_labelled` on this map."""

    d: str
    x: float
    y: float
    name: str
    text: str
    tone: int
    is_labelled: bool

    @property
    def label_class(self) -> str:
        """How its label is written: white on dark, with a rim on the hatched ground."""
        return " h" if self.tone == 0 else " w" if self.tone >= DARK else ""


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
    classes = OTHERS.get(public_spans(code=report.period.code).kind, CLASSES)
    return DistrictMap(
        width=WIDTH,
        height=HEIGHT,
        areas=_areas(cells, width=WIDTH, height=HEIGHT, labelled=set(middles) - close, classes=classes),
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
    cells: Mapping[str, PublicCell],
    *,
    width: int,
    height: int,
    labelled: set[str],
    classes: Sequence[int],
    focus: Sequence[str] = (),
) -> tuple[Area, ...]:
    return tuple(
        Area(
            d=path.d,
            x=path.middle[0],
            y=path.middle[1],
            name=cells[path.code].name,
            text=cells[path.code].text,
            tone=tone(cells[path.code], classes=classes),
            is_labelled=path.code in labelled,
        )
        for path in city_outlines(width=width, height=height, focus=focus).paths
        if path.code in cells
    )


def _inset(cells: Mapping[str, PublicCell], close: set[str], *, classes: Sequence[int]) -> tuple[Area, ...]:
    focus = sorted(close)
    paths = city_outlines(width=INSET_WIDTH, height=INSET_HEIGHT, focus=focus).paths
    free = uncovered({path.code: path.middle for path in paths if path.code in close})
    return _areas(cells, width=INSET_WIDTH, height=INSET_HEIGHT, labelled=free, classes=classes, focus=focus)


def uncovered(middles: Mapping[str, tuple[float, float]]) -> set[str]:
    """Return those whose label of one line covers none that was set before; the table has the others."""
    free: dict[str, tuple[float, float]] = {}
    for code, (x, y) in middles.items():
        if all(abs(x - left) >= LABEL_WIDTH or abs(y - top) >= LABEL_HEIGHT for left, top in free.values()):
            free[code] = (x, y)
    return set(free)


def tone(cell: PublicCell, *, classes: Sequence[int] = CLASSES) -> int:
    """Return the class of a number, from 1; 0 where it is not told."""
    return 0 if cell.value is None else sum(cell.value >= least for least in classes)


def _key(classes: Sequence[int]) -> list[tuple[int, str]]:
    ends = [f"{low}–{high - 1}" for low, high in pairwise(classes)]
    last = _("%(n)d tips or more") % {"n": classes[-1]}
    return [*enumerate([*ends, last], start=1), (0, _("hidden"))]
