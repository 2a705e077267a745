"""What a full or failing disk means to people: nothing was stored, said in words instead of an error page."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError

from complaints.errors import ComplaintError, StorageFull, TooBusy

logger = logging.getLogger(__name__)

# The primary result code is the low byte of an extended one.
_SQLITE_STORAGE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# PostgreSQL: disk full · lock not available, deadlock, out of memory, too many connections.
_POSTGRES_STORAGE = {"53100"}
_POSTGRES_BUSY = {"55P03", "40P01", "53200", "53300"}


@contextmanager
def storage_faults_as_refusals() -> Iterator[None]:
    """Turn a failure of disk or database into a refusal; also a decorator. The caller has rolled back by then.

    Raises:
        StorageFull: files or rows could not be written.
        TooBusy: the database stayed locked.
    """
    try:
        yield
    except (OSError, OperationalError) as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        logger.error("storage fault: %s", type(error).__name__, exc_info=True)
        raise refusal from error


def _refusal(error: Exception) -> ComplaintError | None:
    if isinstance(error, OSError):
        return StorageFull()
    cause = error.__cause__
    sqlite_code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    postgres_code = getattr(cause, "sqlstate", None)
    if sqlite_code in _SQLITE_STORAGE or postgres_code in _POSTGRES_STORAGE:
        return StorageFull()
    if sqlite_code in _SQLITE_BUSY or postgres_code in _POSTGRES_BUSY:
        return TooBusy()
    return None
