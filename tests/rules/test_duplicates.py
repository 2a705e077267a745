"""Which tips may be about the same thing: what counts as the same entity, place and matter, and what speaks against."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Ground
from complaints.rules.duplicates import (
    NEAR_METRES,
    WINDOW_DAYS,
    Matter,
    cell_of,
    cells_near,
    grounds_for,
    likenesses,
    metres_between,
    plain_code,
    plain_entity,
    similarity,
)

TODAY = date(2026, 3, 10)
REGIONS = ("西安市", "雁塔区")
HERE = (34.2166, 108.9689)
NEAR = (34.2176, 108.9689)  # 111 m north
FAR = (34.2466, 108.9689)  # 3.3 km north


def matter(key: int = 1, **values: Any) -> Matter:
    return Matter(**{"key": key, "received_date": TODAY, **values})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("西安某某金属制品有限公司", "某某金属制品有限责任公司"),
        ("陕西省西安市某某金属制品有限公司", "某某金属制品公司"),
        ("某某（西安）金属制品有限公司", "某某(西安)金属制品 有限公司"),
        ("ＡＢＣ铝业集团股份有限公司", "abc铝业"),
        ("西安雁塔某某铝业", "某某铝业"),
    ],
)
def test_spellings_of_one_entity_are_the_same(one: str, other: str) -> None:
    assert plain_entity(one, regions=REGIONS) == plain_entity(other, regions=REGIONS) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("某某铝制品厂", "某某木制品厂"), ("第一机床厂", "第二机床厂"), ("甲公司", "乙公司")]
)
def test_two_entities_stay_two(one: str, other: str) -> None:
    assert plain_entity(one, regions=REGIONS) != plain_entity(other, regions=REGIONS)


def test_a_name_of_region_and_form_alone_is_not_emptied() -> None:
    assert plain_entity("有限公司") == "有限公司"
    assert plain_entity("西安市", regions=REGIONS) == "西安市"
    assert plain_entity("  ——  ") == ""


def test_a_code_is_read_in_any_spelling() -> None:
    assert plain_code(" 91610131-ma6ty8x47g ") == "91610131MA6TY8X47G"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("科技路18号", "科技路18号", 1.0), ("", "", 0.0), ("a", "a", 1.0), ("ab", "cd", 0.0)],
)
def test_similarity_goes_from_none_to_same(one: str, other: str, alike: float) -> None:
    assert similarity(one, other) == alike


def test_metres_are_metres() -> None:
    assert metres_between(HERE, NEAR) == pytest.approx(111, abs=1)
    assert metres_between(HERE, (HERE[0], HERE[1] + 0.001)) == pytest.approx(92, abs=1)


POINTS = st.tuples(st.floats(18, 53.5), st.floats(74, 135))


@given(one=POINTS, north=st.floats(-0.0018, 0.0018), east=st.floats(-0.003, 0.003))
def test_every_point_nearby_lies_in_one_of_the_nine_cells(
    one: tuple[float, float], north: float, east: float
) -> None:
    other = (one[0] + north, one[1] + east)

    if metres_between(one, other) <= NEAR_METRES:
        assert cell_of(other) in cells_near(one)


# --- what is suggested ---------------------------------------------------------------------------------------------

ENTITY, KIND, PLACE = (
    {"entity": "某某铝制品厂"},
    {"kind": "violation", "violation": "untrained"},
    {"point": HERE},
)


@pytest.mark.parametrize(
    ("tip", "other", "grounds"),
    [
        (ENTITY | PLACE, ENTITY | {"point": NEAR}, (Ground.SAME_ENTITY, Ground.NEAR_POINT)),
        (ENTITY | KIND, ENTITY | KIND, (Ground.SAME_ENTITY, Ground.SAME_KIND)),
        (PLACE | KIND, {"point": NEAR} | KIND, (Ground.NEAR_POINT, Ground.SAME_KIND)),
        (
            ENTITY | PLACE | {"operations": frozenset({"dust", "height"})},
            {"entity": "某某铝制品", "point": NEAR, "operations": frozenset({"dust"})},
            (Ground.ALIKE_ENTITY, Ground.NEAR_POINT, Ground.SAME_OPERATION),
        ),
        (
            KIND | {"address": "科技路 18 号", "town": "1"},
            KIND | {"address": "科技路18号", "town": "1"},
            (Ground.SAME_ADDRESS, Ground.SAME_KIND),
        ),
        (
            KIND | {"code": "91610131MA6TY8X47G", "entity": "甲"},
            KIND | {"code": "91610131MA6TY8X47G", "entity": "乙"},
            (Ground.SAME_ENTITY, Ground.SAME_KIND),
        ),
    ],
)
def test_two_of_entity_place_and_matter_suggest_it(
    tip: dict[str, Any], other: dict[str, Any], grounds: tuple[Ground, ...]
) -> None:
    assert grounds_for(tip=matter(2, **tip), other=matter(1, **other)) == grounds


@pytest.mark.parametrize(
    ("tip", "other"),
    [
        (ENTITY, ENTITY),  # the entity alone: one firm, many dangers
        (PLACE, {"point": NEAR}),
        (KIND, KIND),
        ({}, {}),
        (PLACE | KIND, {"point": FAR} | KIND),
        (ENTITY | KIND | PLACE, ENTITY | KIND | {"point": FAR}),  # two works of one firm
        (ENTITY | PLACE | KIND, {"entity": "长安面粉", "point": NEAR} | KIND),  # the neighbour
        (
            ENTITY | PLACE | {"code": "91610131MA6TY8X47G"},
            ENTITY | PLACE | {"code": "91610000294201286C"},
        ),
        (
            KIND | {"address": "科技路 18 号", "town": "1"},
            KIND | {"address": "科技路 18 号", "town": "2"},
        ),
        (KIND, {"kind": "violation", "violation": "no_licence"} | ENTITY),
    ],
)
def test_less_than_two_or_one_against_suggests_nothing(tip: dict[str, Any], other: dict[str, Any]) -> None:
    assert grounds_for(tip=matter(2, **tip), other=matter(1, **other)) == ()


@pytest.mark.parametrize(
    ("days", "is_suggested"), [(0, True), (WINDOW_DAYS, True), (WINDOW_DAYS + 1, False), (-1, False)]
)
def test_only_earlier_tips_inside_the_window_count(days: int, is_suggested: bool) -> None:
    earlier = matter(1, received_date=TODAY - timedelta(days=days), **ENTITY, **KIND)

    found = likenesses(tip=matter(2, **ENTITY, **KIND), earlier=[earlier])

    assert [one.key for one in found] == [1] * is_suggested


def test_of_one_day_the_later_row_repeats_the_earlier() -> None:
    one, two = matter(1, **ENTITY, **KIND), matter(2, **ENTITY, **KIND)

    assert [like.key for like in likenesses(tip=two, earlier=[one, two])] == [1]
    assert likenesses(tip=one, earlier=[one, two]) == []


def test_more_grounds_come_first() -> None:
    weak, strong = matter(1, **ENTITY, **KIND), matter(2, **ENTITY, **KIND, **PLACE)

    found = likenesses(tip=matter(3, **ENTITY, **KIND, **PLACE), earlier=[weak, strong])

    assert [(one.key, len(one.grounds)) for one in found] == [(2, 3), (1, 2)]
