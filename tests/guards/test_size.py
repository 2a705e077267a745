"""Guard: functions and modules stay small, branch little, and each module says its job in its first line."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.guards.sources import CODE, ROOT, is_migration, python_files, where

FUNCTION_MAX_LINES = 40
MODULE_MAX_LINES = 400
MAX_COMPLEXITY = 8
JOB_MIN_WORDS = 3


def long_functions(path: Path) -> Iterator[str]:
    """Yield the functions of a module that are too long; their docstrings do not count."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _lines(node) > FUNCTION_MAX_LINES:
            yield f"{where(path)}:{node.lineno} {node.name} has {_lines(node)} lines"


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is None:
        return total
    docstring = node.body[0]
    return total - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def long_module(path: Path) -> Iterator[str]:
    """Yield a module that is too long."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > MODULE_MAX_LINES:
        yield f"{where(path)} has {lines} lines"


def jobless_module(path: Path) -> Iterator[str]:
    """Yield a module whose first line does not say what it is for; empty package markers may be silent."""
    text = path.read_text(encoding="utf-8")
    if not text.strip():
        return
    first = text.splitlines()[0]
    if first.startswith("#!"):
        first = text.splitlines()[1]
    if not first.startswith('"""') or len(first.strip('"').split()) < JOB_MIN_WORDS:
        yield f"{where(path)} does not say its one job in its first line"


def complex_functions(*targets: Path) -> list[str]:
    """Return the functions with too many branches, as ruff counts them."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "C901"]
    command += [
        "--output-format",
        "concise",
        "--quiet",
        "--config",
        f"lint.mccabe.max-complexity={MAX_COMPLEXITY}",
    ]
    done = subprocess.run(
        [*command, *map(str, targets)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode in {0, 1}, done.stderr
    return [line for line in done.stdout.splitlines() if "C901" in line]


def test_functions_are_short() -> None:
    found = [line for path in python_files(*CODE) if not is_migration(path) for line in long_functions(path)]

    assert found == []


def test_modules_are_short() -> None:
    found = [line for path in python_files(*CODE) if not is_migration(path) for line in long_module(path)]

    assert found == []


def test_functions_branch_little() -> None:
    assert complex_functions(*python_files(*CODE, "tests")) == []


def test_every_module_says_its_job() -> None:
    paths = (path for path in python_files(*CODE, "tests") if not is_migration(path))

    found = [line for path in paths for line in jobless_module(path)]

    assert found == []


def test_guard_finds_a_long_function(tmp_path: Path) -> None:
    body = "\n".join(f"    x = {number}" for number in range(FUNCTION_MAX_LINES))
    planted = _plant(tmp_path, f'def f():\n    """Say\n\n    something.\n    """\n{body}\n')

    assert list(long_functions(planted)) == ["planted.py:1 f has 41 lines"]


def test_guard_counts_no_docstring_lines(tmp_path: Path) -> None:
    body = "\n".join(f"    x = {number}" for number in range(FUNCTION_MAX_LINES - 1))
    planted = _plant(tmp_path, f'def f():\n    """Say\n\n    something.\n    """\n{body}\n')

    assert list(long_functions(planted)) == []


def test_guard_finds_a_long_module(tmp_path: Path) -> None:
    planted = _plant(tmp_path, "x = 1\n" * (MODULE_MAX_LINES + 1))

    assert list(long_module(planted)) == ["planted.py has 401 lines"]


def test_guard_finds_a_module_without_a_job(tmp_path: Path) -> None:
    planted = _plant(tmp_path, "import os\n")

    assert list(jobless_module(planted)) == ["planted.py does not say its one job in its first line"]


def test_guard_finds_a_branching_function(tmp_path: Path) -> None:
    branches = "\n".join(
        f"    if x == {number}:\n        return {number}" for number in range(MAX_COMPLEXITY)
    )
    planted = _plant(tmp_path, f"def f(x):\n{branches}\n")

    assert len(complex_functions(planted)) == 1


def _plant(folder: Path, text: str) -> Path:
    path = folder / "planted.py"
    path.write_text(text, encoding="utf-8")
    return path
