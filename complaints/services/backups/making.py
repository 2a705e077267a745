"""Making a backup while the portal runs: first the database at one moment, then the files it speaks of.

Everything streams: no part is in memory as a whole, and nothing lies unsealed in the backup's own folder.
"""

import fcntl
import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from complaints.crypto.streamcipher import SealedWriter
from complaints.errors import BackupRefused
from complaints.models import Evidence, Vault
from complaints.selectors.vaults import current_vault
from complaints.services.evidence import RING_PARTS, evidence_storage

from . import layout
from .layout import Manifest, Part
from .snapshot import Member, Snapshot, snapshot

SCRATCH = ".backup-"


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished backup; `missing` are files of photos that were not there to be taken."""

    manifest: Manifest
    files: int
    missing: tuple[str, ...]


@dataclass(kw_only=True)
class _Making:
    """A backup under way: where it goes, whom it is sealed to, and the list of hashes as it grows."""

    folder: Path
    vault: Vault
    binding: str
    sums: BinaryIO
    parts: dict[str, Part] = field(default_factory=dict)
    files: int = 0


def make_backup(*, folder: Path, pinned: str, today: date) -> Made:
    """Write a backup into an empty or new folder.

    Args:
        pinned: fingerprint of the vault it is sealed to.

    Raises:
        BackupRefused: the folder is not empty, or another backup is being made.
        VaultUnavailable: the vault in the database is not the pinned one; nothing was written.
    """
    vault = current_vault(pinned=pinned)
    _prepare(folder)
    with ExitStack() as held:
        scratch = held.enter_context(_scratch_folder())
        # No purge and no sweep takes away a file the database still speaks of, until it is copied.
        held.enter_context(evidence_storage().writing())
        found = held.enter_context(snapshot(scratch=scratch))
        sums = held.enter_context(layout.private_file(folder / layout.SUMS))
        making = _Making(folder=folder, vault=vault, binding=token_hex(16), sums=sums)
        _write_part(making, name=layout.DATABASE, members=found.members)
        expected = set(_photo_files(found.photos))
        taken = _write_evidence(making, expected=expected)
        for name, root in layout.folders().items():
            _write_part(making, name=name, members=_files(root, sorted(_names(root))))
        layout.settle(sums)
        manifest = _manifest(making, found=found, today=today)
        layout.write_manifest(folder=folder, manifest=manifest)
    return Made(manifest=manifest, files=making.files, missing=tuple(sorted(expected - taken)))


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=layout.PRIVATE_FOLDER, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupRefused("not_empty")


@contextmanager
def _scratch_folder() -> Iterator[Path]:
    """Give a private folder beside the data; what a killed backup left there goes first. One backup at a time."""
    root = Path(settings.DATA_DIR)
    with (root / ".backup.lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused("under_way") from None
        for left in root.glob(f"{SCRATCH}*/"):
            shutil.rmtree(left)
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=root))
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch)


def _photo_files(photos: dict[UUID, int | None]) -> Iterator[str]:
    for key, vault in photos.items():
        shell = Evidence(public_id=key)
        for part in RING_PARTS if vault is None else (*RING_PARTS, "original"):
            yield shell.path_of(part)


def _write_evidence(making: _Making, *, expected: set[str]) -> set[str]:
    """Take the files of the photos in the snapshot; those of tips that came later belong to the next backup."""
    storage = evidence_storage()
    names = sorted(expected & set(storage.all_names()))
    _write_part(making, name=layout.EVIDENCE, members=_files(Path(storage.location), names))
    return set(names)


def _names(root: Path) -> Iterator[str]:
    if root.is_dir():
        yield from (str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def _files(root: Path, names: Iterable[str]) -> Iterator[Member]:
    for name in names:
        try:
            file = (root / name).open("rb")
        except FileNotFoundError:  # an editor deleted a picture meanwhile
            continue
        with file:
            yield Member(name=name, size=os.fstat(file.fileno()).st_size, source=file)


def _write_part(making: _Making, *, name: str, members: Iterable[Member]) -> None:
    """Write one sealed archive and note its hash, and that of everything in it."""
    path = making.folder / f"{name}{layout.SUFFIX}"
    with layout.private_file(path) as target:
        writer = SealedWriter(
            target,
            public_key=bytes(making.vault.public_key),
            vault=making.vault.version,
            binding=making.binding,
            field=name,
        )
        stream = cast(BinaryIO, writer)  # writing is all it is asked for
        with tarfile.open(mode="w|", fileobj=stream, format=tarfile.PAX_FORMAT) as archive:
            for member in members:
                digest = _add(archive, member)
                making.sums.write(f"{digest}  {name}/{member.name}\n".encode())
                making.files += 1
        writer.finish()
        layout.settle(target)
    making.parts[path.name] = Part(size=path.stat().st_size, sha256=layout.file_digest(path))


class _Hashing:
    """Reads a source and hashes what it gives."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


def _add(archive: tarfile.TarFile, member: Member) -> str:
    head = tarfile.TarInfo(member.name)
    head.size, head.mode = member.size, layout.PRIVATE_FILE
    if hasattr(member.source, "fileno") and not hasattr(member.source, "getbuffer"):
        head.mtime = int(os.fstat(member.source.fileno()).st_mtime)
    hashing = _Hashing(member.source)
    archive.addfile(head, hashing)
    return hashing.digest.hexdigest()


def _manifest(making: _Making, *, found: Snapshot, today: date) -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        made_on=today.isoformat(),
        binding=making.binding,
        vault=making.vault.version,
        fingerprint=making.vault.fingerprint,
        engine=connection.vendor,
        migrations=tuple(sorted(f"{app}.{name}" for app, name in applied)),
        counts=found.counts,
        parts=making.parts,
        sums_sha256=layout.file_digest(making.folder / layout.SUMS),
    )
