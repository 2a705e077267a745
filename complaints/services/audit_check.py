"""Is the audit log whole? Walks the chain and names the first row that was edited, removed, inserted or re-chained.

The end is read first and the chain followed up to it: what is recorded meanwhile is no fault, and is left to the next
walk. Keys follow each other as they do in the ring: after a row under a newer key none under an older one may come.
"""

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
# Older than any key of a ring.
UNKNOWN_AGE = 1_000_000


class AuditFault(StrEnum):
    """What is wrong with the log, or with the checkpoints kept outside the database."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    RECHAINED = "rechained"
    CUT_TAIL = "cut_tail"
    HEAD = "head"
    OLDER_KEY = "older_key"
    OLDER_DATABASE = "older_database"
    CHECKPOINT = "checkpoint"
    NO_FILE = "no_file"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The first fault: its kind, the row concerned (the line, for a checkpoint file) and what a checkpoint knows."""

    fault: AuditFault
    sequence: int
    signed_at: datetime | None = None


@dataclass(kw_only=True)
class _Walk:
    """How far the chain was followed: the number and MAC of the last row, and a plain digest of all rows so far.

    `age` is that of the newest key so far (see `KeyRing.age`). The newest anchor vouches by `digest` for everything up
    to `until`, should a key be gone since.
    """

    sequence: int = 0
    mac: bytes = audit.GENESIS
    age: int = UNKNOWN_AGE
    until: int = 0
    anchored: str = ""
    doubt: Finding | None = None
    digest: Any = field(default_factory=sha256)

    def take(self, row: AuditRow) -> Finding | None:
        """Follow the chain by one row; return a fault that no anchor can clear."""
        expected = self.sequence + 1
        if row.sequence != expected or bytes(row.previous_mac) != self.mac:
            return self.doubt or _fault_of(row, expected=expected)
        self.doubt = self.doubt or self._doubt_about(row)
        self.sequence, self.mac = expected, bytes(row.mac)
        self.digest.update(audit.canonical(row=row) + self.mac)
        if expected == self.until and self.digest.hexdigest() == self.anchored:
            self.doubt = None
        return self.doubt if expected >= self.until else None

    def _doubt_about(self, row: AuditRow) -> Finding | None:
        signer, ring = audit.signer_of(row), active_keyring()
        if signer is None:
            return _fault_of(row, expected=row.sequence)
        age = ring.age(signer)
        if age > self.age or not ring.may_sign(signer, sequence=row.sequence):
            return Finding(fault=AuditFault.OLDER_KEY, sequence=row.sequence)
        self.age = age
        return None

    def end(self, head: AuditHead | None) -> Finding | None:
        """Compare the last row with the end of the chain as it was read before the first one."""
        if self.doubt:
            return self.doubt
        after = self.sequence + 1
        if head is None or not self._is_sealed(head):
            is_empty = head is None and not self.sequence
            return None if is_empty else Finding(fault=AuditFault.HEAD, sequence=after)
        if head.sequence > self.sequence:
            return Finding(fault=AuditFault.CUT_TAIL, sequence=after)
        if (head.sequence, bytes(head.mac)) != (self.sequence, self.mac):
            return Finding(fault=AuditFault.INSERTED, sequence=head.sequence + 1)
        return _beyond(head)

    def _is_sealed(self, head: AuditHead) -> bool:
        """Whether the end is sealed, and by no older key than the rows before it."""
        sealer = audit.sealer_of(head)
        return audit.is_untouched(head) or (sealer is not None and active_keyring().age(sealer) <= self.age)


def verify() -> Finding | None:
    """Follow the whole chain; return the first fault, None for a whole log.

    What this cannot see is a whole older database put back, or one whose log was written anew by somebody who has the
    key ring: that takes the checkpoints kept outside it.
    """
    _walk, finding = _walked()
    return finding


def _walked() -> tuple[_Walk, Finding | None]:
    """Follow the whole chain to its end or to the first fault."""
    head = AuditHead.objects.first()
    bound = _bound(head)
    walk = _Walk(**_newest_anchor(until=bound))
    for row in _rows(until=bound):
        finding = walk.take(row)
        if finding is not None:
            return walk, finding
    return walk, walk.end(head)


def first_fault() -> int | None:
    """Return the number of the first row that was changed, is missing or was added; None for a whole log."""
    finding = verify()
    return finding.sequence if finding else None


def marked_rows(*, after: int, mac: bytes) -> tuple[int, bytes, bytes]:
    """Follow the chain from one known row to its end; return the last number, its MAC, and the MACs' first bytes.

    Raises:
        LogAtFault: the rows do not follow from the known one, or the end is not the sealed one.
    """
    head = AuditHead.objects.first()
    walk, marks, finding = _Walk(sequence=after, mac=mac, age=_age_at(after)), bytearray(), None
    for row in _rows(after=after, until=_bound(head)):
        finding = finding or walk.take(row)
        walk.sequence, walk.mac = row.sequence, bytes(row.mac)
        marks += walk.mac[:MARK_BYTES]
    # A key that has left the ring since is vouched for by an anchor, which only a walk from the first row can use.
    finding = verify() if finding or walk.end(head) else None
    if finding is not None:
        raise LogAtFault(finding)
    return walk.sequence, walk.mac, bytes(marks)


def anchor(*, at: datetime, actor: User | None = None) -> AuditRow:
    """Vouch under the active key for all rows so far, so that older keys may leave the ring; at the end of a rotation.

    A run that was killed may be repeated: one anchor more does no harm.

    Raises:
        LogAtFault: the log does not verify with the keys at hand; nothing is vouched for.
    """
    walk, finding = _walked()
    if finding is not None:
        raise LogAtFault(finding)
    data = {"until": walk.sequence, "sha256": walk.digest.hexdigest()}
    return audit.record(action=ANCHOR, at=at, actor=actor, data=data)


def last_signed(*, key_id: str) -> int:
    """Return the number of the last row this key of the ring signed, 0 when it signed none; looks from the end."""
    for row in AuditRow.objects.order_by("-sequence").iterator():
        if audit.signer_of(row) == key_id:
            return row.sequence
    return 0


def _bound(head: AuditHead | None) -> int | None:
    """Return the last row to look at; None, all there are, where the end itself cannot be believed."""
    is_believed = head is not None and (audit.is_untouched(head) or audit.sealer_of(head) is not None)
    return head.sequence if head is not None and is_believed else None


def _rows(*, after: int = 0, until: int | None = None) -> Iterator[AuditRow]:
    rows = AuditRow.objects.order_by("sequence")
    rows = rows.filter(sequence__gt=after) if after else rows
    return iter((rows if until is None else rows.filter(sequence__lte=until)).iterator())


def _beyond(head: AuditHead) -> Finding | None:
    """Return the first row after the end, unless the end has moved on: then it was recorded meanwhile."""
    has_more = AuditRow.objects.filter(sequence__gt=head.sequence).exists()
    if not has_more or AuditHead.objects.filter(pk=head.pk, sequence__gt=head.sequence).exists():
        return None
    return Finding(fault=AuditFault.INSERTED, sequence=head.sequence + 1)


def _newest_anchor(*, until: int | None) -> dict[str, Any]:
    """Return what the newest anchor vouches for, of those under the newest key: an older one may be in other hands."""
    rows, ring = AuditRow.objects.filter(action=ANCHOR).order_by("-sequence"), active_keyring()
    found = [(row, signer) for row in rows if (signer := audit.signer_of(row)) is not None]
    signed = [
        (ring.age(signer), -row.sequence, row)
        for row, signer in found
        if ring.may_sign(signer, sequence=row.sequence) and (until is None or row.sequence <= until)
    ]
    if not signed:
        return {}
    _age, _sequence, row = min(signed, key=lambda one: one[:2])
    return {"until": int(row.data["until"]), "anchored": str(row.data["sha256"])}


def _age_at(sequence: int) -> int:
    """Return the age of the key that signed this row; as old as can be where it is unknown."""
    row = AuditRow.objects.filter(sequence=sequence).first()
    signer = audit.signer_of(row) if row else None
    return UNKNOWN_AGE if signer is None else active_keyring().age(signer)


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
        mac=row.mac,
    )
    return audit.signer_of(as_if) is not None


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
    is_past_end = head is not None and audit.sealer_of(head) is not None and expected > head.sequence
    return Finding(fault=AuditFault.INSERTED if is_past_end else AuditFault.EDITED, sequence=expected)
