"""Finds cited articles in the rules library: by the name people use, in what is in force and may be read by anyone."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from home.article_numbers import ArticleNumber, article_number
from home.enums import Validity
from home.models import RulePage
from portal.shared.kept_parts import parts
from portal.shared.law_links import Citation
from portal.shared.open_pages import open_pages

STATE = "中华人民共和国"
# 第四十一条第二款 is looked up as its article: the library counts articles, not paragraphs.
_ARTICLE = re.compile(r"\A\s*(第?[^条款项]{1,8}条(?:之[一二三四五六七八九十]{1,3})?)")


@dataclass(frozen=True, kw_only=True)
class Law:
    """A law of the library: where it is read, and its articles there."""

    url: str
    articles: frozenset[ArticleNumber]


def rule_addresses(citations: Iterable[Citation]) -> Mapping[Citation, str]:
    """Return the address of each citation: of its article, or of the law where the library does not hold the article.

    A law that is not there is left out. One query, none for laws that another page has just cited.
    """
    asked = {citation: _plain(citation.law) for citation in citations}
    laws = parts(_laws, names=asked.values(), of="law")
    return {
        citation: laws[name].url + _anchor(citation.article, laws[name].articles)
        for citation, name in asked.items()
        if name in laws and laws[name].url
    }


def _laws(names: Collection[str]) -> dict[str, Law]:
    titles = {title for name in names for title in (name, STATE + name)}
    pages = open_pages(RulePage.objects.live().filter(title__in=titles, validity=Validity.IN_FORCE))
    rows = pages.order_by("-pk").values_list("title", "url_path", "articles__number", "articles__part")
    held: dict[str, set[ArticleNumber]] = {}
    paths: dict[str, str] = {}
    for title, path, number, part in rows:
        name = _plain(title)
        if paths.setdefault(name, path) == path and number is not None:
            held.setdefault(name, set()).add(ArticleNumber(number=number, part=part))
    return {name: Law(url=_url(path), articles=frozenset(held.get(name, ()))) for name, path in paths.items()}


def _plain(name: str) -> str:
    return name.strip().strip("《》").removeprefix(STATE)


def _url(path: str) -> str:
    return str(RulePage(url_path=path).get_url() or "")


def _anchor(article: str, held: Collection[ArticleNumber]) -> str:
    match = _ARTICLE.match(article)
    number = article_number(text=match[1]) if match else None
    return f"#{number.anchor}" if number is not None and number in held else ""
