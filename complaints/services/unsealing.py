"""What every act on a request for opening has in common: lock, ask the table, append, log, announce, log refusals."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from complaints import events, policies
from complaints.enums import UnsealAct, UnsealStatus
from complaints.errors import ComplaintError, RequestNotFound, StorageFull, TooBusy
from complaints.models import UnsealRequest, UnsealStep
from complaints.rules import custody
from complaints.selectors.custody import standing_of

from . import audit, steps

P = ParamSpec("P")
R = TypeVar("R")


def refusals_are_logged(act: UnsealAct) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a service on one request (`request_id`, `actor`, `at` by keyword): a refusal leaves a row.

    Goes outermost, around the transaction: what is refused is rolled back first, then the row is written.
    """

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def inner(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return service(*args, **kwargs)
            except (StorageFull, TooBusy):
                raise
            except ComplaintError as error:
                values: dict[str, Any] = kwargs
                note_refused(
                    act=act,
                    request_id=values["request_id"],
                    actor=values["actor"],
                    at=values["at"],
                    code=error.code,
                )
                raise

        return inner

    return decorate


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
        .select_related("tip", "photo__tip", "asker")
        .filter(public_id=request_id)
        .first()
    )
    if row is None or not policies.requests_visible_to(actor).filter(pk=row.pk).exists():
        raise RequestNotFound
    person = custody.Person(
        person_id=actor.pk, roles=policies.roles_over(actor, office_id=row.tip.handling_unit_id)
    )
    custody.require(act=act, standing=standing_of(row), person=person, now=at)
    return row


def append(
    *, row: UnsealRequest, act: UnsealAct, actor: User | None, at: datetime, detail: str = ""
) -> UnsealStep:
    """Append a step and its row in the audit log, and announce it after the commit.

    Args:
        detail: a code, never words.
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
        },
    )
    transaction.on_commit(partial(events.unseal_moved.send_robust, sender=UnsealStep, step_id=step.pk))
    return step


def finish(*, row: UnsealRequest, at: datetime) -> None:
    """Store that the asker has what was asked for; the caller holds the lock and appends the step."""
    row.status, row.read_at = UnsealStatus.READ, steps.to_minute(at)
    row.save(update_fields=["status", "read_at"])
