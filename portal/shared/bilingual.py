"""Words that people enter twice: the English ones on English pages, as far as there are any."""

from collections.abc import Iterable

from django.utils.translation import get_language

# Behind these Chinese leaves no gap: the mark is as wide as a character.
_WIDE_MARKS = ("。", "！", "？", "；", "：", "，", "、", "）", "”", "…")


def is_english() -> bool:
    """Whether the page being made is an English one."""
    return get_language() == "en"


def in_language(*, chinese: str, english: str) -> str:
    """Return the words for the page being made; Chinese where nobody entered English ones."""
    return english if english and is_english() else chinese


def in_a_row(sentences: Iterable[str]) -> str:
    """Return sentences one behind the other, empty ones left out, with a gap where the language writes one."""
    text = ""
    for one in filter(None, sentences):
        text += one if not text or text.endswith(_WIDE_MARKS) else f" {one}"
    return text


def gap() -> str:
    """Return what stands between two sentences of the page being made: Chinese leaves no gap."""
    return " " if is_english() else ""
