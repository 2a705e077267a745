"""Find the division a point lies in, and sketch the outlines for a small map."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, Self

MICRO = 1_000_000  # whole micro-degrees (about 11 cm) make edges exact
RING_MIN_POSITIONS = 4

# The public description of GCJ-02: Krasovsky 1940 and the box inside which it shifts.
SEMI_MAJOR_M = 6_378_245.0
ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
SHIFTED_LNG = (72.004, 137.8347)
SHIFTED_LAT = (0.8293, 55.8271)
INVERSE_ROUNDS = 10
INVERSE_DEGREES = 1e-9


class Datum(StrEnum):
    """Coordinate system a point was measured in."""

    WGS84 = "WGS84"
    GCJ02 = "GCJ02"


class LngLat(NamedTuple):
    """A point in degrees, longitude first."""

    lng: float
    lat: float


class MicroPoint(NamedTuple):
    """A point in whole micro-degrees, longitude first."""

    x: int
    y: int


class Box(NamedTuple):
    """The smallest rectangle round an outline, in micro-degrees, edges included."""

    west: int
    south: int
    east: int
    north: int


Ring = tuple[MicroPoint, ...]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """One division's closed rings, holes among them, read by the even-odd rule."""

    code: str
    rings: tuple[Ring, ...]
    bbox: Box


@dataclass(frozen=True, kw_only=True)
class SketchPath:
    """One division as the `d` of an SVG path, to draw with fill-rule evenodd; `middle` of its box in pixels."""

    code: str
    d: str
    middle: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class MapSketch:
    """Outlines, one point and further `spots` in pixels of a drawing, y downwards; None for what lies off it."""

    width: int
    height: int
    paths: tuple[SketchPath, ...]
    point: tuple[float, float] | None
    spots: tuple[tuple[float, float] | None, ...] = ()


def to_gcj02(*, lng: float, lat: float, datum: Datum) -> LngLat:
    """Return the point in GCJ-02, in degrees; unchanged outside China.

    Raises:
        ValueError: a coordinate is not a finite number.
    """
    point = _finite(lng, lat)
    return point if datum is Datum.GCJ02 else _shifted_if_in_china(point)


def to_wgs84(*, lng: float, lat: float, datum: Datum) -> LngLat:
    """Return the point in WGS-84, in degrees; unchanged outside China.

    GCJ-02 has no closed inverse: the shift is taken back until it fits, which
    leaves far less than half a metre.

    Raises:
        ValueError: a coordinate is not a finite number.
    """
    point = _finite(lng, lat)
    if datum is Datum.WGS84 or not _is_shifted(point):
        return point
    return _unshifted(point)


def parse_outlines(geojson: Mapping[str, object], *, code_by_name: Mapping[str, str]) -> list[Outline]:
    """Read a GeoJSON FeatureCollection of named polygons, sorted by code.

    Args:
        geojson: features of type Polygon or MultiPolygon with a property `name`.
        code_by_name: division code for each name; further names are ignored.

    Raises:
        ValueError: unknown or repeated name, another geometry, an open, flat or
            too short ring, a coordinate that is no number or off the globe.
    """
    features = geojson.get("features")
    if geojson.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise ValueError("outlines must be a GeoJSON FeatureCollection")
    outlines = sorted((_outline(feature, code_by_name) for feature in features), key=_by_code)
    for one, other in pairwise(outlines):
        if one.code == other.code:
            raise ValueError(f"two outlines for {one.code}")
    return outlines


def division_at(*, lng: float, lat: float, outlines: Iterable[Outline]) -> str | None:
    """Return the code of the division the point lies in, or None outside all.

    The point must be in the datum of the outlines. It is rounded to whole
    micro-degrees; edges belong to the inside, so that a point on a shared edge
    lies in two divisions and goes to the lower code, in whatever order they come.

    Raises:
        ValueError: a coordinate is not a finite number.
    """
    point = _micro(_finite(lng, lat))
    return min((outline.code for outline in outlines if _contains(outline, point)), default=None)


def outline_paths(
    *,
    outlines: Sequence[Outline],
    width: int,
    height: int,
    point: LngLat | None = None,
    points: Sequence[LngLat] = (),
    margin: int = 4,
    focus: Collection[str] = (),
) -> MapSketch:
    """Draw the outlines into `width` × `height` pixels, north up and true to scale.

    Args:
        point: a place in the datum of the outlines; left out when off the drawing.
        points: further places; `spots` of the sketch are theirs, in the same order.
        margin: pixels kept free on every side.
        focus: codes to fit the drawing to; the others run over its edge. All of them when empty.

    Raises:
        ValueError: the drawing is smaller than its margins.
    """
    if min(width, height) <= 2 * margin:
        raise ValueError(f"no room for a map in {width} × {height}")
    if not outlines:
        return MapSketch(width=width, height=height, paths=(), point=None, spots=(None,) * len(points))
    fitted = [outline for outline in outlines if outline.code in focus] or outlines
    canvas = _Canvas.fitting(fitted, width=width, height=height, margin=margin)
    paths = tuple(canvas.sketch(item) for item in outlines)
    spot = canvas.spot(point) if point else None
    spots = tuple(canvas.spot(one) for one in points)
    return MapSketch(width=width, height=height, paths=paths, point=spot, spots=spots)


# --- datum -----------------------------------------------------------------------------


def _finite(lng: float, lat: float) -> LngLat:
    if not (math.isfinite(lng) and math.isfinite(lat)):
        raise ValueError("coordinates must be finite numbers")
    return LngLat(lng, lat)


def _is_shifted(point: LngLat) -> bool:
    west, east = SHIFTED_LNG
    south, north = SHIFTED_LAT
    return west <= point.lng <= east and south <= point.lat <= north


def _shifted_if_in_china(point: LngLat) -> LngLat:
    return _shifted(point) if _is_shifted(point) else point


def _shifted(point: LngLat) -> LngLat:
    x, y = point.lng - 105.0, point.lat - 35.0
    latitude = math.radians(point.lat)
    flattening = 1 - ECCENTRICITY_SQUARED * math.sin(latitude) ** 2
    meridian = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / flattening**1.5
    parallel = SEMI_MAJOR_M / math.sqrt(flattening) * math.cos(latitude)
    return LngLat(
        point.lng + math.degrees(_metres_east(x, y) / parallel),
        point.lat + math.degrees(_metres_north(x, y) / meridian),
    )


def _unshifted(point: LngLat) -> LngLat:
    guess = point
    for _ in range(INVERSE_ROUNDS):
        again = _shifted(guess)
        off_lng, off_lat = again.lng - point.lng, again.lat - point.lat
        guess = LngLat(guess.lng - off_lng, guess.lat - off_lat)
        if max(abs(off_lng), abs(off_lat)) < INVERSE_DEGREES:
            break
    return guess


def _waves(value: float, *parts: tuple[float, float]) -> float:
    """Sum amplitude × sin(value × π × frequency), in the units of the formula."""
    return sum(amplitude * math.sin(value * math.pi * frequency) for amplitude, frequency in parts) * 2 / 3


def _metres_east(x: float, y: float) -> float:
    plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return plain + _waves(x, (20, 6), (20, 2), (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))


def _metres_north(x: float, y: float) -> float:
    plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return plain + _waves(x, (20, 6), (20, 2)) + _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))


# --- outlines --------------------------------------------------------------------------


def _by_code(outline: Outline) -> str:
    return outline.code


def _micro(point: LngLat) -> MicroPoint:
    return MicroPoint(round(point.lng * MICRO), round(point.lat * MICRO))


def _outline(feature: object, code_by_name: Mapping[str, str]) -> Outline:
    name, geometry = _named_geometry(feature)
    if name not in code_by_name:
        raise ValueError(f"no division is called {name!r}")
    rings = tuple(_ring(positions, name) for positions in _ring_lists(geometry, name))
    if not rings:
        raise ValueError(f"{name}: no ring")
    xs = [point.x for ring in rings for point in ring]
    ys = [point.y for ring in rings for point in ring]
    return Outline(code=code_by_name[name], rings=rings, bbox=Box(min(xs), min(ys), max(xs), max(ys)))


def _named_geometry(feature: object) -> tuple[str, Mapping[str, object]]:
    match feature:
        case {
            "properties": {"name": str(name)},
            "geometry": {"type": str(), "coordinates": list()} as geometry,
        }:
            return name, geometry
    raise ValueError("a feature needs a name and a geometry with coordinates")


def _ring_lists(geometry: Mapping[str, object], name: str) -> Iterator[object]:
    match geometry:
        case {"type": "Polygon", "coordinates": list(rings)}:
            yield from rings
        case {"type": "MultiPolygon", "coordinates": list(polygons)}:
            for rings in polygons:
                yield from rings if isinstance(rings, list) else [rings]
        case _:
            raise ValueError(f"{name}: only Polygon and MultiPolygon are outlines")


def _ring(positions: object, name: str) -> Ring:
    if not isinstance(positions, list) or len(positions) < RING_MIN_POSITIONS:
        raise ValueError(f"{name}: a ring needs {RING_MIN_POSITIONS} positions")
    ring = tuple(_position(position, name) for position in positions)
    if ring[0] != ring[-1]:
        raise ValueError(f"{name}: a ring must end where it starts")
    if not sum(one.x * other.y - other.x * one.y for one, other in pairwise(ring)):
        raise ValueError(f"{name}: a ring encloses nothing")
    return ring


def _position(position: object, name: str) -> MicroPoint:
    match position:
        case [int() | float() as lng, int() | float() as lat, *_] if abs(lng) <= 180 and abs(lat) <= 90:
            return _micro(_finite(lng, lat))
    raise ValueError(f"{name}: not a position on the globe: {position!r}")


def _contains(outline: Outline, point: MicroPoint) -> bool:
    box = outline.bbox
    if not (box.west <= point.x <= box.east and box.south <= point.y <= box.north):
        return False
    inside = False
    for one, other in _edges_at(outline, point.y):
        side = _side(one, other, point)
        if side == 0 and _spans(one, other, point):
            return True
        if (one.y > point.y) != (other.y > point.y) and (side > 0) == (other.y > one.y):
            inside = not inside
    return inside


def _edges_at(outline: Outline, y: int) -> Iterator[tuple[MicroPoint, MicroPoint]]:
    """Yield the edges that touch one parallel; no other can matter, and most do not."""
    for ring in outline.rings:
        for one, other in pairwise(ring):
            if one.y <= y <= other.y or other.y <= y <= one.y:
                yield one, other


def _side(one: MicroPoint, other: MicroPoint, point: MicroPoint) -> int:
    """Return > 0 left of the line from one to other, < 0 right of it, 0 on it: exact."""
    return (other.x - one.x) * (point.y - one.y) - (other.y - one.y) * (point.x - one.x)


def _spans(one: MicroPoint, other: MicroPoint, point: MicroPoint) -> bool:
    return min(one.x, other.x) <= point.x <= max(one.x, other.x) and (
        min(one.y, other.y) <= point.y <= max(one.y, other.y)
    )


# --- sketch ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Canvas:
    """An equirectangular projection of one bounding box into pixels."""

    width: int
    height: int
    left: float
    top: float
    box: Box
    pixels_per_x: float
    pixels_per_y: float

    @classmethod
    def fitting(cls, outlines: Sequence[Outline], *, width: int, height: int, margin: int) -> Self:
        boxes = [outline.bbox for outline in outlines]
        box = Box(
            min(item.west for item in boxes),
            min(item.south for item in boxes),
            max(item.east for item in boxes),
            max(item.north for item in boxes),
        )
        narrowing = math.cos(math.radians((box.south + box.north) / 2 / MICRO))
        wide, high = (box.east - box.west) * narrowing, float(box.north - box.south)
        scale = min((width - 2 * margin) / wide, (height - 2 * margin) / high)
        return cls(
            width=width,
            height=height,
            left=(width - wide * scale) / 2,
            top=(height - high * scale) / 2,
            box=box,
            pixels_per_x=scale * narrowing,
            pixels_per_y=scale,
        )

    def place(self, point: MicroPoint) -> tuple[float, float]:
        x = self.left + (point.x - self.box.west) * self.pixels_per_x
        y = self.top + (self.box.north - point.y) * self.pixels_per_y
        return round(x, 1), round(y, 1)

    def spot(self, point: LngLat) -> tuple[float, float] | None:
        x, y = self.place(_micro(_finite(*point)))
        return (x, y) if 0 <= x <= self.width and 0 <= y <= self.height else None

    def sketch(self, outline: Outline) -> SketchPath:
        box = outline.bbox
        middle = self.place(MicroPoint((box.west + box.east) // 2, (box.south + box.north) // 2))
        d = "".join(self._ring_path(ring) for ring in outline.rings)
        return SketchPath(code=outline.code, d=d, middle=middle)

    def _ring_path(self, ring: Ring) -> str:
        spots = [self.place(point) for point in ring]
        kept = [spot for before, spot in pairwise(spots) if spot != before]
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept or spots[:1]) + "Z"
