"""What every act on a request for opening has in common: lock, ask the table, append, log, announce, log refusals."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Final, ParamSpec, TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from complaints import events, policies
from complaints.enums import Role, UnsealAct, UnsealFault, UnsealStatus, UnsealTarget
from complaints.errors import RequestNotFound, UnsealRefused
from complaints.models import UnsealRequest, UnsealStep
from complaints.rules import custody
from complaints.selectors.custody import standing_of

from . import audit, audit_proof, steps
from .refusals import refusals_go_to
from .waiting import require_settled

# What hands nothing out needs no waiting period.
ALWAYS_OPEN: Final = frozenset(
    {UnsealAct.REFUSE, UnsealAct.REVOKE, UnsealAct.WITHDRAW, UnsealAct.REPORT_FAULT}
)
# What decides about a request, or ends what was decided: the newest record of these says whether an approval holds.
DECISIVE: Final = (
    UnsealAct.APPROVE,
    UnsealAct.REFUSE,
    UnsealAct.REVOKE,
    UnsealAct.WITHDRAW,
    UnsealAct.EXPIRE,
    UnsealAct.READ,
    UnsealAct.TAKE_OVER,
)
logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def refusals_are_logged(act: UnsealAct) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a service on one request (`request_id`, `actor`, `at` by keyword): a refusal leaves a row."""
    return refusals_go_to(
        lambda error, values: note_refused(
            act=act,
            request_id=values["request_id"],
            actor=values["actor"],
            at=values["at"],
            code=error.code,
        )
    )


@transaction.atomic
def note_refused(*, act: UnsealAct, request_id: UUID | None, actor: User, at: datetime, code: str) -> None:
    """Log that somebody was refused an act, or a look, at one request or at the list."""
    known = UnsealRequest.objects.select_related("tip")
    row = known.filter(public_id=request_id).first() if request_id else None
    audit.record(
        action="unseal.refused",
        at=at,
        actor=actor,
        subject=row.tip.number if row else "",
        data={"act": act.value, "code": code, **({"request": row.pk} if row else {})},
    )


def begin(*, request_id: UUID, act: UnsealAct, actor: User, at: datetime) -> UnsealRequest:
    """Return a request under a row lock on which the table allows this act.

    Raises:
        RequestNotFound: unknown, or none of the actor's business.
        NotAllowed, UnsealRefused: see `rules.custody.require`.
    """
    row = (
        UnsealRequest.objects.select_for_update(of=("self",))
        .select_related("tip", "photo__tip", "asker", "approver")
        .filter(public_id=request_id)
        .first()
    )
    if row is None or not policies.requests_visible_to(actor).filter(pk=row.pk).exists():
        raise RequestNotFound
    person = custody.Person(
        person_id=actor.pk, roles=policies.roles_over(actor, office_id=row.tip.handling_unit_id)
    )
    custody.require(act=act, standing=standing_of(row), person=person, now=at)
    if act not in ALWAYS_OPEN:
        line = custody.TABLE[act]
        roles = line.roles or custody.ASKERS[UnsealTarget(row.target)]
        require_settled(actor=actor, office_id=row.tip.handling_unit_id, roles=roles, at=at)
    return row


def append(
    *,
    row: UnsealRequest,
    act: UnsealAct,
    actor: User | None,
    at: datetime,
    detail: str = "",
    terms: dict[str, object] | None = None,
) -> UnsealStep:
    """Append a step and its row in the audit log, and announce it after the commit.

    Args:
        detail: a code, never words.
        terms: what else the record of the log has to prove later: ids, moments and hashes.
    """
    moment = steps.to_minute(at)
    step = UnsealStep.objects.create(request=row, act=act, actor=actor, taken_at=moment, detail=detail)
    audit.record(
        action=f"unseal.{act.value}",
        at=at,
        actor=actor,
        subject=row.tip.number,
        data={
            "request": row.pk,
            "step": step.pk,
            "what": row.target,
            **({"detail": detail} if detail else {}),
            **(terms or {}),
        },
    )
    transaction.on_commit(partial(events.unseal_moved.send_robust, sender=UnsealStep, step_id=step.pk))
    return step


def terms_of(row: UnsealRequest) -> dict[str, object]:
    """Return what an approval is worth, as its record in the log holds it: for whom, of what, until when."""
    assert row.valid_until is not None
    return {
        "asker": row.asker_id,
        "photo": str(row.photo.public_id) if row.photo else "",
        "until": row.valid_until.astimezone(UTC).isoformat(),
    }


def require_proof(row: UnsealRequest) -> None:
    """Raise UnsealRefused unless the log proves what the row says: this person approved this, until then.

    State, approver and end of an approval lie in columns that whoever can write to the database can fill in; a chained
    record needs the key ring as well.
    """
    record = audit_proof.newest_record(
        actions=[f"unseal.{act.value}" for act in DECISIVE],
        subject=row.tip.number,
        about={"request": row.pk},
    )
    is_proven = (
        record is not None
        and row.valid_until is not None
        and record.action == f"unseal.{UnsealAct.APPROVE.value}"
        and record.actor_id == row.approver_id
        and audit_proof.says(record, {"what": row.target, **terms_of(row)})
    )
    if not is_proven:
        logger.critical("unseal request %s: the audit log does not prove the approval", row.pk)
        raise UnsealRefused(UnsealFault.UNPROVEN)


def key_terms(public_key: str) -> dict[str, object]:
    """Return how the record of an asker's key names it."""
    return {"key": sha256(public_key.encode()).hexdigest()}


def require_proven_key(row: UnsealRequest) -> None:
    """Raise UnsealRefused unless the log proves that the asker gave this key: others read a note to another one."""
    record = audit_proof.newest_record(
        actions=[f"unseal.{UnsealAct.GIVE_KEY.value}"],
        subject=row.tip.number,
        about={"request": row.pk},
        actor_id=row.asker_id,
    )
    if record is None or not audit_proof.says(record, key_terms(row.asker_key)):
        logger.critical("unseal request %s: the audit log does not prove the asker's key", row.pk)
        raise UnsealRefused(UnsealFault.UNPROVEN)


def require_asker(row: UnsealRequest) -> None:
    """Raise UnsealRefused when the asker has left the tip, or the account was closed."""
    roles = policies.roles_over(row.asker, office_id=row.tip.handling_unit_id)
    if not custody.asks(target=UnsealTarget(row.target), roles=roles):
        raise UnsealRefused(UnsealFault.ASKER_GONE)


def require_approver(row: UnsealRequest) -> None:
    """Raise UnsealRefused when whoever approved leads the unit no more, or the account was closed."""
    roles = (
        policies.roles_over(row.approver, office_id=row.tip.handling_unit_id) if row.approver else frozenset()
    )
    if Role.LEADER not in roles:
        raise UnsealRefused(UnsealFault.APPROVER_GONE)


def finish(*, row: UnsealRequest, at: datetime) -> None:
    """Store that the asker has what was asked for; the caller holds the lock and appends the step."""
    row.status, row.read_at = UnsealStatus.READ, steps.to_minute(at)
    row.save(update_fields=["status", "read_at"])
