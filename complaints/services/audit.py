"""The audit log: rows chained by HMAC under the key ring, added one at a time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from complaints.models import AuditHead, AuditRow
from complaints.models.sealed import active_keyring

GENESIS = b"\0" * 32
_watched: ContextVar[list[str] | None] = ContextVar("acts recorded meanwhile", default=None)


def canonical(*, row: AuditRow) -> bytes:
    """Return the bytes the MAC of a row covers: everything in it and the MAC before it."""
    fields = [
        row.sequence,
        row.taken_at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.actor_id,
        row.action,
        row.subject,
        row.data,
        bytes(row.previous_mac).hex(),
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def head_bytes(*, sequence: int, mac: bytes) -> bytes:
    """Return the bytes the seal of the chain's end covers."""
    return f"{sequence}:{mac.hex()}".encode()


@transaction.atomic
def record(
    *,
    action: str,
    at: datetime,
    actor: User | None = None,
    subject: str = "",
    data: dict[str, Any] | None = None,
) -> AuditRow:
    """Append one row; `subject` is a public number or id, `data` holds ids and codes only.

    Acts of reporters pass midnight as `at`, so that the log holds no moment of a submission.
    """
    head = _locked_head()
    # To the minute, as the law wants acts of staff kept; finer moments would bracket submissions between them.
    at = at.replace(second=0, microsecond=0)
    row = AuditRow(
        sequence=head.sequence + 1,
        taken_at=at,
        actor=actor,
        action=action,
        subject=subject,
        data=data or {},
        previous_mac=bytes(head.mac),
    )
    row.mac = active_keyring().digest(canonical(row=row), purpose="audit")
    row.save(force_insert=True)
    seal = active_keyring().digest(head_bytes(sequence=row.sequence, mac=row.mac), purpose="audit-head")
    AuditHead.objects.filter(pk=head.pk).update(sequence=row.sequence, mac=row.mac, seal=seal)
    note_watched(action=action)
    return row


@contextmanager
def watched() -> Iterator[list[str]]:
    """Yield a list that fills with the names of the acts recorded in this context, rolled back or not."""
    acts: list[str] = []
    token = _watched.set(acts)
    try:
        yield acts
    finally:
        _watched.reset(token)


def note_watched(*, action: str) -> None:
    """Tell whoever watches that an act is in the log, by a new row or by one of the same day."""
    acts = _watched.get()
    if acts is not None:
        acts.append(action)


def _locked_head() -> AuditHead:
    head, _created = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"mac": GENESIS})
    return head
