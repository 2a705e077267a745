"""Finding words of two characters and more in cases, in whatever database there is (docs/adr/0030)."""

from collections.abc import Sequence

from django.db import connections

from .engines import Engine, PostgresEngine, SqliteEngine
from .grams import SHORTEST, runs

__all__ = ["Engine", "engine", "pages_with"]


def engine() -> Engine:
    """Return the one that fits the default database."""
    return PostgresEngine() if connections["default"].vendor == "postgresql" else SqliteEngine()


def pages_with(typed: Sequence[str]) -> list[int]:
    """Return the keys of the public cases whose text holds all of what was typed; none for single characters."""
    found = [run for word in typed for run in runs(word)]
    if not found or min(map(len, found)) < SHORTEST:
        return []
    return engine().find(words=found)
