"""Guard: imports go down only, ciphers have few users, and each contract would notice a breach."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import APPS, ROOT, python_files, where

# A breach of each contract, in a module that the copied tree does not have.
BREACHES = {
    "house": ("portal/shared/planted.py", "import home.models"),
    "tips": ("complaints/selectors/planted.py", "import complaints.services"),
    "cases": ("cases_public/selectors/planted.py", "import cases_public.models"),
    "door": ("home/planted.py", "import complaints.models"),
    "pure": ("complaints/rules/planted.py", "import django.db"),
    "identity-cipher": ("complaints/policies.py", "import complaints.crypto.envelope"),
    "evidence-cipher": ("complaints/models/planted.py", "import complaints.crypto.filecipher"),
    "backup-cipher": ("complaints/models/planted_three.py", "import complaints.crypto.streamcipher"),
    "content-cipher": ("complaints/models/planted_too.py", "import complaints.crypto.keyring"),
    "acyclic": ("complaints/rules/texts.py", "import complaints.rules.intake"),
}
OPENING = {"open_sealed", "open_fields", "open_file", "open_stream", "unwrap"}
MAY_OPEN = {
    "complaints/services/identity.py",  # for two people, with a reason, for a limited time
    "complaints/services/messages.py",  # with the receipt in the reporter's own hands
    "complaints/management/commands/custodian.py",  # where the key file is, not on the server
    "complaints/management/commands/restore.py",  # the key file of a custodian who is there
    "complaints/services/backups/restoring.py",  # with the seed that command hands on, never kept
}


def contracts() -> list[dict[str, str]]:
    """Return the contracts of pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["importlinter"]["contracts"])


def lint(folder: Path) -> str:
    """Run the import linter over a tree and return what it says."""
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def verdicts(output: str) -> dict[str, str]:
    """Return KEPT or BROKEN for each contract id."""
    ids = {contract["name"]: contract["id"] for contract in contracts()}
    found = re.findall(r"^(.+?) (KEPT|BROKEN)\b", output, flags=re.MULTILINE)
    return {ids[name]: verdict for name, verdict in found if name in ids}


def openings(path: Path) -> Iterator[str]:
    """Yield where a module that knows the ciphers uses a function that opens something sealed."""
    text = path.read_text(encoding="utf-8")
    if "complaints.crypto" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if isinstance(node, ast.alias):
            name = node.name
        if name in OPENING:
            yield f"{where(path)}:{node.lineno} {name}"


def test_contracts_are_kept() -> None:
    output = lint(ROOT)

    assert verdicts(output) == {contract["id"]: "KEPT" for contract in contracts()}, output


def test_every_contract_notices_a_breach(tmp_path: Path) -> None:
    for app in APPS:
        if (ROOT / app).is_dir():
            shutil.copytree(
                ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__", "static")
            )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line in BREACHES.values():
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")

    output = lint(tmp_path)

    assert verdicts(output) == {contract["id"]: "BROKEN" for contract in contracts()}, output


def test_every_app_is_under_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks", "scripts"}

    assert packages == set(settings["tool"]["importlinter"]["root_packages"])


def test_few_may_open() -> None:
    paths = [
        path for path in python_files(*APPS) if "crypto" not in path.parts and where(path) not in MAY_OPEN
    ]

    assert [line for path in paths for line in openings(path)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "from complaints.crypto.envelope import open_fields",
        "from complaints.crypto.keyfile import unwrap as u",
        "from complaints.crypto import envelope\nx = envelope.open_sealed(seed=s)",
    ],
)
def test_guard_finds_an_opening(tmp_path: Path, planted: str) -> None:
    path = tmp_path / "planted.py"
    path.write_text(planted, encoding="utf-8")

    assert len(list(openings(path))) == 1
