"""Originals opened for evidence: sealed bytes to the custodian who holds the request, then a file from hand to hand."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Problem, UnsealAct, UnsealFault, UnsealStatus, UnsealTarget
from complaints.errors import DraftInvalid, FieldProblem, RequestNotFound, UnsealRefused
from complaints.models import UnsealRequest

from . import evidence, steps
from .storage_faults import storage_faults_as_refusals
from .unsealing import append, begin, finish, refusals_are_logged

SHA256_DIGITS: Final = 64


def sealed_original(*, request_id: UUID, actor: User, at: datetime) -> bytes:
    """Return the sealed bytes of an original to the custodian who holds its request, and to nobody else.

    Raises:
        RequestNotFound: no such request is open in this person's hands; whoever took it has the row for it.
    """
    row = UnsealRequest.objects.select_related("photo__tip").filter(
        public_id=request_id,
        custodian=actor,
        status=UnsealStatus.OPENED,
        target=UnsealTarget.ORIGINAL,
        valid_until__gte=at,
    )
    found = row.first()
    if found is None or found.photo is None:
        raise RequestNotFound
    return evidence.sealed_original(evidence=found.photo)


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
