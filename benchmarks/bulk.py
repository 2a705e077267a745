"""Fills tables faster than the ORM: rows made ready once, indexes built at the end, COPY where there is one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections, transaction

BATCH = 5000
_INDEXES = {
    # Triggers as well: what they note a day at a time is made for all days at the end.
    "sqlite": (
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = %s"
    ),
    "postgresql": (
        "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE tablename = %s"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
    ),
}


class Columns:
    """The columns of a table: what is the same in every row is made ready for the database once."""

    def __init__(self, prototype: Any, *, varying: Sequence[str]) -> None:
        self.connection = connections["default"]  # the connection itself: its stand-in asks for it each time
        self.fields = list(prototype._meta.concrete_fields)
        self.base = [self._stored(field, field.pre_save(prototype, add=True)) for field in self.fields]
        self.places = {
            field.attname: (place, field)
            for place, field in enumerate(self.fields)
            if field.attname in varying
        }

    def row(self, **values: Any) -> list[Any]:
        """Return one row with these values in place of the prototype's."""
        row = list(self.base)
        for name, value in values.items():
            place, field = self.places[name]
            # Numbers, texts and bytes go in as they are; that saves most of the time.
            row[place] = self._stored(field, value) if isinstance(value, date | datetime | UUID) else value
        return row

    def _stored(self, field: Any, value: Any) -> Any:
        ready = field.get_db_prep_save(value, self.connection)
        return ready.dumps(ready.obj) if hasattr(ready, "dumps") else ready


@contextmanager
def filling(models: Sequence[type[Any]]) -> Iterator[None]:
    """Take the indexes of these tables away while they are filled, and do without what guards against a power cut.

    Only for databases of the bench: rows are not checked against the tables they point at.
    """
    connection = connections["default"]
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if is_sqlite:
            cursor.execute("PRAGMA synchronous = OFF")
        with connection.constraint_checks_disabled(), transaction.atomic():
            if not is_sqlite:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
            taken = [found for model in models for found in _indexes(cursor, model._meta.db_table)]
            for kind, name, _sql in taken:
                cursor.execute(f'DROP {kind} "{name}"')
            yield
            for _kind, _name, sql in taken:
                cursor.execute(sql)
            for sql in connection.ops.sequence_reset_sql(_no_style(), list(models)):
                cursor.execute(sql)
        # What the daily task and the database server do by themselves.
        cursor.execute("ANALYZE" if is_sqlite else "VACUUM (ANALYZE)")


def insert(model: type[Any], rows: Iterator[list[Any]]) -> None:
    """Insert rows in large batches: COPY on PostgreSQL, prepared statements elsewhere."""
    connection = connections["default"]
    columns = [field.column for field in model._meta.concrete_fields]
    names, table = ", ".join(f'"{name}"' for name in columns), model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', batch)  # noqa: S608  names of our own tables


def _indexes(cursor: Any, table: str) -> list[tuple[str, str, str]]:
    cursor.execute(_INDEXES[connections["default"].vendor], [table])
    return list(cursor.fetchall())


def _no_style() -> Any:
    from django.core.management.color import no_style

    return no_style()
