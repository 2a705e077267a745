"""The audit log: rows chained by HMAC under the key ring, added one at a time."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from complaints.errors import OldKeyRing
from complaints.models import AuditHead, AuditRow
from complaints.models.sealed import active_keyring
from complaints.rules.moments import to_minute

GENESIS = b"\0" * 32
logger = logging.getLogger(__name__)
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


def sealer_of(head: AuditHead) -> str | None:
    """Return the id of the key of the ring that sealed the end of the chain; None when none did."""
    end = head_bytes(sequence=head.sequence, mac=bytes(head.mac))
    seals = active_keyring().digests_by_key(end, purpose="audit-head")
    return next((key_id for key_id, seal in seals.items() if seal == bytes(head.seal)), None)


def is_untouched(head: AuditHead) -> bool:
    """Whether nothing was recorded yet: there is no end to seal."""
    return head.sequence == 0 and not bytes(head.seal)


def signer_of(row: AuditRow) -> str | None:
    """Return the id of the key of the ring that made the MAC of a row; None when none did."""
    marks = active_keyring().digests_by_key(canonical(row=row), purpose="audit")
    return next((key_id for key_id, mark in marks.items() if mark == bytes(row.mac)), None)


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

    Raises:
        OldKeyRing: the log was gone on with under a key this process was not started with.
    """
    head = _locked_head()
    # To the minute, as the law wants acts of staff kept; finer moments would bracket submissions between them.
    at = to_minute(at)
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
    _move_end(head, row)
    note_watched(action=action)
    return row


def _move_end(head: AuditHead, row: AuditRow) -> None:
    """Seal the end anew at this row. An end nobody sealed stays so: sealing it would bless what was done to it."""
    ring = active_keyring()
    seal = b""
    if is_untouched(head) or sealer_of(head) is not None:
        seal = ring.digest(head_bytes(sequence=row.sequence, mac=bytes(row.mac)), purpose="audit-head")
    else:
        logger.critical("audit log: the end of the chain was changed; run audit_verify")
    AuditHead.objects.filter(pk=head.pk).update(
        sequence=row.sequence, mac=row.mac, seal=seal, sealed_with=ring.active_id
    )


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
    if head.sealed_with and head.sealed_with not in active_keyring().ids:
        logger.critical("audit log: it goes on under key %s, which is not in KEY_RING here", head.sealed_with)
        raise OldKeyRing
    return head
