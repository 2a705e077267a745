"""Cleaning of typed text: what may be stored, what is refused."""

import re
import unicodedata

from complaints.enums import Problem

# Controls (but tab and line ends), lone surrogates, and marks that reorder the text a reader sees.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)

DIALABLE = re.compile(r"[0-9+][0-9 -]{2,28}")
NORMALISED_MOST = 10_000


def clean_text(text: str) -> str:
    """Return `text` in NFC with plain line ends and without surrounding white space.

    Longer texts than any field takes come back as they are: composing costs the square of a run of accents.
    """
    if len(text) > NORMALISED_MOST:
        return text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def text_problem(text: str, *, longest: int) -> Problem | None:
    """Return what is wrong with a text of at most `longest` characters, or None."""
    if len(text) > longest:
        return Problem.TOO_LONG
    return Problem.BAD_CHARACTERS if _REFUSED.search(text) else None


def showable(text: str, *, longest: int) -> str:
    """Return what may be put back in a form field: refused characters dropped, cut to `longest`."""
    return _REFUSED.sub("", text)[:longest]


def is_dialable(text: str) -> bool:
    """Say whether a telephone can dial this as it stands: digits, spaces and hyphens, a plus in front."""
    return DIALABLE.fullmatch(text) is not None
