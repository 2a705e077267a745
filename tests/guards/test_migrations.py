"""Guard: migrations say all that the models say, can be undone, and never import the models of the day."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.db import migrations, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.utils import translation

from tests.guards.sources import APPS, is_migration, python_files, where

# A column's type is part of the database, not of the day's logic: migrations may name where it is written.
COLUMN_TYPES = {"complaints.models.sealed"}


def missing_migrations(state: ProjectState) -> list[str]:
    """Return the changes of our models that no migration makes yet."""
    loader = MigrationLoader(None)
    with translation.override(None):  # migrations hold the English names
        changes = MigrationAutodetector(loader.project_state(), state).changes(graph=loader.graph)
    return [
        f"{label}: {operation.describe()}"
        for label, found in changes.items()
        if label in our_labels()
        for migration in found
        for operation in migration.operations
    ]


def our_labels() -> set[str]:
    """Return the labels of our own apps."""
    return {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in APPS}


def irreversible(operations: Iterable[Operation]) -> list[str]:
    """Return the operations that cannot be undone, those inside others included."""
    inner = [part for operation in operations for part in getattr(operation, "database_operations", [])]
    outer = [operation.describe() for operation in operations if not operation.reversible]
    return outer + (irreversible(inner) if inner else [])


def model_imports(path: Path) -> Iterator[str]:
    """Yield the imports of a migration that bring in code which changes with the models."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in _imported(node):
            if name.split(".")[0] in APPS and name not in COLUMN_TYPES:
                yield f"{where(path)}:{getattr(node, 'lineno', 0)} {name}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = "complaints." if node.level else ""  # whichever app: a relative import stays inside ours
        return [above + (node.module or "")]
    return []


def test_migrations_are_complete() -> None:
    assert missing_migrations(ProjectState.from_apps(apps)) == []


def test_guard_finds_a_missing_migration() -> None:
    state = ProjectState.from_apps(apps)
    label = sorted(our_labels() & set(MigrationLoader(None).migrated_apps))[0]

    state.add_model(ModelState(label, "Planted", [("id", models.BigAutoField(primary_key=True))]))

    assert missing_migrations(state) == [f"{label}: Create model Planted"]


def test_every_migration_can_be_undone() -> None:
    loader = MigrationLoader(None)
    ours = {key: migration for key, migration in loader.disk_migrations.items() if key[0] in our_labels()}

    found = {key: irreversible(migration.operations) for key, migration in ours.items()}

    assert ours
    assert {key: operations for key, operations in found.items() if operations} == {}


def test_guard_finds_what_cannot_be_undone() -> None:
    one_way = migrations.RunPython(migrations.RunPython.noop)
    hidden = migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL("SELECT 1")])
    both_ways = migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)

    assert len(irreversible([one_way])) == 1
    assert len(irreversible([hidden])) == 1
    assert irreversible([both_ways]) == []


def test_migrations_import_no_models() -> None:
    paths = (path for path in python_files(*APPS) if is_migration(path))

    assert [line for path in paths for line in model_imports(path)] == []


def test_guard_finds_an_import_of_models(tmp_path: Path) -> None:
    planted = tmp_path / "0001_planted.py"
    lines = ["from complaints.models import Tip", "import home.models", "from ..enums import TipKind"]
    innocent = ["from django.db import models", "import wagtail.fields", "import complaints.models.sealed"]
    planted.write_text("\n".join(lines + innocent), encoding="utf-8")

    assert len(list(model_imports(planted))) == len(lines)
