"""Loading a city from two files: whatever is wrong is said with its line, and nothing is stored."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

from complaints.enums import DivisionLevel
from complaints.models import Division
from complaints.selectors.offices import district_outlines, division_choices
from complaints.services.divisions import COLUMNS, ENGLISH, load_divisions, read_divisions, read_outlines
from tests.fixtures import DATA

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str, **options: Any) -> str:
    """Run a command and return what it printed."""
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def write_city(folder: Path, *lines: str, head: str = ",".join(COLUMNS)) -> Path:
    """Write a table of divisions and return its path."""
    path = folder / "divisions.csv"
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return path


SQUARE = [[[100.0, 30.0], [101.0, 30.0], [101.0, 31.0], [100.0, 31.0], [100.0, 30.0]]]


def write_outline(folder: Path, name: str, rings: object = None) -> Path:
    """Write the outline of one district and return its path."""
    feature = {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": SQUARE if rings is None else rings},
    }
    path = folder / "districts.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


CITY = ("990000,某市,city,", "990001,某区,district,990000", "990001001,某街道,town,990001")


def test_any_city_loads_from_two_files(tmp_path: Path) -> None:
    table_path, outline = write_city(tmp_path, *CITY), write_outline(tmp_path, "某区")

    printed = run("load_divisions", "--csv", str(table_path), "--geojson", str(outline))

    assert printed == "区划 3 个，新增或更新 3 个，轮廓 1 个\n"
    assert Division.objects.get(code="990001001").parent.name == "某区"
    assert Division.objects.get(code="990001").outline["coordinates"] == SQUARE
    assert [found.code for found in district_outlines()] == ["990001"]


def test_second_loading_of_divisions_changes_nothing(tmp_path: Path) -> None:
    table_path = write_city(tmp_path, *CITY)
    run("load_divisions", "--csv", str(table_path))

    assert "新增或更新 0 个" in run("load_divisions", "--csv", str(table_path))


def test_changed_name_is_taken_over(tmp_path: Path) -> None:
    run("load_divisions", "--csv", str(write_city(tmp_path, *CITY)))

    printed = run(
        "load_divisions", "--csv", str(write_city(tmp_path, *CITY[:2], "990001001,新街道,town,990001"))
    )

    assert "新增或更新 1 个" in printed
    assert Division.objects.get(code="990001001").name == "新街道"


def test_english_names_may_come_along_and_are_shown_on_english_pages(tmp_path: Path) -> None:
    lines = (*(f"{line}," for line in CITY[:2]), f"{CITY[2]},Mou Subdistrict")

    run("load_divisions", "--csv", str(write_city(tmp_path, *lines, head=",".join((*COLUMNS, ENGLISH)))))

    with override("en"):
        (english,) = division_choices()
    (chinese,) = division_choices()
    assert (english.name, english.towns) == ("某区", (("990001001", "Mou Subdistrict"),))
    assert chinese.towns == (("990001001", "某街道"),)


def test_vanished_division_stays_because_tips_point_to_it(tmp_path: Path) -> None:
    run("load_divisions", "--csv", str(write_city(tmp_path, *CITY)))

    run("load_divisions", "--csv", str(write_city(tmp_path, *CITY[:2])))

    assert Division.objects.filter(code="990001001").exists()


def test_new_outline_is_used_at_once(tmp_path: Path) -> None:
    table_path = write_city(tmp_path, *CITY)
    run("load_divisions", "--csv", str(table_path))
    assert district_outlines() == []

    run("load_divisions", "--csv", str(table_path), "--geojson", str(write_outline(tmp_path, "某区")))

    assert len(district_outlines()) == 1


def test_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    run("load_divisions", "--csv", str(write_city(tmp_path, *reversed(CITY))))

    assert Division.objects.count() == 3


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("990001,某区,district,",), "has a parent"),
        (("990000,某市,city,990000",), "has a parent"),
        (("990000,,city,",), "line 2"),
        (("x,某市,city,",), "line 2"),
        (("990000,某市,planet,",), "line 2"),
        (("990000,某市,city,", "990001,某区,district,123456"), "no such parent for 990001"),
        (("990000,某市,city,", "990000,某市,city,"), "stands twice"),
    ],
)
def test_wrong_table_is_refused_with_its_line(tmp_path: Path, lines: tuple[str, ...], fault: str) -> None:
    with pytest.raises(CommandError, match=fault):
        run("load_divisions", "--csv", str(write_city(tmp_path, *lines)))

    assert not Division.objects.exists()


def test_wrong_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="code,name,level,parent_code"):
        run("load_divisions", "--csv", str(write_city(tmp_path, *CITY, head="代码,名称,级别,上级")))


@pytest.mark.parametrize(("name", "rings"), [("别的区", None), ("某区", [[[100.0, 30.0], [101.0, 30.0]]])])
def test_wrong_outline_is_refused(tmp_path: Path, name: str, rings: object) -> None:
    outline = write_outline(tmp_path, name, rings)

    with pytest.raises(CommandError):
        run("load_divisions", "--csv", str(write_city(tmp_path, *CITY)), "--geojson", str(outline))

    assert not Division.objects.exists()


def test_missing_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        run("load_divisions", "--csv", str(tmp_path / "nowhere.csv"))


def test_data_of_the_repository_is_whole() -> None:
    rows = read_divisions(path=DATA / "divisions.csv")
    outlines = read_outlines(path=DATA / "districts.geojson", divisions=rows)

    loaded = load_divisions(divisions=rows, outlines=outlines)

    districts = {row.code for row in rows if row.level == DivisionLevel.DISTRICT}
    assert (loaded.total, loaded.changed) == (186, 186)
    assert set(outlines) == districts
    assert all(row.name_en.isascii() and row.name_en[0].isupper() for row in rows)
    assert {row.name: row.name_en for row in rows}["栎阳街道"] == "Yueyang Subdistrict"
