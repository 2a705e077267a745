"""What deleted rows leave behind in the files of the database, and how far it can be wiped from here."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from complaints.errors import BackupRefused
from complaints.selectors.database_file import rebuild

from .backups import scratch

logger = logging.getLogger(__name__)


def wipe() -> bool:
    """Wipe what deleted rows left in free pages and in the write-ahead log; False when it has to be tried again.

    SQLite: deleted rows were overwritten when they went (`secure_delete`); the log is written back and cut to nothing,
    and the file is built anew without free space: up to 512 MB in memory, beyond that where the disk has room
    (`selectors.database_file`), else it keeps its size and its overwritten pages. PostgreSQL: VACUUM
    gives the space of dead rows free to be overwritten; its log, and archives of it, keep them as long as they last.
    """
    if connection.in_atomic_block:
        return False
    try:
        return _wipe_sqlite() if connection.vendor == "sqlite" else _wipe_postgres()
    except OperationalError as error:
        logger.warning("traces of deleted rows stay until the next purge: %s", type(error).__name__)
        return False


def _wipe_sqlite() -> bool:
    with connection.cursor() as cursor:
        _rebuild(cursor)
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _in_log, _written = cursor.fetchone()
    return not busy


def _rebuild(cursor: CursorWrapper) -> None:
    found = rebuild()
    if found is None or not found.fits:
        return
    if found.is_in_memory:
        cursor.execute("VACUUM")
        return
    try:
        with _temporary_files_beside_the_data(cursor):
            cursor.execute("VACUUM")
    except BackupRefused:  # a backup is copying: the next purge rebuilds
        logger.warning("the database is not built anew while a backup is being made")


@contextmanager
def _temporary_files_beside_the_data(cursor: CursorWrapper) -> Iterator[None]:
    """Let SQLite put its temporary copy into a private folder of DATA_DIR: the data leave neither disk nor owner."""
    with scratch.scratch_folder(scratch.REBUILD) as folder:
        cursor.execute(f"PRAGMA temp_store_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'")
        cursor.execute("PRAGMA temp_store=FILE")
        try:
            yield
        finally:
            cursor.execute("PRAGMA temp_store=MEMORY")
            cursor.execute("PRAGMA temp_store_directory = ''")


def _wipe_postgres() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    return True
