"""What every PDF of the portal shares: the project's own Chinese font, and a file that tells no moment but one day."""

import unicodedata
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
