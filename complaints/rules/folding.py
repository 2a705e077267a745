"""Folds a text to what a reader sees, and remembers where each character stood."""

import unicodedata
from dataclasses import dataclass

_NUMERALS = str.maketrans(
    "〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸", "00012345678911234567892" + "36"
)
_KEPT_CONTROLS = "\n\t"
_HIDDEN = {"Cf", "Cc", "Mn", "Me"}
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"


@dataclass(frozen=True, kw_only=True)
class Folded:
    """A text as it is read, with the way back to the text as it was typed.

    `text` has full-width and other compatible forms made plain and invisible characters left out; `digits` is
    of the same length and has Chinese numerals turned into digits. `places[i]` is where `text[i]` stood.
    """

    text: str
    digits: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]`, which is not empty, stood: first character and the one after the last."""
        return self.places[start], self.places[end - 1] + 1


def folded(text: str) -> Folded:
    """Fold a text of any length; the time grows with the length."""
    letters: list[str] = []
    places: list[int] = []
    known: dict[str, str] = {}
    for place, letter in enumerate(text):
        plain = known.get(letter)
        if plain is None:
            plain = known[letter] = _plain(letter)
        letters.append(plain)
        places.extend([place] * len(plain))
    joined = "".join(letters)
    return Folded(text=joined, digits=joined.translate(_NUMERALS), places=places)


def _plain(letter: str) -> str:
    if letter in _KEPT_CONTROLS:
        return letter
    if letter in _BLANK_LETTERS or unicodedata.category(letter) in _HIDDEN:
        return ""
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", letter)
    return "".join(part for part in plain if unicodedata.category(part) not in _HIDDEN)
