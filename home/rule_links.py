"""Finds cited articles in the rules library: by the name people use, in what is in force and may be read by anyone."""

import re
from collections.abc import Iterable, Mapping

from home.article_numbers import ArticleNumber, article_number
from home.enums import Validity
from home.models import RulePage
from portal.shared.law_links import Citation
from portal.shared.open_pages import open_pages

STATE = "中华人民共和国"
# 第四十一条第二款 is looked up as its article: the library counts articles, not paragraphs.
_ARTICLE = re.compile(r"\A\s*(第?[^条款项]{1,8}条(?:之[一二三四五六七八九十]{1,3})?)")


def rule_addresses(citations: Iterable[Citation]) -> Mapping[Citation, str]:
    """Return the address of each citation: of its article, or of the law where the library does not hold the article.

    A law that is not there is left out. One query.
    """
    asked = {citation: _plain(citation.law) for citation in citations}
    titles = {title for name in asked.values() for title in (name, STATE + name)}
    pages = open_pages(RulePage.objects.live().filter(title__in=titles, validity=Validity.IN_FORCE))
    rows = pages.order_by("-pk").values_list("title", "url_path", "articles__number", "articles__part")
    held: dict[str, set[ArticleNumber]] = {}
    paths: dict[str, str] = {}
    for title, path, number, part in rows:
        name = _plain(title)
        if paths.setdefault(name, path) == path and number is not None:
            held.setdefault(name, set()).add(ArticleNumber(number=number, part=part))
    urls = {name: _url(path) for name, path in paths.items()}
    return {
        citation: urls[name] + _anchor(citation.article, held.get(name, set()))
        for citation, name in asked.items()
        if urls.get(name)
    }


def _plain(name: str) -> str:
    return name.strip().strip("《》").removeprefix(STATE)


def _url(path: str) -> str:
    return str(RulePage(url_path=path).get_url() or "")


def _anchor(article: str, held: set[ArticleNumber]) -> str:
    match = _ARTICLE.match(article)
    number = article_number(text=match[1]) if match else None
    return f"#{number.anchor}" if number is not None and number in held else ""
