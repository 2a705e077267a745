"""Which dated row counts for a tip, when two of them overlap, and which figures a row may not have."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from complaints.enums import AccidentGrade, GeneralHazardMode, Industry, Problem
from complaints.rules.reward_policy import (
    OverlappingPolicies,
    overlap,
    policy_for,
    policy_problems,
    regions_up,
    sector_of,
)
from tests.rules.reward_policies import DAY, NATIONAL, policy

CITY = "610100"


def test_regions_from_the_nearest_to_the_widest() -> None:
    assert regions_up(division="610113001000") == ("610113", "610100", "610000", "000000")
    assert regions_up(division="610100") == ("610100", "610000", "000000")
    assert regions_up(division="") == ("000000",)


def test_sector_by_industry() -> None:
    assert sector_of(industry=Industry.COAL_MINE) == "mining"
    assert sector_of(industry=Industry.NON_COAL_MINE) == "mining"
    assert sector_of(industry=Industry.CHEMICAL) == sector_of(industry="") == ""


def test_the_nearer_region_and_the_own_sector_come_first() -> None:
    city, mining = policy(code="city", region=CITY), policy(code="mining", sector="mining")
    rows = [NATIONAL, city, mining]

    def found(**values: str) -> str:
        row = policy_for(policies=rows, day=DAY, **{"division": "610113", "sector": "", **values})
        return row.code if row else ""

    assert found() == "city"
    assert found(division="440300") == found(division="") == "national"
    assert found(sector="mining") == "mining"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2025, 12, 31), "old"),
        (date(2026, 1, 1), "new"),
        (date(2017, 1, 1), None),
    ],
)
def test_the_day_of_acceptance_picks_the_row(day: date, code: str | None) -> None:
    old = policy(code="old", effective_to=date(2025, 12, 31))
    new = policy(code="new", effective_from=date(2026, 1, 1))

    row = policy_for(policies=[new, old], division="", sector="", day=day)

    assert (row.code if row else None) == code


def test_two_rows_in_force_give_no_amount() -> None:
    with pytest.raises(OverlappingPolicies):
        policy_for(policies=[NATIONAL, policy(code="twin")], division="", sector="", day=DAY)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),
        ({"effective_from": date(2026, 1, 1), "effective_to": date(2026, 1, 1)}, True),
        ({"effective_from": date(2017, 1, 1), "effective_to": date(2018, 1, 3)}, False),
        ({"effective_from": date(2017, 1, 1), "effective_to": date(2018, 1, 4)}, True),
        ({"region": CITY}, False),
        ({"sector": "mining"}, False),
    ],
)
def test_overlap(values: dict[str, Any], expected: bool) -> None:
    other = policy(**values)

    assert overlap(NATIONAL, other) is overlap(other, NATIONAL) is expected


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"rate": Decimal(15)}, "rate", Problem.BAD_SHARE),
        ({"rate": Decimal(0)}, "rate", Problem.BAD_SHARE),
        ({"rate": Decimal("NaN")}, "rate", Problem.BAD_SHARE),
        ({"second_level_rate": Decimal(12)}, "second_level_rate", Problem.BAD_SHARE),
        ({"floor": Decimal(-1)}, "floor", Problem.BAD_NUMBER),
        ({"cap": Decimal("Infinity")}, "cap", Problem.BAD_NUMBER),
        ({"cap": Decimal(2999)}, "cap", Problem.CAP_BELOW_FLOOR),
        ({"no_penalty_amount": Decimal(3001)}, "no_penalty_amount", Problem.ABOVE_FLOOR),
        ({"employee_uplift_pct": Decimal(201)}, "employee_uplift_pct", Problem.BAD_NUMBER),
        ({"general_hazard": GeneralHazardMode.FIXED}, "general_low", Problem.MISSING),
        (
            {"general_hazard": GeneralHazardMode.RANGE, "general_low": Decimal(5)},
            "general_high",
            Problem.CAP_BELOW_FLOOR,
        ),
        ({"monthly_cap_per_type": Decimal(-5)}, "monthly_cap_per_type", Problem.BAD_NUMBER),
        (
            {"per_death": {**NATIONAL.per_death, AccidentGrade.MAJOR: Decimal(-1)}},
            "per_death_major",
            Problem.BAD_NUMBER,
        ),
        ({"effective_to": date(2018, 1, 3)}, "effective_to", Problem.ENDS_BEFORE),
        ({"claim_days": 0}, "claim_days", Problem.BAD_NUMBER),
        ({"approval_levels": 3}, "approval_levels", Problem.BAD_NUMBER),
        ({"eligible_identity_modes": frozenset()}, "eligible_identity_modes", Problem.MISSING),
        ({"sector": "moon"}, "sector", Problem.UNKNOWN_CODE),
        ({"region": "61"}, "region", Problem.UNKNOWN_CODE),
        ({"source": " "}, "source", Problem.MISSING),
    ],
)
def test_figures_that_cannot_be(values: dict[str, Any], field: str, problem: Problem) -> None:
    assert [(one.field, one.problem) for one in policy_problems(policy(**values))] == [(field, problem)]


def test_the_national_rule_is_in_order() -> None:
    assert policy_problems(NATIONAL) == []
