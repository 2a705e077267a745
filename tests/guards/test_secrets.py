"""Guard: nothing committed holds a secret; what only looks like one is in .secrets.baseline, which a person looked at.

`scripts/secrets.sh` writes that file anew; what it adds has to be looked at before it is committed.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.core.baseline import load
from detect_secrets.settings import transient_settings

from tests.guards.sources import ROOT, committed_files, where

BASELINE = ROOT / ".secrets.baseline"
# Hashes, code of others and texts to translate: nothing a person writes a secret into.
NOT_SCANNED = ("requirements/", "static/vendor/", "locale/", "package-lock.json", ".secrets.baseline")
# Of samples: they are full of keys made up for the test, so only the shapes of real services' keys are asked for.
TOO_EAGER = {"Base64HighEntropyString", "HexHighEntropyString", "KeywordDetector", "BasicAuthDetector"}
KNOWN = json.loads(BASELINE.read_text(encoding="utf-8"))


def scanned(paths: Iterable[Path], *, plugins: list[dict[str, object]]) -> Iterator[tuple[str, str, str]]:
    """Yield file, kind and digest of whatever looks like a secret."""
    found = SecretsCollection(root=str(ROOT))
    with transient_settings({"plugins_used": plugins, "filters_used": KNOWN["filters_used"]}):
        for path in paths:
            found.scan_file(where(path) if path.is_relative_to(ROOT) else str(path))
    yield from ((named(secret.filename), secret.type, secret.secret_hash) for _file, secret in found)


def named(file: str) -> str:
    return where(ROOT / file)


def known() -> set[tuple[str, str, str]]:
    found = load(KNOWN, str(BASELINE))
    return {(named(secret.filename), secret.type, secret.secret_hash) for _file, secret in found}


def ours() -> list[Path]:
    return [path for path in committed_files() if not where(path).startswith(NOT_SCANNED)]


def test_no_file_holds_a_secret() -> None:
    paths = [path for path in ours() if not where(path).startswith("tests/")]

    assert set(scanned(paths, plugins=KNOWN["plugins_used"])) - known() == set()


def test_no_sample_holds_a_key_of_a_real_service() -> None:
    plugins = [one for one in KNOWN["plugins_used"] if one["name"] not in TOO_EAGER]
    paths = [path for path in ours() if where(path).startswith("tests/")]

    assert list(scanned(paths, plugins=plugins)) == []


def test_the_list_of_what_is_known_holds_nothing_that_is_gone() -> None:
    names = {where(path) for path in committed_files()}

    assert {name for name, _kind, _digest in known()} <= names


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE " + "KEY-----",
        "aws = '" + "AKIA" + "IOSFODNN7EXAMPLX'",
        "PASSWORD = '" + "hX9!kq27Zr_wW'",
        "postgres://portal:" + "s3cr3tw0rd@db.example/portal",
    ],
)
def test_guard_finds_one(text: str, tmp_path: Path) -> None:
    planted = tmp_path / "settings.py"
    planted.write_text(f"{text}\n", encoding="utf-8")

    assert list(scanned([planted], plugins=KNOWN["plugins_used"]))
