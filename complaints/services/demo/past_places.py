"""Where the past tips of the demonstration come from: districts, units with their people, invented entities."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from complaints.enums import DivisionLevel, OfficeLevel, Role
from complaints.models import Division, Enterprise, Membership, Office

from .offices import Facts

# So many entities for each tip a month: a few come up again and again.
ENTITIES_A_TIP = 6
FALLOFF = 25
USUAL = {"operations": ["hot_work"]}
# How often, in percent, a tip comes from a town that has an office of its own.
NEAR_A_TOWN_OFFICE = 35


@dataclass(frozen=True, kw_only=True)
class Entity:
    """An invented entity: what it is called, its industry, what may be dangerous there."""

    name: str
    industry: str
    operations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit with its people; nobody where the city has none."""

    office: Office
    officer: User | None
    leader: User | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """One district: its unit in charge, its towns, the offices of some of them, its entities, the usual ones first."""

    code: str
    unit: Unit
    towns: tuple[str, ...]
    offices: Mapping[str, Unit]
    zones: Mapping[str, Unit]
    entities: tuple[Entity, ...]

    def town(self, chance: random.Random) -> str | None:
        """Return a town of the district."""
        if self.offices and chance.randrange(100) < NEAR_A_TOWN_OFFICE:
            return chance.choice(sorted(self.offices))
        return chance.choice(self.towns) if self.towns else None

    def entity(self, chance: random.Random) -> Entity:
        """Return an entity: those that stand first come up more often."""
        weights = [1 / (rank + FALLOFF) for rank in range(len(self.entities))]
        return chance.choices(self.entities, weights)[0]


def places(*, facts: Facts, codes: Sequence[str]) -> tuple[Unit, list[Place]]:
    """Return the unit at the top and the districts of the city; a fixed number of queries."""
    units = _units()
    top = next(unit for unit in units.values() if unit.office.parent_id is None)
    by_code = _by_division()
    towns: dict[str, list[str]] = {code: [] for code in codes}
    for code, parent in Division.objects.filter(level=DivisionLevel.TOWN).values_list("code", "parent"):
        towns.setdefault(parent or "", []).append(code)
    register = list(Enterprise.objects.filter(is_active=True).order_by("pk"))
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    return top, [
        Place(
            code=code,
            unit=units[by_code.get((code, OfficeLevel.DISTRICT), top.office.pk)],
            towns=tuple(sorted(towns[code])),
            offices=_units_of(towns[code], level=OfficeLevel.TOWN, by_code=by_code, units=units),
            zones=_units_of(towns[code], level=OfficeLevel.ZONE, by_code=by_code, units=units),
            entities=(
                *_registered(register, code=code, facts=facts),
                *_invented(code, name=names[code], facts=facts),
            ),
        )
        for code in codes
    ]


def _units() -> dict[int, Unit]:
    people: dict[tuple[int, str], User] = {}
    for row in Membership.objects.select_related("user").order_by("pk"):
        people.setdefault((row.office_id, row.role), row.user)
    return {
        office.pk: Unit(
            office=office,
            officer=people.get((office.pk, Role.OFFICER)),
            leader=people.get((office.pk, Role.LEADER)),
        )
        for office in Office.objects.filter(is_active=True).order_by("pk")
    }


def _by_division() -> dict[tuple[str, str], int]:
    rows = Office.objects.filter(is_active=True, divisions__isnull=False).order_by("-pk")
    return {(code, level): pk for pk, level, code in rows.values_list("pk", "level", "divisions")}


def _units_of(
    codes: Sequence[str], *, level: str, by_code: Mapping[tuple[str, str], int], units: Mapping[int, Unit]
) -> dict[str, Unit]:
    return {code: units[by_code[code, level]] for code in codes if (code, level) in by_code}


def _registered(rows: Sequence[Enterprise], *, code: str, facts: Facts) -> list[Entity]:
    """Return the enterprises of the register in a district, with what is dangerous in such a trade or industry."""
    return [
        Entity(name=row.name, industry=row.industry, operations=_dangers(row, facts=facts))
        for row in rows
        if row.district_id == code
    ]


def _dangers(row: Enterprise, *, facts: Facts) -> tuple[str, ...]:
    named = [trade for trade in facts["trades"] if trade["name"] in row.name]
    alike = [trade for trade in facts["trades"] if trade["industry"] == row.industry]
    return tuple([*named, *alike, USUAL][0]["operations"])


def _invented(code: str, *, name: str, facts: Facts) -> list[Entity]:
    """Return invented entities of a district, no name twice in the city, the same each time."""
    chance = random.Random(code)  # noqa: S311  # invented names, the same each time
    many = facts["weights"].get(code, min(facts["weights"].values())) * ENTITIES_A_TIP
    found: dict[str, Entity] = {}
    while len(found) < many:
        trade = chance.choices(facts["trades"], [one["weight"] for one in facts["trades"]])[0]
        called = f"西安{name.rstrip('区县')}{chance.choice(facts['entities']['signs'])}某{trade['name']}"
        found[called] = Entity(name=called, industry=trade["industry"], operations=tuple(trade["operations"]))
    return list(found.values())
