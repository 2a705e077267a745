"""Who may write, sweep, copy or remove files of evidence at one moment: on one machine, or among several.

Four ways to hold, two locks: `writing` is shared and `sweeping` alone; `copying` is alone and `removing` shared.
"""

import fcntl
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from django.db import DatabaseError, InterfaceError, connection

# How long a sweep tries to find a moment in which nobody writes: ten minutes.
TRIES, PAUSE_SECONDS = 6000, 0.1


class Locks(Protocol):
    """What a storage of evidence asks of its locks."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold off `sweeping` while files and rows of one submission are written."""

    def sweeping(self) -> AbstractContextManager[None]:
        """Wait until no submission is under way and let none begin; a process that dies holds nothing back."""

    def copying(self) -> AbstractContextManager[None]:
        """Keep superseded files where they are while a backup copies what its snapshot of the database names."""

    def removing(self) -> AbstractContextManager[bool]:
        """Yield whether a superseded file may go now; False while a backup copies. Never waits."""


class FileLocks:
    """Locks of one machine, held by the kernel on a folder and on a file `.lock` in it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See Locks."""
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def sweeping(self) -> Iterator[None]:
        """See Locks."""
        with self._locked(fcntl.LOCK_EX):
            yield

    @contextmanager
    def copying(self) -> Iterator[None]:
        """See Locks."""
        with self._folder_locked(fcntl.LOCK_EX):
            yield

    @contextmanager
    def removing(self) -> Iterator[bool]:
        """See Locks."""
        with ExitStack() as held:
            try:
                held.enter_context(self._folder_locked(fcntl.LOCK_SH | fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    @contextmanager
    def _folder_locked(self, kind: int) -> Iterator[None]:
        """Lock the folder itself: apart from `.lock`, which whoever replaces a file holds at that moment."""
        self._root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / ".lock").open("a", encoding="utf-8") as file:
            fcntl.flock(file, kind)
            yield


class _Key(IntEnum):
    """Advisory locks of PostgreSQL have numbers; the first of two stands for this portal's files."""

    FILES = 20_260_601
    FOLDER = 20_260_602


class DatabaseLocks:
    """Locks among all machines of one PostgreSQL; it frees them when a connection ends, however the process died."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See Locks."""
        with _held(_Key.FILES, is_shared=True):
            yield

    @contextmanager
    def sweeping(self) -> Iterator[None]:
        """See Locks."""
        _wait_for(_Key.FILES)
        try:
            yield
        finally:
            _release(_Key.FILES, is_shared=False)

    @contextmanager
    def copying(self) -> Iterator[None]:
        """See Locks."""
        with _held(_Key.FOLDER, is_shared=False):
            yield

    @contextmanager
    def removing(self) -> Iterator[bool]:
        """See Locks."""
        if not _ask("pg_try_advisory_lock_shared", _Key.FOLDER):
            yield False
            return
        try:
            yield True
        finally:
            _release(_Key.FOLDER, is_shared=True)


@contextmanager
def _held(key: _Key, *, is_shared: bool) -> Iterator[None]:
    if connection.in_atomic_block:
        # Held until the transaction ends: a failed one answers no question, so nothing could be given back in it.
        _ask("pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock", key)
        yield
        return
    _ask("pg_advisory_lock_shared" if is_shared else "pg_advisory_lock", key)
    try:
        yield
    finally:
        _release(key, is_shared=is_shared)


def _wait_for(key: _Key) -> None:
    """Take a lock alone by trying: whoever stood in the queue for it would hold up all who come after, with their tips.

    Raises:
        TimeoutError: others held it all the time; the next daily run tries again.
    """
    for _ in range(TRIES):
        if _ask("pg_try_advisory_lock", key):
            return
        time.sleep(PAUSE_SECONDS)
    raise TimeoutError("files are being written all the time")


def _release(key: _Key, *, is_shared: bool) -> None:
    """Give a lock back; with its connection gone it is free already."""
    with suppress(DatabaseError, InterfaceError):
        _ask("pg_advisory_unlock_shared" if is_shared else "pg_advisory_unlock", key)


def _ask(function: str, key: _Key) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int(key)])  # one of the names above
        row = cursor.fetchone()
    return bool(row and row[0])


class Locked(ABC):
    """A storage that hands on what is asked of its locks."""

    @property
    @abstractmethod
    def _locks(self) -> Locks:
        """The locks of this storage."""

    def writing(self) -> AbstractContextManager[None]:
        """See Locks."""
        return self._locks.writing()

    def sweeping(self) -> AbstractContextManager[None]:
        """See Locks."""
        return self._locks.sweeping()

    def copying(self) -> AbstractContextManager[None]:
        """See Locks."""
        return self._locks.copying()

    def removing(self) -> AbstractContextManager[bool]:
        """See Locks."""
        return self._locks.removing()
