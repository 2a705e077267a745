"""Guard: the database is written in services and models only; faces, tasks and commands call a service."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import APPS, ROOT, is_migration, python_files, where

# Django writes rows with calls that take keywords only; `cache.delete(key)`, `digest.update(data)` or
# `image.save(target)` take positions and are something else.
KEYWORD_WRITES = {"save", "create", "delete", "update", "asave", "acreate", "adelete", "aupdate"}
CERTAIN_WRITES = {
    "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create",
}  # fmt: skip
# A call that only looks like a write is marked with what it really is, on its own line.
EXCUSE = "# not the database:"


def writes(path: Path) -> Iterator[str]:
    """Yield the calls of a module that write rows."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _is_write(node) and not _excused(lines, node):
            yield f"{where(path)}:{node.lineno} {ast.unparse(node.func)}()"


def _is_write(node: ast.Call) -> bool:
    if not isinstance(node.func, ast.Attribute) or _is_super(node.func.value):
        return False
    return node.func.attr in CERTAIN_WRITES or (node.func.attr in KEYWORD_WRITES and not node.args)


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _excused(lines: list[str], node: ast.Call) -> bool:
    return any(EXCUSE in line for line in lines[node.lineno - 1 : node.end_lineno])


def may_write(path: Path) -> bool:
    """Tell whether a module is a place for writes: services, models, migrations and the demo data."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if is_migration(path) or {"services", "models"} & set(parts):
        return True
    return any(part.startswith("demo") for part in parts)


def test_only_services_and_models_write() -> None:
    found = [line for path in python_files(*APPS) if not may_write(path) for line in writes(path)]

    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "tip.save()",
        "tip.save(update_fields=['status'])",
        "Tip.objects.create(number='x')",
        "tip.photos.filter(x=1).delete()",
        "Tip.objects.filter(pk=1).update(status='x')",
        "Tip.objects.bulk_create([tip])",
        "Office.objects.get_or_create(code='x')",
        "form.save(commit=True)",
    ],
)
def test_guard_finds_a_write(tmp_path: Path, line: str) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(f"def view(tip):\n    return {line}\n", encoding="utf-8")

    assert len(list(writes(planted))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "digest.update(data)",
        "cache.delete(key)",
        "image.save(target, format='JPEG')",
        "super().save()",
        "factory.create()  # not the database: makes a widget",
    ],
)
def test_guard_leaves_other_calls_alone(tmp_path: Path, line: str) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(f"def view(x):\n    return {line}\n", encoding="utf-8")

    assert list(writes(planted)) == []


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("complaints/services/intake.py", True),
        ("complaints/models/tip.py", True),
        ("home/models.py", True),
        ("complaints/management/commands/demo.py", True),
        ("complaints/management/commands/purge.py", False),
        ("complaints/public/views.py", False),
        ("complaints/selectors/tips.py", False),
        ("portal/shared/middleware.py", False),
    ],
)
def test_guard_knows_who_may_write(name: str, allowed: bool) -> None:
    assert may_write(ROOT / name) is allowed
