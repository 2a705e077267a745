"""The map of districts drawn into a PDF: the outlines of the page as vectors, the inset and the key beside them."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.drawing import PaintedPath

from home.figures_map import Area, DistrictMap
from portal.shared.sheets import FAMILY, printable

# Light to dark as the style sheet has them (m1 to m5); white where the number is not told.
TONES = ("#e1eaf3", "#b9d0e6", "#8db3d8", "#2f6ca8", "#0b2947")
NOT_TOLD, RIM, FRAME = "#ffffff", "#78848e", "#78848e"
INK, WHITE = (24, 33, 43), (255, 255, 255)
LABEL_PT, INSET_PT, KEY_PT = 7, 5.5, 8
MAP_SHARE, INSET_SHARE = 0.63, 0.35
KEY_MM = 5.4


def height_of(found: DistrictMap, *, width: float) -> float:
    """Return the height in millimetres of the map in a column of this width."""
    return width * MAP_SHARE * found.height / found.width


def draw_map(sheet: FPDF, found: DistrictMap, *, left: float, top: float, width: float) -> None:
    """Draw the map with its numbers, at its right the inset and the key."""
    scale = width * MAP_SHARE / found.width
    _areas(sheet, found.areas, left=left, top=top, scale=scale)
    _labels(sheet, found.areas, left=left, top=top, scale=scale, size=LABEL_PT, is_inset=False)
    beside, below = left + width * (1 - INSET_SHARE), top
    if found.inset:
        small = width * INSET_SHARE / found.inset_width
        tall = found.inset_height * small
        with sheet.rect_clip(beside, top, width * INSET_SHARE, tall):
            _areas(sheet, found.inset, left=beside, top=top, scale=small)
            _labels(sheet, found.inset, left=beside, top=top, scale=small, size=INSET_PT, is_inset=True)
        sheet.set_draw_color(FRAME)
        sheet.rect(beside, top, width * INSET_SHARE, tall)
        below += tall + 3
    _key(sheet, found, left=beside, top=below)


def _areas(sheet: FPDF, areas: Iterable[Area], *, left: float, top: float, scale: float) -> None:
    for area in areas:
        with sheet.new_path() as path:
            path.style.fill_color = TONES[area.tone - 1] if area.tone else NOT_TOLD
            path.style.stroke_color = RIM
            path.style.stroke_width = 0.15
            path.style.intersection_rule = "evenodd"
            _trace(path, area.d, left=left, top=top, scale=scale)


def _trace(path: PaintedPath, d: str, *, left: float, top: float, scale: float) -> None:
    for ring in rings(d):
        placed = [(left + x * scale, top + y * scale) for x, y in ring]
        path.move_to(*placed[0])
        for x, y in placed[1:]:
            path.line_to(x, y)
        path.close()


def rings(d: str) -> Iterator[list[tuple[float, float]]]:
    """Yield the rings of an outline as `complaints.rules.places` writes it: M x y L x y … Z, one after the other."""
    for ring in filter(None, d.split("Z")):
        pairs = (spot.split() for spot in ring.removeprefix("M").split("L"))
        yield [(float(x), float(y)) for x, y in pairs]


def _labels(
    sheet: FPDF, areas: Iterable[Area], *, left: float, top: float, scale: float, size: float, is_inset: bool
) -> None:
    """Write name and number: in two lines on the map; in the inset in one, on a ground of its own."""
    sheet.set_font(FAMILY, size=size)
    line = size * 0.42
    for area in areas:
        if area.box is None:
            continue
        x, y = left + area.box.x * scale, top + area.box.y * scale
        if area.leader is not None:
            _leader(sheet, area, left=left, top=top, scale=scale)
        if is_inset:
            _label_on_ground(sheet, f"{area.label} {area.text}", x=x, y=y, line=line)
            continue
        sheet.set_text_color(*(WHITE if area.label_class == " w" else INK))
        for place, text in enumerate((area.label, area.text)):
            written = printable(text)
            sheet.text(x - sheet.get_string_width(written) / 2, y + place * line, written)
    sheet.set_text_color(*INK)


def _leader(sheet: FPDF, area: Area, *, left: float, top: float, scale: float) -> None:
    """Draw a line from a district to its label that had to move."""
    assert area.leader is not None
    sheet.set_draw_color(*INK)
    sheet.line(
        left + area.x * scale,
        top + area.y * scale,
        left + area.leader[0] * scale,
        top + area.leader[1] * scale,
    )


def _label_on_ground(sheet: FPDF, words: str, *, x: float, y: float, line: float) -> None:
    """Write a label that is wider than its district: white on dark would end on the light one beside it."""
    written = printable(words)
    wide = sheet.get_string_width(written)
    sheet.set_fill_color(*WHITE)
    sheet.rect(x - wide / 2 - 0.5, y - line * 0.6, wide + 1, line * 1.2, style="F")
    sheet.set_text_color(*INK)
    sheet.text(x - wide / 2, y + line * 0.3, written)


def _key(sheet: FPDF, found: DistrictMap, *, left: float, top: float) -> None:
    sheet.set_font(FAMILY, size=KEY_PT)
    sheet.text(left, top + 3, printable(_("Tips received by district")))
    for place, (tone, words) in enumerate(found.key, start=1):
        y = top + place * KEY_MM
        sheet.set_fill_color(TONES[tone - 1] if tone else NOT_TOLD)
        sheet.set_draw_color(RIM)
        sheet.rect(left, y, 7, 3.8, style="DF")
        sheet.text(left + 9, y + 3.1, printable(words))
