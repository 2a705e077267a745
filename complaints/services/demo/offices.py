"""Units, legal periods and reply templates of the demonstration city."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from complaints.enums import DivisionLevel
from complaints.models import DeadlinePolicy, Division, Office, ReplyTemplate, RoutingRule
from complaints.services.divisions import load_divisions, read_divisions, read_outlines
from complaints.services.routing_data import load_bodies, load_zones, read_bodies, read_zones

DATA = Path(__file__).resolve().parents[2] / "data" / "demo"
Facts = dict[str, Any]


def read_facts(name: str) -> Facts:
    """Return one file of the demo data as plain values."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def load_city() -> dict[str, Office]:
    """Make divisions, periods, units and templates where they are missing; return the units by their key."""
    facts = read_facts("city")
    rows = read_divisions(path=DATA / facts["divisions"])
    load_divisions(divisions=rows, outlines=read_outlines(path=DATA / facts["outlines"], divisions=rows))
    if not DeadlinePolicy.objects.exists():
        DeadlinePolicy.objects.create(**facts["periods"])
    for template in facts["templates"]:
        ReplyTemplate.objects.get_or_create(title=template["title"], defaults=template)
    offices: dict[str, Office] = {}
    for office in facts["offices"]:
        offices[office["key"]] = _office(office, offices)
    _load_routing(facts, offices)
    return offices


def _load_routing(facts: Facts, offices: Mapping[str, Office]) -> None:
    """Add outlines of zones, competent bodies and routing rules where they are missing."""
    bare = {office.name for office in offices.values() if office.outline is None}
    outlines = read_zones(path=DATA / facts["zones"])
    load_zones(outlines={name: shape for name, shape in outlines.items() if name in bare})
    load_bodies(rows=read_bodies(path=DATA / facts["bodies"]), keep_known=True)
    for rule in facts["rules"]:
        named = {
            "office": offices[rule["office"]],
            "zones": [offices[key].pk for key in rule.get("zones", ())],
        }
        RoutingRule.objects.get_or_create(name=rule["name"], defaults=rule | named)


def _office(facts: Facts, above: Mapping[str, Office]) -> Office:
    office, is_new = Office.objects.get_or_create(
        name=facts["name"],
        defaults={
            "level": facts["level"],
            "parent": above.get(facts.get("parent", "")),
            "is_default": facts.get("is_default", False),
            "phone": facts.get("phone", ""),
            "name_en": facts.get("name_en", ""),
            "claim_place": facts.get("claim_place", ""),
        },
    )
    if is_new:
        office.divisions.set(_covered(facts))
    return office


def _covered(facts: Facts) -> list[Division]:
    """Return the divisions of a unit; the city stands in for districts that have no unit of their own yet."""
    if facts.get("covers_districts"):
        return list(Division.objects.filter(level=DivisionLevel.DISTRICT))
    return list(Division.objects.filter(code__in=facts.get("divisions", ())))
