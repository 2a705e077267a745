"""Photos: made clean in a bounded pool, stored encrypted, the original sealed to the vault."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints.crypto import filecipher
from complaints.crypto.errors import DecryptionError
from complaints.enums import Problem
from complaints.errors import DraftInvalid, FieldProblem, PhotoUnreadable, TooBusy
from complaints.models import Evidence, Inspection, InternalStep, Leftover, Message, Tip, Vault
from complaints.models.sealed import aad_for, active_keyring, mark_for
from portal.shared.decoders import places as _slots
from portal.shared.imageformats.header import Header
from portal.shared.images import CleanPhoto, PhotoError, PhotoLimits, decode_bytes, judged, sanitise_photo
from portal.shared.uploads import CutOffFile

from .evidence_bucket import EvidenceBucket
from .evidence_storage import DurableStorage

WAIT_SECONDS = 45
# So many characters of its random key name a photo in file names and refusals.
CODE_LENGTH = 8
logger = logging.getLogger(__name__)
# Enough to see which key made a file: version, suite and id of the key.
TOKEN_HEAD_BYTES = 64
# What the key ring encrypts of a photo; the original is sealed to the vault.
RING_PARTS = ("shown", "thumb")
_PROBLEMS = {
    "EMPTY": Problem.PHOTO_EMPTY,
    "TOO_LARGE_BYTES": Problem.PHOTO_TOO_LARGE,
    "NOT_AN_IMAGE": Problem.PHOTO_NOT_IMAGE,
    "KIND_NOT_ALLOWED": Problem.PHOTO_KIND,
    "TOO_MANY_PIXELS": Problem.PHOTO_PIXELS,
    "ANIMATED": Problem.PHOTO_ANIMATED,
    "DAMAGED": Problem.PHOTO_DAMAGED,
}


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One uploaded file in memory; `data` is None when the upload handler cut it off as too large."""

    data: bytes | None
    size: int


@dataclass(frozen=True, kw_only=True)
class PreparedPhoto:
    """A photo ready to be stored: everything in it is ciphertext but the measures."""

    public_id: UUID
    clean: CleanPhoto
    files: dict[str, bytes]


def read_uploads(files: "Iterable[UploadedFile[bytes]]", *, are_read_once: bool = False) -> list[Upload]:
    """Return uploaded files as read into memory; of one that was cut off as too large only the size is known.

    Args:
        are_read_once: nobody reads these files again, so they are closed: with many senders nothing is held twice.
    """
    found = []
    for file in files:
        data = None if isinstance(file, CutOffFile) else file.read()
        found.append(Upload(data=data, size=file.size or 0))
        if are_read_once:
            file.close()
    return found


def evidence_storage() -> DurableStorage | EvidenceBucket:
    """Return the private storage of evidence: a folder or a bucket."""
    return cast("DurableStorage | EvidenceBucket", storages["evidence"])


@contextmanager
def _photo_slot(*, weight: int = 0) -> Iterator[None]:
    """Let few photos be decoded at once, within a bound of memory; raises TooBusy after WAIT_SECONDS."""
    with ExitStack() as stack:
        try:
            stack.enter_context(_slots().place(weight=weight, patience=WAIT_SECONDS))
        except TimeoutError as error:
            raise TooBusy from error
        yield


def check_uploads(*, uploads: Sequence[Upload]) -> list[FieldProblem]:
    """Return what is wrong with number and sizes, before any photo is decoded (limits of the contract)."""
    problems = []
    is_too_much = sum(upload.size for upload in uploads) > settings.PHOTOS_MAX_BYTES
    if len(uploads) > settings.PHOTO_MAX_COUNT:
        problems.append(FieldProblem(field="photos", problem=Problem.TOO_MANY_PHOTOS))
    for index, upload in enumerate(uploads):
        # The upload handler also cuts off what comes after the total is reached: that is no fault of this photo.
        if upload.size > settings.PHOTO_MAX_BYTES or (upload.data is None and not is_too_much):
            problems.append(FieldProblem(field="photos", problem=Problem.PHOTO_TOO_LARGE, index=index))
    if not problems and is_too_much:
        problems.append(FieldProblem(field="photos", problem=Problem.PHOTOS_TOO_LARGE))
    return problems


def prepare_photos(*, uploads: Sequence[Upload], vault: Vault | None, binding: str) -> list[PreparedPhoto]:
    """Clean, encrypt and seal photos in memory; `binding` ties the originals to the tip.

    Raises:
        DraftInvalid: names every photo that was refused.
        TooBusy: no decoder became free in time.
    """
    prepared: list[PreparedPhoto] = []
    problems: list[FieldProblem] = []
    for index, upload in enumerate(uploads):
        try:
            data, limits = upload.data or b"", PhotoLimits(max_bytes=settings.PHOTO_MAX_BYTES)
            # What is refused by its first bytes waits for no place.
            header = judged(data, limits=limits)
            with _photo_slot(weight=decode_bytes(header)):
                prepared.append(_prepare(data=data, header=header, vault=vault, binding=binding))
        except PhotoError as error:
            problems.append(FieldProblem(field="photos", problem=_PROBLEMS[error.code], index=index))
    if problems:
        raise DraftInvalid(problems)
    return prepared


def _prepare(*, data: bytes, header: Header, vault: Vault | None, binding: str) -> PreparedPhoto:
    clean = sanitise_photo(data, limits=PhotoLimits(max_bytes=settings.PHOTO_MAX_BYTES), header=header)
    public_id = uuid4()
    ring = active_keyring()
    files = {
        "shown": ring.encrypt(clean.shown.data, aad=_aad(public_id, "shown")),
        "thumb": ring.encrypt(clean.thumb.data, aad=_aad(public_id, "thumb")),
    }
    # Without a trusted vault key the original is not kept: the key ring alone must never open its metadata.
    if vault is not None:
        files["original"] = filecipher.seal_file(
            data=data,
            public_key=bytes(vault.public_key),
            vault=vault.version,
            binding=binding,
            field="original",
        )
    return PreparedPhoto(public_id=public_id, clean=clean, files=files)


def _aad(public_id: UUID, part: str) -> bytes:
    return aad_for(model="evidence", field=part, row=str(public_id))


@contextmanager
def stored(*, photos: Sequence[PreparedPhoto]) -> Iterator[None]:
    """Keep all files of these photos on disk when the block, which writes their rows, succeeds; otherwise none.

    `sweep_orphans` waits for the block: files without rows are only seen while it runs.
    """
    if not photos:
        yield
        return
    storage = evidence_storage()
    names: list[str] = []
    with storage.writing():
        try:
            for name, content in _named_files(photos):
                names.append(name)
                storage.save(name, ContentFile(content))
            yield
        except BaseException as error:
            if not _is_in_doubt(error) and not _rows_stand(photos):
                _remove_quietly(names=names)
            raise


def _is_in_doubt(error: BaseException) -> bool:
    """Whether a connection broke: its last commit may still come to pass, so files stay. What has no row is swept."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return connection.vendor == "postgresql" and (state is None or state[:2] in ("08", "57"))


def _rows_stand(photos: Sequence[PreparedPhoto]) -> bool:
    """Whether the rows were committed although an error came after it, such as a connection lost at that moment.

    When even that cannot be asked the files stay: leftovers are swept, photos of an acknowledged tip never return.
    """
    try:
        return Evidence.objects.filter(public_id__in=[photo.public_id for photo in photos]).exists()
    except Error:
        return True


def _named_files(photos: Iterable[PreparedPhoto]) -> Iterator[tuple[str, bytes]]:
    for photo in photos:
        shell = Evidence(public_id=photo.public_id)
        for part, content in photo.files.items():
            yield shell.path_of(part), content


def remove_files(*, names: Iterable[str]) -> None:
    """Delete files that belong to no row; a missing file is no error."""
    storage = evidence_storage()
    for name in names:
        storage.delete(name)


def _remove_quietly(*, names: Iterable[str]) -> None:
    """Delete files on the way out of something else: a disk or store that fails now must not hide what that was."""
    try:
        remove_files(names=names)
    except OSError as error:
        logger.warning("files stay until the next sweep: %s", type(error).__name__)


def attach_photos(
    *,
    tip: Tip,
    photos: Sequence[PreparedPhoto],
    vault: Vault | None,
    first: int,
    message: Message | None = None,
    step: InternalStep | None = None,
) -> list[Evidence]:
    """Insert the rows of stored photos inside the caller's transaction; positions count from `first`."""
    return _attach(tip=tip, photos=photos, vault=vault, first=first, message=message, internal_step=step)


def attach_inspection_photos(
    *, inspection: Inspection, photos: Sequence[PreparedPhoto], vault: Vault | None
) -> list[Evidence]:
    """Insert the rows of an officer's stored photos inside the caller's transaction, counted from 0 on their own."""
    return _attach(tip=inspection.tip, photos=photos, vault=vault, first=0, inspection=inspection)


def _attach(
    *,
    tip: Tip,
    photos: Sequence[PreparedPhoto],
    vault: Vault | None,
    first: int,
    message: Message | None = None,
    inspection: Inspection | None = None,
    internal_step: InternalStep | None = None,
) -> list[Evidence]:
    rows = [
        Evidence(
            public_id=photo.public_id,
            tip=tip,
            message=message,
            inspection=inspection,
            internal_step=internal_step,
            position=first + offset,
            sealed_sha256=sha256(photo.files["original"]).hexdigest() if vault else "",
            vault_version=vault.version if vault else None,
            shown_width=photo.clean.shown.width,
            shown_height=photo.clean.shown.height,
            thumb_width=photo.clean.thumb.width,
            thumb_height=photo.clean.thumb.height,
        )
        for offset, photo in enumerate(photos)
    ]
    for row in rows:
        row.bound_mark = mark_for(row.bound_bytes) if vault else b""
    return Evidence.objects.bulk_create(rows)


def read_photo(*, evidence: Evidence, part: str) -> bytes:
    """Return the clear bytes of `shown` or `thumb` (JPEG); the caller has checked the right to see it.

    Raises:
        PhotoUnreadable: the file is missing, damaged, or its key is not in the ring; the log names the file.
    """
    try:
        with evidence_storage().open(evidence.path_of(part)) as file:
            return active_keyring().decrypt(file.read(), aad=_aad(evidence.public_id, part))
    except (OSError, DecryptionError) as error:
        logger.error("evidence %s cannot be read: %s", evidence.path_of(part), type(error).__name__)
        raise PhotoUnreadable([spoken_name(evidence)]) from error


def spoken_name(evidence: Evidence) -> str:
    """Return how officers know a photo: its number among those it came with, and the code in file names."""
    values = {"n": evidence.position + 1, "code": evidence.public_id.hex[:CODE_LENGTH]}
    if evidence.inspection is not None:
        day = date_format(evidence.inspection.visited_date, "DATE_FORMAT")
        return _("photo %(n)d of the inspection of %(day)s (%(code)s)") % {**values, "day": day}
    if evidence.message_id is not None:
        return _("photo %(n)d, sent later by the reporter (%(code)s)") % values
    return _("photo %(n)d, sent with the tip (%(code)s)") % values


def renew_photo(*, evidence: Evidence, part: str) -> bool:
    """Encrypt `shown` or `thumb` anew under the active key; False when it is already, or is gone meanwhile.

    Raises:
        DecryptionError: the file does not open with any key of the ring.
    """
    storage, ring, name = evidence_storage(), active_keyring(), evidence.path_of(part)
    # Under the lock no purge takes the file away in between: it would come back.
    with storage.writing():
        if not storage.exists(name):
            return False
        with storage.open(name) as file:
            head = file.read(TOKEN_HEAD_BYTES)
            if ring.is_active(head):
                return False
            clear = ring.decrypt(head + file.read(), aad=_aad(evidence.public_id, part))
        storage.replace(name, ContentFile(ring.encrypt(clear, aad=_aad(evidence.public_id, part))))
    return True


def is_under_active_key(*, evidence: Evidence, part: str) -> bool:
    """Whether the active key made `shown` or `thumb`; a file that is not there needs no key."""
    storage, name = evidence_storage(), evidence.path_of(part)
    if not storage.exists(name):
        return True
    with storage.open(name) as file:
        return active_keyring().is_active(file.read(TOKEN_HEAD_BYTES))


def sealed_original(*, evidence: Evidence) -> bytes:
    """Return the original as it lies in the storage, sealed; the caller has checked the right to it.

    Raises:
        FileNotFoundError: the file is gone.
    """
    with evidence_storage().open(evidence.path_of("original")) as file:
        return bytes(file.read())


def vault_of_original(*, sealed: bytes) -> int | None:
    """Return the version of the vault that a sealed original names on its outside; None for other bytes."""
    try:
        return filecipher.vault_of(sealed)
    except filecipher.DecryptionError:
        return None


def replace_original(*, evidence: Evidence, sealed: bytes, vault: Vault) -> None:
    """Put a re-sealed original in the place of the old one, inside the caller's transaction on the locked row.

    The new file stands beside the old one under its next name until the row is committed; the old one goes after
    that, or with the next purge while a backup copies. A crash at any moment leaves one file too many, which
    `sweep_orphans` finds, and never one too few; the caller holds `evidence_storage().writing()` around the
    transaction, so that the sweep waits for the row.
    """
    storage, old = evidence_storage(), evidence.path_of("original")
    evidence.reseals += 1
    evidence.sealed_sha256 = sha256(sealed).hexdigest()
    evidence.vault_version = vault.version
    evidence.bound_mark = mark_for(evidence.bound_bytes)
    new = evidence.path_of("original")
    storage.delete(new)  # left by a crash before its row was written
    storage.save(new, ContentFile(sealed))
    evidence.save(update_fields=["reseals", "sealed_sha256", "vault_version", "bound_mark"])
    Leftover.objects.get_or_create(name=old)
    transaction.on_commit(partial(_remove_superseded, name=old))


def _remove_superseded(*, name: str) -> None:
    with evidence_storage().removing() as is_free:
        if is_free:
            try:
                remove_files(names=[name])
            except OSError as error:  # the row stands: its file is removed with the next purge
                logger.warning("a superseded file stays: %s", type(error).__name__)
                return
            Leftover.objects.filter(name=name).delete()
