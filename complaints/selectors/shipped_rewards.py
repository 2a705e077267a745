"""The reward rules that ship with the program, read from their file."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from complaints.enums import AccidentGrade, IdentityMode
from complaints.models import RewardPolicy

FILE = Path(__file__).resolve().parents[1] / "data" / "rewards.toml"
AMOUNTS = frozenset(
    {
        "rate",
        "second_level_rate",
        "floor",
        "cap",
        "employee_uplift_pct",
        "general_low",
        "general_high",
        "monthly_cap_per_type",
        "no_penalty_amount",
    }
)
# With a code the reporter gives the name when collecting.
USUAL_MODES = (IdentityMode.REAL_NAME.value, IdentityMode.ANONYMOUS_WITH_CODE.value)


def shipped_policies() -> list[RewardPolicy]:
    """Return the rows of the file, not stored; fresh ones at every call."""
    facts = _facts()
    return [_row({**facts["usual"], **one}) for one in facts["policies"]]


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _row(facts: dict[str, Any]) -> RewardPolicy:
    values = {
        name: Decimal(one) if name in AMOUNTS else one for name, one in facts.items() if name != "per_death"
    }
    deaths = {f"per_death_{grade.value}": Decimal(facts["per_death"][grade.value]) for grade in AccidentGrade}
    return RewardPolicy(**{"eligible_identity_modes": list(USUAL_MODES), **values, **deaths})
