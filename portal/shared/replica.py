"""A read replica for public pages: only while one is being made, and only where it holds what the primary holds.

A replica follows at its own pace. So nobody is sent to it by the clock: the page cache compares the mark of both
(docs/adr/0038-page-cache.md) and reads from the replica only under the same mark, when every row a page is made of is
there. Everything else, and every write, meets the primary.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

REPLICA = "replica"


class _Mode(Enum):
    """Where a page is read: from the primary, from the replica beside it, or from the replica because it is away."""

    PRIMARY = "primary"
    REPLICA = "replica"
    ALONE = "alone"


_mode: ContextVar[_Mode] = ContextVar("where_pages_are_read", default=_Mode.PRIMARY)


def has_replica() -> bool:
    """Whether this installation has a replica."""
    return bool(settings.REPLICA_URL)


@contextmanager
def reading_from_replica(*, is_alone: bool = False) -> Iterator[None]:
    """Let what is read in the block come from the replica.

    Args:
        is_alone: the primary is away, so that nothing may be asked of it; a write then fails.
    """
    token = _mode.set(_Mode.ALONE if is_alone else _Mode.REPLICA)
    try:
        yield
    finally:
        _mode.reset(token)


class PublicReads:
    """Django's router: reads of an open page to the replica, the rest to the primary."""

    def db_for_read(self, _model: Any, **_hints: Any) -> str:
        """Return where rows are read."""
        return DEFAULT_DB_ALIAS if _mode.get() is _Mode.PRIMARY else REPLICA

    def db_for_write(self, _model: Any, **_hints: Any) -> str:
        """Return where rows are written, and read in order to be: the primary, as long as there is one.

        Settings of a site are read this way (`get_or_create`), which must not fail an open page without need; the
        replica itself takes no write.
        """
        return REPLICA if _mode.get() is _Mode.ALONE else DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Any, _other: Any, **_hints: Any) -> bool:
        """Rows of both are rows of one database."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """A replica gets its tables from the primary."""
        return db == DEFAULT_DB_ALIAS
