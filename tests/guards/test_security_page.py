"""Guard: the page on security names tests that exist, each requirement once, and no secret is committed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import ROOT, committed_files, where

PAGE = ROOT / "docs" / "security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")
NUMBERS = re.compile(r"^\| (\d+\.\d+\.\d+(?:(?:–|, )\d+\.\d+\.\d+)*) \|", re.MULTILINE)
MENTIONED = re.compile(r"\bADR (\d+(?:, \d+)*)")
# What keys look like that somebody pasted; pieces, so that this file does not break its own rule.
SECRETS = (
    re.compile("-----BEGIN " + r"(?:[A-Z]+ )?PRIVATE KEY-----"),
    re.compile(r"\bAK" + r"IA[0-9A-Z]{16}\b"),
    re.compile(r"\bLT" + r"AI[0-9A-Za-z]{12,20}\b"),
    re.compile(r"\bgh" + r"[pousr]_[0-9A-Za-z]{36}\b"),
    re.compile(r"(?:SECRET_KEY|KEY_RING|CHECKPOINT_KEY|METRICS_TOKEN)=" + r"[0-9A-Za-z+/_:-]{40,}"),
    re.compile(
        r"(?:postgres|redis|smtp(?:\+tls)?)://\w+:" + r"(?!password@)[^@\s{}$]{6,}@(?!127\.|localhost)"
    ),
)
TEXT_MAX_BYTES = 2_000_000


def missing(text: str) -> Iterator[str]:
    """Yield every test that a text names and that is not there."""
    for path, name in NAMED.findall(text):
        file = ROOT / path
        if not file.exists():
            yield path
        elif name and not re.search(
            rf"^    def {name}\(|^def {name}\(", file.read_text(encoding="utf-8"), re.MULTILINE
        ):
            yield f"{path}::{name}"


def numbers(text: str) -> list[str]:
    """Return every requirement a text has a row for; a span counts with all that lie in it."""
    found = []
    for row in NUMBERS.findall(text):
        for part in row.split(", "):
            first, _dash, last = part.partition("–")
            chapter, _dot, lowest = first.rpartition(".")
            highest = (last or first).rpartition(".")[2]
            found += [f"{chapter}.{number}" for number in range(int(lowest), int(highest) + 1)]
    return found


def secrets_in(path: Path) -> Iterator[str]:
    """Yield the kinds of secrets a committed file seems to hold."""
    if path.stat().st_size > TEXT_MAX_BYTES:
        return
    text = path.read_text(encoding="utf-8", errors="ignore")
    yield from (pattern.pattern for pattern in SECRETS if pattern.search(text))


def test_every_test_that_is_named_exists() -> None:
    assert list(missing(PAGE.read_text(encoding="utf-8"))) == []


def test_no_requirement_stands_twice_and_none_of_the_chapters_is_forgotten() -> None:
    found = numbers(PAGE.read_text(encoding="utf-8"))

    assert sorted({one for one in found if found.count(one) > 1}) == []
    assert {one.split(".")[0] for one in found} >= {
        str(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16)
    }
    assert len(found) > 150


def test_every_decision_that_is_mentioned_was_written_down() -> None:
    text = PAGE.read_text(encoding="utf-8")
    wanted = {int(number) for row in MENTIONED.findall(text) for number in row.split(", ")}

    assert wanted
    assert {
        number for number in wanted if not list((ROOT / "docs" / "adr").glob(f"{number:04}-*.md"))
    } == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`tests/guards/test_security_page.py::test_every_test_that_is_named_exists`", []),
        (
            "`tests/guards/test_security_page.py::test_nobody`",
            ["tests/guards/test_security_page.py::test_nobody"],
        ),
        ("`tests/guards/test_no_such.py`", ["tests/guards/test_no_such.py"]),
    ],
)
def test_guard_finds_a_test_that_is_not_there(text: str, found: list[str]) -> None:
    assert list(missing(text)) == found


def test_guard_counts_spans() -> None:
    assert numbers("| 1.1.1, 1.2.3–1.2.5 | x |") == ["1.1.1", "1.2.3", "1.2.4", "1.2.5"]


def test_no_secret_is_committed() -> None:
    assert {where(path): found for path in committed_files() if (found := list(secrets_in(path)))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "PRIVATE KEY-----",
        "AK" + "IA" + "A" * 16,
        "gh" + "p_" + "a" * 36,
        "SECRET_KEY=" + "k" * 50,
        "postgres" + "://anshao:hunter2hunter2@db.example/anshao",
    ],
)
def test_guard_finds_a_secret(text: str, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text(text, encoding="utf-8")

    assert list(secrets_in(file))
