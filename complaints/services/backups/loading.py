"""A restored database of this version: PostgreSQL's tables filled in one transaction, SQLite's file migrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from complaints.errors import BackupRefused
from complaints.models import Tip
from complaints.services.day_cells import stop_watching, watch_again

from .layout import READ_BYTES, Summary
from .snapshot import postgres_columns, postgres_counts, postgres_tables


def holds_data() -> bool:
    """Whether anybody or any tip is in the database; one without tables holds nothing."""
    tables = connection.introspection.table_names()
    return any(model._meta.db_table in tables and model.objects.exists() for model in (Tip, User))


def counts() -> dict[str, int]:
    """Return the rows of every table."""
    return postgres_counts()


@contextmanager
def connected_to(file: Path) -> Iterator[None]:
    """Connect to another SQLite file while the block runs; the log is written back after it."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(file)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def bring_up_to_date(*, summary: Summary) -> None:
    """Migrate the connected database of an older version.

    Raises:
        BackupRefused: it comes from a newer version, or from another program.
    """
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if not set(summary.migrations) <= known:
        raise BackupRefused("other_version")
    if set(summary.migrations) != known:
        call_command("migrate", interactive=False, verbosity=0)


def load(*, folder: Path, summary: Summary) -> None:
    """Fill the tables inside the caller's transaction.

    Raises:
        BackupRefused: the tables are those of another version: migrate with the version of the backup first.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    if tuple(sorted(f"{app}.{name}" for app, name in applied)) != tuple(summary.migrations):
        raise BackupRefused("other_version")
    quote = connection.ops.quote_name
    tables = postgres_tables()
    # What is loaded touches no day: the backup has its own marks. All is counted anew by the daily task.
    stop_watching()
    with connection.cursor() as cursor:
        # Foreign keys are checked at the end, as Django makes them deferrable: the order of tables does not matter.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(map(quote, tables))}")
        for table in tables:
            with cursor.copy(f"COPY {quote(table)} ({postgres_columns(table)}) FROM STDIN") as rows:
                for data in _blocks(folder, table):
                    rows.write(data)
        for statement in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models(include_auto_created=True)
        ):
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come takes no trigger
    watch_again()


def _blocks(folder: Path, table: str) -> Iterator[bytes]:
    for path in sorted(folder.glob(f"{table}.[0-9]*.copy")):
        with path.open("rb") as file:
            while data := file.read(READ_BYTES):
                yield data
