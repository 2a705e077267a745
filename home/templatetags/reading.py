"""Tags of pages that are read: money and the links of a list."""

from django import template

register = template.Library()


@register.filter
def yuan(amount: int) -> str:
    """Return whole yuan with a comma at every thousand."""
    return f"{amount:,}"


@register.simple_tag
def list_query(*, topic: str, number: int = 1) -> str:
    """Return the query of one page of a topic; the first page needs no number."""
    return f"?topic={topic}" if number == 1 else f"?topic={topic}&page={number}"
