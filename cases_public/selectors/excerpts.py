"""The sentence a searched word stands in, with the word marked."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
LONGEST = 90


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """Words before the found one, the found one as it stands in the text, words behind it."""

    before: str
    found: str
    behind: str


def excerpt(*, text: str, words: Sequence[str]) -> Excerpt | None:
    """Return the first sentence that holds the first word; None when only a folded form of the text does.

    `words` are folded as `cases_public.words.grams.runs` does it. At most LONGEST characters on either side.
    """
    for match in SENTENCE.finditer(text):
        sentence = match[0].strip()
        folded = _folded(sentence)
        at = folded.find(words[0])
        # A few signs become longer when folded; then places in the two do not agree.
        if at >= 0 and len(folded) == len(sentence):
            end = at + len(words[0])
            return Excerpt(
                before=_shortened(sentence[:at], from_left=True),
                found=sentence[at:end],
                behind=_shortened(sentence[end:], from_left=False),
            )
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _shortened(text: str, *, from_left: bool) -> str:
    if len(text) <= LONGEST:
        return text
    return f"…{text[-LONGEST:]}" if from_left else f"{text[:LONGEST]}…"
