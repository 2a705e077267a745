"""Tags of the public face: icons drawn inline, and a navigation in which nothing is dead."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache, partial

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from portal.shared import recaptcha
from portal.shared.bilingual import gap, is_english
from portal.shared.kept_parts import part
from portal.shared.open_pages import open_pages

register = template.Library()
register.simple_tag(gap)


@register.simple_tag
def outside_host() -> str:
    """Return the one host outside the house that a visitor may choose to ask; empty where there is none."""
    found = recaptcha.widget()
    return found.host if found else ""


_CHINESE = re.compile(r"[\u3400-\u9fff]")
# Where a Chinese heading may break beside its punctuation: behind the name of a place, before these words.
_PHRASE = re.compile(
    "(?<=[\u3400-\u9fff]{2}[省市区县])(?=[\u3400-\u9fff]{4})"
    "|(?<=[\u3400-\u9fff])(?=(?:和[\u3400-\u9fff]{3}|一并|这次|这件|有权|负责|承办|办理))"
)
_BREAK = mark_safe("<wbr>")  # safe: a tag of ours
_SYMBOL = re.compile(r'<symbol id="([a-z-]+)".*?</symbol>', re.DOTALL)
PROTECTION_SLUG = "protection"
OUTREACH_SLUG = "outreach"
RULES_SLUG = "rules"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the navigation."""

    url: str
    label: str
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class Navigation:
    """What header and footer link to; the addresses of single pages are empty while those are not published."""

    entries: tuple[Entry, ...] = ()
    protection_url: str = ""
    rules_url: str = ""


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    drawn = get_template("partials/symbols.svg").render()
    return {match[1].removeprefix("i-"): match[0] for match in _SYMBOL.finditer(drawn)}


@register.simple_tag
def icon_symbols(*names: str) -> SafeString:
    """Return the drawings of these icons, to stand once in the page; an unknown name is an error."""
    drawn = "\n".join(_symbols()[name] for name in dict.fromkeys(names))
    return mark_safe(drawn)  # safe: our own drawings


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return one icon; the page must hold its symbol, and a word must stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.filter
def phrases(text: str) -> SafeString:
    """Return a heading in which a line may break between phrases; it needs `word-break: keep-all` (class `phrased`)."""
    return format_html_join(_BREAK, "{}", ((part,) for part in _PHRASE.split(str(text))))


@register.simple_tag
def lang_of(*words: object) -> str:
    """Return the attribute that tells a reader's voice when words on an English page are Chinese; else nothing."""
    is_foreign = is_english() and any(_CHINESE.search(str(one)) for one in words)
    return format_html(' lang="{}"', "zh-CN") if is_foreign else ""


def _listed() -> PageQuerySet:
    """Return the published pages that header and footer link to, in the order of the tree."""
    # Both kinds by an index of their own: one condition with "or" would read every page of a large site.
    named = Page.objects.order_by().filter(slug__in=(PROTECTION_SLUG, RULES_SLUG), depth=3)
    wanted = Page.objects.order_by().in_menu().values("pk").union(named.values("pk"), all=True)
    return open_pages(Page.objects.live().filter(depth__gt=2, pk__in=wanted)).order_by("path")


@cache
def _listed_sql() -> tuple[str, tuple[object, ...]]:
    """Return the question above in the words of the database, with the few columns a link takes.

    It stands on every page and is always the same: putting it into words takes longer than answering it.
    """
    found: tuple[str, tuple[object, ...]] = (
        _listed().only("slug", "title", "url_path").query.sql_with_params()
    )
    return found


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> Navigation:
    """Return home, the published pages meant for menus, and the way to the progress page; one query in Chinese.

    Without a request (the page for a broken server) nothing is asked of the database.
    """
    request = context.get("request")
    if request is None:
        return Navigation()
    home = reverse("wagtail_serve", args=[""])
    site = Site.find_for_request(request)
    found = part(partial(_found, request), "menu", is_english(), site.pk if site else None)
    status = reverse("status")
    entries_of_menu = [(url, _label(slug, title)) for slug, url, title in found if url and slug != RULES_SLUG]
    listed = [(home, _("Home")), *entries_of_menu]
    entries = tuple(
        Entry(url=url, label=label, is_current=request.method == "GET" and url == request.path)
        for url, label in [*listed, (status, _("Check progress"))]
    )
    single = {slug: url or "" for slug, url, _title in found}
    return Navigation(
        entries=entries, protection_url=single.get(PROTECTION_SLUG, ""), rules_url=single.get(RULES_SLUG, "")
    )


def _found(request: HttpRequest) -> list[tuple[str, str | None, str]]:
    # Only the page of its own kind knows an English title; a Chinese visitor does not pay for asking.
    rows = _listed().specific().defer_streamfields() if is_english() else Page.objects.raw(*_listed_sql())
    return [(page.slug, page.get_url(request), getattr(page, "shown_title", page.title)) for page in rows]


def _label(slug: str, title: str) -> str:
    """The page on protection is named by us; a page without an English name keeps its Chinese one."""
    if slug == PROTECTION_SLUG:
        return _("How we protect you")
    is_unnamed = slug == OUTREACH_SLUG and is_english() and _CHINESE.search(title)
    return _("Legal outreach") if is_unnamed else title


@register.filter
def day(value: date, beside: date | None = None) -> str:
    """Return a day as people say it; with its year when that is not the year of the day `beside` it."""
    if beside is not None and beside.year != value.year:
        return full_day(value)
    return date_format(value, pgettext("format of a day in this year", "j F"))


@register.filter
def full_day(value: date) -> str:
    """Return a day with its year; of a moment the day it was here."""
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return date_format(value, pgettext("format of a day with its year", "j F Y"))
