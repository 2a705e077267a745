"""Is the audit log whole? Walks the chain and names the first row that was edited, removed, inserted or re-chained."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User

from complaints.errors import LogAtFault
from complaints.models import AuditHead, AuditRow
from complaints.models.sealed import active_keyring

from . import audit

ANCHOR = "audit.anchor"
# Of each MAC a checkpoint keeps this much: enough to name the first row that differs.
MARK_BYTES = 4


class AuditFault(StrEnum):
    """What is wrong with the log, or with the checkpoints kept outside the database."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    RECHAINED = "rechained"
    CUT_TAIL = "cut_tail"
    HEAD = "head"
    OLDER_DATABASE = "older_database"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The first fault: its kind, the row concerned (the line, for a checkpoint file) and what a checkpoint knows."""

    fault: AuditFault
    sequence: int
    signed_at: datetime | None = None


@dataclass(kw_only=True)
class _Walk:
    """How far the chain was followed: the number and MAC of the last row, and a plain digest of all rows so far.

    `anchor` is the row that vouches by `digest` for everything up to `until`, should a key be gone since.
    """

    sequence: int = 0
    mac: bytes = audit.GENESIS
    until: int = 0
    anchored: str = ""
    doubt: Finding | None = None
    digest: Any = field(default_factory=sha256)

    def take(self, row: AuditRow) -> Finding | None:
        """Follow the chain by one row; return a fault that no anchor can clear."""
        expected = self.sequence + 1
        if row.sequence != expected or bytes(row.previous_mac) != self.mac:
            return self.doubt or _fault_of(row, expected=expected)
        if not _is_authentic(row):
            self.doubt = self.doubt or _fault_of(row, expected=expected)
        self.sequence, self.mac = expected, bytes(row.mac)
        self.digest.update(audit.canonical(row=row) + self.mac)
        if expected == self.until and self.digest.hexdigest() == self.anchored:
            self.doubt = None
        return self.doubt if expected >= self.until else None

    def end(self) -> Finding | None:
        """Compare the last row with the sealed end of the chain."""
        if self.doubt:
            return self.doubt
        head, after = AuditHead.objects.first(), self.sequence + 1
        if head is None:
            return Finding(fault=AuditFault.HEAD, sequence=after) if self.sequence else None
        if not _is_sealed(head):
            return Finding(fault=AuditFault.HEAD, sequence=after)
        if head.sequence > self.sequence:
            return Finding(fault=AuditFault.CUT_TAIL, sequence=after)
        if (head.sequence, bytes(head.mac)) != (self.sequence, self.mac):
            return Finding(fault=AuditFault.INSERTED, sequence=head.sequence + 1)
        return None


def verify() -> Finding | None:
    """Follow the whole chain; return the first fault, None for a whole log.

    What this cannot see is a whole older database put back, or one whose log was written anew by somebody who has the
    key ring: that takes the checkpoints kept outside it.
    """
    walk = _Walk(**_newest_anchor())
    for row in _rows():
        finding = walk.take(row)
        if finding is not None:
            return finding
    return walk.end()


def first_fault() -> int | None:
    """Return the number of the first row that was changed, is missing or was added; None for a whole log."""
    finding = verify()
    return finding.sequence if finding else None


def marked_rows(*, after: int, mac: bytes) -> tuple[int, bytes, bytes]:
    """Follow the chain from one known row to its end; return the last number, its MAC, and the MACs' first bytes.

    Raises:
        LogAtFault: the rows do not follow from the known one, or the end is not the sealed one.
    """
    walk, marks, finding = _Walk(sequence=after, mac=mac), bytearray(), None
    for row in _rows(after=after):
        finding = finding or walk.take(row)
        walk.sequence, walk.mac = row.sequence, bytes(row.mac)
        marks += walk.mac[:MARK_BYTES]
    # A key that has left the ring since is vouched for by an anchor, which only a walk from the first row can use.
    finding = verify() if finding or walk.end() else None
    if finding is not None:
        raise LogAtFault(finding)
    return walk.sequence, walk.mac, bytes(marks)


def anchor(*, at: datetime, actor: User | None = None) -> AuditRow:
    """Vouch under the active key for all rows so far, so that older keys may leave the ring; at the end of a rotation.

    A run that was killed may be repeated: one anchor more does no harm.

    Raises:
        LogAtFault: the log does not verify with the keys at hand; nothing is vouched for.
    """
    walk = _Walk(**_newest_anchor())
    for row in _rows():
        finding = walk.take(row)
        if finding is not None:
            raise LogAtFault(finding)
    data = {"until": walk.sequence, "sha256": walk.digest.hexdigest()}
    return audit.record(action=ANCHOR, at=at, actor=actor, data=data)


def _rows(*, after: int = 0) -> Iterator[AuditRow]:
    rows = AuditRow.objects.order_by("sequence")
    return iter((rows.filter(sequence__gt=after) if after else rows).iterator())


def _newest_anchor() -> dict[str, Any]:
    for row in AuditRow.objects.filter(action=ANCHOR).order_by("-sequence"):
        if _is_authentic(row):
            return {"until": int(row.data["until"]), "anchored": str(row.data["sha256"])}
    return {}


def _is_authentic(row: AuditRow, *, shift: int = 0) -> bool:
    """Whether a key of the ring made the MAC of this row, or would have with another number."""
    as_if = AuditRow(
        sequence=row.sequence + shift,
        taken_at=row.taken_at,
        actor_id=row.actor_id,
        action=row.action,
        subject=row.subject,
        data=row.data,
        previous_mac=row.previous_mac,
    )
    return bytes(row.mac) in active_keyring().digests(audit.canonical(row=as_if), purpose="audit")


def _fault_of(row: AuditRow, *, expected: int) -> Finding:
    """Say what happened where the chain breaks: numbers moved up or down tell a row put in or taken out."""
    if row.sequence != expected:
        fault = AuditFault.REMOVED if row.sequence > expected else AuditFault.INSERTED
        return Finding(fault=fault, sequence=expected)
    if _is_authentic(row):
        # A true row that follows on another one: its predecessor was written anew with the key ring.
        return Finding(fault=AuditFault.RECHAINED, sequence=max(expected - 1, 1))
    if _is_authentic(row, shift=1):
        return Finding(fault=AuditFault.REMOVED, sequence=expected)
    following = AuditRow.objects.filter(sequence=expected + 1).first()
    if following is not None and _is_authentic(following, shift=-1):
        return Finding(fault=AuditFault.INSERTED, sequence=expected)
    head = AuditHead.objects.first()
    is_past_end = head is not None and _is_sealed(head) and expected > head.sequence
    return Finding(fault=AuditFault.INSERTED if is_past_end else AuditFault.EDITED, sequence=expected)


def _is_sealed(head: AuditHead) -> bool:
    end = audit.head_bytes(sequence=head.sequence, mac=bytes(head.mac))
    seals = active_keyring().digests(end, purpose="audit-head")
    return bytes(head.seal) in seals or (head.sequence == 0 and not bytes(head.seal))
