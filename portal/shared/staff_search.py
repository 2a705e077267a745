"""The search of the back office: the database's own, which takes a sentence of Chinese for one word, and substrings.

Named in WAGTAILSEARCH_BACKENDS, so that the search of pages, the lists, the choosers and bulk actions all use it.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import FloatField, Q, QuerySet, Value
from modelsearch.query import And, Phrase, PlainText
from wagtail.search.backends import database

# What is called so is searched in by any characters of it; a draft may have another title than the public page.
TITLES = ("title", "draft_title", "title_en")
_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")

# Returns the keys of pages whose text holds all these words; of one query.
Finder = Callable[[Sequence[str]], list[int]]
_finders: dict[str, Finder] = {}


def register(*, name: str, finder: Finder) -> None:
    """Let an app find pages by their text; the last one of a name counts."""
    _finders[name] = finder


class ChineseSubstrings:
    """Joins what the titles hold, as it was typed, to what the database finds by its words."""

    queryset: Any
    query: Any
    order_by_relevance: bool

    def search(self, *args: Any, score_field: str | None = None, **kwargs: Any) -> Any:
        """Return what is found; `args` are the configuration, the first place and the one after the last."""
        typed = _typed(self.query)
        if typed is None or not _CHINESE.search(typed):
            return super().search(*args, score_field=score_field, **kwargs)  # type: ignore[misc]  # a mixin
        config, start, stop = args
        by_words = super().search(config, None, None, **kwargs)  # type: ignore[misc]  # a mixin
        known = by_words.order_by().values("pk")
        found = self.queryset.filter(Q(pk__in=known) | _by_substrings(self.queryset, typed.split()))
        return _in_order(found, score_field)[start:stop]


def _typed(query: Any) -> str | None:
    """Return the words of a plain query; None for one with operators."""
    if isinstance(query, PlainText | Phrase):
        return str(query.query_string)
    if isinstance(query, And):
        parts = [_typed(one) for one in query.subqueries]
        return None if None in parts else " ".join(str(part) for part in parts)
    return None


def _by_substrings(rows: "QuerySet[Any]", words: Sequence[str]) -> Q:
    model = rows.model
    names = [name for name in TITLES if name in {field.name for field in model._meta.get_fields()}]
    every = Q()
    for word in words:
        every &= Q(*((f"{name}__icontains", word) for name in names), _connector=Q.OR)
    if not names:
        return Q(pk__in=())
    keys = [key for finder in _finders.values() for key in finder(words)] if "draft_title" in names else []
    return every | Q(pk__in=keys)


def _in_order(found: "QuerySet[Any]", score_field: str | None) -> "QuerySet[Any]":
    if score_field is not None:
        found = found.annotate(**{score_field: Value(1.0, output_field=FloatField())})
    return found if found.ordered else found.order_by("-pk")


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  # the name Wagtail asks for
    """Return the search of the default database, which finds parts of Chinese titles as well."""
    backend = database.SearchBackend(params)
    plain = backend.autocomplete_query_compiler_class
    backend.autocomplete_query_compiler_class = type("Substrings", (ChineseSubstrings, plain), {})
    return backend
