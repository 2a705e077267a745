"""The time to collect a reward: extended and taken back by approvers, reminded of and ended by the daily task.

Nothing lapses in silence: first people are told and the number is called out, then some days go by (docs/adr/0035).
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints import events
from complaints.enums import ClaimAct, ClaimState, LedgerAct, RewardState, Role
from complaints.errors import ComplaintError, NotAllowed, RequestNotFound
from complaints.models import RewardClaim
from complaints.policies import REWARD_ROLES, roles_over
from complaints.rules import claims as rules
from complaints.selectors import reward_facts as facts
from complaints.selectors.claims import (
    holds_details,
    is_other_claimed,
    noticed_claims,
    people_of_claims,
)
from complaints.selectors.deadlines import day_overlay

from . import claim_steps, identity
from .storage_faults import storage_faults_as_refusals

logger = logging.getLogger(__name__)


def _require_approver(claim: RewardClaim, *, actor: User) -> None:
    """Raise unless this person decides about the reward: RequestNotFound for people of other units, else NotAllowed."""
    row = claim.assessment
    if not roles_over(actor, office_id=row.office_id) & (REWARD_ROLES | {Role.AUDITOR, Role.PAYER}):
        raise RequestNotFound
    if not facts.decides(user=actor, row=row):
        raise NotAllowed


@claim_steps.refusals_are_logged("extend")
@storage_faults_as_refusals()
@transaction.atomic
def extend(*, number: str, days: int, reason: str, actor: User, at: datetime) -> RewardClaim:
    """Give the reporter more days to collect, with a reason the reporter reads.

    Args:
        days: calendar days beside those of the rule and earlier extensions; in all at most as many as the rule gives.

    Raises:
        RequestNotFound, NotAllowed: not one who decides about this reward.
        RewardRefused: not to be collected now, its time is over, or that many days are not possible.
        DraftInvalid: no reason.
    """
    claim, today = claim_steps.locked(number=number), timezone.localdate(at)
    _require_approver(claim, actor=actor)
    claim_steps.require(claim=claim, act=ClaimAct.EXTEND)
    claim_steps.require_in_time(claim=claim, today=today)
    term = rules.extended(claim.term, days=days, today=today, overlay=day_overlay())
    words = claim_steps.words_of(reason)
    claim.extra_days, claim.due_date, claim.reminded_date = term.extra, term.due, term.reminded
    claim.save(update_fields=["extra_days", "due_date", "reminded_date"])
    claim_steps.append(claim=claim, act=ClaimAct.EXTEND, at=at, actor=actor, reason=words)
    claim_steps.log(claim=claim, act="extended", at=at, actor=actor)
    return claim


@claim_steps.refusals_are_logged("release")
@storage_faults_as_refusals()
@transaction.atomic
def release(*, number: str, reason: str, actor: User, at: datetime) -> RewardClaim:
    """Take an approved reward back before it is paid, with a reason the reporter reads; a new one may follow.

    Raises:
        RequestNotFound, NotAllowed: not one who decides about this reward.
        RewardRefused: paid, lapsed, or taken back before.
        DraftInvalid: no reason.
    """
    claim_steps.lock_tip_of(number=number)
    claim = claim_steps.locked(number=number)
    _require_approver(claim, actor=actor)
    claim_steps.require(claim=claim, act=ClaimAct.RELEASE)
    words = claim_steps.words_of(reason)
    claim_steps.move(claim=claim, act=LedgerAct.RELEASE, at=at, actor=actor)
    claim.state, claim.ended_date = ClaimState.RELEASED, timezone.localdate(at)
    claim.save(update_fields=["state", "ended_date"])
    row = claim.assessment
    row.state = RewardState.RELEASED
    row.save(update_fields=["state"])
    _forget_details(claim)
    claim_steps.append(claim=claim, act=ClaimAct.RELEASE, at=at, actor=actor, reason=words)
    claim_steps.log(claim=claim, act="released", at=at, actor=actor)
    return claim


def _forget_details(claim: RewardClaim) -> None:
    """Delete the payment details, unless they were given for another reward of the same tip."""
    if holds_details(claim=claim):
        identity.forget_claim(tip_id=claim.assessment.tip_id)


# --- the daily task --------------------------------------------------------------------------------------------------


def remind(*, now: datetime) -> int:
    """Remind of each reward nobody has come for when its day comes, once; return how many were called out."""
    return _each(noticed_claims().values_list("assessment", flat=True), _remind_one, now=now)


def forfeit(*, now: datetime) -> int:
    """End each reward whose time is over: the money is free again. Return how many lapsed.

    Legal basis: 19号 (not claimed in time counts as given up); docs/adr/0035 for what comes before.
    """
    return _each(noticed_claims().values_list("assessment", flat=True), _forfeit_one, now=now)


def _each(keys: Iterable[int], do_one: Callable[[int, datetime], bool], *, now: datetime) -> int:
    """Go through all of them, each in a transaction of its own: one that refuses must not keep the others waiting."""
    done = 0
    for key in list(keys):
        try:
            done += do_one(key, now)
        except ComplaintError as error:
            logger.warning("claim of reward %d: %s", key, error.code)
    return done


@transaction.atomic
def _remind_one(key: int, at: datetime) -> bool:
    claim, today = claim_steps.locked_by_key(assessment_id=key), timezone.localdate(at)
    if claim is None or claim.state != ClaimState.NOTICED:
        return False
    _recount(claim)
    if not rules.is_reminded_now(claim.term, today=today):
        return False
    _call_out(claim, today=today)
    claim_steps.append(claim=claim, act=ClaimAct.REMIND, at=at)
    claim_steps.log(claim=claim, act="reminded", at=at)
    _tell(claim, today=today)
    return True


def _recount(claim: RewardClaim) -> None:
    """Move the last day to a later working one where the calendar has changed since it was counted."""
    due = rules.recounted(claim.term, overlay=day_overlay())
    if due != claim.due_date:
        claim.due_date = due
        claim.save(update_fields=["due_date"])


@transaction.atomic
def _forfeit_one(key: int, at: datetime) -> bool:
    claim, today = claim_steps.locked_by_key(assessment_id=key), timezone.localdate(at)
    if claim is None or claim.state != ClaimState.NOTICED or _waits(claim, today=today):
        return False
    if not rules.is_over(claim.term, today=today):
        return False
    claim_steps.move(claim=claim, act=LedgerAct.FORFEIT, at=at)
    claim.state, claim.ended_date = ClaimState.FORFEITED, today
    claim.save(update_fields=["state", "ended_date"])
    claim_steps.append(claim=claim, act=ClaimAct.FORFEIT, at=at)
    claim_steps.log(claim=claim, act="forfeited", at=at)
    _tell(claim, today=today)
    return True


def _waits(claim: RewardClaim, *, today: date) -> bool:
    """Whether it cannot be claimed while another reward of the tip is being paid; the days after the call go on."""
    if claim.reminded_date is None or not is_other_claimed(claim=claim):
        return False
    _call_out(claim, today=today)
    return True


def _call_out(claim: RewardClaim, *, today: date) -> None:
    term = rules.called_out(claim.term, today=today, overlay=day_overlay())
    claim.reminded_date, claim.due_date = term.reminded, term.due
    claim.save(update_fields=["reminded_date", "due_date"])


def _tell(claim: RewardClaim, *, today: date) -> None:
    people = people_of_claims(office_id=claim.assessment.office_id)
    if people:
        events.work_waits.send(sender=RewardClaim, user_ids=people, today=today)
