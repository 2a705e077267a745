"""Measure, not a guard: how many lines of test stand beside a line of code."""

import io
import sys
import tokenize
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.guards.sources import APPS, is_migration, python_files

QUIET = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def code_lines(paths: Iterable[Path]) -> int:
    """Count the lines that hold more than a comment."""
    return sum(len(_lines(path.read_text(encoding="utf-8"))) for path in paths)


def _lines(text: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    loud = [token for token in tokens if token.type not in QUIET]
    return {line for token in loud for line in range(token.start[0], token.end[0] + 1)}


def test_ratio_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code = code_lines(path for path in python_files(*APPS) if not is_migration(path))
    tests = code_lines(python_files("tests"))

    with capsys.disabled():
        sys.stdout.write(f"\ncode {code} lines, tests {tests} lines, ratio {tests / code:.2f}\n")

    assert code > 0


def test_counting_leaves_comments_out() -> None:
    assert _lines('# why\n\nx = """a\nb"""  # more\n') == {3, 4}
