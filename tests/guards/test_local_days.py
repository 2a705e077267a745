"""Guard: the day of a moment is asked where the bureau is; between 0:00 and 8:00 the stored one is the day before."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import APPS, is_migration, python_files, where

FORMATS = {"date_format", "time_format"}
PARTS = {"date", "time", "strftime"}


def is_moment(node: ast.expr) -> bool:
    """Say whether an expression is a moment as stored: by the house's names they end in `_at`, or it is the clock's."""
    name = ast.unparse(node)
    return name.endswith(("_at", "timezone.now()")) or name.rpartition(".")[2] in {"at", "now"}


def stored_days(path: Path, text: str) -> Iterator[str]:
    """Yield the calls that take the day or hour of a moment as it is stored."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _is_wrong(node):
            yield f"{where(path)}:{node.lineno} {ast.unparse(node)}"


def _is_wrong(node: ast.Call) -> bool:
    called = node.func
    if isinstance(called, ast.Attribute) and called.attr in PARTS:
        return is_moment(called.value)
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in FORMATS and bool(node.args) and is_moment(node.args[0])


def test_no_day_is_taken_from_a_moment_as_stored() -> None:
    paths = [path for path in python_files(*APPS) if not is_migration(path)]

    assert [line for path in paths for line in stored_days(path, path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("line", "is_wrong"),
    [
        ("date_format(row.proposed_at, 'DATE_FORMAT')", True),
        ("formats.date_format(decided_at)", True),
        ("row.taken_at.date()", True),
        ("timezone.now().date()", True),
        ("now.strftime('%d')", True),
        ("date_format(timezone.localtime(row.proposed_at))", False),
        ("timezone.localtime(at).date()", False),
        ("timezone.localdate(row.proposed_at)", False),
        ("date_format(row.visited_date)", False),
    ],
)
def test_guard_sees_it(line: str, is_wrong: bool) -> None:
    assert bool(list(stored_days(Path("here.py"), line))) == is_wrong
