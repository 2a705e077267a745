"""Make sure that words which were deleted or replaced leave the disk too, and not only the tables."""

from django.db import OperationalError, connection

# Wagtail's own search on SQLite: it keeps the words of replaced entries until its parts are merged.
SEARCH_TABLE = "wagtailsearch_indexentry_fts"


def merge_search_index() -> None:
    """Let words of replaced entries leave Wagtail's search index on SQLite; PostgreSQL replaces them at once."""
    if connection.vendor != "sqlite" or SEARCH_TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {SEARCH_TABLE}({SEARCH_TABLE}) VALUES ('optimize')")  # noqa: S608  our own name


def write_back() -> bool:
    """Write SQLite's write-ahead log back and cut it to nothing; False when somebody reads just now.

    Outside a transaction. Deleted rows were overwritten when they went (`secure_delete`); the log still holds them.
    What is left because somebody read goes with the next call or the log's own turn. Other databases: nothing.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return connection.vendor != "sqlite"
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not cursor.fetchone()[0]
    except OperationalError:
        return False
