"""The Makefile and the shell scripts: every target explained, every script sound."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [*sorted((ROOT / "scripts").glob("*.sh")), ROOT / ".ci" / "run"]
TARGETS = {"help", "run", "test", "lint", "bench", "city", "crash", "audit", "lock", "frontend", "messages"}


def test_make_alone_explains_every_target() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(re.findall(r"^  make (\w+) +\S", shown, flags=re.MULTILINE)) == TARGETS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_stops_at_the_first_fault(script: Path) -> None:
    text = script.read_text(encoding="utf-8")

    checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)

    assert checked.stderr == ""
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in text
    assert text.startswith("#!/usr/bin/env bash\n# ")
