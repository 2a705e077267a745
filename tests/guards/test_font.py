"""The committed font is the one that was built, has its licence beside it, and stays small."""

import hashlib
import json
from pathlib import Path

import pytest

from portal.shared.sheets import FONT, printable

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "portal" / "shared" / "data" / "fonts"
MANIFEST = json.loads((FONTS / "manifest.json").read_text())
MOST_BYTES = 5_000_000
# Every character of GB 2312 has to print: its first byte runs from A1 to F7.
GB2312 = range(0xA1, 0xF8)


def test_files_are_those_of_the_manifest() -> None:
    found = {name: hashlib.sha256((FONTS / name).read_bytes()).hexdigest() for name in MANIFEST["files"]}

    assert found == MANIFEST["files"]
    assert {path.name for path in FONTS.iterdir()} == {"manifest.json", *MANIFEST["files"]}


def test_the_licence_is_the_open_font_licence() -> None:
    [licence] = [name for name in MANIFEST["files"] if "LICENSE" in name]

    assert "SIL Open Font License, Version 1.1" in (FONTS / licence).read_text()


def test_the_script_pins_the_packages_of_the_manifest() -> None:
    script = (ROOT / "scripts" / "build_font.py").read_text()

    for name, package in MANIFEST["packages"].items():
        assert f'name="{name}"' in script
        assert package["integrity"].removeprefix("sha512-") in script


def test_the_font_is_small_and_prints_what_papers_hold() -> None:
    lacking = [one for one in gb2312() if printable(one).startswith("〓U+")]

    assert FONT.stat().st_size < MOST_BYTES
    assert len(gb2312()) > 7000
    # Rare characters the packages leave out; they are printed as their code.
    assert len(lacking) <= 40


@pytest.mark.parametrize(
    "text", ["甲苯α型 20 桶", "β、γ、Ω、μ", "①②③", "5 ℃", "㎡", "《》“”——……", "〔2026〕12 号"]
)
def test_signs_of_papers_are_in_the_font(text: str) -> None:
    assert printable(text) == text


def gb2312() -> str:
    rows = (bytes([first, second]) for first in GB2312 for second in range(0xA1, 0xFF))
    return "".join(row.decode("gb2312", errors="ignore") for row in rows)
