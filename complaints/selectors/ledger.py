"""Reads of the ledger: balances and movements of a budget, and whether ledger and sums agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, Sum

from complaints.enums import LedgerAccount, LedgerAct, RewardState
from complaints.models import LedgerEntry, RewardAssessment, RewardBudget, Tip
from complaints.rules.claims import OPEN_STATES
from complaints.rules.ledger import FREE, MOVEMENTS


def balances(*, budget: RewardBudget) -> Mapping[LedgerAccount, int]:
    """Return what stands on each account, in cents; one query."""
    rows = LedgerEntry.objects.filter(budget=budget).order_by().values_list("account")
    found = {LedgerAccount(account): int(cents) for account, cents in rows.annotate(cents=Sum("cents"))}
    return {account: found.get(account, 0) for account in LedgerAccount}


def budget_for(*, office_id: int, year: int) -> RewardBudget | None:
    """Return the budget of a unit and year, or None when there is none."""
    return RewardBudget.objects.filter(office=office_id, year=year).first()


def open_rewards(*, tips: Iterable[Tip]) -> "QuerySet[RewardAssessment]":
    """Return the rewards about these tips that wait: for a decision, or approved and not paid, lapsed or taken back."""
    rows = RewardAssessment.objects.filter(tip__in=list(tips))
    return rows.filter(Q(state=RewardState.PROPOSED) | Q(claim__state__in=OPEN_STATES))


def faulty_budgets() -> list[RewardBudget]:
    """Return the budgets whose sums are not what their ledger says; two queries."""
    found: dict[int, dict[str, int]] = {}
    rows = LedgerEntry.objects.order_by().values_list("budget", "account").annotate(cents=Sum("cents"))
    for budget, account, cents in rows:
        found.setdefault(budget, {})[account] = int(cents)
    return [one for one in RewardBudget.objects.order_by("pk") if not _agrees(one, found.get(one.pk, {}))]


def _agrees(budget: RewardBudget, accounts: Mapping[str, int]) -> bool:
    free = sum(accounts.get(account, 0) for account in FREE)
    return (
        budget.appropriated_cents == -accounts.get(LedgerAccount.APPROPRIATED, 0)
        and budget.reserved_cents == accounts.get(LedgerAccount.RESERVED, 0)
        and budget.paid_cents == accounts.get(LedgerAccount.PAID, 0)
        and budget.available_cents == free
    )


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One movement as people read it, in cents: amount, what it did to reserved and paid, what was free after it."""

    taken_at: datetime
    act: LedgerAct
    number: str
    has_claim: bool
    actor: User | None
    cents: int
    reserved: int
    paid: int
    free: int


def ledger_lines(*, budget: RewardBudget) -> list[LedgerLine]:
    """Return every movement of a budget, oldest first, with the balance after each; one query."""
    entries = LedgerEntry.objects.filter(budget=budget, cents__gt=0).order_by("pk")
    free, lines = 0, []
    for entry in entries.select_related("assessment__claim", "actor"):
        act, row = LedgerAct(entry.act), entry.assessment
        movement = MOVEMENTS[act]
        free += (movement.appropriated - movement.reserved - movement.paid) * entry.cents
        lines.append(
            LedgerLine(
                taken_at=entry.taken_at,
                act=act,
                number=row.number if row else "",
                has_claim=row is not None and hasattr(row, "claim"),
                actor=entry.actor,
                cents=entry.cents,
                reserved=movement.reserved * entry.cents,
                paid=movement.paid * entry.cents,
                free=free,
            )
        )
    return lines
