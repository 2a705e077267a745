"""Checkpoints: the end of the audit log, signed into an append-only file outside the database.

Each line is JSON: how far the log had come (`sequence`, `mac`), the first bytes of every MAC since the line before
(`marks`), the moment, the hash of the line before (`after`), the public key and an Ed25519 signature over all of it.

Whoever can write to the database can cut the newest rows off and put the end of before back: what was not signed yet
is gone then without a trace. So a line is added with every hand-out of something sealed, and every few minutes in which
the log moved; a line takes some 400 bytes and five for each row.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import DatabaseError

from complaints.crypto import base64text, signature
from complaints.errors import ComplaintError, LogAtFault
from complaints.models import AuditRow

from . import audit
from .audit_check import MARK_BYTES, AuditFault, Finding, marked_rows

FILE_NAME = "audit.jsonl"
BEGUN = "audit.checkpoints_begun"
# Between two lines of the timer that looks every ten minutes.
APART = timedelta(minutes=9)
logger = logging.getLogger(__name__)
VERSION = 1
BEFORE_THE_FIRST = "0" * 64
_PRIVATE = 0o640


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """One signed line: the log up to `sequence` as it was at `signed_at`; `number` counts lines from 1."""

    number: int
    sequence: int
    mac: bytes
    marks: bytes
    signed_at: datetime
    digest: str


def checkpoint_file() -> Path:
    """Return where settings want the checkpoints."""
    return Path(settings.CHECKPOINT_DIR) / FILE_NAME


def checkpoint_seed() -> bytes:
    """Return the private key settings name; raises ValueError when it is not base64 of 32 bytes."""
    seed = base64text.decode(settings.CHECKPOINT_KEY)
    signature.public_key(seed=seed)
    return seed


def sign_now(*, at: datetime, is_whole: bool = True, apart: timedelta = timedelta(0)) -> bool:
    """Sign into the file the settings name; the first time the log says that signing began.

    Raises:
        LogAtFault, OSError: as `sign_checkpoint`.
        ValueError: the key of the settings is none.
    """
    path, seed = checkpoint_file(), checkpoint_seed()
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    if AuditRow.objects.exists() and not AuditRow.objects.filter(action=BEGUN).exists():
        audit.record(action=BEGUN, at=at)
    return sign_checkpoint(path=path, seed=seed, at=at, is_whole=is_whole, apart=apart)


def sign_quietly(*, at: datetime, apart: timedelta = timedelta(0)) -> None:
    """Sign in passing: what keeps a line from being written is an alarm in the log and holds nobody up."""
    try:
        sign_now(at=at, is_whole=False, apart=apart)
    except (ComplaintError, DatabaseError, OSError, ValueError) as error:
        logger.critical("audit log: no checkpoint was signed: %s", type(error).__name__)


def missing_file(*, path: Path) -> Finding | None:
    """Return the row that says that signing began when the file it began is not there."""
    begun = AuditRow.objects.filter(action=BEGUN).order_by("sequence").first()
    if begun is None or path.exists():
        return None
    return Finding(fault=AuditFault.NO_FILE, sequence=begun.sequence)


def sign_checkpoint(
    *, path: Path, seed: bytes, at: datetime, is_whole: bool = True, apart: timedelta = timedelta(0)
) -> bool:
    """Sign the present end of the log and append it; False when nothing was added since the last one.

    Rows since the last checkpoint are verified first: over a log at fault nothing is signed.

    Args:
        is_whole: verify every line of the file first; otherwise the last one alone.
        apart: write no line so soon after the last one.

    Raises:
        LogAtFault: the log or the file does not verify, or does not go on from the last checkpoint.
        OSError: the line could not be written; nothing of it counts.
    """
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with _locked(path) as file:
        public = signature.public_key(seed=seed)
        last = _last(file, public=public) if is_whole else _last_line(file, public=public)
        if last is not None:
            if timedelta(0) <= at - last.signed_at < apart:
                return False
            _go_on_from(last)
        sequence, mac, marks = marked_rows(
            after=last.sequence if last else 0, mac=last.mac if last else audit.GENESIS
        )
        if sequence == (last.sequence if last else 0):
            return False
        values = {
            "v": VERSION,
            "sequence": sequence,
            "mac": mac.hex(),
            "marks": base64text.encode(marks),
            "at": at.isoformat(),
            "after": last.digest if last else BEFORE_THE_FIRST,
        }
        _append(file, _signed_line(values, seed=seed))
    return True


def verify_checkpoints(*, path: Path, public: bytes) -> Finding | None:
    """Compare the database with every checkpoint; return the first row that differs from what was signed.

    Args:
        public: the key that must have signed; a file signed by any other is at fault itself.

    Raises:
        OSError: the file cannot be read.
    """
    known = 0
    with path.open("rb") as file:
        for point in _points(file, public=public):
            if isinstance(point, Finding):
                return point
            finding = _differs(point, after=known)
            if finding is not None:
                return finding
            known = point.sequence
    return None


def newest_checkpoint(*, path: Path, public: bytes) -> Checkpoint | None:
    """Return the last line; None without a file or when the file does not verify."""
    try:
        with path.open("rb") as file:
            return _last(file, public=public)
    except (OSError, LogAtFault):
        return None


def _locked(path: Path) -> IO[bytes]:
    """Open the file for appending; whoever comes second waits until it is closed."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _PRIVATE), "a+b")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _append(file: IO[bytes], line: bytes) -> None:
    file.write(line)
    file.flush()
    os.fsync(file.fileno())


def _signed_line(values: dict[str, Any], *, seed: bytes) -> bytes:
    full = {**values, "key": base64text.encode(signature.public_key(seed=seed))}
    made = signature.sign(seed=seed, data=_signed_bytes(full))
    return json.dumps({**full, "sig": base64text.encode(made)}, separators=(",", ":")).encode() + b"\n"


def _signed_bytes(values: dict[str, Any]) -> bytes:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return f"anshao:checkpoint:{VERSION}:{text}".encode()


def _last(file: IO[bytes], *, public: bytes) -> Checkpoint | None:
    last = None
    file.seek(0)
    for point in _points(file, public=public):
        if isinstance(point, Finding):
            raise LogAtFault(point)
        last = point
    return last


def _last_line(file: IO[bytes], *, public: bytes) -> Checkpoint | None:
    """Return the last line; it must be signed and follow on the one before, which is not looked at itself."""
    before, last, number = b"", b"", 0
    file.seek(0)
    for number, line in enumerate(file, start=1):  # noqa: B007  the count is wanted
        before, last = last, line
    if not number:
        return None
    after = sha256(before).hexdigest() if before else BEFORE_THE_FIRST
    point = _read(last, number=number, public=public, after=after)
    if point is None:
        raise LogAtFault(Finding(fault=AuditFault.CHECKPOINT, sequence=number))
    return point


def _points(file: IO[bytes], *, public: bytes) -> Iterator[Checkpoint | Finding]:
    """Yield the lines in order; a line that is malformed, unsigned or does not follow ends them with a finding."""
    after, sequence = BEFORE_THE_FIRST, 0
    for number, line in enumerate(file, start=1):
        point = _read(line, number=number, public=public, after=after)
        if point is None or point.sequence - sequence != len(point.marks) // MARK_BYTES:
            yield Finding(fault=AuditFault.CHECKPOINT, sequence=number)
            return
        yield point
        after, sequence = point.digest, point.sequence


def _read(line: bytes, *, number: int, public: bytes, after: str) -> Checkpoint | None:
    try:
        values = json.loads(line)
        made = base64text.decode(values.pop("sig"))
        point = Checkpoint(
            number=number,
            sequence=int(values["sequence"]),
            mac=bytes.fromhex(values["mac"]),
            marks=base64text.decode(values["marks"]),
            signed_at=datetime.fromisoformat(values["at"]),
            digest=sha256(line).hexdigest(),
        )
        is_next = values["after"] == after and values["v"] == VERSION
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    is_ours = signature.is_signed(public=public, data=_signed_bytes(values), signature=made)
    return point if is_ours and is_next and line.endswith(b"\n") else None


def _go_on_from(last: Checkpoint) -> None:
    finding = _differs(last, after=last.sequence - len(last.marks) // MARK_BYTES)
    if finding is not None:
        raise LogAtFault(finding)


def _differs(point: Checkpoint, *, after: int) -> Finding | None:
    """Return the first row that is not the one signed, or the first that is not there any more."""
    rows = AuditRow.objects.filter(sequence__gt=after, sequence__lte=point.sequence).order_by("sequence")
    expected, mac = after, b""
    for sequence, stored in rows.values_list("sequence", "mac").iterator():
        expected += 1
        mac, start = bytes(stored), (expected - after - 1) * MARK_BYTES
        if sequence != expected or mac[:MARK_BYTES] != point.marks[start : start + MARK_BYTES]:
            return Finding(fault=AuditFault.RECHAINED, sequence=expected, signed_at=point.signed_at)
    if expected < point.sequence:
        return Finding(fault=AuditFault.OLDER_DATABASE, sequence=expected + 1, signed_at=point.signed_at)
    if mac != point.mac:
        return Finding(fault=AuditFault.RECHAINED, sequence=expected, signed_at=point.signed_at)
    return None
