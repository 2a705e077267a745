"""The list of cases as it is shown: one page of entries, filters with counts, what narrows it, the other pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cases_public.entries import CaseEntry
from cases_public.enums import AmountBand, CaseKind, CaseOrder, ReferenceValue
from cases_public.selectors.asked import Asked
from cases_public.selectors.catalogue import COLLECTION, FACETS, Bits, Catalogue, CollectionLink, catalogue
from cases_public.selectors.excerpts import Excerpt, excerpt
from cases_public.words import engine
from complaints.disclosure import public_districts
from complaints.enums import Industry, Operation

PER_PAGE = 10
NAMES = {
    "operation": _("Dangerous operation"),
    "industry": _("Industry"),
    "kind": _("Kind of case"),
    "value": _("What to learn from it"),
    "amount": _("Fines"),
    "district": _("District"),
    "year": _("Year"),
}
LABELS: Mapping[str, Mapping[str, object]] = {
    "operation": dict(Operation.choices),
    "industry": dict(Industry.choices),
    "kind": dict(CaseKind.choices),
    "value": dict(ReferenceValue.choices),
    "amount": dict(AmountBand.choices),
}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One code of a facet: how many cases the list would hold with it, given the filters of the other facets."""

    code: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Facet:
    """A way to narrow the list."""

    name: str
    label: str
    options: list[Option]

    @property
    def is_open(self) -> bool:
        """Whether something is chosen in it."""
        return any(option.is_chosen for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Chip:
    """Something that narrows the list, and the address of the list without it."""

    label: str
    query: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One case of the list; `excerpt` is the sentence the words stand in, while something is searched."""

    entry: CaseEntry
    operations: list[str]
    district: str
    excerpt: Excerpt | None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A page one can go to; `number` 0 is a gap between pages."""

    number: int
    query: str = ""
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseList:
    """One page of the list."""

    asked: Asked
    total: int
    pages: int
    hits: list[Hit]
    facets: list[Facet]
    chips: list[Chip]
    orders: list[tuple[CaseOrder, str]]
    turns: list[Turn]
    previous: str
    next: str
    collections: list[CollectionLink]


def case_list(*, asked: Asked, today: date, collection: int | None = None) -> CaseList:
    """Return one page of the cases anyone may read today; at most seven queries, however many cases there are.

    A page number past the end gives the last page. With a collection only its cases are there at all.
    """
    known, districts = catalogue(today=today), public_districts()
    within = _within(known, asked=asked, collection=collection)
    found = within & _narrowed(known, asked=asked)
    pages = max(1, -(-found.bit_count() // PER_PAGE))
    asked = replace(asked, page=min(asked.page, pages))
    facets = [_facet(known, name=name, within=within, asked=asked, districts=districts) for name in FACETS]
    return CaseList(
        asked=asked,
        total=found.bit_count(),
        pages=pages,
        hits=_hits(_page_keys(known, found=found, asked=asked), asked=asked, districts=districts),
        facets=facets,
        chips=list(_chips(asked=asked, districts=districts)),
        orders=[(order, asked.in_order(order).query()) for order in CaseOrder],
        turns=[_turn(asked, number) for number in turns(page=asked.page, pages=pages)],
        previous=asked.query(page=asked.page - 1) if asked.page > 1 else "",
        next=asked.query(page=asked.page + 1) if asked.page < pages else "",
        collections=list(known.collections.values()),
    )


def newest(*, asked: Asked, today: date, most: int) -> list[CaseEntry]:
    """Return the first cases of a question, for feeds and the first page."""
    known = catalogue(today=today)
    found = _within(known, asked=asked, collection=None) & _narrowed(known, asked=asked)
    return entries_of(known.page_keys(found, order=CaseOrder.NEWEST, first=0, most=most))


@dataclass(frozen=True, kw_only=True)
class FrontCases:
    """The newest cases, and how many there are in all."""

    hits: list[Hit]
    total: int


def front_cases(*, today: date, most: int) -> FrontCases:
    """Return the newest cases as the home page shows them; four queries with those for pictures and districts."""
    known = catalogue(today=today)
    keys = known.page_keys(known.everything, order=CaseOrder.NEWEST, first=0, most=most)
    hits = _hits(keys, asked=Asked(), districts=public_districts()) if keys else []
    return FrontCases(hits=hits, total=known.everything.bit_count())


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands beside a case: other cases with their titles and pages, and the collections it is in."""

    related: list[CaseEntry]
    collections: list[CollectionLink]


def beside(*, page_id: int, operations: Iterable[str], industry: str, today: date, most: int) -> Beside:
    """Return other cases with a dangerous operation in common, then of the same industry, newest first.

    Two queries.
    """
    known = catalogue(today=today)
    itself = known.of_pages([page_id])
    near = known.having(facet="operation", codes=operations) & ~itself
    same = known.having(facet="industry", codes=[industry]) & ~itself & ~near
    keys = known.page_keys(near, order=CaseOrder.NEWEST, first=0, most=most)
    keys += known.page_keys(same, order=CaseOrder.NEWEST, first=0, most=most - len(keys))
    links = known.collections.items()
    return Beside(
        related=_named(keys),
        collections=[
            link for key, link in links if known.having(facet=COLLECTION, codes=[str(key)]) & itself
        ],
    )


def entries_of(keys: list[int], *, with_text: bool = False) -> list[CaseEntry]:
    """Return the entries of these pages in this order with their pictures; two queries."""
    wide = [name.name for name in Page._meta.concrete_fields if name.name not in {"id", "url_path"}]
    left = [f"page__{name}" for name in wide] + ([] if with_text else ["text"])
    rows = CaseEntry.objects.select_related("page", "picture").prefetch_related("picture__renditions")
    found = rows.defer(*left).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _named(keys: list[int]) -> list[CaseEntry]:
    """Return the entries of these pages in this order with what a link takes; one query."""
    rows = CaseEntry.objects.select_related("page").only("title", "title_en", "page__url_path")
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _within(known: Catalogue, *, asked: Asked, collection: int | None) -> Bits:
    """Return the cases of the collection and with the words, before any filter."""
    within = known.everything
    if collection is not None:
        within &= known.having(facet=COLLECTION, codes=[str(collection)])
    if asked.words:
        within &= known.of_pages(engine().find(words=asked.words))
    return within


def _narrowed(known: Catalogue, *, asked: Asked, but: str = "") -> Bits:
    """Return what the filters let through, those of one facet left out."""
    found = known.everything
    for facet, codes in asked.chosen.items():
        if facet != but:
            found &= known.having(facet=facet, codes=codes)
    return found


def _facet(known: Catalogue, *, name: str, within: Bits, asked: Asked, districts: Mapping[str, str]) -> Facet:
    base = within & _narrowed(known, asked=asked, but=name)
    chosen = asked.chosen.get(name, ())
    options = [
        Option(
            code=code,
            label=_label(name, code, districts),
            count=(base & known.bits.get((name, code), 0)).bit_count(),
            is_chosen=code in chosen,
        )
        for code in _ordered(name, {*known.codes(name), *chosen}, districts)
    ]
    return Facet(
        name=name,
        label=str(NAMES[name]),
        options=[option for option in options if option.count or option.is_chosen],
    )


def _ordered(name: str, codes: set[str], districts: Mapping[str, str]) -> list[str]:
    if name == "year":
        return sorted(codes, reverse=True)
    order = list(districts if name == "district" else LABELS[name])
    return sorted(codes, key=lambda code: (order.index(code) if code in order else len(order), code))


def _label(name: str, code: str, districts: Mapping[str, str]) -> str:
    if name == "district":
        return districts.get(code, code)
    return str(LABELS[name].get(code, code)) if name in LABELS else code


def _page_keys(known: Catalogue, *, found: Bits, asked: Asked) -> list[int]:
    return known.page_keys(found, order=asked.order, first=(asked.page - 1) * PER_PAGE, most=PER_PAGE)


def _hits(keys: list[int], *, asked: Asked, districts: Mapping[str, str]) -> list[Hit]:
    entries = entries_of(keys, with_text=bool(asked.words))
    return [
        Hit(
            entry=entry,
            operations=[_label("operation", code, {}) for code in entry.operations.split()],
            district=districts.get(entry.district, ""),
            excerpt=excerpt(text=entry.text, words=asked.words) if asked.words else None,
        )
        for entry in entries
    ]


def _chips(*, asked: Asked, districts: Mapping[str, str]) -> Iterable[Chip]:
    if asked.words:
        yield Chip(label=f"“{asked.typed}”", query=asked.without_words().query())
    for facet in FACETS:
        for code in asked.chosen.get(facet, ()):
            left = asked.without(facet=facet, code=code)
            yield Chip(label=_label(facet, code, districts), query=left.query())


def _turn(asked: Asked, number: int) -> Turn:
    if not number:
        return Turn(number=0)
    return Turn(number=number, query=asked.query(page=number), is_current=number == asked.page)


def turns(*, page: int, pages: int) -> list[int]:
    """Return the page numbers to offer: the ends and those around, 0 for a gap; none for a single page."""
    if pages == 1:
        return []
    near = {1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)}
    shown: list[int] = []
    for number in sorted(near):
        if shown and number - shown[-1] > 1:
            shown.append(0)
        shown.append(number)
    return shown
