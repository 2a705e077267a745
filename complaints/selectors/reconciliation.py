"""Whether ledger, states and audit log agree, for each reward and each budget; changes nothing.

The log is read as it stands: whether its rows are genuine is told by `audit_verify`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Sum

from complaints.enums import ClaimState, LedgerAccount, ReconcileFault, RewardState
from complaints.models import AuditRow, LedgerEntry, RewardAssessment, RewardBudget
from complaints.rules.ledger import FREE

A, S = LedgerAccount, ClaimState
Accounts = Mapping[LedgerAccount, int]
# Where the amount stands in each state; it was taken from what was available.
STANDS_AT: Mapping[ClaimState, LedgerAccount] = {
    S.NOTICED: A.RESERVED,
    S.CLAIMED: A.RESERVED,
    S.PAID: A.PAID,
    S.FORFEITED: A.FORFEITED,
    S.RELEASED: A.RELEASED,
}
_REWARD_ACTS = ("approved", "paid", "unpaid", "forfeited", "released")
_BUDGET_ACTS = {"budget.appropriate": 1, "budget.take_back": -1}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One reward or budget in which something does not agree; `subject` is its number, or unit and year."""

    subject: str
    fault: ReconcileFault


@dataclass(frozen=True, kw_only=True)
class BudgetLine:
    """One budget with what its ledger says of each account, in cents."""

    budget: RewardBudget
    accounts: Accounts
    agrees: bool


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """How many rewards were compared, every budget, and what does not agree."""

    rewards: int
    budgets: list[BudgetLine]
    differences: list[Difference]

    @property
    def agrees(self) -> bool:
        """Whether ledger, states and log agree everywhere."""
        return not self.differences


@dataclass(kw_only=True)
class _Log:
    """What the log says of one reward: the cents of each act, in its order."""

    acts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def reconcile(*, offices: Collection[int] | None = None) -> Reconciliation:
    """Compare all rewards and budgets of these units, or of every unit; a few queries, read at one moment."""
    with _one_moment():
        ledgers, logs = _ledgers(), _logs()
        rewards = RewardAssessment.objects.select_related("claim").order_by("pk")
        budgets = RewardBudget.objects.select_related("office")
        if offices is not None:
            rewards, budgets = rewards.filter(office__in=offices), budgets.filter(office__in=offices)
        differences, count = [], 0
        for row in rewards.iterator():
            count += 1
            found = _faults(row, ledger=ledgers.get(row.pk, {}), log=logs.get(row.number, _Log()))
            differences += [Difference(subject=row.number, fault=fault) for fault in found]
        lines = _budget_lines(list(budgets))
    differences += [
        Difference(subject=f"{line.budget.office.name} {line.budget.year}", fault=ReconcileFault.BUDGET)
        for line in lines
        if not line.agrees
    ]
    return Reconciliation(rewards=count, budgets=lines, differences=differences)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as it stands at one moment, while others go on paying."""
    is_first = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and is_first:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _ledgers() -> dict[int, dict[LedgerAccount, int]]:
    found: dict[int, dict[LedgerAccount, int]] = defaultdict(dict)
    rows = LedgerEntry.objects.filter(assessment__isnull=False).order_by()
    for key, account, cents in rows.values_list("assessment", "account").annotate(cents=Sum("cents")):
        found[key][LedgerAccount(account)] = int(cents)
    return found


def _logs() -> dict[str, _Log]:
    found: dict[str, _Log] = defaultdict(_Log)
    rows = AuditRow.objects.filter(action__in=[f"reward.{act}" for act in _REWARD_ACTS]).order_by("sequence")
    for subject, action, data in rows.values_list("subject", "action", "data").iterator():
        found[subject].acts[action.removeprefix("reward.")].append(int(data.get("cents", -1)))
    return found


def _faults(row: RewardAssessment, *, ledger: Accounts, log: _Log) -> list[ReconcileFault]:
    claim = getattr(row, "claim", None)
    is_decided = row.state in (RewardState.APPROVED, RewardState.RELEASED)
    if (claim is not None) != (is_decided and row.proposed_cents > 0):
        return [ReconcileFault.CLAIM]
    state = claim.get_state() if claim else None
    found = []
    if {account: cents for account, cents in ledger.items() if cents} != _accounts(row, state):
        found.append(ReconcileFault.LEDGER)
    if (state == S.RELEASED) != (row.state == RewardState.RELEASED):
        found.append(ReconcileFault.STATE)
    wanted = _wanted(row, state=state, payments=claim.payments if claim else 0, is_decided=is_decided)
    if {act: cents for act, cents in log.acts.items() if cents} != wanted:
        found.append(ReconcileFault.LOG)
    return found


def _accounts(row: RewardAssessment, state: ClaimState | None) -> Accounts:
    if state is None:
        return {}
    return {LedgerAccount.AVAILABLE: -row.proposed_cents, STANDS_AT[state]: row.proposed_cents}


def _wanted(
    row: RewardAssessment, *, state: ClaimState | None, payments: int, is_decided: bool
) -> dict[str, list[int]]:
    """Return what the log has to say: each act so often, always with the amount that was decided."""
    times = {
        "approved": int(is_decided),
        "paid": payments,
        "unpaid": payments - (state == S.PAID),
        "forfeited": int(state == S.FORFEITED),
        "released": int(state == S.RELEASED),
    }
    return {act: [row.proposed_cents] * count for act, count in times.items() if count > 0}


def _budget_lines(budgets: list[RewardBudget]) -> list[BudgetLine]:
    accounts: dict[int, dict[LedgerAccount, int]] = defaultdict(lambda: dict.fromkeys(LedgerAccount, 0))
    rows = LedgerEntry.objects.order_by().values_list("budget", "account").annotate(cents=Sum("cents"))
    for key, account, cents in rows:
        accounts[key][LedgerAccount(account)] = int(cents)
    logged, claimed = _appropriated(), _claimed()
    return [
        BudgetLine(
            budget=one,
            accounts=accounts[one.pk],
            agrees=_budget_agrees(
                one,
                accounts=accounts[one.pk],
                logged=logged.get((one.office_id, one.year), 0),
                claimed=claimed.get(one.pk, {}),
            ),
        )
        for one in budgets
    ]


def _budget_agrees(budget: RewardBudget, *, accounts: Accounts, logged: int, claimed: Accounts) -> bool:
    appropriated = -accounts[A.APPROPRIATED]
    return (
        budget.appropriated_cents == appropriated == logged
        and budget.reserved_cents == accounts[A.RESERVED] == claimed.get(A.RESERVED, 0)
        and budget.paid_cents == accounts[A.PAID] == claimed.get(A.PAID, 0)
        and budget.available_cents == sum(accounts[account] for account in FREE)
        and budget.available_cents >= 0
    )


def _appropriated() -> dict[tuple[int, int], int]:
    """Return by unit and year what the log says was appropriated, less what was taken back."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    rows = AuditRow.objects.filter(action__in=list(_BUDGET_ACTS))
    for action, data in rows.values_list("action", "data").iterator():
        found[(int(data.get("office", 0)), int(data.get("year", 0)))] += _BUDGET_ACTS[action] * int(
            data.get("cents", 0)
        )
    return found


def _claimed() -> dict[int, dict[LedgerAccount, int]]:
    """Return by budget what the states of its rewards say stands on each account."""
    found: dict[int, dict[LedgerAccount, int]] = defaultdict(lambda: defaultdict(int))
    rows = RewardAssessment.objects.filter(claim__isnull=False)
    for budget, state, cents in rows.values_list("claim__budget", "claim__state", "proposed_cents"):
        found[budget][STANDS_AT[ClaimState(state)]] += cents
    return found
