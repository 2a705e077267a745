"""What every act on a claim has in common: its reward and itself under a lock, a step of its history, a row of the log.

Rows are locked in this order: tip where its payment details change, reward, claim, budget, ledger, end of the audit
log.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import ClaimAct, LedgerAct, RewardFault
from complaints.errors import ComplaintError, RequestNotFound, RewardRefused
from complaints.models import ClaimStep, LedgerEntry, RewardAssessment, RewardBudget, RewardClaim, Tip
from complaints.rules import claims as rules
from complaints.rules.moments import to_minute
from complaints.selectors.deadlines import day_overlay

from . import audit, ledger, steps
from .refusals import refusals_go_to

P = ParamSpec("P")
R = TypeVar("R")


def refusals_are_logged(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate an act of staff on one reward (`number`, `actor`, `at` by keyword): a refusal leaves one row."""

    def log(error: ComplaintError, values: Mapping[str, Any]) -> None:
        audit.record(
            action="reward.refused",
            at=values["at"],
            actor=values["actor"],
            subject=str(values["number"])[:60],
            data={"act": f"reward.{act}", "code": error.code},
        )

    return refusals_go_to(log)


def begin(*, row: RewardAssessment, budget: RewardBudget, at: datetime) -> RewardClaim:
    """Make the claim of a reward that is being approved, in the transaction that reserves its amount."""
    today, days = timezone.localdate(at), row.policy.claim_days
    due = rules.due_date(noticed=today, days=days, overlay=day_overlay())
    claim = RewardClaim.objects.create(
        assessment=row, budget=budget, noticed_date=today, term_days=days, due_date=due
    )
    append(claim=claim, act=ClaimAct.NOTICE, at=at)
    return claim


def lock_tip_of(*, number: str) -> None:
    """Lock the tip of a reward, before the reward: payment details lie at the tip, whichever reward they are for."""
    row = RewardAssessment.objects.filter(number=number, tip__isnull=False).values("tip")
    list(Tip.objects.select_for_update().filter(pk__in=row).order_by("pk").values_list("pk"))


def locked(*, number: str) -> RewardClaim:
    """Return a claim with its reward, both under a lock; raises RequestNotFound when there is none."""
    key = RewardAssessment.objects.filter(number=number).values_list("pk", flat=True).first()
    found = locked_by_key(assessment_id=key) if key else None
    if found is None:
        raise RequestNotFound
    return found


def locked_by_key(*, assessment_id: int) -> RewardClaim | None:
    """Return the claim of a reward with the reward, both under a lock, or None."""
    rewards = RewardAssessment.objects.select_for_update(of=("self",)).select_related("tip", "office")
    row = rewards.get(pk=assessment_id)
    claim = RewardClaim.objects.select_for_update(of=("self",)).filter(assessment=row).first()
    if claim is not None:
        claim.assessment = row
    return claim


def require(*, claim: RewardClaim, act: ClaimAct) -> None:
    """Raise RewardRefused where the table has no such step from the state the claim is in."""
    rules.state_after(act=act, state=claim.get_state())


def require_in_time(*, claim: RewardClaim, today: date) -> None:
    """Raise RewardRefused when the time to collect is over, even before the daily task has written it."""
    if rules.is_over(claim.term, today=today):
        raise RewardRefused(RewardFault.CLAIM_LATE)


def append(
    *,
    claim: RewardClaim,
    act: ClaimAct,
    at: datetime,
    actor: User | None = None,
    reason: str = "",
    is_reporter: bool = False,
) -> ClaimStep:
    """Append a step to the history; of what a reporter did the day alone is kept."""
    step = ClaimStep(
        claim=claim,
        act=act,
        actor=actor,
        taken_date=timezone.localdate(at),
        taken_at=None if is_reporter else to_minute(at),
    )
    step.reason = reason
    step.save(force_insert=True)
    return step


def log(*, claim: RewardClaim, act: str, at: datetime, actor: User | None = None) -> None:
    """Write what was done to a reward into the log, with the amount in cents."""
    row = claim.assessment
    data = {"office": row.office_id, "cents": row.proposed_cents}
    audit.record(action=f"reward.{act}", at=at, actor=actor, subject=row.number, data=data)


def move(
    *, claim: RewardClaim, act: LedgerAct, at: datetime, actor: User | None = None, attempt: int = 1
) -> LedgerEntry:
    """Move the amount of a claim within its budget; a payment that came back is the movement against it."""
    paid = claim.assessment.entries.filter(act=LedgerAct.PAY, attempt=attempt).first()
    return ledger.move(
        act=act,
        budget=claim.budget,
        cents=claim.assessment.proposed_cents,
        at=at,
        actor=actor,
        assessment=claim.assessment,
        attempt=attempt,
        undoes=paid.movement if act == LedgerAct.UNPAY and paid else None,
    )


def words_of(reason: str) -> str:
    """Return a reason cleaned; raises DraftInvalid without one."""
    return steps.cleaned({"reason": reason}, names=("reason",), required={"reason"})["reason"]
