"""What must not be published in the files a page links to: their words, and what of them no check can read."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from complaints.disclosure import PrivateFinding, private_findings
from complaints.enums import NamePolicy
from portal.shared.documents import Contents, Flaw, FlawFound, FlawReason, Passage, read_document

from .parts import DocumentUse

# Of so many files the finds are kept in the memory of this process, with the passages they stand in. A file under
# review is asked for again and again; its hash changes with it.
MOST_KEPT = 32
# Letters of Chinese, and digits, that a line of a page cuts apart; and characters set apart to fill a line.
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
_CUT = re.compile(rf"(?<=[{_HAN}])(?:[ \t]+\n?[ \t]*|\n[ \t]*)(?=[{_HAN}])|(?<=\d)\n(?=\d)")
_PAGES_TOLD = 6


@dataclass(frozen=True, kw_only=True)
class FlawFinding:
    """What a file carries that no replacement mends; it has the fields of a find in a text."""

    kind: Flaw
    start: int
    end: int
    suggestion: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DocumentFind:
    """One find in a file: the words it stands in, where in the file that is, and the find."""

    place: str
    text: str
    finding: PrivateFinding | FlawFinding


# A store that is away for a moment is no find that stays.
_MISSING = Contents(flaws=(FlawFound(flaw=Flaw.MISSING),))
_kept: OrderedDict[tuple[str, ...], tuple[DocumentFind, ...]] = OrderedDict()
_lock = Lock()


def document_finds(*, use: DocumentUse, policy: NamePolicy) -> tuple[DocumentFind, ...]:
    """Return what must not be published in a linked file, in its order, flaws first."""
    key = (use.document.get_file_hash(), use.document.filename, policy.value, get_language() or "")
    with _lock:
        known = _kept.get(key)
    if known is None:
        contents = _read(use.document)
        known = tuple(_finds(contents, policy))
        if contents != _MISSING:
            _keep(key, known)
    return known


def _keep(key: tuple[str, ...], finds: tuple[DocumentFind, ...]) -> None:
    with _lock:
        _kept[key] = finds
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)


def _read(document: Any) -> Contents:
    try:
        with document.open_file() as file:
            return read_document(data=file.read(), name=document.filename)
    except OSError:
        return _MISSING


def _finds(contents: Contents, policy: NamePolicy) -> Iterator[DocumentFind]:
    for flaw in contents.flaws:
        yield _flaw(flaw)
    for passage in contents.passages:
        place = str(passage.place.label) % {"n": passage.number}
        for finding in passage_findings(passage=passage, policy=policy):
            yield DocumentFind(place=place, text=passage.text, finding=finding)


def _flaw(found: FlawFound) -> DocumentFind:
    reason = str(FlawReason(found.flaw.value).label)
    finding = FlawFinding(kind=found.flaw, start=0, end=len(found.words), suggestion="", reason=reason)
    return DocumentFind(place=_pages(found.pages), text=found.words, finding=finding)


def _pages(pages: tuple[int, ...]) -> str:
    """Return the pages in words, the first few where there are many."""
    if not pages:
        return ""
    told = pgettext("between page numbers", ", ").join(str(page) for page in pages[:_PAGES_TOLD])
    words = gettext("pages %(pages)s") if len(pages) <= _PAGES_TOLD else gettext("pages %(pages)s and others")
    return words % {"pages": told}


def passage_findings(*, passage: Passage, policy: NamePolicy) -> list[PrivateFinding]:
    """Return the finds of a passage as it stands, and those that a cut line hides; places count in the passage."""
    found = private_findings(passage.text, policy)
    joined, places = _joined(passage.text)
    if len(joined) < len(passage.text):
        found += [_moved(one, places) for one in private_findings(joined, policy)]
    kept: list[PrivateFinding] = []
    taken: set[int] = set()
    # Half a name at the end of a line is less than the whole of it.
    for one in sorted(found, key=lambda one: one.start - one.end):
        if taken.isdisjoint(range(one.start, one.end)):
            taken.update(range(one.start, one.end))
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _moved(one: PrivateFinding, places: list[int]) -> PrivateFinding:
    start, end = places[one.start], places[one.end - 1] + 1
    return replace(one, start=start, end=end)


def _joined(text: str) -> tuple[str, list[int]]:
    """Return the text without its cuts, and where each of its characters stood."""
    places: list[int] = []
    at = 0
    for cut in _CUT.finditer(text):
        places.extend(range(at, cut.start()))
        at = cut.end()
    places.extend(range(at, len(text)))
    return "".join(text[place] for place in places), places
