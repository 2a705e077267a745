"""Which tips may be about the same thing: entity, place and matter compared, with the grounds that speak for it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, floor, hypot, radians

from complaints.enums import Ground

# Inside this window a tip may repeat an earlier one that is still open; longer ago it is a new danger.
WINDOW_DAYS = 90
NEAR_METRES = 200
# Points this far apart are two places, whatever the names say: a firm may have several works.
APART_METRES = 2_000
ALIKE = 0.6
UNLIKE = 0.3
ADDRESS_ALIKE = 0.75
# A cell is a little larger than NEAR_METRES anywhere in China, so that near points lie in the same or in the next one.
CELL_LAT, CELL_LNG = 0.002, 0.004
_METRES_PER_DEGREE = 111_320
_LEGAL_FORM = re.compile(r"(股份|有限责任|责任有限|有限|集团|总|分)*公司$")
_PROVINCE = re.compile(r"^\w{2,3}?省(?=\w{2})")
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is compared of a tip; empty values are unknown. `point` is latitude and longitude in GCJ-02."""

    key: int
    received_date: date
    kind: str = ""
    violation: str = ""
    operations: frozenset[str] = frozenset()
    entity: str = ""
    code: str = ""
    town: str = ""
    address: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """An earlier tip and what speaks for its being the same."""

    key: int
    grounds: tuple[Ground, ...]


def plain_entity(name: str, *, regions: Iterable[str] = ()) -> str:
    """Return a name of an entity without spelling, legal form and region: equal results mean the same entity.

    Args:
        regions: names of divisions that often stand before or within a name (市 and 区 may be left out there).
    """
    text = _PROVINCE.sub("", _letters(name))
    for region in regions:
        for spelling in (region, region.rstrip("省市区县")):
            if len(spelling) >= 2 and text.startswith(spelling) and len(text) > len(spelling) + 1:
                text = text.removeprefix(spelling)
    return _LEGAL_FORM.sub("", text) or text


def plain_code(code: str) -> str:
    """Return a unified social credit code as the register writes it."""
    return _letters(code).upper()


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def cell_of(point: tuple[float, float]) -> tuple[int, int]:
    """Return the cell of a grid a point lies in."""
    return floor(point[0] / CELL_LAT), floor(point[1] / CELL_LNG)


def cells_near(point: tuple[float, float]) -> list[tuple[int, int]]:
    """Return the nine cells that hold every point within NEAR_METRES."""
    row, column = cell_of(point)
    return [(row + north, column + east) for north in (-1, 0, 1) for east in (-1, 0, 1)]


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points of one city in metres."""
    north = (one[0] - other[0]) * _METRES_PER_DEGREE
    east = (one[1] - other[1]) * _METRES_PER_DEGREE * cos(radians(one[0]))
    return hypot(north, east)


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1: the share of common pairs of neighbouring characters."""
    pairs, others = _pairs(one), _pairs(other)
    if not pairs or not others:
        return 1.0 if one and one == other else 0.0
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def likenesses(*, tip: Matter, earlier: Iterable[Matter], regions: Iterable[str] = ()) -> list[Likeness]:
    """Return the earlier tips inside the window that this one may repeat, those with most grounds first.

    Two of entity, place and matter must speak for it and none against.
    """
    names = tuple(regions)
    since = tip.received_date - timedelta(days=WINDOW_DAYS)
    inside = [one for one in earlier if since <= one.received_date <= tip.received_date and one.key < tip.key]
    found = [
        Likeness(key=one.key, grounds=grounds)
        for one in inside
        if (grounds := grounds_for(tip=tip, other=one, regions=names))
    ]
    return sorted(found, key=lambda one: (-len(one.grounds), one.key))


def grounds_for(*, tip: Matter, other: Matter, regions: Iterable[str] = ()) -> tuple[Ground, ...]:
    """Return what speaks for two tips being about the same thing; empty unless enough does."""
    likeness = _entity_likeness(tip, other, regions=tuple(regions))
    if _two_places(tip, other) or (likeness is not None and likeness < UNLIKE):
        return ()
    parts = (_entity_ground(likeness), _place_ground(tip, other), _matter_ground(tip, other))
    grounds = tuple(ground for ground in parts if ground is not None)
    return grounds if len(grounds) >= 2 else ()


def _entity_likeness(tip: Matter, other: Matter, *, regions: tuple[str, ...]) -> float | None:
    """Return 0 to 1, None when an entity is not named on both sides. Codes decide where both are known."""
    if tip.code and other.code:
        return 1.0 if plain_code(tip.code) == plain_code(other.code) else 0.0
    one, two = plain_entity(tip.entity, regions=regions), plain_entity(other.entity, regions=regions)
    if not one or not two:
        return None
    alike = similarity(one, two)
    return max(alike, ALIKE) if _contains(one, two) else alike


def _entity_ground(likeness: float | None) -> Ground | None:
    if likeness is None or likeness < ALIKE:
        return None
    return Ground.SAME_ENTITY if likeness == 1 else Ground.ALIKE_ENTITY


def _contains(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= 3 and short in long


def _two_places(tip: Matter, other: Matter) -> bool:
    both = tip.point is not None and other.point is not None
    return both and metres_between(tip.point, other.point) > APART_METRES  # type: ignore[arg-type]  # just tested


def _place_ground(tip: Matter, other: Matter) -> Ground | None:
    if tip.point and other.point and metres_between(tip.point, other.point) <= NEAR_METRES:
        return Ground.NEAR_POINT
    one, two = _letters(tip.address), _letters(other.address)
    same_town = tip.town == other.town or not (tip.town and other.town)
    if same_town and one and two and similarity(one, two) >= ADDRESS_ALIKE:
        return Ground.SAME_ADDRESS
    return None


def _matter_ground(tip: Matter, other: Matter) -> Ground | None:
    if tip.operations & other.operations:
        return Ground.SAME_OPERATION
    if tip.kind and (tip.kind, tip.violation) == (other.kind, other.violation):
        return Ground.SAME_KIND
    return None
