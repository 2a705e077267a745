"""What deleted rows leave behind in the files of the database, and how far it can be wiped from here."""

import logging
from pathlib import Path

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)
# SQLite rebuilds a database in memory, as nothing of it may reach a temporary file. Above this size only overwriting
# deleted rows (`secure_delete`) and emptying the write-ahead log are left.
REBUILD_MOST_BYTES = 512 * 1024 * 1024


def wipe() -> bool:
    """Wipe what deleted rows left in free pages and in the write-ahead log; False when it has to be tried again.

    SQLite: the log is written back and cut to nothing, the file is built anew without free space. PostgreSQL: VACUUM
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
        if Path(str(connection.settings_dict["NAME"])).stat().st_size <= REBUILD_MOST_BYTES:
            cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _in_log, _written = cursor.fetchone()
    return not busy


def _wipe_postgres() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    return True
