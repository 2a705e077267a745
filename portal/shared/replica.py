"""A read replica for public pages: only while one is being made, and only where it holds what the primary holds.

A replica follows at its own pace. So nobody is sent to it by the clock: the page cache compares the mark of both
(docs/adr/0038-page-cache.md) and reads from the replica only under the same mark, when every row a page is made of is
there. Everything else, and every write, meets the primary.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

REPLICA = "replica"
_reading: ContextVar[bool] = ContextVar("reading_from_replica", default=False)


def has_replica() -> bool:
    """Whether this installation has a replica."""
    return bool(settings.REPLICA_URL)


@contextmanager
def reading_from_replica() -> Iterator[None]:
    """Let what is read in the block come from the replica."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


class PublicReads:
    """Django's router: reads of an open page to the replica, the rest to the primary."""

    def db_for_read(self, _model: Any, **_hints: Any) -> str:
        """Return where rows are read."""
        return REPLICA if _reading.get() else DEFAULT_DB_ALIAS

    def db_for_write(self, _model: Any, **_hints: Any) -> str:
        """Return where rows are written: never to a replica."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Any, _other: Any, **_hints: Any) -> bool:
        """Rows of both are rows of one database."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """A replica gets its tables from the primary."""
        return db == DEFAULT_DB_ALIAS
