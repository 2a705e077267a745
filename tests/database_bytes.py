"""What lies in the database as bytes: every column of every row, and on SQLite the files as well."""

import sqlite3
from pathlib import Path

from django.apps import apps
from django.db import connection


def dumped() -> bytes:
    """Return all values of all tables of all apps, one after the other; text as UTF-8."""
    parts: list[bytes] = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own table names
            parts.extend(_as_bytes(value) for row in cursor.fetchall() for value in row)
    return b"\n".join(parts)


def files() -> bytes:
    """Return the database files with their write-ahead log; empty where the database is no file of ours."""
    if connection.vendor != "sqlite":
        return b""
    main = Path(str(connection.settings_dict["NAME"]))
    return b"".join(
        path.read_bytes() for path in (main, Path(f"{main}-wal"), Path(f"{main}-journal")) if path.exists()
    )


def tables() -> set[str]:
    """Return the tables of the complaints app."""
    return {model._meta.db_table for model in apps.get_app_config("complaints").get_models()}


def folder(root: Path) -> bytes:
    """Return all files below a folder, names included."""
    found = (path for path in sorted(root.rglob("*")) if path.is_file())
    return b"".join(str(path).encode() + b"\n" + path.read_bytes() for path in found)


def _as_bytes(value: object) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return str(value).encode("utf-8", "surrogatepass")


def sqlite_pages() -> int:
    """Return how many pages the database has; for tests that fill the disk."""
    if connection.vendor != "sqlite":
        raise sqlite3.NotSupportedError
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        return int(cursor.fetchone()[0])
