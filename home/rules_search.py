"""Search of the rules library: by article number, by words of two characters and more, by level and validity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from home.article_numbers import ArticleNumber, article_number
from home.enums import RuleLevel, Validity
from home.search_words import Words, words_of

if TYPE_CHECKING:
    from home.models import RuleArticle, RulePage

PER_PAGE = 20
PRINTED = 500
ARTICLES_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a visitor asked the library; `words` and `article` come from the one search field."""

    words: Words
    article: ArticleNumber | None = None
    level: str = ""
    validity: str = ""
    number: str = "1"
    is_print: bool = False

    @property
    def is_search(self) -> bool:
        """Whether anything is searched for."""
        return bool(self.words.usable or self.article)

    def query(self, **changes: str | int) -> str:
        """Return the query of these filters with changes, without what is empty; the first page needs no number."""
        values = {"q": self.words.typed, "level": self.level, "validity": self.validity, **changes}
        kept = {name: value for name, value in values.items() if value and (name, value) != ("page", 1)}
        return f"?{urlencode(kept)}" if kept else "?"


@dataclass(kw_only=True)
class Hit:
    """A rule, and the articles of it in which the words stand (the first few, and how many in all)."""

    rule: "RulePage"
    articles: "list[RuleArticle]" = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Where to jump when one article was meant."""
        return f"#{self.articles[0].name.anchor}" if len(self.articles) == 1 else ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of hits."""

    hits: list[Hit]
    page: "ListPage[RulePage]"

    @property
    def total(self) -> int:
        """How many rules there are in all."""
        return self.page.paginator.count


def asked(*, values: Mapping[str, str]) -> Asked:
    """Read the query of the address; what makes no sense counts as not said."""
    level, validity = values.get("level", ""), values.get("validity", "")
    words = words_of(text=values.get("q", ""))
    numbers = [found for one in words.parts if (found := article_number(text=one))]
    rest = [one for one in words.parts if article_number(text=one) is None]
    return Asked(
        words=words.of(rest),
        article=numbers[0] if numbers else None,
        level=level if level in RuleLevel.values else "",
        validity=validity if validity in Validity.values else "",
        number=values.get("page", "1"),
        is_print=values.get("print", "") == "1",
    )


def found(*, rules: "QuerySet[RulePage]", articles: "QuerySet[RuleArticle]", asked: Asked) -> Found:
    """Return the rules asked for, each with the articles that say it; three queries, whatever is stored."""
    matching = articles.filter(_article_says(asked))
    listed = _filtered(rules, matching=matching, asked=asked)
    page = Paginator(listed, PRINTED if asked.is_print else PER_PAGE).get_page(asked.number)
    hits = [Hit(rule=rule) for rule in page.object_list]
    if asked.is_search and hits:
        _fill(hits, matching=matching)
    return Found(hits=hits, page=page)


def ranked(*, rules: "QuerySet[RulePage]") -> "QuerySet[RulePage]":
    """Return rules from the top level down, those in force first, the newest first."""
    levels = [When(level=level, then=Value(place)) for place, level in enumerate(RuleLevel.values)]
    counts = [When(validity=Validity.IN_FORCE, then=Value(0))]
    listed: QuerySet[RulePage] = rules.annotate(
        rank=Case(*levels, default=Value(len(levels)), output_field=IntegerField()),
        old=Case(*counts, default=Value(1), output_field=IntegerField()),
    ).order_by("rank", "old", F("effective_from").desc(nulls_last=True), "pk")
    return listed


def _filtered(
    rules: "QuerySet[RulePage]", *, matching: "QuerySet[RuleArticle]", asked: Asked
) -> "QuerySet[RulePage]":
    if asked.level:
        rules = rules.filter(level=asked.level)
    if asked.validity:
        rules = rules.filter(validity=asked.validity)
    if asked.is_search:
        says = Exists(matching.filter(page=OuterRef("pk")))
        rules = rules.filter(says if asked.article else says | _rule_says(asked))
    return ranked(rules=rules).defer("text")


def _rule_says(asked: Asked) -> Q:
    wanted = Q()
    for word in asked.words.usable:
        wanted &= (
            Q(title__icontains=word)
            | Q(title_en__icontains=word)
            | Q(number__icontains=word)
            | Q(issuer__icontains=word)
            | Q(summary__icontains=word)
        )
    return wanted


def _article_says(asked: Asked) -> Q:
    """An article says a word when it or the name of its law does, so that “安全生产法 54” finds one article."""
    wanted = Q()
    if asked.article:
        wanted = Q(number=asked.article.number, part=asked.article.part)
    for word in asked.words.usable:
        named = Q(page__title__icontains=word) | Q(page__number__icontains=word)
        wanted &= (named | Q(text__icontains=word)) if asked.article else Q(text__icontains=word)
    return wanted


def _fill(hits: list[Hit], *, matching: "QuerySet[RuleArticle]") -> None:
    by_page = {hit.rule.pk: hit for hit in hits}
    place = Window(RowNumber(), partition_by=F("page_id"), order_by=F("position").asc())
    rows = matching.filter(page__in=by_page).annotate(place=place).filter(place__lte=ARTICLES_SHOWN)
    for row in rows.order_by("page_id", "position"):
        by_page[row.page_id].articles.append(row)
