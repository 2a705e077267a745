"""Guard: every public function of rules, services and selectors says what its signature does not."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.guards.sources import ROOT, python_files, where

DOCUMENTED = ("complaints/rules", "complaints/services", "complaints/selectors")


def undocumented(path: Path) -> Iterator[str]:
    """Yield the public functions and classes of a module that have no docstring."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{where(path)}:{node.lineno} {node.name}"


def documented_modules() -> Iterator[Path]:
    """Yield the modules this guard is for."""
    for path in python_files("complaints"):
        if str(path.relative_to(ROOT)).startswith(DOCUMENTED):
            yield path


def test_public_functions_are_documented() -> None:
    found = [line for path in documented_modules() for line in undocumented(path)]

    assert found == []


def test_guard_looks_at_all_three_places() -> None:
    folders = {str(path.relative_to(ROOT).parent) for path in documented_modules()}

    assert folders >= set(DOCUMENTED)


def test_guard_finds_a_silent_function(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "def f():\n    pass\n\ndef _g():\n    pass\n\ndef h():\n    'Speak.'\n", encoding="utf-8"
    )

    assert list(undocumented(planted)) == ["planted.py:1 f"]
