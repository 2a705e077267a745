"""The words of a search field: parted at spaces, those of one character told apart, and where they stand in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SHORTEST = 2
MOST_CHARS = 60
MOST_WORDS = 6
AROUND = 40


@dataclass(frozen=True, kw_only=True)
class Words:
    """What was typed (cut to 60 characters, without space around it) and its parts."""

    typed: str
    parts: tuple[str, ...] = ()

    @property
    def usable(self) -> tuple[str, ...]:
        """Parts long enough to be searched for."""
        return tuple(part for part in self.parts if len(part) >= SHORTEST)

    @property
    def too_short(self) -> tuple[str, ...]:
        """Parts of one character, which would find nearly everything and are left out."""
        return tuple(part for part in self.parts if len(part) < SHORTEST)

    @property
    def is_of_signs(self) -> bool:
        """Whether nothing but signs was typed, such as “%%”: they are looked for as they stand, and hardly found."""
        return bool(self.typed) and not any(sign.isalnum() for sign in self.typed)

    def of(self, parts: Iterable[str]) -> "Words":
        """Return the same words as typed with these parts."""
        return replace(self, parts=tuple(parts))


def words_of(*, text: str) -> Words:
    """Return the words of a search field; control signs count as space."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[
        :MOST_CHARS
    ].strip()
    return Words(typed=plain, parts=tuple(dict.fromkeys(plain.split(" ")))[:MOST_WORDS] if plain else ())


def marked(*, text: str, words: Iterable[str]) -> SafeString:
    """Return a text with every word of the search marked; the text itself is escaped."""
    wanted = [re.escape(word) for word in words if word]
    if not wanted:
        return format_html("{}", text)
    pieces = re.split(f"({'|'.join(wanted)})", text, flags=re.IGNORECASE)
    shown = [format_html("<mark>{}</mark>", one) if place % 2 else one for place, one in enumerate(pieces)]
    return format_html_join("", "{}", ((one,) for one in shown))


def excerpt(*, text: str, words: Iterable[str]) -> str:
    """Return the part of a text around the first word that stands in it, cut with …; short texts stay whole."""
    plain, low = text.replace("\n", " "), text.lower()
    places = [place for word in words if (place := low.find(word.lower())) >= 0]
    begin = max(min(places, default=0) - AROUND, 0)
    end = begin + 3 * AROUND
    return ("…" if begin else "") + plain[begin:end] + ("…" if end < len(plain) else "")
