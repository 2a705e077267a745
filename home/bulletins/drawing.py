"""Charts of the page drawn into a PDF: the geometry in pixels of `portal.shared.charts`, scaled, as vectors."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from portal.shared.charts import Columns, Lines, Stretches, lines
from portal.shared.sheets import FAMILY, printable

from .map_drawing import draw_map, height_of

INK, LINE, PALE = (24, 33, 43), (120, 132, 146), (220, 225, 231)
# Dark to light, as the style sheet has them (c1, c2, c3, c4).
TONES = ((11, 41, 71), (47, 111, 168), (142, 187, 224), (205, 216, 226))
LABEL_PT, TITLE_PT, TITLE_MM = 8, 10.5, 7
# A ranking longer than this is left to its table.
MOST_BARS = 13


class _Canvas:
    """A place on a sheet measured in pixels of a chart."""

    def __init__(self, sheet: FPDF, *, left: float, top: float, scale: float) -> None:
        self.sheet, self.left, self.top, self.scale = sheet, left, top, scale

    def rect(self, x: float, y: float, width: float, height: float, tone: int) -> None:
        """Fill a rectangle."""
        self.sheet.set_fill_color(*TONES[min(tone, len(TONES)) - 1])
        scale = self.scale
        self.sheet.rect(self.left + x * scale, self.top + y * scale, width * scale, height * scale, style="F")

    def line(
        self, points: list[tuple[float, float]], *, colour: tuple[int, int, int], width: float = 0.2
    ) -> None:
        """Draw an open line."""
        self.sheet.set_draw_color(*colour)
        self.sheet.set_line_width(width)
        self.sheet.polyline([(self.left + x * self.scale, self.top + y * self.scale) for x, y in points])
        self.sheet.set_line_width(0.2)

    def dot(self, x: float, y: float) -> None:
        """Fill a small circle."""
        self.sheet.set_fill_color(*TONES[0])
        self.sheet.circle(self.left + x * self.scale, self.top + y * self.scale, 0.7, style="F")

    def text(
        self, x: float, y: float, words: str, *, align: str = "start", colour: tuple[int, int, int] = INK
    ) -> None:
        """Write words; `y` is their baseline."""
        self.sheet.set_font(FAMILY, size=LABEL_PT)
        self.sheet.set_text_color(*colour)
        written = printable(words)
        wide = self.sheet.get_string_width(written)
        shift = {"start": 0.0, "middle": wide / 2, "end": wide}[align]
        self.sheet.text(self.left + x * self.scale - shift, self.top + y * self.scale, written)
        self.sheet.set_text_color(*INK)


def draw_chart(
    sheet: FPDF, *, code: str, facts: Mapping[str, Any], left: float, width: float, title: str
) -> None:
    """Draw the chart of a code with its title, kept on one page; nothing but the title where there is none."""
    chart, draw = _CHARTS[code](facts)
    districts = facts["map"] if code == "district" else None
    over = height_of(districts, width=width) + 8 if districts else 0.0
    height = 0.0 if chart is None else _height(chart, code=code, width=width)
    if sheet.will_page_break((over or height) + TITLE_MM + 14):
        sheet.add_page()
    sheet.set_font(FAMILY, size=TITLE_PT)
    sheet.cell(0, TITLE_MM, printable(title), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    if districts:
        draw_map(sheet, districts, left=left, top=sheet.get_y() + 1, width=width)
        sheet.set_y(sheet.get_y() + over)
        if sheet.will_page_break(height + 14):
            sheet.add_page()
    if chart is None:
        return
    if code == "stages":
        words = _("Days each step took: dark for half of the tips, light for nine in ten")
        sheet.set_font(FAMILY, size=LABEL_PT)
        sheet.cell(0, 5, printable(words), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    top = sheet.get_y() + 1
    draw(_Canvas(sheet, left=left, top=top, scale=_scale(chart, code=code, width=width)), chart)
    sheet.set_y(top + height + 2)


def _scale(chart: Any, *, code: str, width: float) -> float:
    """Return millimetres for each pixel: the months fill the width, the narrow charts three quarters of it."""
    return float((width if code == "months" else width * 0.75) / chart.width)


def _height(chart: Any, *, code: str, width: float) -> float:
    room = 25 if code == "result" else 0
    return float(chart.height) * _scale(chart, code=code, width=width) + room


def _months(canvas: _Canvas, chart: Columns) -> None:
    for place, tick in enumerate(chart.ticks):
        canvas.line([(chart.left, tick.at), (chart.right, tick.at)], colour=PALE if place else LINE)
        canvas.text(chart.left - 6, tick.at + 5, tick.label, align="end", colour=LINE)
    for place, bar in enumerate(chart.bars):
        if bar.height:
            canvas.rect(bar.x, bar.y, bar.width, bar.height, 3)
        canvas.text(bar.middle, chart.height - 8, bar.label, align="middle")
        if bar.height and place == len(chart.bars) - 1:
            canvas.text(bar.middle, bar.y - 5, bar.value, align="middle")
    for piece in chart.line:
        points = [tuple(map(float, pair.split(","))) for pair in piece.split()]
        canvas.line([(x, y) for x, y in points], colour=TONES[0], width=0.5)
    for x, y in chart.dots:
        canvas.dot(x, y)
    canvas.rect(40, 4, 12, 12, 3)
    canvas.text(58, 15, _("Received"))
    canvas.line([(150, 10), (172, 10)], colour=TONES[0], width=0.5)
    canvas.dot(161, 10)
    canvas.text(178, 15, _("Concluded"))


def _bars(canvas: _Canvas, chart: Lines) -> None:
    for bar in chart.bars:
        canvas.text(0, bar.label_y, bar.label)
        canvas.rect(bar.x, bar.y, bar.width, bar.height, bar.tone)
        canvas.text(bar.right + 6, bar.y + bar.height / 2 + 5, bar.value)


def _stack(canvas: _Canvas, chart: Lines) -> None:
    for place, bar in enumerate(chart.bars):
        canvas.rect(bar.x, 0, bar.width, bar.height, bar.tone)
        if bar.value:
            white = (255, 255, 255)
            canvas.text(bar.x + 6, 36, f"{bar.value}%", colour=white if bar.tone < 3 else INK)
        row, column = divmod(place, 2)
        canvas.rect(column * 170, 74 + row * 20, 14, 12, bar.tone)
        canvas.text(column * 170 + 20, 85 + row * 20, bar.label)


def _stages(canvas: _Canvas, chart: Stretches) -> None:
    canvas.line([(chart.left, chart.bottom), (chart.width - 8, chart.bottom)], colour=LINE)
    for tick in chart.ticks:
        canvas.line([(tick.at, 4), (tick.at, chart.bottom)], colour=PALE)
        canvas.text(tick.at, chart.bottom + 15, tick.label, align="middle", colour=LINE)
    for row in chart.rows:
        canvas.text(0, row.label_y, row.label)
        canvas.rect(chart.left, row.y + 4, row.outer, 22, 3)
        canvas.rect(chart.left, row.y, row.inner, 30, 1)
        if row.inner_value:
            canvas.text(
                chart.left + row.inner - 5, row.y + 20, row.inner_value, align="end", colour=(255, 255, 255)
            )
        if row.outer_value:
            canvas.text(chart.left + row.outer - 5, row.y + 20, row.outer_value, align="end")


def _ranking(facts: Mapping[str, Any]) -> Lines | None:
    """Return the districts that may be compared as bars, the longest first."""
    rows = [share.cell for share in facts["ranking"] if share.cell.is_ranked][:MOST_BARS]
    return lines(rows=[(cell.name, cell.value or 0) for cell in rows], step=24, dark=0) if rows else None


Drawn = tuple[Any, Callable[[_Canvas, Any], None]]
_CHARTS: Mapping[str, Callable[[Mapping[str, Any]], Drawn]] = {
    "months": lambda facts: (facts["paper"] if facts["has_months"] else None, _months),
    "district": lambda facts: (_ranking(facts), _bars),
    "result": lambda facts: (facts["results"], _stack),
    "operation": lambda facts: (facts["operations"], _bars),
    "stages": lambda facts: (facts["stages"], _stages),
}
