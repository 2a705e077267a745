"""Loading a city: its administrative divisions from CSV, their outlines from GeoJSON."""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction

from complaints.enums import DivisionLevel
from complaints.models import Division
from complaints.rules.places import parse_outlines
from complaints.selectors.offices import OUTLINES_KEY

COLUMNS = ("code", "name", "level", "parent_code")
# May be left out: pages in English then show the Chinese name.
ENGLISH = "name_en"
_ORDER = tuple(DivisionLevel)


@dataclass(frozen=True, kw_only=True)
class DivisionRow:
    """One line of the table: GB/T 2260 code, names, level, code of the division above (empty for the city)."""

    code: str
    name: str
    level: DivisionLevel
    parent_code: str
    name_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """How many divisions were added or changed, how many there were in all, and how many have an outline."""

    changed: int
    total: int
    outlines: int


def read_divisions(*, path: Path) -> list[DivisionRow]:
    """Return the rows of a CSV file with the columns of `COLUMNS`, and perhaps `ENGLISH`, parents first.

    Raises:
        ValueError: a column, code, level or parent is missing or wrong; says in which line.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) not in {COLUMNS, (*COLUMNS, ENGLISH)}:
            raise ValueError(f"{path.name}: the first line must be {','.join(COLUMNS)}[,{ENGLISH}]")
        rows = [_row(values, line=line) for line, values in enumerate(table, start=2)]
    return _parents_first(rows)


def _row(values: Mapping[str, str | None], *, line: int) -> DivisionRow:
    code, name, level, parent = ((values[column] or "").strip() for column in COLUMNS)
    if not (code.isdigit() and name and level in DivisionLevel.values):
        raise ValueError(f"line {line}: code, name or level is missing or unknown")
    if bool(parent) == (level == DivisionLevel.CITY):
        raise ValueError(f"line {line}: every division but the city has a parent")
    english = (values.get(ENGLISH) or "").strip()
    return DivisionRow(code=code, name=name, level=DivisionLevel(level), parent_code=parent, name_en=english)


def _parents_first(rows: Iterable[DivisionRow]) -> list[DivisionRow]:
    found = sorted(rows, key=lambda row: (_ORDER.index(row.level), row.code))
    codes = {row.code for row in found}
    if len(codes) < len(found):
        raise ValueError("a code stands twice")
    lost = sorted(row.code for row in found if row.parent_code and row.parent_code not in codes)
    if lost:
        raise ValueError(f"no such parent for {', '.join(lost)}")
    return found


def read_outlines(*, path: Path, divisions: Iterable[DivisionRow]) -> dict[str, Any]:
    """Return the GeoJSON geometry of each district by code; features are matched by their name, in GCJ-02.

    Raises:
        ValueError: not a FeatureCollection of closed polygons, or a name that no district has.
    """
    geojson = json.loads(path.read_text(encoding="utf-8"))
    codes = {row.name: row.code for row in divisions if row.level == DivisionLevel.DISTRICT}
    parse_outlines(geojson, code_by_name=codes)
    return {codes[feature["properties"]["name"]]: feature["geometry"] for feature in geojson["features"]}


@transaction.atomic
def load_divisions(*, divisions: Iterable[DivisionRow], outlines: Mapping[str, Any]) -> Loaded:
    """Add or change divisions; none is ever deleted, because tips point to them. Safe to run again."""
    wanted = [_division(row, outlines) for row in divisions]
    known = {row.code: row for row in Division.objects.all()}
    changed = [row for row in wanted if row.code not in known or _facts(row) != _facts(known[row.code])]
    Division.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "level", "parent", "outline"],
    )
    cache.delete(OUTLINES_KEY)
    return Loaded(changed=len(changed), total=len(wanted), outlines=len(outlines))


def _division(row: DivisionRow, outlines: Mapping[str, Any]) -> Division:
    return Division(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        level=row.level,
        parent_id=row.parent_code or None,
        outline=outlines.get(row.code),
    )


def _facts(row: Division) -> tuple[object, ...]:
    return row.name, row.name_en, row.level, row.parent_id, row.outline
