"""Reads of divisions and units: codes for checking, coverage for routing, outlines for points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import Q

from complaints.enums import DivisionLevel, Phase
from complaints.models import Division, Office, Supervision, Tip, Whistle
from complaints.rules.assignment import Unit, unit_above
from complaints.rules.intake import Codes
from complaints.rules.places import Datum, LngLat, Outline, division_at, parse_outlines, to_gcj02
from complaints.rules.routing import Coverage
from portal.shared.bilingual import in_language
from portal.shared.kept_parts import part

OUTLINES_KEY = "district-outlines-1"


@dataclass(frozen=True, kw_only=True)
class OpenWork:
    """What a unit still has to do: tips it leads, whistles it raised or must answer, supervisions it is part of."""

    tips: int
    whistles: int
    supervisions: int

    def __bool__(self) -> bool:
        return bool(self.tips or self.whistles or self.supervisions)


def open_work(*, office_id: int) -> OpenWork:
    """Return how much waits for a unit: switched off now, nobody could go on with it; three queries."""
    whistles = Whistle.objects.open().filter(Q(called=office_id) | Q(town=office_id))
    supervisions = Supervision.objects.filter(Q(unit=office_id) | Q(office=office_id), ended_date=None)
    return OpenWork(
        tips=Tip.objects.filter(handling_unit=office_id, phase=Phase.OPEN).count(),
        whistles=whistles.count(),
        supervisions=supervisions.count(),
    )


@dataclass(frozen=True, kw_only=True)
class DivisionChoice:
    """A district with its towns, for select fields."""

    code: str
    name: str
    towns: tuple[tuple[str, str], ...]


def division_choices() -> list[DivisionChoice]:
    """Return all districts with their towns, ordered by code, named in the language of the page; one query."""
    districts: dict[str, str] = {}
    towns: dict[str, list[tuple[str, str]]] = {}
    rows = Division.objects.exclude(level=DivisionLevel.CITY).order_by("code")
    for code, chinese, english, level, parent in rows.values_list(
        "code", "name", "name_en", "level", "parent_id"
    ):
        name = in_language(chinese=chinese, english=english)
        if level == DivisionLevel.DISTRICT:
            districts[code] = name
        else:
            towns.setdefault(parent, []).append((code, name))
    return [
        DivisionChoice(code=code, name=name, towns=tuple(towns.get(code, ())))
        for code, name in districts.items()
    ]


def codes_of(*, choices: list[DivisionChoice]) -> Codes:
    """Return what a draft may name, from the choices already read."""
    return Codes(
        districts=frozenset(choice.code for choice in choices),
        district_of_town={town: choice.code for choice in choices for town, _name in choice.towns},
    )


def district_outlines() -> list[Outline]:
    """Return the outlines of all districts that have one, in GCJ-02; parsed once, then kept in the cache."""
    outlines: list[Outline] | None = cache.get(OUTLINES_KEY)
    if outlines is None:
        geojson, codes = _geojson()
        outlines = parse_outlines(geojson, code_by_name=codes)
        cache.set(OUTLINES_KEY, outlines, 3600)
    return outlines


def located(*, lat: float, lng: float, datum: Datum) -> tuple[LngLat, str | None]:
    """Return a point in GCJ-02 and the code of the district it lies in, None outside all districts."""
    point = to_gcj02(lng=lng, lat=lat, datum=datum)
    return point, division_at(lng=point.lng, lat=point.lat, outlines=district_outlines())


def district_names() -> dict[str, str]:
    """Return the name of each district by its code; one query."""
    return dict(Division.objects.filter(level=DivisionLevel.DISTRICT).values_list("code", "name"))


def public_district_names() -> dict[str, str]:
    """Return the name of each district in the language of the page by its code, ordered by code; one query."""
    return {
        code: in_language(chinese=chinese, english=english)
        for code, chinese, english in part(_names_of_districts, "districts")
    }


def _names_of_districts() -> tuple[tuple[str, str, str], ...]:
    rows = Division.objects.filter(level=DivisionLevel.DISTRICT).order_by("code")
    return tuple(rows.values_list("code", "name", "name_en"))


def names_of_offices(*, office_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of units by their keys, in the order of the list of units; one query."""
    rows = Office.objects.filter(pk__in=list(office_ids)).defer("outline")
    return {row.pk: row.shown_name for row in rows}


def district_codes() -> list[str]:
    """Return the codes of the city's districts, in order; one query."""
    rows = Division.objects.filter(level=DivisionLevel.DISTRICT).order_by("code")
    return list(rows.values_list("code", flat=True))


def district_at(*, lat: float, lng: float, datum: Datum) -> Division | None:
    """Return the district a point lies in, or None outside the city."""
    _point, code = located(lat=lat, lng=lng, datum=datum)
    return Division.objects.get(code=code) if code else None


def _geojson() -> tuple[Mapping[str, object], Mapping[str, str]]:
    rows = Division.objects.filter(level=DivisionLevel.DISTRICT, outline__isnull=False).values_list(
        "code", "outline"
    )
    features = [
        {"type": "Feature", "properties": {"name": code}, "geometry": geometry} for code, geometry in rows
    ]
    return {"type": "FeatureCollection", "features": features}, {code: code for code, _geometry in rows}


def coverages() -> list[Coverage]:
    """Return what each unit in use answers for, under the nearest unit in use above it; one query, no outlines."""
    rows = Office.objects.values_list(
        "pk", "level", "parent_id", "is_active", "is_default", "divisions__code"
    )
    tree: dict[int, Unit] = {}
    codes: dict[int, set[str]] = {}
    defaults: set[int] = set()
    for office_id, level, parent_id, is_active, is_default, code in rows:
        tree[office_id] = Unit(office_id=office_id, level=level, parent_id=parent_id, is_active=is_active)
        codes.setdefault(office_id, set()).update([code] if code else [])
        defaults.update([office_id] if is_default else [])
    return [
        Coverage(
            office_id=unit.office_id,
            level=unit.level,
            divisions=frozenset(codes[unit.office_id]),
            is_default=unit.office_id in defaults,
            parent_id=_parent_in_use(unit, tree),
        )
        for unit in tree.values()
        if unit.is_active
    ]


def _parent_in_use(unit: Unit, tree: Mapping[int, Unit]) -> int | None:
    above = unit_above(office_id=unit.office_id, units=tree)
    return None if above == unit.office_id else above


def offices_of(*, user: User) -> list[str]:
    """Return the names of the units a person belongs to, each once."""
    rows = Office.objects.filter(memberships__user=user, is_active=True).distinct()
    return [row.name for row in rows]
