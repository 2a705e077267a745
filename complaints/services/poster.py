"""The poster of an enterprise: A4, its code to scan, what protects whoever uses it, the hotlines."""

from dataclasses import dataclass
from datetime import date

import segno
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos

from portal.shared.sheets import FAMILY, printable, set_up

PAGE_WIDTH, MARGIN = 210, 20
QR_MM = 92
NAVY, INK, WHITE, ORANGE, GREY = (11, 41, 71), (24, 33, 43), (255, 255, 255), (242, 140, 40), (90, 100, 110)


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What a poster says; `address` is what the code leads to, `lines` are short sentences on protection."""

    enterprise: str
    code: str
    address: str
    title: str
    invitation: str
    lines: tuple[str, ...]
    danger: str
    bureau: str
    hint: str


def pdf_of_poster(*, poster: Poster, made: date) -> bytes:
    """Return the poster as PDF of one page; the same words give the same bytes, `made` is the only day it tells."""
    sheet = FPDF(format="A4")
    set_up(sheet, title=poster.title, made=made)
    sheet.set_auto_page_break(auto=False)
    sheet.set_margins(MARGIN, MARGIN, MARGIN)
    sheet.add_page()
    _head(sheet, poster)
    _code(sheet, poster)
    _words(sheet, poster)
    _foot(sheet, poster)
    return bytes(sheet.output())


def _head(sheet: FPDF, poster: Poster) -> None:
    sheet.set_fill_color(*NAVY)
    sheet.rect(0, 0, PAGE_WIDTH, 62, style="F")
    sheet.set_fill_color(*ORANGE)
    sheet.rect(0, 62, PAGE_WIDTH, 2, style="F")
    sheet.set_y(13)
    _line(sheet, poster.title, size=34, colour=WHITE, line=15)
    sheet.set_y(41)
    # A long name takes a second line in smaller letters rather than running off the paper.
    size = 17 if sheet_width(sheet, poster.enterprise, size=17) <= PAGE_WIDTH - 2 * MARGIN else 12
    _line(sheet, poster.enterprise, size=size, colour=WHITE, line=7.5)


def sheet_width(sheet: FPDF, text: str, *, size: float) -> float:
    """Return how wide a text is on the paper, in millimetres."""
    sheet.set_font(FAMILY, size=size)
    return float(sheet.get_string_width(printable(text)))


def _code(sheet: FPDF, poster: Poster) -> None:
    sheet.set_y(71)
    _line(sheet, poster.invitation, size=19, colour=INK, line=9)
    matrix = [list(row) for row in segno.make_qr(poster.address, error="q").matrix]
    cell = QR_MM / len(matrix)
    left, top = (PAGE_WIDTH - QR_MM) / 2, 86
    sheet.set_fill_color(0, 0, 0)
    for row, cells in enumerate(matrix):
        for start, length in _runs(cells):
            # Runs, not single squares: a hairline between neighbours would show in print.
            sheet.rect(left + start * cell, top + row * cell, length * cell, cell, style="F")
    sheet.set_y(top + QR_MM + 4)
    _line(sheet, poster.code, size=15, colour=INK, line=7)
    _line(sheet, poster.hint, size=10, colour=GREY, line=5.5)


def _runs(cells: list[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for place, is_dark in enumerate(cells):
        if not is_dark:
            continue
        if found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((place, 1))
    return found


def _words(sheet: FPDF, poster: Poster) -> None:
    sheet.set_y(206)
    for text in poster.lines:
        _line(sheet, text, size=14, colour=INK, line=8)


def _foot(sheet: FPDF, poster: Poster) -> None:
    sheet.set_fill_color(*NAVY)
    sheet.rect(0, 262, PAGE_WIDTH, 35, style="F")
    sheet.set_y(266)
    _line(sheet, poster.danger, size=16, colour=WHITE, line=9)
    sheet.set_y(280)
    _line(sheet, poster.bureau, size=11, colour=WHITE, line=6)


def _line(sheet: FPDF, text: str, *, size: float, colour: tuple[int, int, int], line: float) -> None:
    sheet.set_font(FAMILY, size=size)
    sheet.set_text_color(*colour)
    sheet.multi_cell(
        0, line, printable(text), align=Align.C, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT
    )
