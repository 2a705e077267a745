"""Opening what is sealed: asked with a reason, approved by a leader, handed to one custodian, read once by the asker.

Nothing here opens anything. Clear text never comes to the server; see docs/adr/0027-opening-takes-two-people.md.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import policies
from complaints.enums import (
    OpeningFault,
    Problem,
    RewardFault,
    Role,
    UnsealAct,
    UnsealFault,
    UnsealPurpose,
    UnsealStatus,
    UnsealTarget,
)
from complaints.errors import DraftInvalid, FieldProblem, RewardRefused, TipNotFound, UnsealRefused
from complaints.models import Evidence, IdentityAccess, SealedNote, Tip, UnsealRequest
from complaints.rules import custody as rules
from complaints.selectors.claims import had_part
from complaints.selectors.custody import SealedThing, sealed_thing
from complaints.selectors.deadlines import policy_on

from . import checkpoints, identity, steps
from .refusals import refusals_are_logged as tip_refusals_are_logged
from .storage_faults import storage_faults_as_refusals
from .unseal_expiry import expire_own
from .unsealing import (
    append,
    begin,
    finish,
    key_terms,
    refusals_are_logged,
    require_approver,
    require_asker,
    require_proof,
    require_proven_key,
    terms_of,
)
from .waiting import require_settled

# What a leader confirms before approving; the sentences stand beside the boxes.
CONFIRMATIONS: Final = frozenset({"no_other_way", "not_my_own"})


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks for: codes as typed, the reason, the public id of a photo where an original is meant."""

    target: str
    purpose: str
    reason: str = field(repr=False)
    photo: str = ""


@dataclass(frozen=True, kw_only=True)
class HandedOut:
    """What a custodian's browser needs to open one thing; `reader_key` is that of the asker's tab."""

    thing: SealedThing = field(repr=False)
    reader_key: str


# --- asking and deciding ---------------------------------------------------------------------------------------


@tip_refusals_are_logged("unseal")
@storage_faults_as_refusals()
@transaction.atomic
def ask(*, tip_id: int, wish: Wish, actor: User, at: datetime) -> UnsealRequest:
    """Ask to have something of a tip opened. Whether there is anything to open is neither looked at nor told.

    Raises:
        TipNotFound, NotAllowed: outside the scope, or not one who may ask for this kind of thing.
        DraftInvalid: an unknown code, no reason, no such photo.
        RewardRefused: the payment details of a reward the actor proposed or approved.
        UnsealRefused: the same person has asked for the same already.
    """
    tip = _locked_tip(tip_id=tip_id, actor=actor, target=wish.target)
    words, photo = _checked(wish, tip=tip)
    roles = policies.roles_over(actor, office_id=tip.handling_unit_id)
    target = UnsealTarget(wish.target)
    rules.require_ask(target=target, person=rules.Person(person_id=actor.pk, roles=roles))
    if target == UnsealTarget.CLAIM and had_part(user=actor, tip=tip):
        raise RewardRefused(RewardFault.OWN_PART)
    require_settled(actor=actor, office_id=tip.handling_unit_id, roles=rules.ASKERS[target], at=at)
    row = UnsealRequest(
        tip=tip,
        target=target,
        photo=photo,
        purpose=UnsealPurpose(wish.purpose),
        asker=actor,
        asked_at=steps.to_minute(at),
    )
    row.reason = words
    expire_own(row=row, at=at)
    _insert(row)
    append(row=row, act=UnsealAct.ASK, actor=actor, at=at, detail=row.purpose)
    return row


def _locked_tip(*, tip_id: int, actor: User, target: str) -> Tip:
    """Return the tip under a lock; payers, who see no tip, are known by their role over its unit."""
    if target != UnsealTarget.CLAIM:
        return steps.locked_tip(tip_id=tip_id, actor=actor)
    tip = Tip.objects.select_for_update().filter(pk=tip_id).first()
    if tip is None or Role.PAYER not in policies.roles_over(actor, office_id=tip.handling_unit_id):
        raise TipNotFound
    return tip


def _checked(wish: Wish, *, tip: Tip) -> tuple[str, Evidence | None]:
    """Return the cleaned reason and the photo meant; raises DraftInvalid."""
    photo = _photo(wish, tip=tip)
    problems = []
    if wish.target not in UnsealTarget.values or (wish.target == UnsealTarget.ORIGINAL and photo is None):
        problems.append(FieldProblem(field="target", problem=Problem.UNKNOWN_CODE))
    if wish.purpose not in UnsealPurpose.values:
        problems.append(FieldProblem(field="purpose", problem=Problem.MISSING))
    try:
        words = steps.cleaned({"reason": wish.reason}, names=("reason",), required={"reason"})
    except DraftInvalid as error:
        problems.extend(error.problems)
    if problems:
        raise DraftInvalid(problems)
    return words["reason"], photo


def _photo(wish: Wish, *, tip: Tip) -> Evidence | None:
    if wish.target != UnsealTarget.ORIGINAL:
        return None
    try:
        public_id = UUID(wish.photo)
    except ValueError:
        return None
    return tip.photos.filter(public_id=public_id).exclude(vault_version=None).first()


def _insert(row: UnsealRequest) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise UnsealRefused(UnsealFault.WAITING) from None


@refusals_are_logged(UnsealAct.APPROVE)
@storage_faults_as_refusals()
@transaction.atomic
def approve(
    *, request_id: UUID, answer: str, confirmed: Collection[str], actor: User, at: datetime
) -> UnsealRequest:
    """Approve a request for the hours of the policy in force; with nothing to open it ends here, and says so.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: see `unsealing.begin`; also when what is sealed was moved between
            tips.
        DraftInvalid: a confirmation is missing, or the written reason.
    """
    row = begin(request_id=request_id, act=UnsealAct.APPROVE, actor=actor, at=at)
    row.answer = _answer(answer, is_confirmed=set(confirmed) >= CONFIRMATIONS)
    row.approver, row.decided_at = actor, steps.to_minute(at)
    row.valid_until = rules.valid_until(approved=steps.to_minute(at), hours=_hours(at))
    thing = sealed_thing(row=row)
    row.status = UnsealStatus.APPROVED if thing else UnsealStatus.NOTHING
    row.save(update_fields=["answer_sealed", "approver", "decided_at", "valid_until", "status"])
    terms = {**terms_of(row), "sealed": thing.sha256 if thing else ""}
    append(row=row, act=UnsealAct.APPROVE, actor=actor, at=at, terms=terms)
    if thing is None:
        append(row=row, act=UnsealAct.FIND_NOTHING, actor=None, at=at)
    return row


def _hours(at: datetime) -> int:
    return policy_on(day=timezone.localdate(at)).unseal_hours


def _answer(answer: str, *, is_confirmed: bool = True) -> str:
    problems = [] if is_confirmed else [FieldProblem(field="confirmed", problem=Problem.MISSING)]
    try:
        words = steps.cleaned({"answer": answer}, names=("answer",), required={"answer"})
    except DraftInvalid as error:
        raise DraftInvalid([*problems, *error.problems]) from None
    if problems:
        raise DraftInvalid(problems)
    return words["answer"]


@refusals_are_logged(UnsealAct.REFUSE)
@storage_faults_as_refusals()
@transaction.atomic
def refuse(*, request_id: UUID, answer: str, actor: User, at: datetime) -> UnsealRequest:
    """Return a request to its asker, with the reason; it stays on record. Raises as `approve` does."""
    row = begin(request_id=request_id, act=UnsealAct.REFUSE, actor=actor, at=at)
    row.answer = _answer(answer)
    row.approver, row.decided_at = actor, steps.to_minute(at)
    row.status = UnsealStatus.REFUSED
    row.save(update_fields=["answer_sealed", "approver", "decided_at", "status"])
    append(row=row, act=UnsealAct.REFUSE, actor=actor, at=at)
    return row


@refusals_are_logged(UnsealAct.REVOKE)
@storage_faults_as_refusals()
@transaction.atomic
def revoke(*, request_id: UUID, actor: User, at: datetime) -> UnsealRequest:
    """Take an approval back as long as nothing was delivered; any leader who might have approved may do so.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: see `unsealing.begin`; also once a note or file was delivered.
    """
    row = begin(request_id=request_id, act=UnsealAct.REVOKE, actor=actor, at=at)
    if row.delivered_at is not None:
        raise UnsealRefused(UnsealFault.NOT_NOW)
    return _take_back(row, act=UnsealAct.REVOKE, actor=actor, at=at)


@refusals_are_logged(UnsealAct.WITHDRAW)
@storage_faults_as_refusals()
@transaction.atomic
def withdraw(*, request_id: UUID, actor: User, at: datetime) -> UnsealRequest:
    """Withdraw an own request that nobody has opened yet; raises as `unsealing.begin` does."""
    row = begin(request_id=request_id, act=UnsealAct.WITHDRAW, actor=actor, at=at)
    return _take_back(row, act=UnsealAct.WITHDRAW, actor=actor, at=at)


def _take_back(row: UnsealRequest, *, act: UnsealAct, actor: User, at: datetime) -> UnsealRequest:
    row.status = UnsealStatus.WITHDRAWN
    row.save(update_fields=["status"])
    append(row=row, act=act, actor=actor, at=at)
    return row


# --- opening ---------------------------------------------------------------------------------------------------


@refusals_are_logged(UnsealAct.GIVE_KEY)
@storage_faults_as_refusals()
@transaction.atomic
def give_key(*, request_id: UUID, public_key: str, actor: User, at: datetime) -> None:
    """Store the public half of the key pair in the asker's tab; a newer tab takes the place of an older one.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: as in `unsealing.begin`; also when a note was delivered already.
        DraftInvalid: the text is no public key.
    """
    row = begin(request_id=request_id, act=UnsealAct.GIVE_KEY, actor=actor, at=at)
    if not identity.is_reader_key(public_key):
        raise DraftInvalid([FieldProblem(field="public_key", problem=Problem.WRONG_TYPE)])
    if row.delivered_at is not None:
        raise UnsealRefused(UnsealFault.NOT_NOW)
    row.asker_key = public_key
    row.save(update_fields=["asker_key"])
    terms = {**key_terms(public_key), "reader": identity.reader_fingerprint(public_key)}
    append(row=row, act=UnsealAct.GIVE_KEY, actor=actor, at=at, terms=terms)


@refusals_are_logged(UnsealAct.HAND_OUT)
@storage_faults_as_refusals()
@transaction.atomic
def hand_out(*, request_id: UUID, actor: User, at: datetime) -> HandedOut:
    """Hand the envelope to a custodian while the approval is valid; the first one holds the request from then on.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: as in `unsealing.begin`; also when the asker handles the tip no
            more, the approver leads no more, no tab of the asker waits for the note, what is sealed belongs to another
            tip, or the audit log does not prove the approval or the asker's key.
    """
    row = begin(request_id=request_id, act=UnsealAct.HAND_OUT, actor=actor, at=at)
    require_proof(row)
    thing = sealed_thing(row=row)
    if thing is None or row.delivered_at is not None:
        raise UnsealRefused(UnsealFault.NOT_NOW)
    _require_reader(row)
    row.custodian, row.status = actor, UnsealStatus.OPENED
    row.opened_at = row.opened_at or steps.to_minute(at)
    row.save(update_fields=["custodian", "status", "opened_at"])
    assert row.approver_id is not None
    IdentityAccess.objects.create(
        request=row,
        custodian=actor,
        asker=row.asker,
        approver_id=row.approver_id,
        handed_at=steps.to_minute(at),
        vault_version=thing.vault_version,
        sealed_sha256=thing.sha256,
    )
    terms = {**terms_of(row), "approver": row.approver_id, "sealed": thing.sha256}
    append(row=row, act=UnsealAct.HAND_OUT, actor=actor, at=at, terms=terms)
    transaction.on_commit(partial(checkpoints.sign_quietly, at=at))
    return HandedOut(thing=thing, reader_key=row.asker_key)


def _require_reader(row: UnsealRequest) -> None:
    """Refuse to hand out for somebody who has left the tip, or whom no note could reach."""
    require_asker(row)
    require_approver(row)
    if row.target == UnsealTarget.ORIGINAL:
        return
    if not row.asker_key:
        raise UnsealRefused(UnsealFault.NO_READER)
    require_proven_key(row)


@refusals_are_logged(UnsealAct.REPORT_FAULT)
@storage_faults_as_refusals()
@transaction.atomic
def report_fault(*, request_id: UUID, fault: str, actor: User, at: datetime) -> None:
    """Keep that something did not open in a custodian's browser: the code, nothing else.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: as in `unsealing.begin`.
        DraftInvalid: an unknown code.
    """
    row = begin(request_id=request_id, act=UnsealAct.REPORT_FAULT, actor=actor, at=at)
    if fault not in OpeningFault.values:
        raise DraftInvalid([FieldProblem(field="fault", problem=Problem.UNKNOWN_CODE)])
    append(row=row, act=UnsealAct.REPORT_FAULT, actor=actor, at=at, detail=fault)


@refusals_are_logged(UnsealAct.DELIVER)
@storage_faults_as_refusals()
@transaction.atomic
def deliver_note(*, request_id: UUID, note: str, reader_key: str, actor: User, at: datetime) -> None:
    """Store the note a custodian's browser sealed to the asker's tab, for the hours of the policy at most.

    Args:
        reader_key: the public key the note was sealed to.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: as in `unsealing.begin`; also when the asker has another key by now,
            or handles the tip no more.
        DraftInvalid: the text is no sealed note.
    """
    row = begin(request_id=request_id, act=UnsealAct.DELIVER, actor=actor, at=at)
    require_asker(row)
    if not identity.is_note(note):
        raise DraftInvalid([FieldProblem(field="note", problem=Problem.BAD_ENVELOPE)])
    if row.delivered_at is not None:
        raise UnsealRefused(UnsealFault.NOT_NOW)
    if row.asker_key != reader_key:
        raise UnsealRefused(UnsealFault.OTHER_READER)
    keep_until = rules.valid_until(approved=steps.to_minute(at), hours=_hours(at))
    SealedNote.objects.create(request=row, sealed=note, keep_until=keep_until)
    row.delivered_at = steps.to_minute(at)
    row.save(update_fields=["delivered_at"])
    fingerprint = identity.reader_fingerprint(reader_key)
    append(row=row, act=UnsealAct.DELIVER, actor=actor, at=at, terms={"reader": fingerprint})


@refusals_are_logged(UnsealAct.READ)
@storage_faults_as_refusals()
@transaction.atomic
def read_note(*, request_id: UUID, actor: User, at: datetime) -> str:
    """Return the sealed note to the asker and delete it, in one transaction: there is no second time.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: as in `unsealing.begin`; also when there is no note, or its time
            is over.
    """
    row = begin(request_id=request_id, act=UnsealAct.READ, actor=actor, at=at)
    note = SealedNote.objects.filter(request=row).first()
    if note is None:
        raise UnsealRefused(UnsealFault.NOT_NOW)
    if at > note.keep_until:
        raise UnsealRefused(UnsealFault.TOO_LATE)
    finish(row=row, at=at)
    sealed = note.sealed
    note.delete()
    append(row=row, act=UnsealAct.READ, actor=actor, at=at)
    return sealed
