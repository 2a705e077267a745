"""Moving what is sealed to another vault version: asked by a custodian, approved by a leader, done in the browser.

The server hands out sealed things and takes them back sealed anew; it opens none and cannot tell what is inside. It
replaces a thing only if it is still the one that was handed out, and logs the hashes of both.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from complaints import policies
from complaints.enums import KeyFault, ResealState, SealedKind
from complaints.errors import KeyRefused, NotAllowed, VaultUnavailable
from complaints.models import AuditRow, Evidence, Reseal, SealedClaim, SealedIdentity, Vault
from complaints.models.sealed import is_bound, mark_for
from complaints.rules.moments import to_minute
from complaints.rules.reseal import OPEN_STATES, valid_until
from complaints.selectors import keys as reading
from complaints.selectors.vaults import current_vault

from . import audit, audit_proof, checkpoints, evidence, identity
from .keys import refused_key_acts_are_logged, require_custodian
from .storage_faults import storage_faults_as_refusals

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A name or claim that a browser sealed again: its cursor, the SHA-256 of what was handed out, the new envelope."""

    cursor: int
    before: str
    envelope: str


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The next sealed things, and the SHA-256 of those held back because they lie at another tip than they came with.

    What is held back behind the last thing handed out is named again with the next batch.
    """

    items: list[reading.SealedItem]
    held_back: list[str]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a batch: how many were replaced, how many had changed meanwhile, what is left to move."""

    moved: int
    changed: int
    left: int


@refused_key_acts_are_logged("reseal_ask")
@transaction.atomic
def ask_reseal(*, actor: User, version: int, pinned: str, at: datetime) -> Reseal:
    """Ask to move everything sealed to an older version to the one in use.

    Raises:
        NotAllowed: not a custodian.
        KeyRefused: nothing to move, or it was asked for already.
        VaultUnavailable: no key is the pinned one.
    """
    require_custodian(actor=actor)
    target = current_vault(pinned=pinned)
    source = Vault.objects.select_for_update().filter(version=version).exclude(pk=target.pk).first()
    if source is None or not reading.sealed_counts(version=version).total:
        raise KeyRefused(KeyFault.NOTHING_TO_MOVE)
    if any(reading.state_of(job, now=at) in OPEN_STATES for job in Reseal.objects.filter(source=source)):
        raise KeyRefused(KeyFault.ALREADY_ASKED)
    job = Reseal.objects.create(source=source, target=target, asked_by=actor, asked_at=to_minute(at))
    _log(job, "asked", actor=actor, at=at)
    return job


@refused_key_acts_are_logged("reseal_decide")
@transaction.atomic
def decide_reseal(*, actor: User, job_id: UUID, is_approved: bool, at: datetime) -> Reseal:
    """Approve or refuse a job, as a leader of a unit that nobody is above; it hands out every envelope.

    Raises:
        NotAllowed: not such a leader.
        KeyRefused: the leader asked for it, or it does not wait for a decision any more.
    """
    if not policies.leads_top(actor):
        raise NotAllowed
    job = _locked(job_id)
    if job.asked_by_id == actor.pk:
        raise KeyRefused(KeyFault.BOTH_ENDS)
    if reading.state_of(job, now=at) != ResealState.WAITING:
        raise KeyRefused(KeyFault.NOT_READY)
    job.decided_by, job.decided_at, job.is_approved = actor, to_minute(at), is_approved
    job.save(update_fields=["decided_by", "decided_at", "is_approved"])
    until = valid_until(reading.standing_of(job))
    terms = {"asker": job.asked_by_id, "until": until.astimezone(UTC).isoformat()} if until else {}
    _log(job, "approved" if is_approved else "declined", actor=actor, at=at, **terms)
    return job


@refused_key_acts_are_logged("reseal_start")
@transaction.atomic
def start_run(*, actor: User, job_id: UUID, pinned: str, at: datetime) -> Reseal:
    """Note that a custodian starts, or goes on, to move what is sealed; the page has asked for password and code.

    Raises:
        NotAllowed, KeyRefused: as in `_ready`.
    """
    job = _ready(_locked(job_id), actor=actor, pinned=pinned, at=at)
    _log(job, "started", actor=actor, at=at)
    return job


@refused_key_acts_are_logged("reseal_hand_out")
@transaction.atomic
def hand_out(
    *, actor: User, job_id: UUID, pinned: str, identity: int, original: int, at: datetime, claim: int = 0
) -> Batch:
    """Return the next sealed things after three cursors; that they left the server is logged with their number.

    Raises:
        NotAllowed, KeyRefused: as in `_ready`.
    """
    job = _ready(_locked(job_id), actor=actor, pinned=pinned, at=at)
    cursors = {SealedKind.IDENTITY: identity, SealedKind.CLAIM: claim, SealedKind.ORIGINAL: original}
    batch = _own_items(job, cursors, actor=actor, at=at)
    if batch.items:
        _log(job, "handed_out", actor=actor, at=at, kind=batch.items[0].kind.value, count=len(batch.items))
        transaction.on_commit(partial(checkpoints.sign_quietly, at=at))
    return batch


def _own_items(job: Reseal, cursors: dict[SealedKind, int], *, actor: User, at: datetime) -> Batch:
    """Return the next things that lie where they were received; the others stay and raise an alarm."""
    held_back: list[str] = []
    while True:
        after = {kind.value: cursor for kind, cursor in cursors.items()}
        items = reading.items_after(version=job.source_id, **after)
        misplaced = [item.sha256 for item in items if not item.is_bound]
        _log_misplaced(job, misplaced, actor=actor, at=at)
        held_back += misplaced
        own = [item for item in items if item.is_bound]
        if own or not items:
            return Batch(items=own, held_back=held_back)
        cursors[items[-1].kind] = items[-1].cursor


def _log_misplaced(job: Reseal, hashes: list[str], *, actor: User, at: datetime) -> None:
    if hashes:
        logger.critical(
            "re-seal %s: %d sealed things lie at another tip than they came with", job.pk, len(hashes)
        )
        _log(job, "misplaced", actor=actor, at=at, count=len(hashes), hashes=hashes)


@refused_key_acts_are_logged("reseal_hand_out")
def hand_out_original(*, actor: User, job_id: UUID, pinned: str, public_id: UUID, at: datetime) -> bytes:
    """Return the sealed bytes of one original of a running job; each time leaves a row, signed outside the database.

    Raises:
        NotAllowed, KeyRefused: as in `_ready`, or it is not sealed to that version any more, lies at another tip than
            it came with, or its file is gone.
    """
    job = _ready(_found(job_id), actor=actor, pinned=pinned, at=at)
    row = reading.original_of(version=job.source_id, public_id=public_id)
    if row is None:
        raise KeyRefused(KeyFault.NOT_READY)
    if not is_bound(row):
        raise KeyRefused(KeyFault.MISPLACED)
    try:
        sealed = evidence.sealed_original(evidence=row)
    except FileNotFoundError:
        raise KeyRefused(KeyFault.ORIGINAL_GONE) from None
    _log(job, "file", actor=actor, at=at, sha256=row.sealed_sha256)
    transaction.on_commit(partial(checkpoints.sign_quietly, at=at))
    return sealed


@refused_key_acts_are_logged("reseal_take")
@storage_faults_as_refusals()
@transaction.atomic
def take_identities(
    *, actor: User, job_id: UUID, pinned: str, moves: Iterable[Moved], at: datetime
) -> Outcome:
    """Put re-sealed identities in the place of those that are still as they were handed out.

    Raises:
        NotAllowed, KeyRefused: as in `_ready`, or one is not sealed for the version in use; then none is replaced.
    """
    return _take_envelopes(SealedKind.IDENTITY, actor=actor, job_id=job_id, pinned=pinned, moves=moves, at=at)


@refused_key_acts_are_logged("reseal_take")
@storage_faults_as_refusals()
@transaction.atomic
def take_claims(*, actor: User, job_id: UUID, pinned: str, moves: Iterable[Moved], at: datetime) -> Outcome:
    """Put re-sealed payment details in the place of those that are still as they were; raises as `take_identities`."""
    return _take_envelopes(SealedKind.CLAIM, actor=actor, job_id=job_id, pinned=pinned, moves=moves, at=at)


def _take_envelopes(
    kind: SealedKind, *, actor: User, job_id: UUID, pinned: str, moves: Iterable[Moved], at: datetime
) -> Outcome:
    job = _ready(_locked(job_id), actor=actor, pinned=pinned, at=at)
    items = [(move, identity.moved_envelope(text=move.envelope, vault=job.target)) for move in moves]
    done = [
        {"before": move.before, "after": reading.hash_of(envelope)}
        for move, envelope in items
        if _replace(_ENVELOPES[kind], job, move=move, envelope=envelope)
    ]
    return _counted(job, kind=kind.value, done=done, offered=len(items), actor=actor, at=at)


_ENVELOPES: Mapping[SealedKind, type[SealedIdentity | SealedClaim]] = {
    SealedKind.IDENTITY: SealedIdentity,
    SealedKind.CLAIM: SealedClaim,
}


def _replace(model: type[SealedIdentity | SealedClaim], job: Reseal, *, move: Moved, envelope: str) -> bool:
    rows = model._default_manager.filter(pk=move.cursor, vault_id=job.source_id).select_related("tip")
    row = rows.select_for_update(of=("self",)).first()
    if row is None or reading.hash_of(row.envelope) != move.before or not is_bound(row):
        return False
    same = model._default_manager.filter(pk=row.pk, envelope=row.envelope)
    row.envelope = envelope
    return same.update(envelope=envelope, vault=job.target, bound_mark=mark_for(row.bound_bytes)) == 1


@refused_key_acts_are_logged("reseal_take")
@storage_faults_as_refusals()
def take_original(
    *, actor: User, job_id: UUID, pinned: str, public_id: UUID, before: str, sealed: bytes, at: datetime
) -> Outcome:
    """Put a re-sealed original in the place of the old one if that is still as it was handed out.

    Raises:
        NotAllowed, KeyRefused: as in `_ready`, or it is not sealed for the version in use.
    """
    with evidence.evidence_storage().writing(), transaction.atomic():
        job = _ready(_locked(job_id), actor=actor, pinned=pinned, at=at)
        if evidence.vault_of_original(sealed=sealed) != job.target_id:
            raise KeyRefused(KeyFault.MISFIT)
        rows = Evidence.objects.filter(public_id=public_id, vault_version=job.source_id, sealed_sha256=before)
        row = rows.select_for_update(of=("self",)).select_related("tip").first()
        row = row if row and is_bound(row) else None
        if row is not None:
            evidence.replace_original(evidence=row, sealed=sealed, vault=job.target)
        after = sha256(sealed).hexdigest()
        done = [{"before": before, "after": after}] if row else []
        return _counted(job, kind="original", done=done, offered=1, actor=actor, at=at)


def _counted(
    job: Reseal, *, kind: str, done: list[dict[str, str]], offered: int, actor: User, at: datetime
) -> Outcome:
    """Log what was replaced, and end the job once nothing is left."""
    left = reading.sealed_counts(version=job.source_id).total
    Reseal.objects.filter(pk=job.pk).update(moved=F("moved") + len(done))
    if done:
        _log(job, "moved", actor=actor, at=at, kind=kind, items=done)
    if not left:
        Reseal.objects.filter(pk=job.pk, finished_at=None).update(finished_at=to_minute(at))
        _log(job, "done", actor=actor, at=at)
    return Outcome(moved=len(done), changed=offered - len(done), left=left)


def _ready(job: Reseal, *, actor: User, pinned: str, at: datetime) -> Reseal:
    """Return the job if this custodian may work on it now.

    Raises:
        NotAllowed: somebody else asked for it, or the role was taken back.
        KeyRefused: not approved, refused, over, or another key is in use by now.
    """
    require_custodian(actor=actor)
    if job.asked_by_id != actor.pk:
        raise NotAllowed
    try:
        is_target_in_use = current_vault(pinned=pinned).pk == job.target_id
    except VaultUnavailable:
        is_target_in_use = False
    if not is_target_in_use or reading.state_of(job, now=at) != ResealState.READY:
        raise KeyRefused(KeyFault.NOT_READY)
    _require_proof(job, at=at)
    return job


def _require_proof(job: Reseal, *, at: datetime) -> None:
    """Raise KeyRefused unless the log proves the approval, and whoever gave it still may: columns can be filled in."""
    record = audit_proof.newest_record(
        actions=["vault.reseal_approved", "vault.reseal_declined"],
        subject=f"vault:{job.source_id}",
        about={"job": str(job.public_id)},
    )
    if record is None or record.action != "vault.reseal_approved" or not _says_so(record, job, at=at):
        logger.critical("re-seal %s: the audit log does not prove the approval", job.pk)
        raise KeyRefused(KeyFault.UNPROVEN)
    if job.decided_by is None or not policies.leads_top(job.decided_by):
        raise KeyRefused(KeyFault.NOT_READY)


def _says_so(record: AuditRow, job: Reseal, *, at: datetime) -> bool:
    terms = {"target": job.target_id, "asker": job.asked_by_id}
    until = str(record.data.get("until", ""))
    is_in_time = bool(until) and at < datetime.fromisoformat(until)
    return record.actor_id == job.decided_by_id and is_in_time and audit_proof.says(record, terms)


def _locked(job_id: UUID) -> Reseal:
    job = (
        Reseal.objects.select_for_update(of=("self",))
        .select_related("target", "decided_by")
        .filter(public_id=job_id)
    )
    return _one(job.first())


def _found(job_id: UUID) -> Reseal:
    return _one(Reseal.objects.select_related("target", "decided_by").filter(public_id=job_id).first())


def _one(job: Reseal | None) -> Reseal:
    if job is None:
        raise KeyRefused(KeyFault.NOT_READY)
    return job


def _log(job: Reseal, what: str, *, actor: User, at: datetime, **more: object) -> None:
    data = {"job": str(job.public_id), "target": job.target_id, **more}
    audit.record(
        action=f"vault.reseal_{what}", at=at, actor=actor, subject=f"vault:{job.source_id}", data=data
    )
