"""Ordered rules: first match wins, a broken one steps aside, a death goes to county level, any tip has a way."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Industry, OfficeLevel, RoutingFault, RoutingReason, TipKind
from complaints.rules.routing import Coverage, Matter, Route, Rule, county_unit, route_of

CITY, YANTA, LIANHU, TOWN, ZONE, BRIGADE = 1, 2, 3, 4, 5, 6
LEVELS = OfficeLevel


def unit(office_id: int, level: OfficeLevel, *divisions: str, **more: Any) -> Coverage:
    plain = {"is_default": False, "parent_id": CITY if office_id != CITY else None}
    return Coverage(
        office_id=office_id, level=level.value, divisions=frozenset(divisions), **{**plain, **more}
    )


OFFICES = [
    unit(CITY, LEVELS.CITY, is_default=True),
    unit(YANTA, LEVELS.DISTRICT, "610113"),
    unit(LIANHU, LEVELS.DISTRICT, "610104"),
    unit(TOWN, LEVELS.TOWN, "610113001", parent_id=YANTA),
    unit(ZONE, LEVELS.ZONE, "610113006"),
    unit(BRIGADE, LEVELS.CITY),
]
PLACE = {"district": "610113", "town": "610113001"}


def rule(rule_id: int = 1, **values: Any) -> Rule:
    plain = {"name": f"规则{rule_id}", "office_id": BRIGADE, "industries": ["fireworks"]}
    return Rule(rule_id=rule_id, **{**plain, **values})


def way(*rules: Rule, **matter: Any) -> tuple[int, RoutingReason, str]:
    route = route_of(matter=Matter(**{**PLACE, **matter}), rules=rules, offices=OFFICES).route
    assert route is not None
    return route.office_id, route.reason, route.rule_name


@pytest.mark.parametrize(
    ("conditions", "fitting", "other"),
    [
        ({"industries": ["fireworks", "chemical"]}, {"industry": "chemical"}, {"industry": "commerce"}),
        ({"industries": [], "kinds": ["retaliation"]}, {"kind": "retaliation"}, {"kind": "violation"}),
        ({"industries": [], "divisions": frozenset({"610113"})}, {}, {"district": "610104", "town": ""}),
        ({"industries": [], "divisions": frozenset({"610113001"})}, {}, {"town": "610113002"}),
        ({"industries": [], "zones": [ZONE]}, {"zone": ZONE}, {}),
        ({"industries": [], "needs_danger": True}, {"in_danger": True}, {}),
        ({"industries": [], "needs_death": True}, {"involves_death": True}, {}),
        (
            {"industries": [], "keywords": "烟花\n爆竹"},
            {"words": "院子里堆满爆竹"},
            {"words": "院子里堆满货"},
        ),
        ({"industries": [], "keywords": "LNG"}, {"words": "ｌｎｇ储罐"}, {"words": "储罐"}),
        ({"needs_danger": True}, {"industry": "fireworks", "in_danger": True}, {"industry": "fireworks"}),
    ],
)
def test_all_conditions_that_are_filled_in_must_fit(
    conditions: dict[str, Any], fitting: dict[str, Any], other: dict[str, Any]
) -> None:
    assert way(rule(**conditions), **fitting) == (BRIGADE, RoutingReason.RULE, "规则1")
    assert way(rule(**conditions), **other)[1] != RoutingReason.RULE


def test_the_first_rule_in_order_wins_and_the_older_one_of_two_equal() -> None:
    late, early = rule(1, position=20), rule(2, position=10, office_id=LIANHU)
    twin = rule(3, position=10, office_id=CITY)

    assert way(late, twin, early, industry="fireworks") == (LIANHU, RoutingReason.RULE, "规则2")


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ({"zone": ZONE}, (ZONE, RoutingReason.ZONE_POINT, "")),
        ({"town": "610113006"}, (ZONE, RoutingReason.DIVISION, "")),
        ({}, (YANTA, RoutingReason.DIVISION, "")),
        ({"district": "", "town": ""}, (CITY, RoutingReason.DEFAULT, "")),
        ({"zone": 99}, (YANTA, RoutingReason.DIVISION, "")),
    ],
)
def test_without_a_rule_the_point_then_the_place_then_the_default(
    matter: dict[str, Any], expected: tuple[object, ...]
) -> None:
    assert way(**matter) == expected


# --- 安全生产法 73 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "matter", "expected"),
    [
        ([], {}, (YANTA, RoutingReason.DIVISION, "")),
        ([], {"zone": ZONE}, (YANTA, RoutingReason.DEATH, "")),
        ([], {"town": "610113006"}, (YANTA, RoutingReason.DEATH, "")),
        ([rule(office_id=ZONE)], {}, (CITY, RoutingReason.DEATH, "规则1")),
        ([rule(office_id=TOWN)], {}, (YANTA, RoutingReason.DEATH, "规则1")),
        ([rule(office_id=LIANHU)], {}, (LIANHU, RoutingReason.RULE, "规则1")),
    ],
)
def test_awsl73_a_death_goes_to_county_level_or_above(
    rules: list[Rule], matter: dict[str, Any], expected: tuple[object, ...]
) -> None:
    assert way(*rules, industry="fireworks", involves_death=True, **matter) == expected


def test_awsl73_a_chain_without_end_leads_to_the_default_unit() -> None:
    units = {
        1: unit(1, LEVELS.ZONE, parent_id=2),
        2: unit(2, LEVELS.TOWN, parent_id=1),
        3: unit(3, LEVELS.DISTRICT),
        4: unit(4, LEVELS.CITY, is_default=True),
    }

    assert county_unit(office_id=1, units=units) == 4
    assert county_unit(office_id=1, units={1: units[1], 2: units[2]}) is None


# --- broken rules -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"office_id": None}, RoutingFault.NO_OFFICE),
        ({"office_id": 77}, RoutingFault.OFFICE_CLOSED),
        ({"industries": "fireworks"}, RoutingFault.UNREADABLE),
        ({"industries": {"fireworks": 1}}, RoutingFault.UNREADABLE),
        ({"kinds": [["violation"]]}, RoutingFault.UNREADABLE),
        ({"zones": [True]}, RoutingFault.UNREADABLE),
        ({"industries": ["fireworks", "gone"]}, RoutingFault.UNKNOWN_CODE),
        ({"kinds": ["gone"]}, RoutingFault.UNKNOWN_CODE),
        ({"zones": [YANTA]}, RoutingFault.UNKNOWN_CODE),
        ({"industries": []}, RoutingFault.NO_CONDITION),
        ({"industries": None}, RoutingFault.UNREADABLE),
        ({"industries": [], "keywords": " \n\t"}, RoutingFault.NO_CONDITION),
    ],
)
def test_each_fault_has_its_name(broken: dict[str, Any], fault: RoutingFault) -> None:
    found = route_of(matter=Matter(), rules=[rule(7, **broken)], offices=OFFICES)

    assert found.faults == {7: fault}


@pytest.mark.parametrize("broken", [{"office_id": None}, {"office_id": 77}, {"industries": {"fireworks": 1}}])
def test_a_broken_rule_that_would_decide_sends_the_tip_to_the_default_unit(broken: dict[str, Any]) -> None:
    assert way(rule(**broken), rule(2), industry="fireworks") == (CITY, RoutingReason.RULE_BROKEN, "规则1")


def test_a_broken_rule_that_does_not_fit_changes_nothing() -> None:
    assert way(rule(office_id=None), rule(2, industries=["chemical"]), industry="chemical")[2] == "规则2"


def test_sound_rules_are_not_named() -> None:
    assert route_of(matter=Matter(), rules=[rule(), rule(2, zones=[ZONE])], offices=OFFICES).faults == {}


# --- any rules, any tip -------------------------------------------------------------------------------------------

CODES = ["", "610113", "610104", "610113001", "610113006", "x"]
LISTS = st.one_of(
    st.lists(st.sampled_from([*Industry.values[:3], *TipKind.values[:2], "gone", 5, ZONE]), max_size=3),
    st.sampled_from([None, "fireworks", {}, 3, [None]]),
)
RULES = st.lists(
    st.builds(
        Rule,
        rule_id=st.integers(1, 99),
        name=st.just("规则"),
        position=st.integers(0, 3),
        office_id=st.sampled_from([None, CITY, YANTA, TOWN, ZONE, 77]),
        industries=LISTS,
        kinds=LISTS,
        zones=LISTS,
        divisions=st.frozensets(st.sampled_from(CODES[1:]), max_size=2),
        needs_danger=st.booleans(),
        needs_death=st.booleans(),
        keywords=st.sampled_from(["", "烟花", "\n \n", "死亡\n爆炸"]),
    ),
    max_size=6,
    unique_by=lambda one: one.rule_id,
)
MATTERS = st.builds(
    Matter,
    industry=st.sampled_from(["", *Industry.values[:3]]),
    kind=st.sampled_from(["", *TipKind.values[:2]]),
    district=st.sampled_from(CODES),
    town=st.sampled_from(CODES),
    zone=st.sampled_from([None, ZONE, YANTA, 77]),
    in_danger=st.booleans(),
    involves_death=st.booleans(),
    words=st.sampled_from(["", "烟花爆炸", "死亡"]),
)


@given(matter=MATTERS, rules=RULES, seed=st.randoms())
def test_routing_is_total_deterministic_and_lawful(matter: Matter, rules: list[Rule], seed: Any) -> None:
    shuffled = [sorted(rows, key=lambda _row: seed.random()) for rows in (rules, OFFICES)]

    found = route_of(matter=matter, rules=rules, offices=OFFICES)

    assert found == route_of(matter=matter, rules=shuffled[0], offices=shuffled[1])
    assert isinstance(found.route, Route)
    level = next(one.level for one in OFFICES if one.office_id == found.route.office_id)
    assert not matter.involves_death or level in (LEVELS.CITY, LEVELS.DISTRICT)
    assert (found.route.reason == RoutingReason.RULE_BROKEN) <= bool(found.faults)


@given(matter=MATTERS, rules=RULES)
def test_names_decide_nothing(matter: Matter, rules: list[Rule]) -> None:
    renamed = [replace(one, name="改名") for one in rules]

    before, after = (route_of(matter=matter, rules=rows, offices=OFFICES).route for rows in (rules, renamed))

    assert before is not None
    assert after is not None
    assert (before.office_id, before.reason) == (after.office_id, after.reason)
