"""Loading what routing needs from files: outlines of development zones, and who answers for other industries."""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from complaints.enums import COMPETENT_BODIES, OfficeLevel
from complaints.models import CompetentBody, Office
from complaints.rules.places import parse_outlines

# As many characters as the columns of CompetentBody hold.
LONGEST = {"industry": 30, "name": 100, "name_en": 160, "phone": 30}
BODY_COLUMNS = tuple(LONGEST)


@dataclass(frozen=True, kw_only=True)
class BodyRow:
    """One line of the table: an industry outside the remit, the body's names and telephone."""

    industry: str
    name: str
    name_en: str
    phone: str


def read_bodies(*, path: Path) -> list[BodyRow]:
    """Return the rows of a CSV file with the columns of `BODY_COLUMNS`.

    Raises:
        ValueError: a column is missing, an industry is unknown, within the remit or there twice; says in which line.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != BODY_COLUMNS:
            raise ValueError(f"{path.name}: the first line must be {','.join(BODY_COLUMNS)}")
        rows = [_body_row(values, line=line) for line, values in enumerate(table, start=2)]
    if len({row.industry for row in rows}) < len(rows):
        raise ValueError("an industry stands twice")
    return rows


def _body_row(values: Mapping[str, str | None], *, line: int) -> BodyRow:
    texts = {name: (values[name] or "").strip() for name in BODY_COLUMNS}
    if texts["industry"] not in COMPETENT_BODIES or not texts["name"]:
        raise ValueError(f"line {line}: the industry is unknown or within the remit, or the name is missing")
    too_long = [name for name, text in texts.items() if len(text) > LONGEST[name]]
    if too_long:
        raise ValueError(f"line {line}: too long: {', '.join(too_long)}")
    return BodyRow(**texts)


@transaction.atomic
def load_bodies(*, rows: Iterable[BodyRow], keep_known: bool = False) -> int:
    """Add or change bodies; none is deleted. Return how many were added or changed.

    Args:
        keep_known: leave industries alone that have a body already.
    """
    known = {body.industry: body for body in CompetentBody.objects.all()}
    changed = 0
    for row in rows:
        body = known.get(row.industry) or CompetentBody(industry=row.industry)
        wanted = (row.name, row.name_en, row.phone)
        if (body.pk and keep_known) or (body.name, body.name_en, body.phone) == wanted:
            continue
        body.name, body.name_en, body.phone = wanted
        body.save()
        changed += 1
    return changed


def read_zones(*, path: Path) -> dict[str, Any]:
    """Return the GeoJSON geometry of each zone by the name of its unit; coordinates in GCJ-02.

    Raises:
        ValueError: not a FeatureCollection of closed polygons with a property `name`.
    """
    geojson = json.loads(path.read_text(encoding="utf-8"))
    features = geojson.get("features") if isinstance(geojson, dict) else None
    if not isinstance(features, list):
        raise ValueError("outlines must be a GeoJSON FeatureCollection")
    named = [one for one in features if isinstance(one, dict) and isinstance(one.get("properties"), dict)]
    names = [str(one["properties"].get("name")) for one in named]
    parse_outlines(geojson, code_by_name={name: name for name in names})
    return {name: one["geometry"] for name, one in zip(names, named, strict=True)}


@transaction.atomic
def load_zones(*, outlines: Mapping[str, Any]) -> int:
    """Give zones their outlines; return how many changed.

    Raises:
        ValueError: no zone has such a name; nothing was changed.
    """
    zones = {office.name: office for office in Office.objects.filter(level=OfficeLevel.ZONE)}
    unknown = sorted(set(outlines) - set(zones))
    if unknown:
        raise ValueError(f"no development zone is called {', '.join(unknown)}")
    changed = [zones[name] for name, outline in outlines.items() if zones[name].outline != outline]
    for office in changed:
        office.outline = outlines[office.name]
        office.save(update_fields=["outline"])
    return len(changed)
