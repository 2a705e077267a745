"""The map of districts: classes of numbers, labels that do not touch, an inset for what lies close together."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.disclosure import PublicCell, public_report
from complaints.models import Division
from complaints.rules.small_cells import Hidden
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.figures_map import (
    CLASSES,
    INSET_HEIGHT,
    INSET_WIDTH,
    LABEL_HEIGHT,
    LABEL_WIDTH,
    OTHERS,
    ROOM,
    crowded,
    district_map,
    tone,
    uncovered,
)
from tests.complaints.stats.rows import tips
from tests.factories import noon
from tests.fixtures import YANTA, City, city, load_divisions, vault

__all__ = ["city", "vault"]
NUMBERS = ("02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "22", "24")


def cell(value: int | None) -> PublicCell:
    return PublicCell(code="x", name="未央区", value=value, hidden=Hidden.FEW if value is None else None)


@pytest.mark.parametrize(
    ("value", "expected"), [(None, 0), (5, 1), (49, 1), (50, 2), (149, 3), (199, 4), (200, 5), (9999, 5)]
)
def test_classes(value: int | None, expected: int) -> None:
    assert tone(cell(value)) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [("month", 39, 3), ("month", 60, 5), ("half", 200, 3), ("year", 417, 3), ("year", 800, 5)],
)
def test_each_length_of_period_has_classes_of_its_width(kind: str, value: int, expected: int) -> None:
    assert tone(cell(value), classes=OTHERS[kind]) == expected
    assert len(OTHERS[kind]) == len(CLASSES)


@given(st.integers(5, 10_000))
def test_more_tips_are_never_lighter(value: int) -> None:
    assert 1 <= tone(cell(value)) <= tone(cell(value + 1)) <= len(CLASSES)


def test_what_lies_apart_needs_no_inset() -> None:
    assert crowded({"a": (0, 0), "b": (ROOM, 0), "c": (0, 2 * ROOM)}) == set()


@pytest.mark.parametrize(
    ("middles", "free"),
    [
        ({}, set()),
        ({"a": (0, 0), "b": (LABEL_WIDTH - 1, LABEL_HEIGHT - 1)}, {"a"}),
        ({"a": (0, 0), "b": (LABEL_WIDTH, 0), "c": (0, LABEL_HEIGHT)}, {"a", "b", "c"}),
        ({"a": (0, 0), "b": (1, 1), "c": (2, 2), "d": (0, 40)}, {"a", "d"}),
    ],
)
def test_no_label_covers_one_set_before(middles: dict[str, tuple[float, float]], free: set[str]) -> None:
    assert uncovered(middles) == free


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
    labelled = {area.name for area in found.areas if area.is_labelled}
    inside = [area for area in found.inset if area.is_labelled]
    named = labelled | {area.name for area in inside}
    # Where labels of the inset would cover each other the later ones stay out; the table beside it names them all.
    assert {area.name for area in found.areas} - named == {"莲湖区", "碑林区"}
    assert len(uncovered({area.name: (area.x, area.y) for area in inside})) == len(inside)
    assert not labelled & {area.name for area in inside}
    assert all(0 <= area.x <= INSET_WIDTH and 0 <= area.y <= INSET_HEIGHT for area in inside)
    assert next(area for area in found.areas if area.name == "雁塔区").text == "不单列"


@pytest.mark.django_db
def test_without_outlines_there_is_no_map(city: City) -> None:
    Division.objects.update(outline=None)
    tips(1, unit=city.yanta, day=date(2026, 2, 9))
    freeze(span=span_of("2026-03"), at=noon(date(2026, 4, 10)))
    report = public_report(code="2026-03")
    assert report is not None

    assert district_map(report) is None
