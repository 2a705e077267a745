"""One random word in the database which every change of a shown table renews, inside the same transaction.

Whoever reads the mark before the data can keep what was made of them under this mark: a writer who commits meanwhile
leaves another mark behind, and nobody asks for the old one again. So no process needs to tell the others anything, and
a change that is rolled back takes its mark back with it.
"""

import re
from collections.abc import Callable
from functools import cache
from secrets import token_hex
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from home.models.shown_mark import ShownMark

from .tables import shown_tables

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]
_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "REPLAC", "TRUNCA", "MERGE "})
_WRITTEN = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)


class _Migrating:
    """While the schema changes, the table of the mark may not be there: it is renewed once, at the end."""

    now = False


def read_mark(*, using: str = DEFAULT_DB_ALIAS) -> str:
    """Return the mark of a database; empty where there is none, when nothing may be kept."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT value FROM {ShownMark._meta.db_table} WHERE id = 1")  # noqa: S608  a name of ours
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def renew_mark() -> None:
    """Put another mark in place of the one there is."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        table, value = ShownMark._meta.db_table, token_hex(8)
        cursor.execute(f"UPDATE {table} SET value = %s WHERE id = 1", [value])  # noqa: S608  a name of ours
        if cursor.rowcount == 0:
            cursor.execute(f"INSERT INTO {table} (id, value) VALUES (1, %s)", [value])  # noqa: S608  a name of ours


def watch(*, connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Have every statement of a new connection looked at (signal `connection_created`)."""
    if connection.alias == DEFAULT_DB_ALIAS and _renewing not in connection.execute_wrappers:
        connection.execute_wrappers.append(_renewing)


def migration_begins(**_kwargs: Any) -> None:
    """Leave the mark alone while tables come and go (signal `pre_migrate`)."""
    _Migrating.now = True


def migration_ends(*, using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Take up watching again, with a new mark (signal `post_migrate`)."""
    _Migrating.now = False
    if (
        using == DEFAULT_DB_ALIAS
        and ShownMark._meta.db_table in connections[using].introspection.table_names()
    ):
        renew_mark()


def _renewing(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _Migrating.now or not changes_what_is_shown(sql):
        return execute(sql, params, many, context)
    if context["connection"].in_atomic_block:
        # The mark first: every writer takes its lock before those of rows, so that two cannot wait for each other.
        renew_mark()
        return execute(sql, params, many, context)
    # A statement of its own is committed with its last row: a mark renewed before it could be read beside old rows.
    result = execute(sql, params, many, context)
    renew_mark()
    return result


def changes_what_is_shown(sql: object) -> bool:
    """Whether a statement writes and names a shown table; one that only reads such a table beside it counts too."""
    text = str(sql).lstrip()
    begins = text[:6].upper()
    if begins.startswith("WITH"):
        return _WRITTEN.search(text) is not None and _names().search(text) is not None
    return begins in _WRITES and _names().search(text) is not None


@cache
def _names() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(shown_tables()))})\b")
