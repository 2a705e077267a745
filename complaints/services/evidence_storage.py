"""Local evidence storage: a file is on the disk before its name exists, and tells a day, not a moment."""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from portal.shared.diskfiles import PRIVATE_FILE, PRIVATE_FOLDER, settle_folder

from .storage_locks import FileLocks, Locked, Locks

_DRAFT = re.compile(r"[0-9a-f]{2}/\.[0-9a-f]{16}\.part")


class DurableStorage(Locked, FileSystemStorage):
    """Writes beside, syncs, renames, syncs the folder; sets the file's times to midnight (promise: no exact time)."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # Django's own signature
        target = Path(self.path(name))
        midnight = _midnight()
        _make_folder(target.parent, root=Path(self.location), moment=midnight)
        draft = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            _write_synced(draft, content, moment=midnight)
            draft.rename(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        # The folder's time would tell when the last photo came, so it becomes a day.
        settle_folder(target.parent, moment=midnight)
        return name

    def replace(self, name: str, content: File) -> None:  # type: ignore[type-arg]  # as above
        """Put new bytes under a name that exists, at once and durably; the day the file tells stays the same."""
        target = Path(self.path(name))
        moment = target.stat().st_mtime
        draft = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            _write_synced(draft, content, moment=moment)
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        settle_folder(target.parent, moment=_midnight())

    def delete(self, name: str) -> None:
        """Delete a file; the folder's own time goes back to midnight."""
        super().delete(name)
        folder = Path(self.path(name)).parent
        if folder.is_dir():
            os.utime(folder, (_midnight(), _midnight()))

    def url(self, name: str | None) -> str:
        """Raise always: evidence has no address, it is shown by one view that checks and logs."""
        raise NotImplementedError("evidence has no address")

    def all_names(self) -> Iterator[str]:
        """Yield the names of all files, half-written ones included."""
        root = Path(self.location)
        for path in root.rglob("*"):
            if path.is_file() and path.name != ".lock":
                yield str(path.relative_to(root))

    def drafts(self) -> Iterator[str]:
        """Yield the names of half-written files."""
        return (name for name in self.all_names() if _DRAFT.fullmatch(name))

    @property
    def _locks(self) -> Locks:
        return FileLocks(Path(self.location))


def _midnight() -> float:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _make_folder(folder: Path, *, root: Path, moment: float) -> None:
    """Make a folder of the storage; its own entry above is synced as well, or a power cut could lose it."""
    if folder.is_dir():
        return
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    for above in (folder.parent, *folder.parent.parents):
        if above == root.parent:
            break
        settle_folder(above, moment=moment)


def _write_synced(path: Path, content: File, *, moment: float) -> None:  # type: ignore[type-arg]  # see above
    with path.open("xb") as file:
        os.fchmod(file.fileno(), PRIVATE_FILE)
        for chunk in content.chunks():
            file.write(chunk)
        file.flush()
        os.utime(file.fileno(), (moment, moment))
        os.fsync(file.fileno())
