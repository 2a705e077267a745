"""Official papers as PDF: A4, the project's own Chinese font embedded, the same words giving the same bytes."""

from dataclasses import dataclass
from datetime import date

from fpdf import FPDF
from fpdf.enums import Align, TextEmphasis, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from portal.shared.sheets import FAMILY, printable, set_up

LEFT_MM, TOP_MM, RIGHT_MM, BOTTOM_MM = 28, 30, 26, 28
TITLE_PT, HEADING_PT, BODY_PT, SMALL_PT = 20, 13, 12, 9
LINE_MM = 7.5
CELL_MM = 7
HEAD_GREY = (236, 239, 243)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A heading with text below, and a table: first row the column heads, `widths` their shares."""

    heading: str = ""
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper: title, the line below it, its parts, and who signs on which day (`seal` is a word for the stamp)."""

    title: str
    reference: str
    parts: tuple[Part, ...]
    unit: str
    day: str
    seal: str


class _Sheet(FPDF):
    """A4 with page numbers in the middle of the foot, as official papers have them."""

    def footer(self) -> None:
        self.set_y(-18)
        self.set_font(FAMILY, size=SMALL_PT)
        self.cell(0, 6, f"— {self.page_no()} —", align=Align.C)


def pdf_of(*, paper: Paper, made: date) -> bytes:
    """Return the paper as PDF; `made` is the only day the file itself tells."""
    sheet = _Sheet(format="A4")
    set_up(sheet, title=paper.title, made=made)
    sheet.set_margins(LEFT_MM, TOP_MM, RIGHT_MM)
    sheet.set_auto_page_break(auto=True, margin=BOTTOM_MM)
    sheet.add_page()
    _write(sheet, paper.title, size=TITLE_PT, align=Align.C, line=12)
    _write(sheet, paper.reference, size=BODY_PT, align=Align.R)
    for part in paper.parts:
        _draw(sheet, part)
    _sign(sheet, paper)
    return bytes(sheet.output())


def _draw(sheet: FPDF, part: Part) -> None:
    if part.heading:
        sheet.ln(3)
        _keep_together(sheet, lines=3)
        _write(sheet, part.heading, size=HEADING_PT, align=Align.L)
    if part.text:
        _write(sheet, part.text, size=BODY_PT, align=Align.L)
    if part.rows:
        _table(sheet, part)


def _table(sheet: FPDF, part: Part) -> None:
    sheet.ln(2)
    sheet.set_font(FAMILY, size=BODY_PT - 1)
    with sheet.table(
        col_widths=part.widths,
        line_height=CELL_MM,
        text_align=Align.L,
        wrapmode=WrapMode.CHAR,
        padding=1,
        headings_style=FontFace(emphasis=TextEmphasis.NONE, fill_color=HEAD_GREY),
    ) as table:
        for row in part.rows:
            cells = table.row()
            for text in row:
                cells.cell(printable(text))


def _sign(sheet: FPDF, paper: Paper) -> None:
    """Close with unit, place for the stamp and day, kept together on one page."""
    sheet.ln(14)
    _keep_together(sheet, lines=3)
    for line in (f"{paper.unit} {paper.seal}", paper.day):
        _write(sheet, line, size=BODY_PT, align=Align.R)


def _keep_together(sheet: FPDF, *, lines: int) -> None:
    if sheet.will_page_break(lines * LINE_MM):
        sheet.add_page()


def _write(sheet: FPDF, text: str, *, size: float, align: Align, line: float = LINE_MM) -> None:
    sheet.set_font(FAMILY, size=size)
    sheet.multi_cell(
        0,
        line,
        printable(text),
        align=align,
        wrapmode=WrapMode.CHAR,
        new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )
