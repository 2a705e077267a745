"""Putting a backup back: only where nothing is, only what every hash agrees to, the database last."""

import hashlib
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.db import connection, transaction

from complaints.crypto.streamcipher import DecryptionError, open_stream
from complaints.errors import BackupRefused
from portal.shared.diskfiles import PRIVATE_FOLDER, private_file, settle, settle_folder, write_private

from . import aftermath, layout, loading, scratch
from .layout import Manifest, Summary
from .places import places
from .snapshot import FILE, sqlite_counts

# Says which backup is being put back, from before the first file is in its place until all is done.
MARKER = ".restore-under-way"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put back; `accounts` are the names of accounts that are open in it."""

    made_on: str
    files: int
    rows: int
    accounts: tuple[str, ...]


def restore_backup(*, folder: Path, seed: bytes, at: datetime) -> Restored:
    """Put a backup back into an empty installation; killed before the end it may be run again with the same backup.

    Whatever was signed in, asked for or approved when it was made is over afterwards; the log says that it was
    restored, and from which day.

    Args:
        seed: opens the vault the backup is sealed to.

    Raises:
        BackupRefused: no whole backup, another key ring or vault, or something is there already; nothing was changed.
    """
    manifest = layout.read_manifest(folder=folder)
    is_ours = _began_with(manifest)
    if is_ours and _holds_data() and aftermath.is_restored(backup=manifest.binding):
        _marker().unlink()  # killed after the last step
        raise BackupRefused("finished")
    _refuse_unless_empty(is_ours=is_ours)
    _check_parts(folder, manifest)
    with scratch.scratch_folder(scratch.RESTORE) as staging:
        summary, files = _unpack_all(folder, manifest, seed=seed, staging=staging)
        accounts = _put_in_place(staging, manifest=manifest, summary=summary, at=at)
    _marker().unlink()
    rows = sum(summary.counts.values())
    return Restored(made_on=summary.made_on, files=files, rows=rows, accounts=accounts)


def _marker() -> Path:
    return Path(settings.DATA_DIR) / MARKER


def _began_with(manifest: Manifest) -> bool:
    """Whether this very backup was being put back here when the process was killed: what lies about is its own."""
    return _marker().is_file() and _marker().read_text(encoding="utf-8") == manifest.binding


def _begin_with(manifest: Manifest) -> None:
    _marker().unlink(missing_ok=True)
    write_private(_marker(), manifest.binding.encode())
    settle_folder(_marker().parent)


def _refuse_unless_empty(*, is_ours: bool) -> None:
    """Keys, locks and collected static files may be there: they are no data. The database comes last, so none is."""
    for place in [] if is_ours else places().values():
        if next(place.names(), None) is not None:
            raise BackupRefused("not_empty")
    if _holds_data():
        raise BackupRefused("not_empty")


def _holds_data() -> bool:
    if connection.vendor != "sqlite":
        return loading.holds_data()
    path = Path(str(connection.settings_dict["NAME"]))
    return path.exists() and not _has_no_table(path)


def _has_no_table(path: Path) -> bool:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _check_parts(folder: Path, manifest: Manifest) -> None:
    if set(manifest.parts) != {f"{name}{layout.SUFFIX}" for name in (*layout.names(), layout.CONTENTS)}:
        raise BackupRefused("damaged")
    for name, part in manifest.parts.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != part.size or layout.file_digest(path) != part.sha256:
            raise BackupRefused("damaged")
    if manifest.engine != connection.vendor:
        raise BackupRefused("other_database")


def _unpack_all(folder: Path, manifest: Manifest, *, seed: bytes, staging: Path) -> tuple[Summary, int]:
    """Open the part of contents first, then the others, each file against the list in it."""
    for _line in _open_part(folder, manifest, part=layout.CONTENTS, seed=seed, staging=staging):
        pass
    contents, files = staging / layout.CONTENTS, 0
    summary = layout.read_summary(path=contents / layout.SUMMARY)
    with (contents / layout.SUMS).open("r", encoding="utf-8") as sums:
        for part in layout.names():
            for line in _open_part(folder, manifest, part=part, seed=seed, staging=staging):
                if sums.readline() != line:
                    raise BackupRefused("damaged")
                files += 1
        if sums.readline():
            raise BackupRefused("damaged")
    return summary, files


def _open_part(folder: Path, manifest: Manifest, *, part: str, seed: bytes, staging: Path) -> Iterator[str]:
    """Unpack one sealed part beneath `staging` and yield the line of the list of hashes for each file in it."""
    with (folder / f"{part}{layout.SUFFIX}").open("rb") as sealed:
        chunks = open_stream(sealed, seed=seed, binding=manifest.binding, field=part)
        try:
            yield from _unpack(chunks, target=staging / part, part=part)
        except DecryptionError as error:
            raise BackupRefused("other_vault") from error
        except tarfile.TarError as error:
            raise BackupRefused("damaged") from error


class _Stream:
    """Reads the chunks of an opened stream as one file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def read(self, size: int) -> bytes:
        while len(self._left) < size and (chunk := next(self._chunks, b"")):
            self._left += chunk
        data, self._left = self._left[:size], self._left[size:]
        return data


def _unpack(chunks: Iterator[bytes], *, target: Path, part: str) -> Iterator[str]:
    """Write the members of one part and yield a line of the list of hashes for each."""
    target.mkdir(mode=PRIVATE_FOLDER)
    stream = _Stream(chunks)
    with tarfile.open(mode="r|", fileobj=cast(BinaryIO, stream), bufsize=layout.READ_BYTES) as archive:
        for member in archive:
            source = archive.extractfile(member)
            if source is None or not _is_inside(member.name):
                raise BackupRefused("damaged")
            digest = _write_member(target / member.name, source, moment=member.mtime)
            yield f"{digest}  {part}/{member.name}\n"
    while stream.read(layout.READ_BYTES):  # to the end: only a stream that ends well is whole
        pass


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _write_member(path: Path, source: IO[bytes], *, moment: float) -> str:
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with private_file(path) as file:
        while data := source.read(layout.READ_BYTES):
            digest.update(data)
            file.write(data)
        settle(file)
    os.utime(path, (moment, moment))
    return digest.hexdigest()


def _put_in_place(staging: Path, *, manifest: Manifest, summary: Summary, at: datetime) -> tuple[str, ...]:
    """Count the rows, close what was open, move the folders, and make the database appear when all else is there.

    Return the names of open accounts.
    """
    database = staging / layout.DATABASE
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(database / FILE)) as found:
            _compare(sqlite_counts(found), summary)
        with loading.connected_to(database / FILE):
            loading.bring_up_to_date(summary=summary)
            accounts = aftermath.close_doors(backup=manifest.binding, made_on=summary.made_on, at=at)
        _begin_with(manifest)
        _move_folders(staging)
        _place_sqlite(database / FILE)
        return accounts
    with transaction.atomic(durable=True):
        loading.load(folder=database, summary=summary)
        _compare(loading.counts(), summary)
        accounts = aftermath.close_doors(backup=manifest.binding, made_on=summary.made_on, at=at)
        _begin_with(manifest)
        _move_folders(staging)
    return accounts


def _compare(found: dict[str, int], summary: Summary) -> None:
    if found != dict(summary.counts):
        raise BackupRefused("damaged")


def _move_folders(staging: Path) -> None:
    """Move file by file; one that a killed run has moved already is put there again."""
    for part, place in places().items():
        for path in sorted((staging / part).rglob("*")):
            if path.is_file():
                place.put(path, name=str(path.relative_to(staging / part)))


def _place_sqlite(file: Path) -> None:
    target = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    shutil.move(file, target)
    settle_folder(target.parent)
