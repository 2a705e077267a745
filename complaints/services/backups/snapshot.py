"""The database at one moment, while others go on writing: a copy of the SQLite file, or COPY in one transaction."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import connection, transaction

from complaints.models import Evidence

FILE = "db.sqlite3"
# What PostgreSQL sends goes out in pieces of about this size, as a member of an archive must say its size before.
PIECE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file of an archive; `source` is read once, and at once. `moment` is what the file tells (POSIX seconds)."""

    name: str
    size: int
    source: BinaryIO
    moment: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Original:
    """A sealed original; how often it moved to another vault is part of the name of its file."""

    reseals: int


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Rows by table, the photos (None: without an original), and the bytes."""

    counts: dict[str, int]
    photos: dict[UUID, Original | None]
    members: Iterator[Member]


@contextmanager
def snapshot(*, scratch: Path) -> Iterator[Snapshot]:
    """Hold the database as it is now while the block runs; `scratch` is a private folder beside the database."""
    maker = _sqlite if connection.vendor == "sqlite" else _postgres
    with maker(scratch) as found:
        yield found


@contextmanager
def _sqlite(scratch: Path) -> Iterator[Snapshot]:
    """Copy the file without its free pages; it holds what the database holds, where the database lies."""
    copy = scratch / FILE
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)) as source:
        source.execute("PRAGMA busy_timeout=20000")
        source.execute("PRAGMA temp_store=MEMORY")
        source.execute("VACUUM INTO ?", [str(copy)])
    with closing(sqlite3.connect(copy)) as found, copy.open("rb") as file:
        rows = found.execute("SELECT public_id, vault_version, reseals FROM complaints_evidence").fetchall()
        yield Snapshot(
            counts=sqlite_counts(found),
            photos=_photos((UUID(key), vault, reseals) for key, vault, reseals in rows),
            members=iter([Member(name=FILE, size=copy.stat().st_size, source=file)]),
        )


def _photos(rows: Iterable[tuple[UUID, int | None, int]]) -> dict[UUID, Original | None]:
    return {key: None if vault is None else Original(reseals=reseals) for key, vault, reseals in rows}


def sqlite_counts(database: sqlite3.Connection) -> dict[str, int]:
    """Return the rows of every table."""
    names = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # noqa: S608  its own names


@contextmanager
def _postgres(_scratch: Path) -> Iterator[Snapshot]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = postgres_tables()
        yield Snapshot(
            counts=postgres_counts(),
            photos=_photos(Evidence.objects.values_list("public_id", "vault_version", "reseals")),
            members=(piece for table in tables for piece in _copied(cursor, table)),
        )


def postgres_tables() -> list[str]:
    """Return all tables of ours, in the order of their names."""
    return sorted(connection.introspection.table_names())


def postgres_counts() -> dict[str, int]:
    """Return the rows of every table."""
    counts = {}
    with connection.cursor() as cursor:
        for table in postgres_tables():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own names
            counts[table] = cursor.fetchone()[0]
    return counts


def postgres_columns(table: str) -> str:
    """Return the columns to copy; what the database computes itself is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())


def _copied(cursor: Any, table: str) -> Iterator[Member]:
    columns, number, waiting = postgres_columns(table), 0, bytearray()
    with cursor.copy(f"COPY {connection.ops.quote_name(table)} ({columns}) TO STDOUT") as rows:
        for block in rows:
            waiting += block
            if len(waiting) >= PIECE_BYTES:
                yield _piece(table, number, waiting)
                number, waiting = number + 1, bytearray()
    yield _piece(table, number, waiting)


def _piece(table: str, number: int, content: bytearray) -> Member:
    return Member(name=f"{table}.{number:06d}.copy", size=len(content), source=BytesIO(content))
