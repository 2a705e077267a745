"""Keeps each worker's test database as the migrations left it, whatever a test with real transactions did.

Such a test ends with every table emptied, the rows that migrations made (Wagtail's root page, for example)
included. A copy taken right after migrating is put back instead, so that neither the order of the tests nor a
killed earlier run can matter.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import setup_databases

ROOT = Path(__file__).resolve().parents[1]
# These make rows right after migrating: pages and groups.
AFTER_MIGRATING = ("home/services/site.py", "complaints/services/roles.py")
TRANSACTIONAL_FIXTURES = {"transactional_db", "live_server", "django_db_reset_sequences"}
FIXTURES = {"db", *TRANSACTIONAL_FIXTURES}


def schema_fingerprint() -> str:
    """Return eight characters that change with our migrations and with the packages that bring others."""
    files = [ROOT / "requirements" / "base.txt", *sorted(ROOT.glob("*/migrations/*.py"))]
    files += [ROOT / name for name in AFTER_MIGRATING]
    digest = hashlib.sha256(str(ROOT).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def fitting_name(name: str) -> str:
    """Return the database name for today's migrations; SQLite files of earlier ones are removed."""
    wanted = f"{name}_{schema_fingerprint()}"
    if name.endswith(".sqlite3"):
        for file in Path(name).parent.glob(f"{Path(name).name}_*"):
            if not file.name.startswith(Path(wanted).name):
                file.unlink()
    return wanted


def is_transactional(*, fixture_names: Iterable[str], marker: pytest.Mark | None) -> bool:
    """Tell whether a test leaves the database emptied."""
    if TRANSACTIONAL_FIXTURES & set(fixture_names):
        return True
    return marker is not None and bool(
        marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences")
    )


def keep_or_restore() -> None:
    """Take the copy when this database is new; otherwise put the copy back."""
    if _has_copy():
        restore()
    elif connection.vendor == "sqlite":
        _copy_sqlite(source=_path(), target=_copy_path())
    else:
        _postgres(f"CREATE DATABASE {_name()}_copy TEMPLATE {_name()}")


def restore() -> None:
    """Put the database back to the copy taken after migrating."""
    if connection.vendor == "sqlite":
        connection.close()
        _copy_sqlite(source=_copy_path(), target=_path())
    else:
        _postgres(
            f"DROP DATABASE IF EXISTS {_name()} WITH (FORCE)",
            f"CREATE DATABASE {_name()} TEMPLATE {_name()}_copy",
        )


def ensure() -> None:
    """Set the test database up for a fixture that is wider than a test, where no test of the run asks for one."""
    if connection.settings_dict["NAME"] != connection.settings_dict["TEST"]["NAME"]:
        connection.close()
        setup_databases(verbosity=0, interactive=False, keepdb=True, aliases={connection.alias})
        keep_or_restore()


def forget_copy() -> None:
    """Drop the copy, before a database is made anew."""
    if connection.vendor == "sqlite":
        _copy_path().unlink(missing_ok=True)
    else:
        _postgres(f"DROP DATABASE IF EXISTS {_name()}_copy WITH (FORCE)")


def _name() -> str:
    return str(connection.settings_dict["TEST"]["NAME"])


def _path() -> Path:
    return Path(_name())


def _copy_path() -> Path:
    return Path(f"{_name()}.copy")


def _has_copy() -> bool:
    if connection.vendor == "sqlite":
        return _copy_path().exists()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"{_name()}_copy"])
        return cursor.fetchone() is not None


def _copy_sqlite(*, source: Path, target: Path) -> None:
    """Copy with SQLite's own backup, which minds the write-ahead log; a half-made copy gets no name."""
    draft = target.with_name(target.name + ".draft") if not target.exists() else target
    with sqlite3.connect(source) as origin, sqlite3.connect(draft) as goal:
        origin.backup(goal)
    origin.close()
    goal.close()
    if draft != target:
        draft.rename(target)


def _postgres(*statements: str) -> None:
    connection.close()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
