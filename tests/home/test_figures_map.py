"""The map of districts: classes of numbers, labels that do not touch, an inset for what lies close together."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from complaints.disclosure import PublicCell, public_report
from complaints.models import Division
from complaints.rules.small_cells import Hidden
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.figures_map import (
    HEIGHT,
    INSET,
    INSET_HEIGHT,
    INSET_WIDTH,
    ROOM,
    WIDTH,
    Area,
    classes_of,
    crowded,
    district_map,
    short,
    tone,
)
from home.map_labels import Box
from tests.complaints.stats.rows import tips
from tests.factories import noon
from tests.fixtures import YANTA, City, city, load_divisions, vault

__all__ = ["city", "vault"]
NUMBERS = ("02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "22", "24")


def cell(value: int | None) -> PublicCell:
    return PublicCell(code="x", name="未央区", value=value, hidden=Hidden.FEW if value is None else None)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], ()),
        ([7], (7,)),
        ([7, 7, 7], (7,)),
        ([5, 6, 8], (5, 6, 7, 8)),
        ([5, 9, 14, 27], (5, 10, 15, 20, 25)),
        ([30, 61, 118, 257], (5, 50, 100, 150, 200)),
        ([180, 200, 257], (180, 195, 210, 225, 240)),
        ([9, 1379], (5, 300, 600, 900, 1200)),
    ],
)
def test_classes_follow_the_numbers_of_the_period(told: list[int], expected: tuple[int, ...]) -> None:
    assert classes_of(told) == expected


def test_a_number_that_is_not_told_has_no_tone() -> None:
    assert tone(cell(None), classes=(5, 10)) == 0


TOLD = st.lists(st.integers(5, 20_000), min_size=1, max_size=13)


@given(TOLD)
def test_the_fewest_have_the_first_tone_and_the_most_the_last(told: list[int]) -> None:
    classes = classes_of(told)

    tones = [tone(cell(value), classes=classes) for value in sorted(told)]
    assert tones == sorted(tones)
    assert (tones[0], tones[-1]) == (1, len(classes))
    assert len(classes) == min(5, max(told) - min(told) + 1)
    assert classes == tuple(sorted(set(classes)))


@pytest.mark.django_db
def test_the_key_knows_nothing_of_what_is_hidden(city: City) -> None:
    load_divisions(districts={f"6101{number}" for number in NUMBERS})
    for place, code in enumerate(f"6101{number}" for number in NUMBERS):
        tips(20 + place * 7, unit=city.yanta, day=date(2026, 3, 9), district_id=code)
    freeze(span=span_of("2026-03"), at=noon(date(2026, 4, 10)))
    report = public_report(code="2026-03")
    assert report is not None
    rows = {one.code: one for one in report.rows["district"]}
    largest = max(rows.values(), key=lambda one: one.value or 0)
    hidden = replace(largest, value=None, hidden=Hidden.FEW)

    def key(cells: Iterable[PublicCell]) -> list[str]:
        found = district_map(replace(report, rows={**report.rows, "district": tuple(cells)}))
        assert found is not None
        return [words for _tone, words in found.key]

    assert key(rows.values()) == ["20–39", "40–59", "60–79", "80–99", "100 件以上", "隐去"]
    rest = [one for one in rows.values() if one is not largest]
    assert key([*rest, hidden]) == [*map(str, key(rest))]


def test_what_lies_apart_needs_no_inset() -> None:
    assert crowded({"a": (0, 0), "b": (ROOM, 0), "c": (0, 2 * ROOM)}) == set()


def test_what_lies_close_goes_into_the_inset() -> None:
    assert crowded({"a": (0, 0), "b": (ROOM - 1, 0), "c": (0, 3 * ROOM)}) == {"a", "b"}


@pytest.mark.django_db
def test_the_map_of_the_whole_city(city: City) -> None:
    load_divisions(districts={f"6101{number}" for number in NUMBERS})
    tips(70, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA)
    freeze(span=span_of("2026-03"), at=noon(date(2026, 4, 10)))
    report = public_report(code="2026-03")
    assert report is not None

    found = district_map(report)

    assert found is not None
    assert len(found.areas) == len(NUMBERS)
    assert next(area for area in found.areas if area.name == "雁塔区").text == "不单列"
    check_labels(found.areas, found.inset)


def check_labels(areas: tuple[Area, ...], inset: tuple[Area, ...]) -> None:
    """Every district has one label, on the map or in the inset; none covers another one or runs over an edge."""
    outside, inside = ([area for area in some if area.box is not None] for some in (areas, inset))
    assert sorted(area.name for area in (*outside, *inside)) == sorted(area.name for area in areas)
    for some, width, height in ((outside, WIDTH, HEIGHT), (inside, INSET_WIDTH, INSET_HEIGHT)):
        boxes = [area.box for area in some if area.box is not None]
        for place, box in enumerate(boxes):
            assert not any(box.covers(other) for other in boxes[:place]), some[place].name
            assert box.width / 2 <= box.x <= width - box.width / 2, some[place].name
            assert box.height / 2 <= box.y <= height - box.height / 2, some[place].name
    assert not [area.name for area in outside if area.box is not None and area.box.covers(INSET)]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["told", "hidden", "large"])
def test_every_district_is_named_in_both_languages(city: City, language: str, kind: str) -> None:
    """Names and the words for what is not told are much longer in English."""
    load_divisions(districts={f"6101{number}" for number in NUMBERS})
    for place, code in enumerate(f"6101{number}" for number in NUMBERS):
        many = {"told": 20 + place, "hidden": 3, "large": 10}[kind]
        tips(many, unit=city.yanta, day=date(2026, 3, 9), district_id=code)
    freeze(span=span_of("2026-03"), at=noon(date(2026, 4, 10)))

    with translation.override(language):
        report = public_report(code="2026-03")
        assert report is not None
        found = district_map(report)

    assert found is not None
    check_labels(found.areas, found.inset)
    assert all(" District" not in area.label for area in found.areas)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("雁塔区", "雁塔区"),
        ("Yanta District", "Yanta"),
        ("Zhouzhi County", "Zhouzhi"),
        ("Districts", "Districts"),
    ],
)
def test_a_map_writes_names_short(name: str, written: str) -> None:
    assert short(name) == written


@pytest.mark.parametrize(
    ("tone", "x", "is_inset", "expected"),
    [
        (0, 50, False, " h"),
        (3, 50, False, ""),
        (4, 50, False, " w"),
        (5, 50, True, " h"),
        (5, 90, False, " h"),
    ],
)
def test_a_label_can_be_read_on_its_ground(tone: int, x: float, is_inset: bool, expected: str) -> None:
    """White on its own dark district alone; wherever it may reach over an edge it has a rim."""
    box = Box(x=x, y=50, width=40, height=16)
    area = Area(d="", x=50, y=50, name="雁塔区", text="7", tone=tone, box=box, is_inset=is_inset)

    assert area.label_class == expected


@pytest.mark.parametrize(
    ("box", "leader"),
    [
        (None, None),
        (Box(x=50, y=50, width=40, height=16), None),
        (Box(x=60, y=50, width=40, height=16), None),
        (Box(x=100, y=50, width=40, height=16), (80, 50)),
        (Box(x=50, y=90, width=40, height=16), (50, 82)),
    ],
)
def test_a_line_leads_to_a_label_that_left_its_district(
    box: Box | None, leader: tuple[float, float] | None
) -> None:
    area = Area(d="", x=50, y=50, name="雁塔区", text="7", tone=3, box=box, is_inset=True)

    assert area.leader == leader


@pytest.mark.django_db
def test_without_outlines_there_is_no_map(city: City) -> None:
    Division.objects.update(outline=None)
    tips(1, unit=city.yanta, day=date(2026, 2, 9))
    freeze(span=span_of("2026-03"), at=noon(date(2026, 4, 10)))
    report = public_report(code="2026-03")
    assert report is not None

    assert district_map(report) is None
