"""Tags of pages that are read: money, the links of a list, words of a search."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from home.search_words import excerpt, marked

register = template.Library()


class Asked(Protocol):
    """What a visitor asked a list for."""

    def query(self, **changes: str | int) -> str:
        """Return the query of the address."""


@register.filter
def yuan(amount: int) -> str:
    """Return whole yuan with a comma at every thousand."""
    return f"{amount:,}"


@register.filter
def money(amount: Decimal) -> str:
    """Return yuan with a comma at every thousand, and with fen only where there are any."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


@register.simple_tag
def list_query(*, topic: str, number: int = 1) -> str:
    """Return the query of one page of a topic; the first page needs no number."""
    return f"?topic={topic}" if number == 1 else f"?topic={topic}&page={number}"


@register.simple_tag
def query_of(asked: Asked, **changes: str | int) -> str:
    """Return the query of a list with changes: another page, all of it for print."""
    return asked.query(**changes)


@register.simple_tag
def mark_words(text: str, words: Iterable[str], *, short: bool = False) -> SafeString:
    """Return a text with the words of the search marked; `short` cuts it around the first of them."""
    wanted = tuple(words)
    return marked(text=excerpt(text=text, words=wanted) if short else text, words=wanted)


@register.filter
def surname(name: str) -> str:
    """Return how the public list calls an officer: 王同志."""
    return pgettext("an officer by surname", "Officer %(name)s") % {"name": name}
