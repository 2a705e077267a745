"""Guard: what serves starts no process, opens no connection of its own, runs no text as code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import APPS, python_files, where

# Modules that start programs, talk to others or run text; by their beginning.
NEVER = (
    "subprocess", "multiprocessing", "pty", "pexpect", "socket", "http.client", "urllib.request", "requests", "httpx",
    "aiohttp", "django_recaptcha", "ftplib", "telnetlib", "xmlrpc", "pickle", "marshal", "shelve",
    "concurrent.futures.process",
)  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__"}
OF_OS = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile"}
# The worker of the server listens, which is its work; it connects to nobody. And one check against machines, off by
# default, asks its host (docs/adr/0044).
MAY = {
    "portal/serving.py": {"socket", "socket.socket"},
    "portal/shared/recaptcha.py": {"django_recaptcha.fields", "django_recaptcha.fields.ReCaptchaField"},
}


def faults(path: Path, *, allowed: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield what a module imports or calls of these."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in _imported(node):
            if name not in allowed and any(name == one or name.startswith(f"{one}.") for one in NEVER):
                yield f"{where(path)}:{node.lineno} {name}"  # type: ignore[attr-defined]  # every import has a line
        if isinstance(node, ast.Call) and _is_forbidden(node.func):
            yield f"{where(path)}:{node.lineno} {ast.unparse(node.func)}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
    return []


def _is_forbidden(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in CALLS
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        is_os = called.value.id == "os"
        return is_os and (called.attr in OF_OS or called.attr.startswith(("exec", "spawn")))
    return False


def test_nothing_that_serves_starts_a_process_or_asks_another_machine() -> None:
    found = [fault for path in python_files(*APPS) for fault in faults(path, allowed=_allowed(path))]

    assert found == []


def _allowed(path: Path) -> frozenset[str]:
    return frozenset(MAY.get(where(path), set()))


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess", "from subprocess import run", "import http.client", "from urllib import request",
        "import socket", "import os\nos.system('x')", "import os\nos.execv('x', [])", "eval('1')",
        "from urllib.request import urlopen", "import pickle", "def f():\n    import requests",
    ],
)  # fmt: skip
def test_guard_finds_it(text: str, tmp_path: Path) -> None:
    module = tmp_path / "x.py"
    module.write_text(text, encoding="utf-8")

    assert list(faults(module))


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.environ['x']",
        "from urllib.parse import urlsplit",
        "import re\nre.compile('x')",
        "from . import socket",
    ],
)
def test_guard_leaves_other_code_alone(text: str, tmp_path: Path) -> None:
    module = tmp_path / "x.py"
    module.write_text(text, encoding="utf-8")

    assert list(faults(module)) == []
