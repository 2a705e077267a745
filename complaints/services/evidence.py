"""Photos: made clean in a bounded pool, stored encrypted, the original sealed to the vault."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import BoundedSemaphore
from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError

from complaints.crypto import filecipher
from complaints.enums import Problem
from complaints.errors import DraftInvalid, FieldProblem, TooBusy, TooManyOrphans
from complaints.models import Evidence, Inspection, Message, Tip, Vault
from complaints.models.sealed import aad_for, active_keyring
from portal.shared.images import CleanPhoto, PhotoError, PhotoLimits, sanitise_photo
from portal.shared.uploads import CutOffFile

from .evidence_storage import DurableStorage

WAIT_SECONDS = 45
# What a crash with every server thread in the middle of nine photos may leave; and, where no file at all has a row,
# what one submission may leave: more of them look like the wrong database.
MOST_ORPHANS = 300
MOST_STRANGERS = 27
_OURS = re.compile(r"[0-9a-f]{2}/(?:[0-9a-f]{32}\.(?:shown|thumb|original)|\.[0-9a-f]{16}\.part)")
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


def read_uploads(files: "Iterable[UploadedFile[bytes]]") -> list[Upload]:
    """Return uploaded files as read into memory; of one that was cut off as too large only the size is known."""
    return [
        Upload(data=None if isinstance(file, CutOffFile) else file.read(), size=file.size or 0)
        for file in files
    ]


def evidence_storage() -> DurableStorage:
    """Return the private storage of evidence."""
    return cast(DurableStorage, storages["evidence"])


@lru_cache(maxsize=1)
def _slots() -> BoundedSemaphore:
    return BoundedSemaphore(settings.PHOTO_WORKERS)


@contextmanager
def _photo_slot() -> Iterator[None]:
    """Let at most PHOTO_WORKERS photos be decoded at once; raises TooBusy after WAIT_SECONDS."""
    slots = _slots()
    if not slots.acquire(timeout=WAIT_SECONDS):
        raise TooBusy
    try:
        yield
    finally:
        slots.release()


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
            with _photo_slot():
                prepared.append(_prepare(data=upload.data or b"", vault=vault, binding=binding))
        except PhotoError as error:
            problems.append(FieldProblem(field="photos", problem=_PROBLEMS[error.code], index=index))
    if problems:
        raise DraftInvalid(problems)
    return prepared


def _prepare(*, data: bytes, vault: Vault | None, binding: str) -> PreparedPhoto:
    clean = sanitise_photo(data, limits=PhotoLimits(max_bytes=settings.PHOTO_MAX_BYTES))
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
    storage = evidence_storage()
    names: list[str] = []
    with storage.writing():
        try:
            for name, content in _named_files(photos):
                names.append(name)
                storage.save(name, ContentFile(content))
            yield
        except BaseException:
            if not _rows_stand(photos):
                remove_files(names=names)
            raise


def _rows_stand(photos: Sequence[PreparedPhoto]) -> bool:
    """Whether the rows were committed although an error came after it, such as a connection lost at that moment.

    When even that cannot be asked the files stay: leftovers are swept, photos of an acknowledged tip never return.
    """
    try:
        return Evidence.objects.filter(public_id__in=[photo.public_id for photo in photos]).exists()
    except DatabaseError:
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


def attach_photos(
    *,
    tip: Tip,
    photos: Sequence[PreparedPhoto],
    vault: Vault | None,
    first: int,
    message: Message | None = None,
) -> list[Evidence]:
    """Insert the rows of stored photos inside the caller's transaction; positions count from `first`."""
    return _attach(tip=tip, photos=photos, vault=vault, first=first, message=message)


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
) -> list[Evidence]:
    rows = [
        Evidence(
            public_id=photo.public_id,
            tip=tip,
            message=message,
            inspection=inspection,
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
    return Evidence.objects.bulk_create(rows)


def read_photo(*, evidence: Evidence, part: str) -> bytes:
    """Return the clear bytes of `shown` or `thumb` (JPEG); the caller has checked the right to see it."""
    with evidence_storage().open(evidence.path_of(part)) as file:
        return active_keyring().decrypt(file.read(), aad=_aad(evidence.public_id, part))


def read_sealed_original(*, evidence: Evidence) -> bytes:
    """Return the original as it lies in the storage, sealed; raises FileNotFoundError when it is gone."""
    with evidence_storage().open(evidence.path_of("original")) as file:
        return bytes(file.read())


def sweep_orphans(*, force: bool = False) -> int:
    """Delete evidence files no row knows, such as a crash in the middle of a submission leaves; return how many.

    Args:
        force: delete even when most files have no row.

    Raises:
        TooManyOrphans: more files than a crash can leave; the database is probably not the one of these files.
    """
    storage = evidence_storage()
    with storage.sweeping():
        known = {key.hex for key in Evidence.objects.values_list("public_id", flat=True)}
        ours = [name for name in storage.all_names() if _OURS.fullmatch(name)]
        orphans = [name for name in ours if name.rsplit("/", 1)[-1].split(".")[0] not in known]
        most = max(MOST_ORPHANS, len(ours) // 10) if len(orphans) < len(ours) else MOST_STRANGERS
        if not force and len(orphans) > most:
            raise TooManyOrphans(f"{len(orphans)} of {len(ours)} files")
        remove_files(names=orphans)
    return len(orphans)
