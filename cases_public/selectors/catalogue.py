"""The list of cases in memory: for every filter one number whose bits are the cases it lets through.

Counting what several filters leave is then arithmetic: as fast with a hundred thousand cases as with a hundred. A mark
in the database changes with every entry, so that each process makes the list anew when, and only when, it must.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from threading import Lock

from django.db.models import F, Q
from wagtail.models import Page

from cases_public.entries import CaseEntry, CatalogueMark
from cases_public.enums import CaseOrder, band_of
from portal.shared.bilingual import in_language
from portal.shared.open_pages import open_pages

FACETS = ("operation", "industry", "kind", "value", "amount", "district", "year")
COLLECTION = "collection"
BLOCK = 4096
Bits = int


@dataclass(frozen=True, kw_only=True)
class CollectionLink:
    """A published collection as others point at it."""

    page: Page
    title: str
    title_en: str

    @property
    def shown_title(self) -> str:
        """The title in the language of the page."""
        return in_language(chinese=self.title, english=self.title_en)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All cases anyone may read on a day. A case is known by its place: 0 is the newest one."""

    mark: str
    day: date
    keys: "array[int]"
    places: dict[int, int]
    bits: dict[tuple[str, str], Bits]
    by_amount: "array[int]"
    collections: dict[int, CollectionLink]

    @property
    def everything(self) -> Bits:
        """The bits of all cases."""
        return (1 << len(self.keys)) - 1

    def having(self, *, facet: str, codes: Iterable[str]) -> Bits:
        """Return the cases that have one of these codes."""
        found = 0
        for code in codes:
            found |= self.bits.get((facet, code), 0)
        return found

    def of_pages(self, keys: Iterable[int]) -> Bits:
        """Return the bits of these pages; unknown ones are left out."""
        marks = bytearray(len(self.keys) // 8 + 1)
        for key in keys:
            place = self.places.get(key)
            if place is not None:
                marks[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(marks, "little")

    def codes(self, facet: str) -> list[str]:
        """Return the codes of a facet that occur at all."""
        return [code for name, code in self.bits if name == facet]

    def page_keys(self, found: Bits, *, order: CaseOrder, first: int, most: int) -> list[int]:
        """Return the keys of `most` pages from the `first` one (0 is the first) in this order."""
        if order == CaseOrder.AMOUNT:
            places = islice(self._dearest(found), first, first + most)
        else:
            places = islice(self._placed(found, order=order, skipped=first), most)
        return [self.keys[place] for place in places]

    def _placed(self, found: Bits, *, order: CaseOrder, skipped: int) -> Iterator[int]:
        """Yield places in their order, or backwards, without the first `skipped` ones."""
        marks = bin(found)[2:].zfill(len(self.keys))
        if order == CaseOrder.NEWEST:
            marks = marks[::-1]
        at = 0
        while at < len(marks) and (here := marks.count("1", at, at + BLOCK)) <= skipped:
            skipped, at = skipped - here, at + BLOCK
        at = marks.find("1", at)
        while at >= 0:
            if skipped:
                skipped -= 1
            else:
                yield at if order == CaseOrder.NEWEST else len(marks) - 1 - at
            at = marks.find("1", at + 1)

    def _dearest(self, found: Bits) -> Iterator[int]:
        marks = bin(found)[2:].zfill(len(self.keys))[::-1]
        return (place for place in self.by_amount if marks[place] == "1")


_made: Catalogue | None = None
_making = Lock()


def catalogue(*, today: date) -> Catalogue:
    """Return the list as it is now; one query, and three more when it has changed since."""
    global _made
    mark = CatalogueMark.objects.values_list("mark", flat=True).first() or ""
    if not _fits(_made, mark=mark, today=today):
        with _making:
            if not _fits(_made, mark=mark, today=today):
                _made = make(mark=mark, today=today)
    assert _made is not None
    return _made


def _fits(made: Catalogue | None, *, mark: str, today: date) -> bool:
    return made is not None and (made.mark, made.day) == (mark, today)


COLUMNS = (
    "page_id", "published_date", "kind", "industry", "district", "operations", "values", "collections",
    "unit_penalty_amount", "person_penalty_amount", "decided_month",
)  # fmt: skip


def make(*, mark: str, today: date) -> Catalogue:
    """Read all entries anyone may see on this day, and the collections; three queries."""
    in_time = Q(until_date=None) | Q(until_date__gte=today)
    shown = CaseEntry.objects.filter(in_time).exclude(page__in=Page.objects.not_public())
    rows = shown.order_by("-published_date", "-page_id").values_list(*COLUMNS)
    keys, amounts = array("q"), []
    marks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows.iterator(chunk_size=10_000)):
        keys.append(row[0])
        amounts.append((row[8] or Decimal(0)) + (row[9] or Decimal(0)))
        for name in _names(row, amount=amounts[-1]):
            marks[name].append(place)
    return Catalogue(
        mark=mark,
        day=today,
        keys=keys,
        places={key: place for place, key in enumerate(keys)},
        bits={name: _bits(places, total=len(keys)) for name, places in marks.items()},
        by_amount=array("q", sorted(range(len(keys)), key=lambda place: (-amounts[place], place))),
        collections=_collections(),
    )


def _collections() -> dict[int, CollectionLink]:
    """Return the collections anyone may read, in the order of the tree. Their pages lie above this module."""
    pages = open_pages(Page.objects.live().filter(collectionpage__isnull=False)).order_by("path")
    rows = pages.annotate(title_en=F("collectionpage__title_en"))
    return {page.pk: CollectionLink(page=page, title=page.title, title_en=page.title_en) for page in rows}


def _names(row: tuple[object, ...], *, amount: Decimal) -> Iterator[tuple[str, str]]:
    """Yield facet and code of everything one entry is filed under."""
    _key, published, kind, industry, district, operations, values, collections = row[:8]
    year = str(row[10])[:4] or str(published)[:4]
    single = (("kind", kind), ("industry", industry), ("district", district), ("year", year))
    yield from ((facet, str(code)) for facet, code in single if code)
    yield "amount", band_of(amount).value
    for facet, codes in (("operation", operations), ("value", values), (COLLECTION, collections)):
        yield from ((facet, code) for code in str(codes).split())


def _bits(places: Iterable[int], *, total: int) -> Bits:
    marks = bytearray(total // 8 + 1)
    for place in places:
        marks[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(marks, "little")
