"""Reads about rewards: the rule that counts on a day, what a case is worth by it, the fines a reward goes by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import DatabaseError
from django.db.models import QuerySet

from complaints.enums import DivisionLevel, Measure, Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.models import Disposal, Division, RewardPolicy, Tip
from complaints.rules.reward_policy import (
    OverlappingPolicies,
    Policy,
    only_one,
    policy_for,
    sector_of,
)
from complaints.rules.reward_question import Question
from complaints.rules.rewards import Reward, reward_for

from .shipped_rewards import shipped_policies


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a case would be worth, and by which row; `is_shipped` when no database could be read."""

    reward: Reward
    policy: RewardPolicy
    day: date
    is_shipped: bool = False


def estimate(*, question: Question, today: date) -> Estimate:
    """Return what a true tip like this would be worth; two queries.

    Raises:
        DraftInvalid: there is no such rule, none on that day, two of them, or a figure cannot be.
    """
    day = question.day or today
    try:
        rows, home, is_shipped = list(RewardPolicy.objects.in_force(day=day)), home_region(), False
    except DatabaseError:
        rows, home, is_shipped = shipped_policies(), "", True
    if question.policy:
        row = _named(rows, code=question.policy, day=day)
    else:
        row = _counting(rows, division=home, sector="", day=day)
    reward = reward_for(case=question.case, policy=row.as_terms())
    return Estimate(reward=reward, policy=row, day=day, is_shipped=is_shipped)


def policy_on(*, day: date, division: str, industry: str) -> RewardPolicy:
    """Return the rule that counts for a place and an industry on the day a tip was accepted; one query.

    Raises:
        DraftInvalid: none counts, or two of one region and sector do.
    """
    rows = list(RewardPolicy.objects.in_force(day=day))
    return _counting(rows, division=division, sector=sector_of(industry=industry), day=day)


def home_region() -> str:
    """Return the division code of the city this installation is for; empty before its divisions are loaded."""
    cities = Division.objects.filter(level=DivisionLevel.CITY).order_by("code")
    return cities.values_list("code", flat=True).first() or ""


def choosable_policies(*, day: date) -> list[RewardPolicy]:
    """Return the rules in force on a day, that of the city first; two queries."""
    home = home_region()
    rows = RewardPolicy.objects.in_force(day=day)
    return sorted(rows, key=lambda row: (row.region != home, row.region, row.sector))


def signed_penalties(*, tip: Tip) -> "QuerySet[Disposal]":
    """Return the penalties a reward for this tip goes by, in the order they were decided.

    Merged tips share what was done about the one that leads. The one place that says which penalties count.
    """
    lead = tip.merged_into_id or tip.pk
    rows = Disposal.objects.signed().filter(tip=lead, measure=Measure.PENALTY, fine_amount__isnull=False)
    return rows.order_by("pk")


def signed_fines(*, tip: Tip) -> tuple[Decimal, ...]:
    """Return the fines of these penalties in yuan."""
    fines = signed_penalties(tip=tip).values_list("fine_amount", flat=True)
    return tuple(fine for fine in fines if fine is not None)


def _named(rows: Iterable[RewardPolicy], *, code: str, day: date) -> RewardPolicy:
    found = [row for row in rows if row.code == code and row.as_terms().is_in_force(day=day)]
    if not found:
        problem = ("on", Problem.NO_POLICY) if code in _codes() else ("policy", Problem.UNKNOWN_POLICY)
        raise DraftInvalid([FieldProblem(field=problem[0], problem=problem[1])])
    return _only(found)


def _codes() -> frozenset[str]:
    try:
        return frozenset(RewardPolicy.objects.values_list("code", flat=True))
    except DatabaseError:
        return frozenset(row.code for row in shipped_policies())


def _counting(rows: Iterable[RewardPolicy], *, division: str, sector: str, day: date) -> RewardPolicy:
    by_terms = [(row.as_terms(), row) for row in rows]
    try:
        found = policy_for(
            policies=[terms for terms, _row in by_terms], division=division, sector=sector, day=day
        )
    except OverlappingPolicies:
        raise _overlap() from None
    if found is None:
        raise DraftInvalid([FieldProblem(field="on", problem=Problem.NO_POLICY)])
    return next(row for terms, row in by_terms if terms is found)


def _only(rows: list[RewardPolicy]) -> RewardPolicy:
    try:
        terms: Policy = only_one([row.as_terms() for row in rows])
    except OverlappingPolicies:
        raise _overlap() from None
    return next(row for row in rows if row.region == terms.region)


def _overlap() -> DraftInvalid:
    return DraftInvalid([FieldProblem(field="on", problem=Problem.POLICIES_OVERLAP)])
