"""What every PDF of the portal shares: the project's own Chinese font, and a file that tells no moment but one day."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.utils import timezone
from fontTools.ttLib import TTFont
from fpdf import FPDF

FONT = Path(__file__).resolve().parent / "data" / "fonts" / "NotoSansSC-Regular.ttf"
FAMILY = "NotoSansSC"
# Printed in place of a character the font lacks, with its code behind it.
UNKNOWN = "〓"


def set_up(sheet: FPDF, *, title: str, made: date, lang: str = "zh-CN") -> None:
    """Give a sheet its title and the font; `made` is the only day the file itself tells."""
    sheet.set_creation_date(timezone.make_aware(datetime.combine(made, datetime.min.time())))
    sheet.set_title(printable(title))
    sheet.set_lang(lang)
    sheet.alias_nb_pages(None)  # type: ignore[arg-type]  # as its docstring says: words stay as they are
    sheet.add_font(FAMILY, fname=FONT)


def printable(text: str) -> str:
    """Return the text as the font can print it; what it lacks shows as a mark with its code, so that none is lost."""
    return "".join(_printable(one) for one in text.replace("\t", " "))


def _printable(one: str) -> str:
    known = _characters()
    plain = unicodedata.normalize("NFKC", one)
    if ord(one) in known or one == "\n":
        return one
    # Ⅲ is printed as III.
    return plain if all(ord(part) in known for part in plain) else f"{UNKNOWN}U+{ord(one):04X}"


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


# What never begins a line, and what never ends one (GB/T 15834); words and numbers of other scripts stay whole.
_NOT_FIRST, _NOT_LAST = frozenset("。，、；：！？）〕》”’…％%·]"), frozenset("（〔《“‘[")
_PIECE = re.compile(r"[A-Za-z0-9.,:/+\-#?=&_〇]+|\s|.", re.DOTALL)


def broken(sheet: FPDF, text: str, *, width: float) -> str:
    """Return a text with line breaks, so that it fits a width in millimetres in the font that is set."""
    return "\n".join(line for part in printable(text).split("\n") for line in _lines(sheet, part, width))


def _lines(sheet: FPDF, text: str, width: float) -> list[str]:
    lines, line = [], ""
    for piece in _fitting(sheet, text, width):
        if line and sheet.get_string_width(line + piece.rstrip()) > width:
            kept = _moved(line, piece)
            lines.append(line[: len(line) - len(kept)].rstrip())
            line = kept + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _moved(line: str, piece: str) -> str:
    """Return the end of a full line that has to go along to the next one, never the whole of it."""
    count = 0
    while count < len(line) - 1:
        first = piece[0] if count == 0 else line[len(line) - count]
        if first not in _NOT_FIRST and line[len(line) - count - 1] not in _NOT_LAST:
            break
        count += 1
    return line[len(line) - count :] if count < len(line) - 1 else ""


def _fitting(sheet: FPDF, text: str, width: float) -> Iterator[str]:
    """Yield the pieces between which a line may break; a piece longer than a line is cut."""
    for piece in _PIECE.findall(text):
        if sheet.get_string_width(piece) > width:
            yield from piece
        else:
            yield piece
