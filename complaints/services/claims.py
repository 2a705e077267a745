"""What the reporter does about a reward: asks for the claim code, claims it with sealed details. See docs/adr/0035.

Slow hashes are worked out before any lock. Nothing here reads a name or an account: the browser seals them.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from complaints.enums import ClaimAct, ClaimState, ClaimWay, RewardFault
from complaints.errors import RewardRefused
from complaints.models import RewardClaim
from complaints.rules import claims as rules
from complaints.selectors.claims import claim_for_reporter, is_other_claimed, mode_of
from complaints.selectors.vaults import current_vault

from . import claim_steps, identity, receipts, steps
from .refusals import reporter_refusals_are_logged
from .reporter import Progress, progress_of
from .storage_faults import storage_faults_as_refusals


@dataclass(frozen=True, kw_only=True)
class ShownCode:
    """The progress with a claim code that is shown this once."""

    progress: Progress
    code: str
    number: str


@reporter_refusals_are_logged("claim_code")
def show_code(*, typed: str, number: str, today: date) -> ShownCode:
    """Make the claim code of a reward and return it, once; what is kept is a salted slow hash.

    Args:
        number: of the reward; empty for the newest one still to be collected.

    Raises:
        ReceiptUnknown, TooBusy: as for reading.
        RewardRefused: no reward waits, its time is over, or a code was shown before.
    """
    access = receipts.open_receipt(typed=typed)
    claim = _claim_of(access, number=number)
    _require_fresh(claim)
    code = receipts.new_claim_code()
    _keep_code(assessment_id=claim.assessment_id, code=code, today=today)
    progress = progress_of(access=receipts.refreshed(access=access))
    return ShownCode(progress=progress, code=code.pretty, number=claim.assessment.number)


def _claim_of(access: receipts.Access, *, number: str) -> RewardClaim:
    claim = claim_for_reporter(tip=access.tip, number=number)
    if claim is None:
        raise RewardRefused(RewardFault.NO_CLAIM)
    return claim


def _require_fresh(claim: RewardClaim) -> None:
    """A code is made once; asked before the slow hash, and once more under the lock."""
    if claim.code_hash:
        raise RewardRefused(RewardFault.HAS_CODE)


@storage_faults_as_refusals()
@transaction.atomic
def _keep_code(*, assessment_id: int, code: receipts.NewCode, today: date) -> None:
    claim = claim_steps.locked_by_key(assessment_id=assessment_id)
    if claim is None:
        raise RewardRefused(RewardFault.NO_CLAIM)
    claim_steps.require(claim=claim, act=ClaimAct.SHOW_CODE)
    claim_steps.require_in_time(claim=claim, today=today)
    _require_fresh(claim)
    claim.code_salt, claim.code_hash, claim.code_date = code.salt, code.slow_hash, today
    claim.save(update_fields=["code_salt", "code_hash", "code_date"])
    claim_steps.append(claim=claim, act=ClaimAct.SHOW_CODE, at=steps.day_start(today), is_reporter=True)


@reporter_refusals_are_logged("claim")
def claim_reward(
    *, typed: str, number: str, code: str, envelope: str, today: date, vault_fingerprint: str
) -> Progress:
    """Claim a reward with details the browser sealed to the vault, tied to the public number of the tip.

    Args:
        number: of the reward; empty for the newest one still to be collected.
        code: the claim code as typed; a real-name reporter needs none.

    Raises:
        ReceiptUnknown, TooBusy: as for reading.
        RewardRefused: no reward waits, its time is over, somebody claimed it before, the code is not its own, the
            reporter has to come in person, or another reward of the tip is being paid by details given before: the
            code of one reward never moves the money of another.
        DraftInvalid: no envelope, a malformed one, or one for another vault.
        VaultUnavailable: no key is the pinned one.

    Legal basis: 19号 (claimed within the term, by whoever proves to be the reporter).
    """
    access = receipts.open_receipt(typed=typed)
    claim = _claim_of(access, number=number)
    mode = mode_of(tip=access.tip)
    if not rules.claims_online(mode=mode):
        raise RewardRefused(RewardFault.IN_PERSON)
    claim_steps.require(claim=claim, act=ClaimAct.CLAIM)
    sealed = identity.claim_envelope(text=envelope, vault=current_vault(pinned=vault_fingerprint))
    if rules.needs_code(mode=mode):
        require_code(claim=claim, typed=code)
    _take(claim=claim, sealed=sealed, today=today)
    return progress_of(access=receipts.refreshed(access=access))


def require_code(*, claim: RewardClaim, typed: str) -> None:
    """Raise RewardRefused unless this is the claim code of the claim; costs one slow hash, before any lock."""
    if not claim.code_hash:
        raise RewardRefused(RewardFault.NO_CODE)
    if not receipts.is_claim_code(typed=typed, salt=bytes(claim.code_salt), expected=bytes(claim.code_hash)):
        raise RewardRefused(RewardFault.WRONG_CODE)


def require_same_code(*, before: RewardClaim, claim: RewardClaim) -> None:
    """Raise RewardRefused when the code was made void between the slow hash and the lock."""
    if bytes(before.code_hash) != bytes(claim.code_hash):
        raise RewardRefused(RewardFault.WRONG_CODE)


@storage_faults_as_refusals()
@transaction.atomic
def _take(*, claim: RewardClaim, sealed: identity.SealedClaimText, today: date) -> None:
    claim_steps.lock_tip_of(number=claim.assessment.number)
    before, found = claim, claim_steps.locked_by_key(assessment_id=claim.assessment_id)
    if found is None or found.assessment.tip is None:
        raise RewardRefused(RewardFault.NO_CLAIM)
    claim_steps.require(claim=found, act=ClaimAct.CLAIM)
    if is_other_claimed(claim=found):
        raise RewardRefused(RewardFault.OTHER_FIRST)
    claim_steps.require_in_time(claim=found, today=today)
    require_same_code(before=before, claim=found)
    identity.store_claim(tip=found.assessment.tip, sealed=sealed)
    found.state, found.way, found.claimed_date = ClaimState.CLAIMED, ClaimWay.SEALED, today
    found.save(update_fields=["state", "way", "claimed_date"])
    claim_steps.append(claim=found, act=ClaimAct.CLAIM, at=steps.day_start(today), is_reporter=True)
