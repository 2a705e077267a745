"""Private folders beside the data of a backup, restoration or rebuild under way; what a killed one left goes."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from complaints.errors import BackupRefused
from portal.shared.diskfiles import PRIVATE_FOLDER

BACKUP, RESTORE, REBUILD = ".backup-", ".restore-", ".rebuild-"
LOCK = ".backup.lock"


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """Give a private folder beside the data; what a killed run left there goes first. One run at a time.

    Raises:
        BackupRefused: another backup or restoration is under way.
    """
    root = Path(settings.DATA_DIR)
    root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    with _alone(root):
        _clear(root)
        scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=root))
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def clear_dead() -> int:
    """Remove the folders of runs that were killed and return how many; those of a run under way stay.

    Such a folder may hold a whole copy of the database, with rows that were destroyed since.
    """
    root = Path(settings.DATA_DIR)
    if not root.is_dir():
        return 0
    try:
        with _alone(root):
            return _clear(root)
    except BackupRefused:
        return 0


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the lock of backups; the kernel frees it when a process dies."""
    with (root / LOCK).open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused("under_way") from None
        yield


def _clear(root: Path) -> int:
    dead = [path for prefix in (BACKUP, RESTORE, REBUILD) for path in root.glob(f"{prefix}*/")]
    for path in dead:
        shutil.rmtree(path)
    return len(dead)
