"""Tags of case pages: months, sums of money, titles that break between phrases, data for search engines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.shared.bilingual import is_english
from portal.shared.law_links import Citation

register = template.Library()
WAN = 10_000


@register.simple_tag
def law_address(laws: Mapping[Citation, str] | None, law: str | None, article: str | None) -> str:
    """Return where a cited article can be read here; empty where it cannot, and outside a page (`laws` is missing)."""
    return laws.get(Citation(law=law or "", article=article or ""), "") if laws else ""


# Where a long title may break: behind what an enterprise is called by.
FORMS = ("公司", "工厂", "合作社", "经营部", "服务中心", "加油站", "煤矿", "矿山", "工程队")
# Inside a script a sentence must not be able to end it, nor begin a comment (as Django's json_script does).
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, kw_only=True)
class Money:
    """A sum as it is read aloud: the number, and its unit."""

    number: str
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


@register.filter
def money(amount: Decimal) -> Money:
    """Return a sum in yuan; in Chinese large even ones are counted in ten thousands."""
    if not is_english() and amount >= WAN and amount % 100 == 0:
        return Money(number=_plain(amount / WAN), unit=pgettext("unit of money", "ten thousand yuan"))
    return Money(number=_plain(amount), unit=_("yuan"))


def _plain(number: Decimal) -> str:
    text = f"{number:,.2f}"
    return text.rstrip("0").rstrip(".")


@register.filter
def month(value: str) -> str:
    """Return a month like 2026-03 as people say it; anything else as it stands."""
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return value
    return date_format(first, pgettext("format of a month with its year", "F Y"))


@register.filter
def breaking(title: str) -> SafeString:
    """Return a title that may break behind the name of the enterprise, and else between words only."""
    for form in FORMS:
        title = title.replace(form, f"{form}\0")
    parts = title.rstrip("\0").split("\0")
    gap = mark_safe("<wbr>")  # safe: a constant of ours
    return format_html_join(gap, "{}", ((part,) for part in parts))


@register.simple_tag
def linked_data(data: Mapping[str, object]) -> SafeString:
    """Return facts for search engines (schema.org) as a block of data, which no browser runs."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    written = mark_safe(text)  # safe: JSON of ours in which nothing can end the block
    return format_html('<script type="application/ld+json">{}</script>', written)
