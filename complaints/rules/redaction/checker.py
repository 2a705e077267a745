"""Finds everything in a text that must not be published, and says what may stand there instead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from complaints.enums import NamePolicy, PrivateKind, PrivateReason
from complaints.rules.folding import Folded, folded
from complaints.rules.personal_numbers import NumberFound, NumberKind, personal_numbers

from .addresses import addresses
from .companies import companies, family_shops
from .days import days
from .handles import LEFT_OUT, coordinates, handles
from .lexicon import Found
from .papers import papers
from .persons import persons

_NUMBERS = {
    NumberKind.CREDIT_CODE: PrivateKind.CREDIT_CODE,
    NumberKind.IDENTITY: PrivateKind.ID_NUMBER,
    NumberKind.BANK_CARD: PrivateKind.BANK_CARD,
    NumberKind.MOBILE: PrivateKind.PHONE,
    NumberKind.LANDLINE: PrivateKind.LANDLINE,
    NumberKind.PLATE: PrivateKind.PLATE,
}
_RANK = {kind: rank for rank, kind in enumerate(PrivateKind)}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One find. `start` and `end` count characters (code points) of the text as given; `end` is the one after.

    `suggestion` is what to put there instead; put in place of every find, nothing of the kind is found again.
    """

    kind: PrivateKind
    start: int
    end: int
    suggestion: str

    @property
    def reason(self) -> str:
        """Say why it has to go, in the language of the reader."""
        return str(PrivateReason(self.kind.value).label)


def findings(text: str, *, policy: NamePolicy = NamePolicy.DEIDENTIFIED) -> list[Finding]:
    """Return what must not be published, in the order of the text and without overlaps.

    Of finds that overlap the longest stays, of equally long ones the kind named first in PrivateKind. Under `named`
    the names of enterprises may stay, never those of persons (DOMAIN 6). The time grows with the length of the text.
    """
    read = folded(text)
    kept = _without_overlaps(_everything(read))
    return [
        Finding(kind=found.kind, start=start, end=end, suggestion=found.suggestion)
        for found in sorted(kept, key=lambda found: found.start)
        if policy == NamePolicy.DEIDENTIFIED or found.kind != PrivateKind.COMPANY
        for start, end in [read.span(found.start, found.end)]
    ]


def replaced(text: str, found: Iterable[Finding]) -> str:
    """Return the text with every suggestion taken; `found` belongs to this text."""
    parts, at = [], 0
    for finding in found:
        parts += [text[at : finding.start], finding.suggestion]
        at = finding.end
    return "".join([*parts, text[at:]])


def _everything(read: Folded) -> Iterator[Found]:
    numbers = personal_numbers(read, kinds=_NUMBERS)
    for number in numbers:
        yield Found(_NUMBERS[number.kind], number.start, number.end, LEFT_OUT)
    for finder in (handles, coordinates, papers, days):
        yield from finder(read.text)
    # A name that begins behind a number must not take the number into what its suggestion keeps.
    words = _blanked(read.text, numbers)
    for finder in (addresses, companies, family_shops, persons):
        yield from finder(words)


def _blanked(text: str, numbers: Iterable[NumberFound]) -> str:
    """Put a semicolon, which ends every name, in place of each character of a number."""
    letters = list(text)
    for number in numbers:
        letters[number.start : number.end] = ";" * (number.end - number.start)
    return "".join(letters)


def _without_overlaps(found: Iterable[Found]) -> list[Found]:
    """Keep the longest of what overlaps. Taken characters are marked, so that the work is the sum of the lengths."""
    taken: set[int] = set()
    kept = []
    for one in sorted(found, key=lambda one: (one.start - one.end, _RANK[one.kind], one.start)):
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(one)
    return kept
