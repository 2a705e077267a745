"""Policies for the tests of rewards: the national rule, and changes to it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from complaints.enums import AccidentGrade, TipKind
from complaints.rules.reward_case import Case
from complaints.rules.reward_policy import Policy

DAY = date(2026, 3, 10)
NATIONAL = Policy(
    code="national",
    region="000000",
    effective_from=date(2018, 1, 4),
    rate=Decimal("0.15"),
    floor=Decimal(3000),
    cap=Decimal(300000),
    per_death={
        AccidentGrade.ORDINARY: Decimal(30000),
        AccidentGrade.LARGER: Decimal(40000),
        AccidentGrade.MAJOR: Decimal(50000),
        AccidentGrade.EXTREME: Decimal(60000),
    },
    no_penalty_amount=Decimal(3000),
    source="19号",
    article_rate="19号 第九条",
    article_accident="19号 第九条",
)


def policy(**values: Any) -> Policy:
    """Return the national rule with some figures changed."""
    return replace(NATIONAL, **values)


def fined(*fines: int | str, **values: Any) -> Case:
    """Return a breach of the law with these fines in yuan."""
    plain = {"kind": TipKind.VIOLATION, "fines": tuple(Decimal(fine) for fine in fines)}
    return Case(**{**plain, **values})


def accident(dead: int, concealed: int, **values: Any) -> Case:
    """Return a concealed accident."""
    return Case(kind=TipKind.CONCEALED_ACCIDENT, dead=dead, concealed=concealed, **values)
