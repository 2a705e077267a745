"""Changing the content key: everything the ring encrypts is encrypted anew, row by row, file by file.

Nothing is remembered between two runs: each looks at what is not under the active key yet. So a run may be killed at
any moment, run twice, or run while tips come in; until the end some content needs the old key and some the new one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Model

from complaints.crypto.errors import DecryptionError, KeyRingError
from complaints.models import AuditRow, Evidence, SealedClaim, SealedIdentity, Tip, TipReceipt
from complaints.models.sealed import active_keyring, is_bound, mark_for, sealed_fields

from . import audit, audit_check, authenticators, duplicates, evidence
from .intake import RETRY_DAYS

BATCH = 100
# A second look finds what others wrote meanwhile with the state of the ring before; more than a few means that
# somebody still writes with the old key.
MOST_LOOKS = 5
# Binary columns that follow from other ones: computed anew, those of encrypted words in the same UPDATE.
COMPUTED: Mapping[str, frozenset[str]] = {
    "complaints.Tip": frozenset({"entity_key", "place_key"}),
    "complaints.SealedIdentity": frozenset({"bound_mark"}),
    "complaints.SealedClaim": frozenset({"bound_mark"}),
    "complaints.Evidence": frozenset({"bound_mark"}),
}
# What lies sealed to the vault, with a mark that ties it to its tip.
Sealed = SealedIdentity | SealedClaim | Evidence
BOUND: tuple[type[Sealed], ...] = (SealedIdentity, SealedClaim, Evidence)
Changes = dict[str, bytes]


class StillNeeded(Exception):
    """An older key cannot be cut down yet; the text says why and names no key but its id."""


@dataclass(kw_only=True)
class Look:
    """What one look over everything did; `unreadable` names rows and files that no key of the ring opens."""

    # What blind keys of entities leave out; read once.
    regions: tuple[str, ...]
    rows: int = 0
    files: int = 0
    marks: int = 0
    unreadable: list[str] = field(default_factory=list)

    @property
    def renewed(self) -> int:
        """How many rows, files and marks were made anew."""
        return self.rows + self.files + self.marks


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The result of a run: `is_done` when the last look found nothing left under another key."""

    rows: int
    files: int
    looks: int
    is_done: bool
    unreadable: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeyNeeds:
    """What an older key of the ring is still needed for; retries of earlier tips end by `retries_until`."""

    key_id: str
    receipts: int
    audit_rows: int
    retries_until: date
    is_whole: bool = True
    # A remnant that does not name the last record of the audit log it may have signed.
    is_unbounded: bool = False

    @property
    def is_free(self) -> bool:
        """Whether nothing lasting needs the key: it may leave the ring altogether after the last day of retries."""
        return not (self.receipts or self.audit_rows)


def sealed_models() -> list[type[Model]]:
    """Return every model that holds encrypted text, whatever app it belongs to."""
    return [model for model in apps.get_models() if sealed_fields(model)]


def rotate(*, today: date) -> Rotation:
    """Encrypt everything under the active key.

    Rows are changed by a conditional UPDATE: what somebody else wrote meanwhile is never overwritten.
    """
    looks = [_look()]
    while looks[-1].renewed and len(looks) < MOST_LOOKS:
        looks.append(_look())
    _forget_old_retries(today=today)
    return Rotation(
        rows=sum(look.rows for look in looks),
        files=sum(look.files for look in looks),
        looks=len(looks),
        is_done=not looks[-1].renewed and not looks[-1].unreadable,
        unreadable=tuple(looks[-1].unreadable),
    )


def _look() -> Look:
    look = Look(regions=duplicates.region_names())
    for model in sealed_models():
        for batch in _batches(model):
            _renew_rows(batch, look)
    for row in _sealed_rows():
        _renew_mark(row, look)
        if isinstance(row, Evidence):
            _renew_files(row, look)
    renewed = authenticators.renew()
    look.rows += renewed.count
    look.unreadable.extend(renewed.unreadable)
    return look


def _sealed_rows() -> Iterator[Sealed]:
    """Yield what may lie sealed to the vault: every identity, every claim, every photo."""
    for model in BOUND:
        for batch in _batches(model, "tip"):
            yield from (row for row in batch if isinstance(row, BOUND))


def _renew_mark(row: Sealed, look: Look) -> None:
    """Make a mark under the active key if an older one made it; one that does not fit stays, and is named."""
    before, after = bytes(row.bound_mark), mark_for(row.bound_bytes)
    if not before or before == after:
        return
    if not is_bound(row):
        look.unreadable.append(f"{row._meta.label} {row.pk}")
        return
    look.marks += type(row)._base_manager.filter(pk=row.pk, bound_mark=before).update(bound_mark=after)


def _batches(model: type[Model], *related: str) -> Iterator[list[Model]]:
    """Yield all rows in the order of their keys; rows that arrive meanwhile come last."""
    rows, last = model._base_manager.order_by("pk"), None
    rows = rows.select_related(*related) if related else rows
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        yield batch
        last = batch[-1].pk


def _renew_rows(batch: list[Model], look: Look) -> None:
    """Work out a batch first, then write it in one short transaction: senders of tips hardly wait."""
    wanted = [(row, before, after) for row in batch for before, after in _changes(row, look)]
    if not wanted:
        return
    with transaction.atomic():
        for row, before, after in wanted:
            rows = type(row)._base_manager.filter(pk=row.pk, **before)
            look.rows += rows.update(**after)


def _changes(row: Model, look: Look) -> Iterator[tuple[Changes, Changes]]:
    """Yield what a row holds under other keys and what it shall hold instead; nothing when all is well."""
    before: Changes = {}
    try:
        for one in sealed_fields(type(row)):
            sealed = bytes(getattr(row, one.column) or b"")
            if sealed and not active_keyring().is_active(sealed):
                before[one.column] = sealed
                setattr(row, one.name, getattr(row, one.name))
    except DecryptionError:
        look.unreadable.append(f"{row._meta.label} {row.pk}")
        return
    if before:
        _recompute(row, before, regions=look.regions)
        yield before, {name: bytes(getattr(row, name)) for name in before}


def _recompute(row: Model, before: Changes, *, regions: tuple[str, ...]) -> None:
    """Make the blind keys anew with the words they follow from, so that both are always under one key."""
    if isinstance(row, Tip):
        for name in COMPUTED[row._meta.label]:
            before[name] = bytes(getattr(row, name))
        duplicates.set_blind_keys(tip=row, regions=regions)


def _renew_files(row: Evidence, look: Look) -> None:
    for part in evidence.RING_PARTS:
        try:
            look.files += evidence.renew_photo(evidence=row, part=part)
        except DecryptionError:
            look.unreadable.append(row.path_of(part))


def _forget_old_retries(*, today: date) -> None:
    """Wipe digests no retry can use any more: they are under keys that may be known to somebody by now."""
    before = today - timedelta(days=RETRY_DAYS)
    # Those inside a company among them.
    old = Tip.everywhere.filter(received_date__lt=before).exclude(content_digest=b"").order_by("pk")
    last = 0
    while keys := list(old.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        Tip.everywhere.filter(pk__in=keys).update(content_digest=b"")
        last = keys[-1]


def key_needs(*, today: date) -> list[KeyNeeds]:
    """Return what each older key of the ring is still needed for besides content; reads the whole audit log once."""
    ring = active_keyring()
    tagged = dict(TipReceipt.objects.order_by().values_list("tag_key").annotate(Count("pk")))
    signed = _audit_rows_by_key()
    return [
        KeyNeeds(
            key_id=key_id,
            # Receipts older than the column may have been made under any older key.
            receipts=tagged.get(key_id, 0) + tagged.get("", 0),
            audit_rows=signed.get(key_id, 0),
            retries_until=today + timedelta(days=RETRY_DAYS),
            is_whole=key_id in ring.whole_ids,
            is_unbounded=key_id in ring.unbounded_ids,
        )
        for key_id in ring.ids
        if key_id != ring.active_id
    ]


def remnant_of(*, key_id: str) -> str:
    """Return the `KEY_RING` entry that is left of an older key once no content needs it; it names the last record of
    the audit log the key signed, so that it cannot sign a later one.

    Raises:
        StillNeeded: content or the end of the audit log is under another key than the active one, or this is no older
            key that can be cut down.
    """
    try:
        entry = active_keyring().remnant(key_id, until=audit_check.last_signed(key_id=key_id))
    except KeyRingError as error:
        raise StillNeeded(str(error)) from error
    if not all_is_active():
        raise StillNeeded("content is still under another key than the active one")
    newest = AuditRow.objects.order_by("-sequence").first()
    if newest is not None and audit.signer_of(newest) != active_keyring().active_id:
        raise StillNeeded("the audit log still ends under another key than the active one")
    return entry


def all_is_active() -> bool:
    """Whether everything the ring encrypts is under the active key; reads it all, changes nothing."""
    ring = active_keyring()
    rows = (row for model in sealed_models() for batch in _batches(model) for row in batch)
    for row in rows:
        tokens = (bytes(getattr(row, one.column) or b"") for one in sealed_fields(type(row)))
        if not all(ring.is_active(token) for token in tokens if token):
            return False
    if authenticators.needs_older_key():
        return False
    if any(row.bound_mark and bytes(row.bound_mark) != mark_for(row.bound_bytes) for row in _sealed_rows()):
        return False
    photos = (row for batch in _batches(Evidence) for row in batch if isinstance(row, Evidence))
    return all(
        evidence.is_under_active_key(evidence=row, part=part)
        for row in photos
        for part in evidence.RING_PARTS
    )


def vouch_for_log(*, at: datetime) -> bool:
    """Vouch under the active key for what older keys of the ring signed in the audit log; False when that was done.

    Call it when content is under the active key: from then on an older key is not needed to trust the log.

    Raises:
        LogAtFault: the log does not verify; nothing is vouched for.
    """
    older = set(_audit_rows_by_key()) - {active_keyring().active_id}
    if not older:
        return False
    audit_check.anchor(at=at)
    return True


def _audit_rows_by_key() -> dict[str, int]:
    """Return how many audit records each key of the ring signed that no record under the active key vouches for."""
    found = dict[str, int]()
    for row in AuditRow.objects.filter(sequence__gt=_vouched_until()).order_by("sequence").iterator():
        signer = audit.signer_of(row)
        if signer is not None:
            found[signer] = found.get(signer, 0) + 1
    return found


def _vouched_until() -> int:
    ring = active_keyring()
    for row in AuditRow.objects.filter(action=audit_check.ANCHOR).order_by("-sequence"):
        if audit.signer_of(row) == ring.active_id:
            return int(row.data["until"])
    return 0
