"""Originals opened for evidence: sealed bytes to the custodian who holds the request, then a file from hand to hand."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import OpeningFault, Problem, UnsealAct, UnsealFault, UnsealStatus
from complaints.errors import DraftInvalid, FieldProblem, UnsealRefused
from complaints.selectors.custody import sealed_thing

from . import audit, evidence, steps
from .storage_faults import storage_faults_as_refusals
from .unsealing import (
    append,
    begin,
    finish,
    refusals_are_logged,
    require_approver,
    require_asker,
    require_proof,
)

SHA256_DIGITS: Final = 64
HANDED_FILE: Final = "unseal.file"


@refusals_are_logged(UnsealAct.HAND_OUT)
@storage_faults_as_refusals()
def sealed_original(*, request_id: UUID, actor: User, at: datetime) -> bytes:
    """Return the sealed bytes of an original to the custodian who holds its request; each time leaves a row.

    A file that is gone releases the request, so that it waits in nobody's hands.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: as in `unsealing.begin`; also when this person does not hold the
            request, when the file was handed over already, is missing or was moved between tips, when the audit log
            does not prove the approval, or asker or approver has left.
    """
    try:
        return _handed_file(request_id=request_id, actor=actor, at=at)
    except FileNotFoundError:
        _release(request_id=request_id, actor=actor, at=at)
        raise UnsealRefused(UnsealFault.FILE_GONE) from None


@transaction.atomic
def _handed_file(*, request_id: UUID, actor: User, at: datetime) -> bytes:
    row = begin(request_id=request_id, act=UnsealAct.HAND_OUT, actor=actor, at=at)
    is_held = row.status == UnsealStatus.OPENED and row.custodian_id == actor.pk
    if row.photo is None or not is_held or row.delivered_at is not None:
        raise UnsealRefused(UnsealFault.NOT_NOW)
    require_proof(row)
    require_asker(row)
    require_approver(row)
    sealed_thing(row=row)
    data = evidence.sealed_original(evidence=row.photo)
    audit.record(
        action=HANDED_FILE,
        at=at,
        actor=actor,
        subject=row.tip.number,
        data={"request": row.pk, "what": row.target},
    )
    return data


@transaction.atomic
def _release(*, request_id: UUID, actor: User, at: datetime) -> None:
    row = begin(request_id=request_id, act=UnsealAct.REPORT_FAULT, actor=actor, at=at)
    row.custodian, row.status, row.opened_at = None, UnsealStatus.APPROVED, None
    row.save(update_fields=["custodian", "status", "opened_at"])
    append(row=row, act=UnsealAct.REPORT_FAULT, actor=actor, at=at, detail=OpeningFault.MISSING_FILE)


@refusals_are_logged(UnsealAct.HAND_OVER)
@storage_faults_as_refusals()
@transaction.atomic
def hand_over(*, request_id: UUID, opened_sha256: str, actor: User, at: datetime) -> None:
    """Record the SHA-256 of an original that a custodian opened and is about to hand over as a file.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: as in `unsealing.begin`; also when it was recorded already.
        DraftInvalid: not 64 hex digits.
    """
    row = begin(request_id=request_id, act=UnsealAct.HAND_OVER, actor=actor, at=at)
    require_asker(row)
    if row.delivered_at is not None:
        raise UnsealRefused(UnsealFault.NOT_NOW)
    row.opened_sha256 = _digest(opened_sha256)
    row.delivered_at = steps.to_minute(at)
    row.save(update_fields=["opened_sha256", "delivered_at"])
    append(row=row, act=UnsealAct.HAND_OVER, actor=actor, at=at)


@refusals_are_logged(UnsealAct.TAKE_OVER)
@storage_faults_as_refusals()
@transaction.atomic
def take_over(*, request_id: UUID, received_sha256: str, actor: User, at: datetime) -> None:
    """Confirm, as the asker, that the file arrived: its SHA-256 is the one the custodian recorded.

    Raises:
        RequestNotFound, NotAllowed, UnsealRefused: as in `unsealing.begin`; also before the hand-over, and for another
            SHA-256.
        DraftInvalid: not 64 hex digits.
    """
    row = begin(request_id=request_id, act=UnsealAct.TAKE_OVER, actor=actor, at=at)
    if row.delivered_at is None:
        raise UnsealRefused(UnsealFault.NOT_NOW)
    if _digest(received_sha256) != row.opened_sha256:
        raise UnsealRefused(UnsealFault.OTHER_HASH)
    finish(row=row, at=at)
    append(row=row, act=UnsealAct.TAKE_OVER, actor=actor, at=at)


def _digest(typed: str) -> str:
    text = "".join(typed.split()).lower()
    if len(text) != SHA256_DIGITS or set(text) - set("0123456789abcdef"):
        raise DraftInvalid([FieldProblem(field="sha256", problem=Problem.WRONG_TYPE)])
    return text
