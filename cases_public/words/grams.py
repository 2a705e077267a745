"""Texts cut into pairs of neighbouring characters, so that any two characters of a word find it.

A pair is written in ASCII, because the engines disagree about which Chinese characters are letters.
"""

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# PostgreSQL numbers no more words of a text; longer texts can be found by what they begin with.
MOST_PAIRS = 16_000
SHORTEST = 2
# Stands between words that do not touch; no pair is written like this.
GAP = "z"


def runs(text: str) -> list[str]:
    """Return the words of a text: letters and digits that touch, in one width and in lower case."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter if letter.isalnum() else " " for letter in folded).split()


def pairs(run: str) -> list[str]:
    """Return the neighbours in a word, in their order; none for a single character."""
    return [f"{ord(left):x}g{ord(right):x}" for left, right in pairwise(run)]


def pairs_of_text(text: str) -> list[str]:
    """Return the pairs of a whole text with gaps where words end, at most MOST_PAIRS."""
    return list(_walk(text))[:MOST_PAIRS]


def _walk(text: str) -> Iterator[str]:
    for run in runs(text):
        yield from pairs(run)
        yield GAP
