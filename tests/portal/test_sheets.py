"""Lines of a PDF break as Chinese wants it: no mark alone at the beginning, no bracket at the end, numbers whole."""

from datetime import date

import pytest
from fpdf import FPDF

from portal.shared.sheets import FAMILY, broken, set_up


@pytest.fixture(scope="module")
def sheet() -> FPDF:
    """Return a sheet on which a character is ten points wide."""
    sheet = FPDF(format="A4", unit="pt")
    set_up(sheet, title="t", made=date(2026, 1, 1))
    sheet.set_font(FAMILY, size=10)
    return sheet


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("安全生产", 100, ["安全生产"]),
        ("安全生产举报", 40, ["安全生产", "举报"]),
        ("安全生产。举报", 40, ["安全生", "产。举报"]),
        ("安全生（产）报", 40, ["安全生", "（产）报"]),
        ("安全生产（举报", 50, ["安全生产", "（举报"]),
        ("罚款 1,814,000 元", 60, ["罚款", "1,814,000 元"]),
        ("甲\n乙", 40, ["甲", "乙"]),
        ("", 40, [""]),
        ("。。。。。。", 30, ["。。。", "。。。"]),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 60, None),
    ],
)
def test_lines(sheet: FPDF, text: str, width: float, lines: list[str] | None) -> None:
    found = broken(sheet, text, width=width).split("\n")

    if lines is not None:
        assert found == lines
    assert "".join(found).replace(" ", "") == text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("width", range(30, 120, 7))
def test_no_line_is_too_long_or_begins_with_a_mark(sheet: FPDF, width: int) -> None:
    text = "本期内因作出处置（或者查明不属实）而结束办理期限的举报，移送、并案不计；复查后重新办理的另计 1,814,000 元。"

    lines = broken(sheet, text, width=width).split("\n")

    assert all(sheet.get_string_width(line) <= width + 10 for line in lines)
    assert not [line for line in lines if line[:1] in "。，、；）" or line[-1:] == "（"]
