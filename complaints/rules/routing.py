"""Which unit handles a tip: the first ordered rule that fits, then the zone of the point, then the place, then default.

A death goes to county level or above whatever led there (安全生产法 73); a development zone is no such government.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from complaints.enums import Industry, OfficeLevel, RoutingFault, RoutingReason, TipKind

COUNTY_LEVELS = frozenset({OfficeLevel.CITY.value, OfficeLevel.DISTRICT.value})


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """One unit in use, the divisions it answers for and the unit above it."""

    office_id: int
    level: str
    divisions: frozenset[str]
    is_default: bool
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule as stored: whatever stands in `industries`, `kinds` and `zones` is checked before it is believed."""

    rule_id: int
    name: str
    position: int = 100
    office_id: int | None = None
    industries: object = ()
    kinds: object = ()
    zones: object = ()
    divisions: frozenset[str] = frozenset()
    needs_danger: bool = False
    needs_death: bool = False
    keywords: str = ""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is known of a tip when it is routed; `zone` is the unit whose outline holds the point."""

    industry: str = ""
    kind: str = ""
    district: str = ""
    town: str = ""
    zone: int | None = None
    in_danger: bool = False
    involves_death: bool = False
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Route:
    """The unit, why, and the rule that said so."""

    office_id: int
    reason: RoutingReason
    rule_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Routing:
    """A route, None when not even a default unit exists, and the rules found broken on the way."""

    route: Route | None
    faults: Mapping[int, RoutingFault] = field(default_factory=dict)


# A development zone handles its towns in place of the district (要点); a town itself inspects, it does not lead.
_LEADS = (OfficeLevel.ZONE.value, OfficeLevel.DISTRICT.value, OfficeLevel.CITY.value)


def route_of(*, matter: Matter, rules: Iterable[Rule], offices: Iterable[Coverage]) -> Routing:
    """Return where a tip goes. The same facts lead to the same unit, in whatever order rules and units come.

    A rule that is broken is named in `faults`; when it would have been the one to decide, the tip goes to the default
    unit. What such a rule says in a form nobody can read counts as fitting.
    """
    units = {unit.office_id: unit for unit in offices}
    ordered = sorted(rules, key=lambda rule: (rule.position, rule.rule_id))
    found = {rule.rule_id: fault_of(rule=rule, units=units) for rule in ordered}
    faults = {rule_id: fault for rule_id, fault in found.items() if fault}
    route = _by_rule(matter, ordered, faults, units) or _by_place(matter, units)
    return Routing(route=route, faults=faults)


def handling_office(*, district: str, town: str, offices: Iterable[Coverage]) -> int | None:
    """Return the id of the unit that handles a tip in this place, or None when there is not even a default unit.

    The town is asked before the district, a zone before a district office; an unknown place goes to the default.
    """
    units = {unit.office_id: unit for unit in offices}
    return _covering(district=district, town=town, units=units) or _default(units)


def fault_of(*, rule: Rule, units: Mapping[int, Coverage]) -> RoutingFault | None:
    """Return what is wrong with a rule, None when it can be followed; `units` are those in use."""
    if rule.office_id is None:
        return RoutingFault.NO_OFFICE
    if rule.office_id not in units:
        return RoutingFault.OFFICE_CLOSED
    if not all(map(_is_list, (rule.industries, rule.kinds, rule.zones))):
        return RoutingFault.UNREADABLE
    if not _codes_are_known(rule, units):
        return RoutingFault.UNKNOWN_CODE
    return None if _conditions(rule) else RoutingFault.NO_CONDITION


def _codes_are_known(rule: Rule, units: Mapping[int, Coverage]) -> bool:
    zones = {unit.office_id for unit in units.values() if unit.level == OfficeLevel.ZONE.value}
    pairs: tuple[tuple[object, Collection[object]], ...] = (
        (rule.industries, Industry.values),
        (rule.kinds, TipKind.values),
        (rule.zones, zones),
    )
    return all(value in known for values, known in pairs if _is_list(values) for value in values)


def _is_list(values: object) -> TypeGuard[Sequence[str | int]]:
    """A column of JSON may hold anything: only a list of codes is one, and True is no code."""
    return isinstance(values, (list, tuple)) and all(type(value) in (str, int) for value in values)


def _by_rule(
    matter: Matter,
    rules: Iterable[Rule],
    faults: Mapping[int, RoutingFault],
    units: Mapping[int, Coverage],
) -> Route | None:
    rule = next((rule for rule in rules if _may_fit(rule, matter)), None)
    if rule is None:
        return None
    office_id, reason = rule.office_id, RoutingReason.RULE
    if rule.rule_id in faults:
        office_id, reason = _default(units), RoutingReason.RULE_BROKEN
    if office_id is None:
        return None
    route = Route(office_id=office_id, reason=reason, rule_name=rule.name)
    return _raised(route, units) if matter.involves_death else route


def _may_fit(rule: Rule, matter: Matter) -> bool:
    """Say whether all conditions that are filled in fit; a rule without any fits nothing."""
    conditions = _conditions(rule)
    return bool(conditions) and all(_holds(name, rule, matter) for name in conditions)


def _conditions(rule: Rule) -> list[str]:
    filled = {
        "industries": bool(rule.industries),
        "kinds": bool(rule.kinds),
        "zones": bool(rule.zones),
        "divisions": bool(rule.divisions),
        "needs_danger": rule.needs_danger,
        "needs_death": rule.needs_death,
        "keywords": bool(keywords_of(text=rule.keywords)),
    }
    return [name for name, is_filled in filled.items() if is_filled]


def _holds(name: str, rule: Rule, matter: Matter) -> bool:
    plain = {"needs_danger": matter.in_danger, "needs_death": matter.involves_death}
    if name in plain:
        return plain[name]
    if name == "divisions":
        return bool({matter.district, matter.town} & rule.divisions)
    if name == "keywords":
        words = folded(matter.words)
        return any(word in words for word in keywords_of(text=rule.keywords))
    wanted = getattr(rule, name)
    given = {"industries": matter.industry, "kinds": matter.kind, "zones": matter.zone}[name]
    return not _is_list(wanted) or given in wanted


def keywords_of(*, text: str) -> list[str]:
    """Return the keywords of a rule, one of each line."""
    return [word for line in text.splitlines() if (word := folded(line).strip())]


def folded(text: str) -> str:
    """Return the text as keywords are compared: full width and capital letters make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def _by_place(matter: Matter, units: Mapping[int, Coverage]) -> Route | None:
    route = _place_route(matter, units, leads=_LEADS)
    if route is None or not matter.involves_death or units[route.office_id].level in COUNTY_LEVELS:
        return route
    lawful = _place_route(matter, units, leads=_LEADS[1:])
    return _raised(lawful or route, units)


def _place_route(matter: Matter, units: Mapping[int, Coverage], *, leads: Sequence[str]) -> Route | None:
    zone = units.get(matter.zone or 0)
    if zone is not None and zone.level in leads:
        return Route(office_id=zone.office_id, reason=RoutingReason.ZONE_POINT)
    covering = _covering(district=matter.district, town=matter.town, units=units, leads=leads)
    if covering is not None:
        reason = RoutingReason.DIVISION if len(leads) == len(_LEADS) else RoutingReason.DEATH
        return Route(office_id=covering, reason=reason)
    default = _default(units)
    return None if default is None else Route(office_id=default, reason=RoutingReason.DEFAULT)


def _covering(
    *, district: str, town: str, units: Mapping[int, Coverage], leads: Sequence[str] = _LEADS
) -> int | None:
    for division in filter(None, (town, district)):
        for level in leads:
            fitting = [
                unit.office_id
                for unit in units.values()
                if unit.level == level and division in unit.divisions
            ]
            if fitting:
                return min(fitting)
    return None


def _default(units: Mapping[int, Coverage]) -> int | None:
    return min((unit.office_id for unit in units.values() if unit.is_default), default=None)


def _raised(route: Route, units: Mapping[int, Coverage]) -> Route:
    """Return the route itself, or one to the next unit at county level or above."""
    office_id = county_unit(office_id=route.office_id, units=units)
    if office_id is None or office_id == route.office_id:
        return route
    return Route(office_id=office_id, reason=RoutingReason.DEATH, rule_name=route.rule_name)


def county_unit(*, office_id: int, units: Mapping[int, Coverage]) -> int | None:
    """Return this unit if it is at county level or above, else the next such unit above it.

    A chain that ends below leads to the default unit, or to the oldest unit of that level; None when there is none.
    """
    seen: set[int] = set()
    unit = units.get(office_id)
    while unit is not None and unit.office_id not in seen:
        if unit.level in COUNTY_LEVELS:
            return unit.office_id
        seen.add(unit.office_id)
        unit = units.get(unit.parent_id or 0)
    lawful = [unit for unit in units.values() if unit.level in COUNTY_LEVELS]
    return min(lawful, key=lambda one: (not one.is_default, one.office_id)).office_id if lawful else None
