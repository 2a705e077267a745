"""Making a backup while the portal runs: first the database at one moment, then the files it speaks of.

Everything streams: no part is in memory as a whole, and nothing lies unsealed in the backup's own folder.
"""

import hashlib
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, cast
from uuid import UUID

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from complaints.crypto.streamcipher import SealedWriter
from complaints.errors import BackupRefused
from complaints.models import Evidence, Vault
from complaints.selectors.vaults import current_vault
from complaints.services.evidence import RING_PARTS, evidence_storage
from portal.shared.diskfiles import PRIVATE_FILE, PRIVATE_FOLDER, private_file, settle

from . import layout, scratch
from .layout import Manifest, Part, Summary
from .places import places
from .snapshot import Member, Original, Snapshot, snapshot


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished backup; `missing` are files of photos that were not there to be taken."""

    manifest: Manifest
    summary: Summary
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
        beside = held.enter_context(scratch.scratch_folder(scratch.BACKUP))
        # No purge and no sweep takes away a file the database still speaks of, until it is copied; and what a re-seal
        # replaces meanwhile stays beside its new file.
        held.enter_context(evidence_storage().writing())
        held.enter_context(evidence_storage().copying())
        found = held.enter_context(snapshot(scratch=beside))
        sums = held.enter_context(private_file(beside / layout.SUMS))
        making = _Making(folder=folder, vault=vault, binding=token_hex(16), sums=sums)
        _write_part(making, name=layout.DATABASE, members=found.members)
        expected = set(_photo_files(found.photos))
        taken = _write_evidence(making, expected=expected)
        for name, place in places().items():
            if name != layout.EVIDENCE:
                _write_part(making, name=name, members=place.members(sorted(place.names())))
        files, summary = making.files, _summary(found, today=today)
        _write_contents(making, beside=beside, summary=summary)
        manifest = _manifest(making)
        layout.write_manifest(folder=folder, manifest=manifest)
    return Made(manifest=manifest, summary=summary, files=files, missing=tuple(sorted(expected - taken)))


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupRefused("not_empty")


def _photo_files(photos: dict[UUID, Original | None]) -> Iterator[str]:
    for key, original in photos.items():
        shell = Evidence(public_id=key, reseals=original.reseals if original else 0)
        for part in (*RING_PARTS, "original") if original else RING_PARTS:
            yield shell.path_of(part)


def _write_evidence(making: _Making, *, expected: set[str]) -> set[str]:
    """Take the files of the photos in the snapshot; those of tips that came later belong to the next backup."""
    place = places()[layout.EVIDENCE]
    names = sorted(expected & set(place.names()))
    _write_part(making, name=layout.EVIDENCE, members=place.members(names))
    return set(names)


def _write_part(making: _Making, *, name: str, members: Iterable[Member]) -> None:
    """Write one sealed archive and note its hash, and that of everything in it."""
    path = making.folder / f"{name}{layout.SUFFIX}"
    with private_file(path) as target:
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
        settle(target)
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
    head.size, head.mode, head.mtime = member.size, PRIVATE_FILE, int(member.moment)
    hashing = _Hashing(member.source)
    archive.addfile(head, hashing)
    return hashing.digest.hexdigest()


def _write_contents(making: _Making, *, beside: Path, summary: Summary) -> None:
    """Seal what is in the parts and the hashes of all files: the last part, and the first that is opened."""
    settle(making.sums)
    text = layout.summary_bytes(summary)
    with (beside / layout.SUMS).open("rb") as sums:
        listed = Member(name=layout.SUMS, size=os.fstat(sums.fileno()).st_size, source=sums)
        told = Member(name=layout.SUMMARY, size=len(text), source=BytesIO(text))
        _write_part(making, name=layout.CONTENTS, members=[listed, told])


def _summary(found: Snapshot, *, today: date) -> Summary:
    applied = MigrationRecorder(connection).applied_migrations()
    return Summary(
        made_on=today.isoformat(),
        migrations=tuple(sorted(f"{app}.{name}" for app, name in applied)),
        counts=found.counts,
    )


def _manifest(making: _Making) -> Manifest:
    return Manifest(
        binding=making.binding,
        vault=making.vault.version,
        fingerprint=making.vault.fingerprint,
        engine=connection.vendor,
        parts=making.parts,
    )
