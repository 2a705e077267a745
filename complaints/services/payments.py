"""What the payer of a unit does: pays once, pays at the counter, books a payment that came back, voids a claim code.

Whoever proposed or approved a reward never pays it. Rows are locked as in `claim_steps`.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints.enums import ClaimAct, ClaimState, ClaimWay, LedgerAct, RewardFault, Role
from complaints.errors import NotAllowed, RequestNotFound, RewardRefused
from complaints.models import RewardClaim
from complaints.policies import REWARD_ROLES, roles_over
from complaints.rules import claims as rules
from complaints.selectors.claims import claims_for, days_since_reply, holds_details, must_ask_anew
from complaints.selectors.deadlines import day_overlay

from . import claim_steps, identity, ledger, receipts
from .claims import require_code, require_same_code
from .storage_faults import storage_faults_as_refusals


def _require_payer(claim: RewardClaim, *, actor: User) -> None:
    """Raise unless this person pays for the unit: it does not exist for people of other units.

    Raises:
        RequestNotFound: of a unit that is none of the actor's business.
        NotAllowed: reads rewards there, but is no payer of that very unit.
        RewardRefused: proposed or approved it.
    """
    row = claim.assessment
    try:
        ledger.require_payer(actor=actor, office_id=row.office_id)
    except NotAllowed:
        if roles_over(actor, office_id=row.office_id) & (REWARD_ROLES | {Role.AUDITOR}):
            raise
        raise RequestNotFound from None
    if actor.pk in (row.proposer_id, row.approver_id):
        raise RewardRefused(RewardFault.OWN_PART)


@claim_steps.refusals_are_logged("pay")
@storage_faults_as_refusals()
@transaction.atomic
def pay(*, number: str, actor: User, at: datetime) -> RewardClaim:
    """Record that a claimed reward was paid to the account that was opened for the payer; a second time is refused.

    Raises:
        RequestNotFound, NotAllowed: see `_require_payer`.
        RewardRefused: the actor had another part in it, nobody has claimed it, or it was paid before.
    """
    claim = claim_steps.locked(number=number)
    _require_payer(claim, actor=actor)
    claim_steps.require(claim=claim, act=ClaimAct.PAY)
    if claim.state == ClaimState.NOTICED:
        raise RewardRefused(RewardFault.NOT_NOW)
    return _pay_out(claim, way=ClaimWay.SEALED, actor=actor, at=at)


@claim_steps.refusals_are_logged("pay")
@storage_faults_as_refusals()
def pay_at_counter(*, number: str, receipt: str, code: str, actor: User, at: datetime) -> RewardClaim:
    """Record "paid against code": whoever came has shown receipt and claim code. No name is asked, none is kept.

    Raises:
        RequestNotFound, NotAllowed: see `_require_payer`.
        ReceiptUnknown, TooBusy: as for reading.
        RewardRefused: the receipt belongs to another tip, the code is not the claim's, its time is over, or it was
            claimed or paid before.
    """
    known = claims_for(user=actor).filter(assessment__number=number).first()
    if known is None:
        raise RequestNotFound
    _require_payer(known, actor=actor)
    access = receipts.open_receipt(typed=receipt)
    if access.tip.pk != known.assessment.tip_id:
        raise RewardRefused(RewardFault.NO_CLAIM)
    # Whatever is refused here is so by what was read: nothing may come to be paid later on without its code.
    _require_to_collect(known)
    require_code(claim=known, typed=code)
    return _pay_known(known, actor=actor, at=at)


def _require_to_collect(claim: RewardClaim) -> None:
    claim_steps.require(claim=claim, act=ClaimAct.PAY)
    if claim.state == ClaimState.CLAIMED:
        raise RewardRefused(RewardFault.CLAIMED)


@transaction.atomic
def _pay_known(known: RewardClaim, *, actor: User, at: datetime) -> RewardClaim:
    claim = claim_steps.locked(number=known.assessment.number)
    _require_payer(claim, actor=actor)
    _require_to_collect(claim)
    claim_steps.require_in_time(claim=claim, today=timezone.localdate(at))
    require_same_code(before=known, claim=claim)
    return _pay_out(claim, way=ClaimWay.COUNTER, actor=actor, at=at)


def _pay_out(claim: RewardClaim, *, way: ClaimWay, actor: User, at: datetime) -> RewardClaim:
    """Move the money, then write state, history and log, all in the caller's transaction."""
    attempt = claim.payments + 1
    claim_steps.move(claim=claim, act=LedgerAct.PAY, at=at, actor=actor, attempt=attempt)
    claim.state, claim.way, claim.payer, claim.payments = ClaimState.PAID, way, actor, attempt
    claim.paid_date = timezone.localdate(at)
    claim.reply_days = days_since_reply(claim=claim, day=claim.paid_date)
    claim.save(update_fields=["state", "way", "payer", "payments", "paid_date", "reply_days"])
    claim_steps.append(claim=claim, act=ClaimAct.PAY, at=at, actor=actor)
    claim_steps.log(claim=claim, act="paid", at=at, actor=actor)
    return claim


@claim_steps.refusals_are_logged("unpay")
@storage_faults_as_refusals()
@transaction.atomic
def unpay(*, number: str, reason: str, asks_anew: bool, actor: User, at: datetime) -> RewardClaim:
    """Correct a payment by the movement against it: it came back, or was recorded by mistake.

    Args:
        reason: kept with the step; where the reporter is asked anew, the reporter reads it.
        asks_anew: the details are deleted, and the time to collect begins again. Otherwise the same details wait for
            another payment. Where there are none it is always collected anew: after a payment at the counter, and where
            details for another reward of the tip have taken their place.

    Raises:
        RequestNotFound, NotAllowed: see `_require_payer`.
        RewardRefused: the actor had another part in it, or it is not paid.
        DraftInvalid: no reason.
    """
    claim_steps.lock_tip_of(number=number)
    claim = claim_steps.locked(number=number)
    _require_payer(claim, actor=actor)
    claim_steps.require(claim=claim, act=ClaimAct.UNPAY)
    words = claim_steps.words_of(reason)
    claim_steps.move(claim=claim, act=LedgerAct.UNPAY, at=at, actor=actor, attempt=claim.payments)
    claim.paid_date, claim.payer, claim.reply_days = None, None, None
    if asks_anew or must_ask_anew(claim=claim):
        _begin_anew(claim, at=at)
    else:
        claim.state = ClaimState.CLAIMED
    claim.save()
    claim_steps.append(claim=claim, act=ClaimAct.UNPAY, at=at, actor=actor, reason=words)
    claim_steps.log(claim=claim, act="unpaid", at=at, actor=actor)
    return claim


def _begin_anew(claim: RewardClaim, *, at: datetime) -> None:
    """Let the reporter collect once more, in a whole new term.

    A code that was typed at the counter is spent: whoever pays there, or their computer, may have read it.
    """
    today = timezone.localdate(at)
    if claim.way == ClaimWay.COUNTER:
        claim.code_salt, claim.code_hash, claim.code_date = b"", b"", None
    if claim.way == ClaimWay.SEALED and holds_details(claim=claim):
        identity.forget_claim(tip_id=claim.assessment.tip_id)
    claim.state, claim.way, claim.claimed_date = ClaimState.NOTICED, "", None
    claim.noticed_date, claim.extra_days, claim.reminded_date = today, 0, None
    claim.due_date = rules.due_date(noticed=today, days=claim.term_days, overlay=day_overlay())


@claim_steps.refusals_are_logged("void_code")
@storage_faults_as_refusals()
@transaction.atomic
def void_code(*, number: str, reason: str, actor: User, at: datetime) -> RewardClaim:
    """Make a lost claim code void; the next one is shown to whoever holds the receipt.

    Raises:
        RequestNotFound, NotAllowed: see `_require_payer`.
        RewardRefused: the actor had another part in it, there is no code, or nobody needs one any more.
        DraftInvalid: no reason.
    """
    claim = claim_steps.locked(number=number)
    _require_payer(claim, actor=actor)
    claim_steps.require(claim=claim, act=ClaimAct.VOID_CODE)
    if not claim.code_hash:
        raise RewardRefused(RewardFault.NO_CODE)
    words = claim_steps.words_of(reason)
    claim.code_salt, claim.code_hash, claim.code_date = b"", b"", None
    claim.save(update_fields=["code_salt", "code_hash", "code_date"])
    claim_steps.append(claim=claim, act=ClaimAct.VOID_CODE, at=at, actor=actor, reason=words)
    claim_steps.log(claim=claim, act="code_voided", at=at, actor=actor)
    return claim
