"""Places: datum, point in polygon on the shipped outlines, and the map sketch."""

import csv
import json
import math
import random
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from complaints.rules import places
from complaints.rules.places import Datum, LngLat, Outline

DATA = Path(__file__).parents[2] / "complaints" / "data" / "xian"
EARTH_RADIUS_M = 6_371_000
mainland = st.tuples(st.floats(min_value=73.5, max_value=134.5), st.floats(min_value=18.5, max_value=53.5))


@cache
def divisions() -> list[dict[str, str]]:
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def code_by_name() -> dict[str, str]:
    return {row["name"]: row["code"] for row in divisions() if row["level"] == "district"}


@cache
def shipped() -> list[Outline]:
    geojson = json.loads((DATA / "districts.geojson").read_text(encoding="utf-8"))
    return places.parse_outlines(geojson, code_by_name=code_by_name())


def metres(one: LngLat, other: LngLat) -> float:
    """Measure a short way on a sphere, the second opinion for distances."""
    north = math.radians(other.lat - one.lat) * EARTH_RADIUS_M
    east = math.radians(other.lng - one.lng) * EARTH_RADIUS_M * math.cos(math.radians(one.lat))
    return math.hypot(north, east)


def collection(*features: tuple[str, str, list[Any]]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"properties": {"name": name}, "geometry": {"type": kind, "coordinates": coordinates}}
            for name, kind, coordinates in features
        ],
    }


def square(west: float, south: float, side: float) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def outlines_of(*features: tuple[str, str, list[Any]]) -> list[Outline]:
    return places.parse_outlines(
        collection(*features), code_by_name={"A": "100", "B": "200", "C": "300", "D": "400"}
    )


def at(outlines: list[Outline], lng: float, lat: float) -> str | None:
    return places.division_at(lng=lng, lat=lat, outlines=outlines)


def interior_point(outline: Outline) -> LngLat:
    """Find a point well inside: the middle of the longest stretch on some parallel."""
    best, found = 0, LngLat(0, 0)
    box = outline.bbox
    for step in range(1, 40):
        y = box.south + (box.north - box.south) * step // 40 + 1
        crossings = sorted(
            one.x + (y - one.y) * (other.x - one.x) / (other.y - one.y)
            for ring in outline.rings
            for one, other in pairwise(ring)
            if (one.y > y) != (other.y > y)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=True):
            if right - left > best:
                best, found = int(right - left), LngLat((left + right) / 2 / 1e6, y / 1e6)
    return found


# --- datum -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Published results of two independent implementations of the formula.
        (LngLat(116.404, 39.915), LngLat(116.41024449916938, 39.91640428150164)),
        (LngLat(121.5272106, 31.1774276), LngLat(121.531541859215, 31.17530398364597)),
        (LngLat(113.912316, 22.543847), LngLat(113.9171764808363, 22.540796131694766)),
        (LngLat(116.377817, 39.911954), LngLat(116.38404722455657, 39.91334545536069)),
    ],
)
def test_known_points_shift_as_published(wgs84: LngLat, gcj02: LngLat) -> None:
    shifted = places.to_gcj02(lng=wgs84.lng, lat=wgs84.lat, datum=Datum.WGS84)

    assert metres(shifted, gcj02) < 0.01


def test_a_point_already_in_the_datum_stays() -> None:
    assert places.to_gcj02(lng=108.9, lat=34.2, datum=Datum.GCJ02) == LngLat(108.9, 34.2)
    assert places.to_wgs84(lng=108.9, lat=34.2, datum=Datum.WGS84) == LngLat(108.9, 34.2)


@pytest.mark.parametrize(
    ("lng", "lat"), [(2.35, 48.85), (-74.0, 40.7), (151.2, -33.9), (139.7, 35.7), (0.0, 0.0), (180.0, 90.0)]
)
def test_points_outside_china_stay(lng: float, lat: float) -> None:
    assert places.to_gcj02(lng=lng, lat=lat, datum=Datum.WGS84) == LngLat(lng, lat)
    assert places.to_wgs84(lng=lng, lat=lat, datum=Datum.GCJ02) == LngLat(lng, lat)


@settings(deadline=None, max_examples=300)
@given(point=mainland)
def test_round_trip_over_the_mainland_is_under_half_a_metre(point: tuple[float, float]) -> None:
    start = LngLat(*point)

    there = places.to_gcj02(lng=start.lng, lat=start.lat, datum=Datum.WGS84)
    back = places.to_wgs84(lng=there.lng, lat=there.lat, datum=Datum.GCJ02)

    assert metres(start, back) < 0.5
    assert 20 < metres(start, there) < 1500


@settings(deadline=None, max_examples=100)
@given(point=mainland)
def test_round_trip_from_the_other_side(point: tuple[float, float]) -> None:
    start = LngLat(*point)

    there = places.to_wgs84(lng=start.lng, lat=start.lat, datum=Datum.GCJ02)
    back = places.to_gcj02(lng=there.lng, lat=there.lat, datum=Datum.WGS84)

    assert metres(start, back) < 0.5


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("datum", list(Datum))
def test_no_number_is_refused(bad: float, datum: Datum) -> None:
    for lng, lat in ((bad, 34.2), (108.9, bad)):
        with pytest.raises(ValueError, match="finite"):
            places.to_gcj02(lng=lng, lat=lat, datum=datum)
        with pytest.raises(ValueError, match="finite"):
            places.to_wgs84(lng=lng, lat=lat, datum=datum)
        with pytest.raises(ValueError, match="finite"):
            places.division_at(lng=lng, lat=lat, outlines=shipped())


# --- the shipped city ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("landmark", "lng", "lat", "district"),
    [
        ("大雁塔", 108.9642, 34.2186, "雁塔区"),
        ("小寨", 108.9422, 34.2236, "雁塔区"),
        ("兵马俑", 109.2783, 34.3853, "临潼区"),
        ("华清宫", 109.2113, 34.3625, "临潼区"),
        ("阎良城区", 109.2280, 34.6620, "阎良区"),
        ("西安站", 108.9590, 34.2778, "新城区"),
        ("西安北站", 108.9388, 34.3766, "未央区"),
        ("碑林博物馆", 108.9481, 34.2532, "碑林区"),
        ("西安交通大学", 108.9790, 34.2465, "碑林区"),
        ("莲湖公园", 108.9339, 34.2698, "莲湖区"),
        ("半坡博物馆", 109.0518, 34.2733, "灞桥区"),
        ("西安电子科技大学南校区", 108.8330, 34.1230, "长安区"),
        ("高陵城区", 109.0886, 34.5350, "高陵区"),
        ("鄠邑城区", 108.6053, 34.1085, "鄠邑区"),
        ("蓝田县城", 109.3176, 34.1514, "蓝田县"),
        ("周至县城", 108.2017, 34.1637, "周至县"),
        ("周至老县城", 107.7500, 33.7900, "周至县"),
    ],
)
def test_landmarks_measured_by_gps_lie_in_their_district(
    landmark: str, lng: float, lat: float, district: str
) -> None:
    point = places.to_gcj02(lng=lng, lat=lat, datum=Datum.WGS84)

    assert at(shipped(), point.lng, point.lat) == code_by_name()[district], landmark


@pytest.mark.parametrize(
    ("place", "lng", "lat"),
    [
        ("咸阳机场", 108.7576, 34.4371),
        ("渭南", 109.5100, 34.4994),
        ("宝鸡", 107.1450, 34.3690),
        ("Beijing", 116.4074, 39.9042),
        ("nowhere", 0.0, 0.0),
        ("off the globe", 500.0, 500.0),
    ],
)
def test_points_outside_the_city_lie_nowhere(place: str, lng: float, lat: float) -> None:
    assert at(shipped(), lng, lat) is None, place


def test_all_thirteen_districts_have_one_outline() -> None:
    codes = [outline.code for outline in shipped()]

    assert codes == sorted(code_by_name().values())
    assert len(codes) == 13


@pytest.mark.parametrize("code", sorted(code_by_name().values()))
def test_an_interior_point_lies_in_its_own_division_alone(code: str) -> None:
    outline = next(outline for outline in shipped() if outline.code == code)
    point = interior_point(outline)

    found = [item.code for item in shipped() if at([item], point.lng, point.lat)]

    assert found == [code]


def test_the_second_part_of_a_multipolygon_counts() -> None:
    several = [outline for outline in shipped() if len(outline.rings) > 1]
    assert several

    for outline in several:
        for ring in outline.rings:
            part = Outline(code=outline.code, rings=(ring,), bbox=outline.bbox)
            point = interior_point(part)
            assert at(shipped(), point.lng, point.lat) == outline.code


def test_every_shared_corner_goes_to_the_lowest_code() -> None:
    owners: dict[tuple[int, int], set[str]] = {}
    for outline in shipped():
        for ring in outline.rings:
            for point in ring:
                owners.setdefault(point, set()).add(outline.code)
    shared = {point: codes for point, codes in owners.items() if len(codes) > 1}

    wrong = [
        point
        for point, codes in shared.items()
        if at(shipped(), point[0] / 1e6, point[1] / 1e6) != min(codes)
    ]

    assert len(shared) > 500
    assert wrong == []


def test_edges_do_not_depend_on_the_order_of_the_list() -> None:
    corners = [point for outline in shipped() for ring in outline.rings for point in ring][::7]
    shuffled = random.Random(5).sample(shipped(), len(shipped()))

    for order in (shuffled, shipped()[::-1]):
        moved = [
            p for p in corners if at(order, p[0] / 1e6, p[1] / 1e6) != at(shipped(), p[0] / 1e6, p[1] / 1e6)
        ]
        assert moved == []


def test_the_outlines_leave_no_gap_and_do_not_overlap() -> None:
    rng = random.Random(11)
    step = 0.004
    holes, doubles = [], []

    for _ in range(1500):
        lng, lat = rng.uniform(107.7, 109.8), rng.uniform(33.7, 34.74)
        found = [item.code for item in shipped() if at([item], lng, lat)]
        around = [
            at(shipped(), lng + dx, lat + dy) for dx, dy in ((step, 0), (-step, 0), (0, step), (0, -step))
        ]
        if len(found) > 1:
            doubles.append((lng, lat))
        if not found and all(around):
            holes.append((lng, lat))

    assert (holes, doubles) == ([], [])


def test_divisions_form_one_tree_of_valid_codes() -> None:
    by_code = {row["code"]: row for row in divisions()}
    levels = Counter(row["level"] for row in divisions())
    parent_level = {"town": "district", "district": "city"}

    orphans = [
        row["code"]
        for row in divisions()
        if row["level"] in parent_level and by_code[row["parent_code"]]["level"] != parent_level[row["level"]]
    ]
    strangers = [
        row["code"] for row in divisions() if not row["code"].startswith(row["parent_code"].rstrip("0"))
    ]

    assert levels == {"city": 1, "district": 13, "town": 172}
    assert len(by_code) == len(divisions())
    assert (orphans, strangers) == ([], [])


def test_no_code_names_the_city() -> None:
    source = Path(places.__file__).read_text(encoding="utf-8").lower()

    assert not any(word in source for word in ("xi'an", "xian", "西安", "6101"))


# --- edges, holes and rounding on small figures ----------------------------------------


def test_a_shared_edge_goes_to_the_lower_code() -> None:
    outlines = outlines_of(("B", "Polygon", [square(1, 0, 1)]), ("A", "Polygon", [square(0, 0, 1)]))

    assert at(outlines, 1, 0.5) == "100"
    assert at(outlines, 1.000001, 0.5) == "200"
    assert at(outlines, 0.999999, 0.5) == "100"


def test_a_corner_of_four_goes_to_the_lowest_code() -> None:
    outlines = outlines_of(
        ("D", "Polygon", [square(0, 0, 1)]),
        ("C", "Polygon", [square(1, 0, 1)]),
        ("B", "Polygon", [square(0, 1, 1)]),
        ("A", "Polygon", [square(1, 1, 1)]),
    )

    assert at(outlines, 1, 1) == "100"
    assert at(outlines, 1, 0.5) == "300"
    assert at(outlines, 0.5, 1) == "200"


@pytest.mark.parametrize(
    ("lng", "lat"), [(0, 0), (2, 0), (2, 2), (0, 2), (1, 0), (2, 1), (1, 2), (0, 1), (0.3, 0), (0, 1.7)]
)
def test_the_border_belongs_to_the_inside(lng: float, lat: float) -> None:
    outlines = outlines_of(("A", "Polygon", [square(0, 0, 2)]))

    assert at(outlines, lng, lat) == "100"


@pytest.mark.parametrize(
    ("lng", "lat", "expected"),
    [
        (0.5, 0.5, "100"),  # round the hole
        (1.5, 1.5, "200"),  # what fills it
        (1.0, 1.5, "100"),  # the edge of the hole is shared
        (2.5, 1.5, "100"),
        (3.5, 1.5, None),
    ],
)
def test_a_hole_belongs_to_what_fills_it(lng: float, lat: float, expected: str | None) -> None:
    outlines = outlines_of(
        ("A", "Polygon", [square(0, 0, 3), square(1, 1, 1)]), ("B", "Polygon", [square(1, 1, 1)])
    )

    assert at(outlines, lng, lat) == expected


def test_an_empty_hole_is_outside() -> None:
    outlines = outlines_of(("A", "MultiPolygon", [[square(0, 0, 3), square(1, 1, 1)], [square(5, 5, 1)]]))

    assert [at(outlines, *p) for p in ((0.5, 0.5), (1.5, 1.5), (5.5, 5.5), (4, 4))] == [
        "100",
        None,
        "100",
        None,
    ]


def test_a_ray_through_a_corner_counts_once() -> None:
    diamond = [[0, 1], [1, 0], [2, 1], [1, 2], [0, 1]]
    outlines = outlines_of(("A", "Polygon", [diamond]))

    found = [at(outlines, lng, 1) for lng in (-0.1, 0, 0.5, 1, 1.5, 2, 2.1)]

    assert found == [None, "100", "100", "100", "100", "100", None]


def test_a_slanting_edge_is_exact() -> None:
    outlines = outlines_of(("A", "Polygon", [[[0, 0], [3, 1], [3, 0], [0, 0]]]))

    found = [at(outlines, 1.5, lat) for lat in (0.499999, 0.5, 0.500001)]

    assert found == ["100", "100", None]


def test_points_are_rounded_to_whole_micro_degrees() -> None:
    outlines = outlines_of(("A", "Polygon", [square(0, 0, 1)]))

    assert at(outlines, 1.0000004, 0.5) == "100"
    assert at(outlines, 1.0000006, 0.5) is None


def test_no_outlines_no_division() -> None:
    assert at([], 108.9, 34.2) is None


@settings(deadline=None, max_examples=200)
@given(
    lng=st.floats(min_value=107.5, max_value=110),
    lat=st.floats(min_value=33.6, max_value=34.9),
    order=st.permutations(range(13)),
)
def test_the_answer_agrees_with_winding_round_the_point(lng: float, lat: float, order: list[int]) -> None:
    x, y = round(lng * 1e6), round(lat * 1e6)
    inside = []
    for outline in shipped():
        turns = 0.0
        for ring in outline.rings:
            angles = [math.atan2(point.y - y, point.x - x) for point in ring]
            assume((x, y) not in ring)
            turns += sum(math.remainder(after - before, math.tau) for before, after in pairwise(angles))
        inside += [outline.code] if abs(turns) > math.pi else []

    found = places.division_at(lng=lng, lat=lat, outlines=[shipped()[index] for index in order])

    assert found == min(inside, default=None)


# --- reading GeoJSON -------------------------------------------------------------------


def test_outlines_come_sorted_with_boxes() -> None:
    outlines = outlines_of(("B", "Polygon", [square(1, 2, 3)]), ("A", "Polygon", [square(0, 0, 1)]))

    assert [outline.code for outline in outlines] == ["100", "200"]
    assert outlines[1].bbox == (1_000_000, 2_000_000, 4_000_000, 5_000_000)


@pytest.mark.parametrize(
    ("what", "coordinates", "message"),
    [
        ("an open ring", [[[0, 0], [1, 0], [1, 1], [0, 1]]], "end where it starts"),
        ("a short ring", [[[0, 0], [1, 0], [0, 0]]], "4 positions"),
        ("a flat ring", [[[0, 0], [1, 0], [2, 0], [0, 0]]], "encloses nothing"),
        ("a text", [[["0", 0], [1, 0], [1, 1], ["0", 0]]], "not a position"),
        ("off the globe", [[[0, 0], [181, 0], [1, 1], [0, 0]]], "not a position"),
        ("no number", [[[0, 0], [math.nan, 0], [1, 1], [0, 0]]], "not a position"),
        ("no ring list", ["ring"], "4 positions"),
        ("no ring", [], "no ring"),
    ],
)
def test_bad_rings_are_refused(what: str, coordinates: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        outlines_of(("A", "Polygon", coordinates))


@pytest.mark.parametrize(
    ("geojson", "message"),
    [
        ({"type": "Feature"}, "FeatureCollection"),
        ({"type": "FeatureCollection"}, "FeatureCollection"),
        ({"type": "FeatureCollection", "features": [7]}, "needs a name"),
        ({"type": "FeatureCollection", "features": [{"properties": {}}]}, "needs a name"),
        (collection(("A", "Point", [0, 0])), "only Polygon"),
        (collection(("Z", "Polygon", [square(0, 0, 1)])), "'Z'"),
        (
            collection(("A", "Polygon", [square(0, 0, 1)]), ("A", "Polygon", [square(2, 0, 1)])),
            "two outlines",
        ),
        (collection(("A", "MultiPolygon", [7])), "4 positions"),
    ],
)
def test_bad_collections_are_refused(geojson: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        places.parse_outlines(geojson, code_by_name={"A": "100"})


# --- sketch ----------------------------------------------------------------------------


def numbers(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def test_the_sketch_fits_and_keeps_its_margin() -> None:
    sketch = places.outline_paths(outlines=shipped(), width=320, height=240, margin=6)
    spots = [spot for path in sketch.paths for spot in numbers(path.d)]

    xs, ys = [x for x, _ in spots], [y for _, y in spots]

    assert (sketch.width, sketch.height, len(sketch.paths)) == (320, 240, 13)
    assert min(xs) == pytest.approx(6, abs=0.1)
    assert max(xs) == pytest.approx(314, abs=0.1)
    assert min(ys) >= 6
    assert max(ys) <= 234


def test_north_is_up_and_scale_is_true() -> None:
    sketch = places.outline_paths(
        outlines=outlines_of(("A", "Polygon", [square(0, 59.5, 1)])), width=208, height=108
    )

    spots = numbers(sketch.paths[0].d)
    wide = max(x for x, _ in spots) - min(x for x, _ in spots)
    high = max(y for _, y in spots) - min(y for _, y in spots)

    assert high == pytest.approx(100, abs=0.2)
    assert wide == pytest.approx(50, abs=0.5)  # a degree of longitude at 60° north is half as long


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (LngLat(0, 1), (4.0, 4.0)),
        (LngLat(1, 0), (104.0, 104.0)),
        (LngLat(0.5, 0.5), (54.0, 54.0)),
        (LngLat(9, 9), None),
        (None, None),
    ],
)
def test_the_point_stands_where_it_belongs(
    point: LngLat | None, expected: tuple[float, float] | None
) -> None:
    sketch = places.outline_paths(
        outlines=outlines_of(("A", "Polygon", [square(0, 0, 1)])), width=108, height=108, point=point
    )

    if expected is None:
        assert sketch.point is None
    else:
        assert sketch.point == pytest.approx(expected, abs=0.1)


def test_further_points_are_drawn_in_their_order_and_left_out_off_the_drawing() -> None:
    outlines = outlines_of(("A", "Polygon", [square(1, 1, 2)]))

    sketch = places.outline_paths(
        outlines=outlines,
        width=100,
        height=100,
        margin=0,
        points=[LngLat(2, 2), LngLat(50, 2), LngLat(1, 3)],
    )

    assert sketch.spots[0] == pytest.approx((50, 50), abs=0.2)
    assert sketch.spots[1] is None
    assert sketch.spots[2] == pytest.approx((0, 0), abs=0.2)
    assert sketch.paths[0].middle == pytest.approx((50, 50), abs=0.2)


def test_without_outlines_no_point_has_a_spot() -> None:
    sketch = places.outline_paths(outlines=[], width=100, height=100, points=[LngLat(1, 1)] * 2)

    assert sketch.spots == (None, None)


def test_each_ring_is_one_closed_subpath() -> None:
    outlines = outlines_of(("A", "Polygon", [square(0, 0, 3), square(1, 1, 1)]))

    (path,) = places.outline_paths(outlines=outlines, width=100, height=100).paths

    assert re.fullmatch(r"(M[\d. ]+(L[\d. ]+){3}Z){2}", path.d)


def test_a_sketch_of_nothing_is_empty_and_a_tiny_one_refused() -> None:
    empty = places.outline_paths(outlines=[], width=100, height=100, point=LngLat(1, 1))

    assert (empty.paths, empty.point) == ((), None)
    with pytest.raises(ValueError, match="no room"):
        places.outline_paths(outlines=[], width=8, height=100)


def test_the_sketch_is_small_enough_for_a_page() -> None:
    sketch = places.outline_paths(outlines=shipped(), width=320, height=240)

    assert sum(len(path.d) for path in sketch.paths) < 24_000


def test_a_sketch_fits_the_outline_it_is_about() -> None:
    whole = places.outline_paths(outlines=shipped(), width=400, height=250)
    code = code_by_name()["灞桥区"]

    close = places.outline_paths(outlines=shipped(), width=400, height=250, focus={code}, margin=10)

    assert [path.code for path in close.paths] == [path.code for path in whole.paths]
    assert _extent(close, code) > 3 * _extent(whole, code)
    assert 0 < _extent(close, code) <= 230


def test_a_sketch_about_an_unknown_outline_shows_all() -> None:
    whole = places.outline_paths(outlines=shipped(), width=400, height=250)

    assert places.outline_paths(outlines=shipped(), width=400, height=250, focus={"000000"}) == whole


def _extent(sketch: places.MapSketch, code: str) -> float:
    """Return how many pixels high one outline is drawn."""
    path = next(path.d for path in sketch.paths if path.code == code)
    ys = [float(pair.split(" ")[1]) for pair in re.findall(r"[\d.-]+ [\d.-]+", path)]
    return max(ys) - min(ys)
