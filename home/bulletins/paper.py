"""A bulletin as PDF: A4, the same parts as the page, charts as vectors; the same content gives the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align, TextEmphasis, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from portal.shared.sheets import FAMILY, broken, printable, set_up

from .drawing import INK, draw_chart
from .parts import Note, Part
from .tables import Table, shown

LEFT_MM, TOP_MM, RIGHT_MM, BOTTOM_MM = 24, 28, 22, 24
WIDTH_MM = 210 - LEFT_MM - RIGHT_MM
TITLE_PT, HEADING_PT, CAPTION_PT, BODY_PT, CELL_PT, SMALL_PT = 19, 13.5, 10.5, 11, 9, 8
LINE_MM, CELL_MM, SIDE_MM = 6.6, 5.2, 1.2
NAVY, GREY, HEAD_GREY, ACCENT = (11, 41, 71), (90, 100, 110), (236, 239, 243), (242, 140, 40)
# Columns of words are wider than columns of numbers; the long definitions get most.
WIDTHS = {"figures": (24, 18, 10, 63, 37)}
# A notice on paper that is out of date must not be overlooked.
RED = (163, 29, 29)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What the PDF says besides its parts: `lines` stand below the title, `notices` above everything else."""

    title: str
    lines: tuple[str, ...]
    notices: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]
    sources: tuple[str, ...]
    closing: str
    header: str
    made: date
    lang: str


class _Sheet(FPDF):
    """A4 with a header line, and page numbers in the middle of the foot."""

    header_text = ""

    def header(self) -> None:
        self.set_y(12)
        self.set_font(FAMILY, size=SMALL_PT)
        self.set_text_color(*GREY)
        self.cell(0, 5, printable(self.header_text), align=Align.L)
        self.set_draw_color(*HEAD_GREY)
        self.line(LEFT_MM, 18.5, 210 - RIGHT_MM, 18.5)
        self.set_text_color(*INK)
        self.set_y(TOP_MM)

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font(FAMILY, size=SMALL_PT)
        self.set_text_color(*GREY)
        self.cell(0, 6, f"— {self.page_no()} —", align=Align.C)
        self.set_text_color(*INK)


def pdf_of_bulletin(paper: Paper, *, facts: dict[str, Any]) -> bytes:
    """Return the bulletin as PDF.

    Args:
        facts: what `home.figures.page_facts` returns of its report: geometry of the charts.
    """
    sheet = _Sheet(format="A4")
    sheet.header_text = paper.header
    set_up(sheet, title=paper.title, made=paper.made, lang=paper.lang)
    sheet.set_margins(LEFT_MM, TOP_MM, RIGHT_MM)
    sheet.c_margin = 0  # words begin where lines and bars begin
    sheet.set_auto_page_break(auto=True, margin=BOTTOM_MM)
    sheet.add_page()
    _head(sheet, paper)
    for place, part in enumerate(paper.parts):
        _draw(sheet, part, facts=facts, following=paper.parts[place + 1 : place + 2])
    _foot(sheet, paper)
    return bytes(sheet.output())


def _head(sheet: FPDF, paper: Paper) -> None:
    sheet.set_text_color(*NAVY)
    _write(sheet, paper.title, size=TITLE_PT, line=10)
    sheet.set_text_color(*GREY)
    for line in paper.lines:
        _write(sheet, line, size=SMALL_PT + 1, line=5.2)
    sheet.set_text_color(*RED)
    for notice in paper.notices:
        sheet.ln(1.5)
        _write(sheet, notice, size=BODY_PT)
    sheet.set_text_color(*INK)
    sheet.ln(2)
    sheet.set_fill_color(*ACCENT)
    sheet.rect(LEFT_MM, sheet.get_y(), 22, 0.8, style="F")
    sheet.ln(3)


def _draw(sheet: FPDF, part: Part, *, facts: dict[str, Any], following: Sequence[Part]) -> None:
    if part.kind == "heading":
        sheet.ln(3)
        _keep_together(sheet, 66 if following and following[0].kind == "chart" else 3 * LINE_MM)
        sheet.set_text_color(*NAVY)
        _write(sheet, part.text, size=HEADING_PT, line=8)
        sheet.set_text_color(*INK)
    elif part.table is None:
        _write(sheet, part.text + _marks(part.notes), size=BODY_PT)
        sheet.ln(0.8)
    else:
        sheet.ln(2)
        if part.kind == "chart":
            draw_chart(sheet, code=part.code, facts=facts, left=LEFT_MM, width=WIDTH_MM, title=_caption(part))
        _table(sheet, part.table, caption=_caption(part), has_chart=part.kind == "chart")
        if part.remark:
            _write(sheet, part.remark, size=SMALL_PT + 1, line=5)
            sheet.ln(2)


def _caption(part: Part) -> str:
    return ("" if part.is_headed else part.text) + _marks(part.notes)


def _marks(notes: Sequence[Note]) -> str:
    """Return footnote marks; the font has no raised numbers above 9, and brackets are read aloud well."""
    return "".join(f"[{note.number}]" for note in notes)


def _table(sheet: FPDF, table: Table, *, caption: str, has_chart: bool) -> None:
    if not has_chart:
        _keep_together(sheet, 5 * CELL_MM + LINE_MM)
        if caption:
            _write(sheet, caption, size=CAPTION_PT, line=LINE_MM)
    sheet.set_font(FAMILY, size=CELL_PT)
    sheet.set_draw_color(*HEAD_GREY)
    sheet.set_fill_color(255, 255, 255)  # a chart leaves its last colour behind
    widths, aligns = _widths(table), [Align.R if one else Align.L for one in table.numeric]
    with sheet.table(
        col_widths=widths,
        width=min(WIDTH_MM, sum(widths)),
        align=Align.L,
        line_height=CELL_MM,
        text_align=tuple(aligns),
        wrapmode=WrapMode.CHAR,
        padding=(0.8, SIDE_MM),
        headings_style=FontFace(emphasis=TextEmphasis.NONE, fill_color=HEAD_GREY),
    ) as drawn:
        for cells in (table.head, *(tuple(map(shown, line.cells)) for line in table.rows)):
            row = drawn.row()
            for text, width in zip(cells, widths, strict=True):
                row.cell(broken(sheet, text.replace(" 年第", " 年\n第"), width=width - 2 * SIDE_MM - 0.2))
    sheet.ln(2)


def _widths(table: Table) -> tuple[float, ...]:
    """Return the widths of the columns in millimetres: the first holds names, the others share the rest."""
    if table.code in WIDTHS:
        total = sum(WIDTHS[table.code])
        return tuple(WIDTH_MM * share / total for share in WIDTHS[table.code])
    others = len(table.head) - 1
    if others <= 2:
        return (70.0, *[32.0] * others)
    if others > 4:  # names and units, then numbers beside those of other periods
        return (34.0, 12.0, *[(WIDTH_MM - 46.0) / (others - 1)] * (others - 1))
    return (60.0, *[(WIDTH_MM - 60.0) / others] * others)


def _foot(sheet: FPDF, paper: Paper) -> None:
    """Close with what the figures count, where other numbers are from, and how small numbers are treated."""
    sheet.ln(3)
    _keep_together(sheet, 4 * LINE_MM)
    sheet.set_text_color(*NAVY)
    _write(sheet, _("What the figures count"), size=HEADING_PT, line=8)
    sheet.set_text_color(*INK)
    for note in paper.notes:
        figure = note.figure
        _write(
            sheet, f"[{note.number}] {figure.name}: {figure.definition} {figure.basis}", size=CELL_PT, line=5
        )
    for source in paper.sources:
        _write(sheet, source, size=CELL_PT, line=5)
    sheet.ln(1.5)
    _write(sheet, paper.closing, size=CELL_PT, line=5)


def _keep_together(sheet: FPDF, height: float) -> None:
    if sheet.will_page_break(height):
        sheet.add_page()


def _write(sheet: FPDF, text: str, *, size: float, line: float = LINE_MM) -> None:
    sheet.set_font(FAMILY, size=size)
    sheet.multi_cell(
        0,
        line,
        broken(sheet, text, width=WIDTH_MM - 0.2),
        align=Align.L,
        wrapmode=WrapMode.CHAR,
        new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )
