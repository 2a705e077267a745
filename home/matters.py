"""Search of the list of matters without a fine: by words and by area, in pages or whole for print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from home.search_words import Words, words_of

if TYPE_CHECKING:
    from home.models import NoPenaltyMatter

PER_PAGE = 30
PRINTED = 500


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a visitor asked the list; `fields` are the areas there are."""

    words: Words
    fields: tuple[str, ...]
    field: str = ""
    number: str = "1"
    is_print: bool = False

    def query(self, **changes: str | int) -> str:
        """Return the query of these filters with changes, without what is empty; the first page needs no number."""
        values = {"q": self.words.typed, "field": self.field, **changes}
        kept = {name: value for name, value in values.items() if value and (name, value) != ("page", 1)}
        return f"?{urlencode(kept)}" if kept else "?"


def fields(*, rows: "QuerySet[NoPenaltyMatter]") -> list[str]:
    """Return the areas of these rows, each once, in their order; one query."""
    return list(rows.order_by("field").values_list("field", flat=True).distinct())


def asked(*, values: Mapping[str, str], fields: Sequence[str]) -> Asked:
    """Read the query of the address; an area that does not exist counts as not said."""
    field = values.get("field", "")
    return Asked(
        words=words_of(text=values.get("q", "")),
        fields=tuple(fields),
        field=field if field in fields else "",
        number=values.get("page", "1"),
        is_print=values.get("print", "") == "1",
    )


def found(*, rows: "QuerySet[NoPenaltyMatter]", asked: Asked) -> "ListPage[NoPenaltyMatter]":
    """Return one page of the rows in which all words stand; two queries."""
    if asked.field:
        rows = rows.filter(field=asked.field)
    for word in asked.words.usable:
        rows = rows.filter(
            Q(matter__icontains=word)
            | Q(condition__icontains=word)
            | Q(instead__icontains=word)
            | Q(basis__icontains=word)
            | Q(field__icontains=word)
        )
    size = PRINTED if asked.is_print else PER_PAGE
    return Paginator(rows.order_by("code"), size).get_page(asked.number)
