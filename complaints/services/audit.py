"""The audit log: rows chained by HMAC under the key ring, added one at a time."""

import json
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from complaints.models import AuditHead, AuditRow
from complaints.models.sealed import active_keyring

GENESIS = b"\0" * 32


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
    seal = active_keyring().digest(_head_bytes(sequence=row.sequence, mac=row.mac), purpose="audit-head")
    AuditHead.objects.filter(pk=head.pk).update(sequence=row.sequence, mac=row.mac, seal=seal)
    return row


def _head_bytes(*, sequence: int, mac: bytes) -> bytes:
    return f"{sequence}:{mac.hex()}".encode()


def first_fault() -> int | None:
    """Return the sequence number of the first row that was changed, is missing or was added; None for a whole log.

    A log whose end was cut off is at fault at the first row missing. What this cannot see is a whole older database put
    back, or an emptied one: that takes the checkpoint kept outside it.
    """
    keyring, expected, mac = active_keyring(), 0, GENESIS
    for row in AuditRow.objects.order_by("sequence").iterator():
        expected += 1
        macs = keyring.digests(canonical(row=row), purpose="audit")
        if row.sequence != expected or bytes(row.previous_mac) != mac or bytes(row.mac) not in macs:
            return expected
        mac = bytes(row.mac)
    return None if _head_agrees(sequence=expected, mac=mac) else expected + 1


def _head_agrees(*, sequence: int, mac: bytes) -> bool:
    head = AuditHead.objects.first()
    if head is None:
        return sequence == 0
    seals = active_keyring().digests(
        _head_bytes(sequence=head.sequence, mac=bytes(head.mac)), purpose="audit-head"
    )
    is_sealed = bytes(head.seal) in seals or (head.sequence == 0 and not bytes(head.seal))
    return is_sealed and (head.sequence, bytes(head.mac)) == (sequence, mac)


def _locked_head() -> AuditHead:
    head, _created = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"mac": GENESIS})
    return head
