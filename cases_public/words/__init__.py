"""Finding words of two characters and more in cases, in whatever database there is (docs/adr/0030)."""

from django.db import connections

from .engines import Engine, PostgresEngine, SqliteEngine

__all__ = ["Engine", "engine"]


def engine() -> Engine:
    """Return the one that fits the default database."""
    return PostgresEngine() if connections["default"].vendor == "postgresql" else SqliteEngine()
