"""Reads for routing: rules in use, the zone of a point, rules that switched themselves off, competent bodies."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from complaints.enums import COMPETENT_BODIES, OfficeLevel, RoutingFault, RoutingReason, TipStatus
from complaints.models import CompetentBody, Office, RoutingRule, Tip
from complaints.rules.places import LngLat, Outline, division_at, parse_outlines
from complaints.rules.routing import Matter, Routing, Rule, route_of
from complaints.rules.workflow import UNDECIDED

from .offices import coverages

_COLUMNS = (
    "pk", "name", "position", "office_id", "industries", "kinds", "zones", "needs_danger", "needs_death", "keywords",
)  # fmt: skip
_WIDTH = 12  # keys of units as text in the order of their numbers


@dataclass(frozen=True, kw_only=True)
class Body:
    """Who answers for an industry outside the remit."""

    name: str
    name_en: str
    phone: str

    def name_in(self, *, language: str) -> str:
        """Return the name in a language; the Chinese one where there is no other."""
        return self.name_en if language.startswith("en") and self.name_en else self.name


def active_rules() -> list[Rule]:
    """Return the rules in use as the law reads them; one query."""
    divisions: dict[int, set[str]] = {}
    found: dict[int, RoutingRule] = {}
    rows = RoutingRule.objects.filter(is_active=True).order_by("pk").values_list("divisions__code", *_COLUMNS)
    for code, *values in rows:
        rule = RoutingRule(**dict(zip(_COLUMNS, values, strict=True)))
        found[rule.pk] = rule
        divisions.setdefault(rule.pk, set()).update([code] if code else [])
    return [_rule(row, divisions=divisions[pk]) for pk, row in found.items()]


def _rule(row: RoutingRule, *, divisions: Iterable[str]) -> Rule:
    return Rule(
        rule_id=row.pk,
        name=row.name,
        position=row.position,
        office_id=row.office_id,
        industries=row.industries,
        kinds=row.kinds,
        zones=row.zones,
        divisions=frozenset(divisions),
        needs_danger=row.needs_danger,
        needs_death=row.needs_death,
        keywords=row.keywords,
    )


def routing_of(*, matter: Matter) -> Routing:
    """Return where a tip like this goes by the rules and units in use, and which rules are broken; two queries."""
    return route_of(matter=matter, rules=active_rules(), offices=coverages())


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Where a tip would go, None when no unit takes it; `faults` names the rules that would switch themselves off."""

    office: Office | None
    reason: RoutingReason | None
    rule_name: str
    faults: tuple[tuple[str, RoutingFault], ...]


def trial_of(*, matter: Matter) -> Trial:
    """Return where a tip like this would go, for people who keep the rules; nothing is switched off."""
    found = routing_of(matter=matter)
    names = dict(RoutingRule.objects.filter(pk__in=found.faults).values_list("pk", "name"))
    faults = tuple((names[pk], fault) for pk, fault in found.faults.items() if pk in names)
    if found.route is None:
        return Trial(office=None, reason=None, rule_name="", faults=faults)
    office = Office.objects.get(pk=found.route.office_id)
    return Trial(office=office, reason=found.route.reason, rule_name=found.route.rule_name, faults=faults)


def zone_at(*, point: LngLat) -> int | None:
    """Return the key of the zone in use whose outline holds a point in GCJ-02; one query.

    A point on the edge of two zones goes to the older one. An outline that cannot be read holds nothing.
    """
    outlines = [outline for office in _outlined_zones() if (outline := _outline_of(office)) is not None]
    found = division_at(lng=point.lng, lat=point.lat, outlines=outlines)
    return int(found) if found else None


def zones_without_outline() -> list[Office]:
    """Return the zones in use whose outline cannot be read: points in them go to the district instead."""
    return [office for office in _outlined_zones() if _outline_of(office) is None]


def _outlined_zones() -> list[Office]:
    zones = Office.objects.filter(level=OfficeLevel.ZONE, is_active=True, outline__isnull=False)
    return list(zones.only("pk", "name", "outline"))


def _outline_of(office: Office) -> Outline | None:
    code = f"{office.pk:0{_WIDTH}d}"
    feature = {"type": "Feature", "properties": {"name": code}, "geometry": office.outline}
    try:
        (outline,) = parse_outlines(
            {"type": "FeatureCollection", "features": [feature]}, code_by_name={code: code}
        )
    except ValueError:
        return None
    return outline


def faulty_rules() -> list[RoutingRule]:
    """Return the rules that switched themselves off and wait for somebody to mend or delete them."""
    return list(RoutingRule.objects.exclude(fault="").filter(is_active=False))


def competent_bodies() -> dict[str, Body]:
    """Return who answers for each industry outside the remit, by the industry's code; one query.

    Where nobody is named yet the general name of the body stands in.
    """
    rows = CompetentBody.objects.values_list("industry", "name", "name_en", "phone")
    named = {industry: Body(name=name, name_en=en, phone=phone) for industry, name, en, phone in rows}
    return {
        code.value: named.get(code.value) or Body(name=str(label), name_en="", phone="")
        for code, label in COMPETENT_BODIES.items()
    }


def body_to_pass_on_to(*, tip: Tip) -> Body | None:
    """Return who a tip waits to be passed on to, None where nobody outside answers for it or somebody decided."""
    if TipStatus(tip.status) not in UNDECIDED or tip.involves_death:
        return None
    return competent_body(industry=tip.industry)


def waits_to_be_passed_on() -> Q:
    """Return the condition `body_to_pass_on_to` asks of one tip. A death stays with the bureau (安全生产法 73)."""
    return Q(status__in=UNDECIDED, industry__in=list(COMPETENT_BODIES), involves_death=False)


def competent_body(*, industry: str) -> Body | None:
    """Return who answers for one industry, None within the remit; no query then."""
    return competent_bodies()[industry] if industry in COMPETENT_BODIES else None
