"""Competent bodies and outlines of zones from files: loaded again without harm, wrong files refused as a whole."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from complaints.enums import COMPETENT_BODIES
from complaints.models import CompetentBody, Office
from complaints.rules.places import LngLat
from complaints.selectors.routing import Body, competent_bodies, competent_body, zone_at
from complaints.services.routing_data import load_bodies, read_bodies, read_zones
from tests.fixtures import DATA, City

pytestmark = pytest.mark.django_db
SQUARE = [[108.86, 34.2], [108.88, 34.2], [108.88, 34.22], [108.86, 34.22], [108.86, 34.2]]


def zones(
    tmp_path: Path, *, name: str = "高新区应急局", ring: object = SQUARE, kind: str = "Polygon"
) -> Path:
    feature = {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": kind, "coordinates": [ring]},
    }
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "bodies.csv"
    path.write_text("\n".join(["industry,name,name_en,phone", *lines]), encoding="utf-8")
    return path


def test_every_industry_outside_the_remit_has_a_body_with_a_number() -> None:
    rows = read_bodies(path=DATA / "competent_bodies.csv")

    assert {row.industry for row in rows} == {code.value for code in COMPETENT_BODIES}
    assert all(row.name_en and row.phone.isdigit() for row in rows)
    assert next(row.phone for row in rows if row.industry == "fire_safety") == "96119"


def test_loading_again_changes_what_differs_and_only_that(tmp_path: Path) -> None:
    call_command("load_bodies", csv=DATA / "competent_bodies.csv")
    before = competent_bodies()
    changed = table(
        tmp_path, "fire_safety,西安市消防救援支队,,96119", "power,能源监管机构,Energy administration,12398"
    )

    assert load_bodies(rows=read_bodies(path=changed), keep_known=True) == 0
    assert load_bodies(rows=read_bodies(path=changed)) == 1

    assert competent_body(industry="fire_safety") == Body(
        name="西安市消防救援支队", name_en="", phone="96119"
    )
    assert competent_body(industry="power") == before["power"]
    assert CompetentBody.objects.count() == len(COMPETENT_BODIES)


@pytest.mark.parametrize(
    "line",
    ["coal_mine,煤监,,1", "gone,谁,,1", "power,,,1", f"power,{'局' * 101},,1", "power,甲,,1\npower,乙,,1"],
)
def test_a_wrong_table_is_refused_as_a_whole(tmp_path: Path, line: str) -> None:
    with pytest.raises(CommandError):
        call_command("load_bodies", csv=table(tmp_path, "railway,铁路局,,12306", line))

    assert not CompetentBody.objects.exists()


def test_other_columns_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("code,name\n1,x\n", encoding="utf-8")

    for wrong in (path, tmp_path / "none.csv"):
        with pytest.raises(CommandError):
            call_command("load_bodies", csv=wrong)


def test_before_any_table_the_general_name_stands_in(db: None) -> None:
    body = competent_body(industry="fire_safety")

    assert body is not None
    assert body.name == str(COMPETENT_BODIES["fire_safety"])  # type: ignore[index]  # a code is its own text
    assert competent_body(industry="coal_mine") is None
    assert competent_body(industry="") is None


def test_a_name_is_shown_in_the_language_of_the_page() -> None:
    body = Body(name="消防救援机构", name_en="Fire and rescue authority", phone="96119")
    bare = Body(name="消防救援机构", name_en="", phone="")

    assert [body.name_in(language=one) for one in ("zh-hans", "en", "en-gb")] == [
        "消防救援机构", "Fire and rescue authority", "Fire and rescue authority",
    ]  # fmt: skip
    assert bare.name_in(language="en") == "消防救援机构"


def test_a_zone_gets_its_outline_and_points_in_it_are_found(city: City, tmp_path: Path) -> None:
    call_command("load_zones", geojson=zones(tmp_path))
    call_command("load_zones", geojson=zones(tmp_path))

    assert zone_at(point=LngLat(108.87, 34.21)) == city.zone.pk
    assert zone_at(point=LngLat(108.9, 34.21)) is None


WRONG: dict[str, Callable[[Path], Path]] = {
    "no zone of this name": lambda folder: zones(folder, name="没有的区"),
    "a district is no zone": lambda folder: zones(folder, name="雁塔区应急管理局"),
    "an open ring": lambda folder: zones(folder, ring=SQUARE[:-1]),
    "no polygon": lambda folder: zones(folder, kind="Point"),
    "a position off the globe": lambda folder: zones(folder, ring=[[999, 1], *SQUARE[1:-1], [999, 1]]),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_outline_is_refused(city: City, tmp_path: Path, wrong: str) -> None:
    with pytest.raises(CommandError):
        call_command("load_zones", geojson=WRONG[wrong](tmp_path))

    assert not Office.objects.exclude(outline=None).exists()


@pytest.mark.parametrize(
    "text", ["[]", "7", "{}", "not json", '{"type": "FeatureCollection", "features": 3}']
)
def test_a_file_that_is_no_geojson_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "zones.geojson"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=r"\w"):
        read_zones(path=path)
