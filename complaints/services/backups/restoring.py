"""Putting a backup back: only where nothing is, only what every hash agrees to, the database last."""

import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, TextIO, cast

from django.conf import settings
from django.db import connection, transaction

from complaints.crypto.streamcipher import DecryptionError, open_stream
from complaints.errors import BackupRefused
from complaints.services.evidence import evidence_storage

from . import layout, loading
from .layout import Manifest
from .snapshot import FILE, sqlite_counts

STAGING = ".restore-"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put back."""

    made_on: str
    files: int
    rows: int


def restore_backup(*, folder: Path, seed: bytes) -> Restored:
    """Put a backup back into an empty installation; killed before the end it leaves no database, and may be run again.

    Args:
        seed: opens the vault the backup is sealed to.

    Raises:
        BackupRefused: no whole backup, another key ring or vault, or something is there already; nothing was changed.
    """
    manifest = layout.read_manifest(folder=folder)
    _refuse_unless_empty()
    _check_parts(folder, manifest)
    root = Path(settings.DATA_DIR)
    root.mkdir(mode=layout.PRIVATE_FOLDER, parents=True, exist_ok=True)
    for left in root.glob(f"{STAGING}*/"):
        shutil.rmtree(left)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=root))
    try:
        files = _unpack_all(folder, manifest, seed=seed, staging=staging)
        _put_in_place(staging, manifest)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(made_on=manifest.made_on, files=files, rows=sum(manifest.counts.values()))


def _places() -> dict[str, Path]:
    return {layout.EVIDENCE: Path(evidence_storage().location), **layout.folders()}


def _refuse_unless_empty() -> None:
    """Keys, locks and collected static files may be there: they are no data."""
    for place in _places().values():
        if any(path.is_file() and path.name != ".lock" for path in place.rglob("*")):
            raise BackupRefused("not_empty")
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        if path.exists() and not _has_no_table(path):
            raise BackupRefused("not_empty")
    elif loading.holds_data():
        raise BackupRefused("not_empty")


def _has_no_table(path: Path) -> bool:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _check_parts(folder: Path, manifest: Manifest) -> None:
    for name, part in manifest.parts.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != part.size or layout.file_digest(path) != part.sha256:
            raise BackupRefused("damaged")
    sums = folder / layout.SUMS
    if not sums.is_file() or layout.file_digest(sums) != manifest.sums_sha256:
        raise BackupRefused("damaged")
    if manifest.engine != connection.vendor:
        raise BackupRefused("other_database")


def _unpack_all(folder: Path, manifest: Manifest, *, seed: bytes, staging: Path) -> int:
    files = 0
    with (folder / layout.SUMS).open("r", encoding="utf-8") as sums:
        for name in manifest.parts:
            part = name.removesuffix(layout.SUFFIX)
            with (folder / name).open("rb") as sealed:
                chunks = open_stream(sealed, seed=seed, binding=manifest.binding, field=part)
                try:
                    files += _unpack(chunks, target=staging / part, part=part, sums=sums)
                except DecryptionError as error:
                    raise BackupRefused("other_vault") from error
                except tarfile.TarError as error:
                    raise BackupRefused("damaged") from error
        if sums.readline():
            raise BackupRefused("damaged")
    return files


class _Stream:
    """Reads the chunks of an opened stream as one file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def read(self, size: int) -> bytes:
        while len(self._left) < size and (chunk := next(self._chunks, b"")):
            self._left += chunk
        data, self._left = self._left[:size], self._left[size:]
        return data


def _unpack(chunks: Iterator[bytes], *, target: Path, part: str, sums: TextIO) -> int:
    """Write the members of one part and compare each with its line of the list; return how many there were."""
    target.mkdir(mode=layout.PRIVATE_FOLDER)
    stream, files = _Stream(chunks), 0
    with tarfile.open(mode="r|", fileobj=cast(BinaryIO, stream), bufsize=layout.READ_BYTES) as archive:
        for member in archive:
            source = archive.extractfile(member)
            if source is None or not _is_inside(member.name):
                raise BackupRefused("damaged")
            digest = _write_member(target / member.name, source, moment=member.mtime)
            if sums.readline() != f"{digest}  {part}/{member.name}\n":
                raise BackupRefused("damaged")
            files += 1
    while stream.read(layout.READ_BYTES):  # to the end: only a stream that ends well is whole
        pass
    return files


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _write_member(path: Path, source: IO[bytes], *, moment: float) -> str:
    path.parent.mkdir(mode=layout.PRIVATE_FOLDER, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with layout.private_file(path) as file:
        while data := source.read(layout.READ_BYTES):
            digest.update(data)
            file.write(data)
        layout.settle(file)
    os.utime(path, (moment, moment))
    return digest.hexdigest()


def _put_in_place(staging: Path, manifest: Manifest) -> None:
    """Count the rows, move the folders, and make the database appear when all else is there."""
    database = staging / layout.DATABASE
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(database / FILE)) as found:
            _compare(sqlite_counts(found), manifest)
        _move_folders(staging)
        _place_sqlite(database / FILE)
    else:
        with transaction.atomic(durable=True):
            loading.load(folder=database, manifest=manifest)
            _compare(loading.counts(), manifest)
            _move_folders(staging)


def _compare(found: dict[str, int], manifest: Manifest) -> None:
    if found != dict(manifest.counts):
        raise BackupRefused("damaged")


def _move_folders(staging: Path) -> None:
    for name, place in _places().items():
        for path in sorted((staging / name).rglob("*")):
            if path.is_file():
                goal = place / path.relative_to(staging / name)
                goal.parent.mkdir(mode=layout.PRIVATE_FOLDER, parents=True, exist_ok=True)
                shutil.move(path, goal)


def _place_sqlite(file: Path) -> None:
    target = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    shutil.move(file, target)
    layout.settle_folder(target.parent)
