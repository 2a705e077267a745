"""Words that people enter twice: the English ones on English pages, as far as there are any."""

from django.utils.translation import get_language


def is_english() -> bool:
    """Whether the page being made is an English one."""
    return get_language() == "en"


def in_language(*, chinese: str, english: str) -> str:
    """Return the words for the page being made; Chinese where nobody entered English ones."""
    return english if english and is_english() else chinese
