"""What a visitor asks the list for: words, filters, order, page, read from an address and written into one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from cases_public.enums import AmountBand, CaseKind, CaseOrder, ReferenceValue
from cases_public.selectors.catalogue import FACETS
from cases_public.words.grams import SHORTEST, runs
from complaints.enums import Industry, Operation

LONGEST_SEARCH = 50
MOST_WORDS = 6
# A page number beyond this many digits is no number of ours, and Python would take long over a huge one.
MOST_DIGITS = 9
# What an address may ask for besides words to search.
CHOICES = (*FACETS, "sort", "page")
CODES: Mapping[str, frozenset[str]] = {
    "operation": frozenset(Operation.values),
    "industry": frozenset(Industry.values),
    "kind": frozenset(CaseKind.values),
    "value": frozenset(ReferenceValue.values),
    "amount": frozenset(AmountBand.values),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question to the list; `words` is empty when there is nothing to search, `trouble` says why."""

    typed: str = ""
    words: tuple[str, ...] = ()
    trouble: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: CaseOrder = CaseOrder.NEWEST
    page: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not self.chosen and not self.words

    def query(self, *, page: int = 1) -> str:
        """Return the address of a page of this list, beginning with a question mark."""
        pairs = [("q", self.typed)] if self.typed else []
        pairs += [(facet, code) for facet in FACETS for code in self.chosen.get(facet, ())]
        pairs += [("sort", self.order.value)] if self.order != CaseOrder.NEWEST else []
        pairs += [("page", str(page))] if page > 1 else []
        return f"?{urlencode(pairs)}"

    def without(self, *, facet: str, code: str) -> "Asked":
        """Return the question with one filter fewer."""
        left = tuple(one for one in self.chosen.get(facet, ()) if one != code)
        others = {name: codes for name, codes in self.chosen.items() if name != facet}
        return replace(self, chosen=others | ({facet: left} if left else {}))

    def without_words(self) -> "Asked":
        """Return the question with nothing to search."""
        return replace(self, typed="", words=(), trouble="")

    def in_order(self, order: CaseOrder) -> "Asked":
        """Return the question in another order."""
        return replace(self, order=order)


def asked(query: QueryDict) -> Asked:
    """Return what an address asks for; what makes no sense in it is passed over."""
    typed = " ".join(query.get("q", "").split())
    words, trouble = searched(typed)
    order = query.get("sort", "")
    return Asked(
        typed=typed[: LONGEST_SEARCH + 1] if not trouble else typed[:LONGEST_SEARCH],
        words=words,
        trouble=trouble,
        chosen={facet: codes for facet in FACETS if (codes := _codes(facet, query.getlist(facet)))},
        order=CaseOrder(order) if order in CaseOrder.values else CaseOrder.NEWEST,
        page=page_number(query.get("page", "")),
    )


def searched(typed: str) -> tuple[tuple[str, ...], str]:
    """Return the words to look for, and why there are none although something was typed."""
    if not typed:
        return (), ""
    if len(typed) > LONGEST_SEARCH:
        return (), _("This search is too long. A few words are enough, %(most)d characters at most.") % {
            "most": LONGEST_SEARCH
        }
    words = tuple(dict.fromkeys(runs(typed)))[:MOST_WORDS]
    if not words:
        return (), _("Only letters, characters and digits can be searched, not signs such as * or %.")
    if any(len(word) < SHORTEST for word in words):
        return (), _("One character finds too much. Type two or more, for example a word of two characters.")
    return words, ""


def is_code(*, facet: str, code: str) -> bool:
    """Whether a facet may have this code; districts and years are known by their form."""
    if facet in CODES:
        return code in CODES[facet]
    lengths = {"district": (6, 12), "year": (4, 4)}[facet]
    return code.isascii() and code.isdigit() and lengths[0] <= len(code) <= lengths[1]


def _codes(facet: str, given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in given if is_code(facet=facet, code=code)))


def page_number(typed: str) -> int:
    """Return the page asked for, 1 for whatever makes no sense."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
    return max(1, int(typed)) if is_number else 1
