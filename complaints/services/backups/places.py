"""Where files of a backup come from and go back to: a folder of this machine, or a bucket of a store."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.utils import timezone

from complaints.services.evidence import evidence_storage
from portal.shared.buckets import PrivateBucket
from portal.shared.diskfiles import PRIVATE_FOLDER, settle_folder

from . import layout
from .snapshot import Member


class Place(Protocol):
    """What making and restoring ask of a place."""

    def names(self) -> Iterator[str]:
        """Yield the names of all files; locks and marks of the place itself are none."""

    def members(self, names: Iterable[str]) -> Iterator[Member]:
        """Yield each file that is still there, open; each is read before the next is asked for."""

    def put(self, path: Path, *, name: str) -> None:
        """Move a restored file here; one that a killed run has put here already is replaced."""


class Folder:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Iterator[str]:
        """See Place."""
        if self.root.is_dir():
            found = (path for path in self.root.rglob("*") if path.is_file() and path.name != ".lock")
            yield from (str(path.relative_to(self.root)) for path in found)

    def members(self, names: Iterable[str]) -> Iterator[Member]:
        """See Place."""
        for name in names:
            try:
                file = (self.root / name).open("rb")
            except FileNotFoundError:  # an editor deleted a picture meanwhile
                continue
            with file:
                head = os.fstat(file.fileno())
                yield Member(name=name, size=head.st_size, source=file, moment=head.st_mtime)

    def put(self, path: Path, *, name: str) -> None:
        """See Place."""
        goal = self.root / name
        goal.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        shutil.move(path, goal)
        settle_folder(goal.parent, moment=goal.parent.stat().st_mtime)


class Bucket:
    """A bucket of a store; what it says of times becomes a day."""

    def __init__(self, storage: PrivateBucket) -> None:
        self.storage = storage

    def names(self) -> Iterator[str]:
        """See Place."""
        return self.storage.all_names()

    def members(self, names: Iterable[str]) -> Iterator[Member]:
        """See Place."""
        moment = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        for name in names:
            try:
                file = self.storage.open(name)
            except FileNotFoundError:
                continue
            with file:
                yield Member(name=name, size=file.size, source=cast(BinaryIO, file), moment=moment)

    def put(self, path: Path, *, name: str) -> None:
        """See Place."""
        with path.open("rb") as source:
            self.storage.put(name, File(source))
        path.unlink()


def places() -> dict[str, Place]:
    """Return the places of a backup beside the database, by the name of their part, in the order of the parts.

    Keys (`keys.env`) are never among them, collected static files can be made again.
    """
    evidence, media = evidence_storage(), storages["default"]
    found: dict[str, Place] = {
        layout.EVIDENCE: Bucket(evidence)
        if isinstance(evidence, PrivateBucket)
        else Folder(Path(evidence.location)),
        layout.MEDIA: Bucket(media)
        if isinstance(media, PrivateBucket)
        else Folder(Path(settings.MEDIA_ROOT)),
        layout.CHECKPOINTS: Folder(Path(settings.CHECKPOINT_DIR)),
    }
    return found
