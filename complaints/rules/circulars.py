"""What in words for the whole staff (结果通报) would lead colleagues to whoever reported: found before."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from complaints.enums import NamePolicy, PrivateKind, PrivateReason, ToldKind, ToldReason

from .folding import folded
from .redaction import findings
from .redaction.days import days_in

# So many signs in a row are no chance: eight Chinese characters, or twenty-four letters.
GRAM, HAN_WEIGHT, LEAST_WEIGHT = 8, 3, 24
REASON_LEAST, REASON_MOST = 4, 200
# These lead to one person, whatever anybody answers.
NEVER_STAYS = frozenset(
    {
        PrivateKind.ID_NUMBER,
        PrivateKind.BANK_CARD,
        PrivateKind.PHONE,
        PrivateKind.EMAIL,
        PrivateKind.WECHAT,
        PrivateKind.QQ,
    }
)


@dataclass(frozen=True, kw_only=True)
class TipTold:
    """What a circulated result must not repeat of a tip: the reporter's own words, where and when."""

    words: tuple[str, ...]
    workshop: str
    post: str
    days: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class Find:
    """One place in the words: what it is, why it is asked about, what might stand there instead.

    `mark` is the same for the same words of the same kind, so that an answer outlives a change elsewhere.
    """

    kind: str
    label: str
    reason: str
    words: str
    suggestion: str = ""
    must_go: bool = False

    @property
    def mark(self) -> str:
        """A short name for this find, as a field of a form needs it."""
        return hashlib.sha256(f"{self.kind}\x00{self.words}".encode()).hexdigest()[:16]


def finds_in(text: str, *, tip: TipTold) -> list[Find]:
    """Return everything in a text that may lead to the reporter of this tip, each kind of words once.

    The checker is that of published cases (docs/adr/0029); an enterprise may be named: the page is its own.
    An empty list is no clearance.
    """
    ours = [*_copied(text, tip=tip), *_where_and_when(text, tip=tip)]
    told = "".join(one.words for one in ours if one.kind == ToldKind.TOGETHER)
    # Day, place and role are asked about once, under the name that says most.
    private = (
        one for one in _private(text) if one.kind != PrivateKind.DATE_PLACE_ROLE or one.words not in told
    )
    return list({one.mark: one for one in [*private, *ours]}.values())


def unanswered(found: Iterable[Find], *, answers: Mapping[str, str]) -> list[Find]:
    """Return the finds that must go, or that nobody gave a reason for; a reason has a few characters at least."""
    return [one for one in found if one.must_go or not is_reason(answers.get(one.mark, ""), find=one)]


def is_reason(typed: str, *, find: Find) -> bool:
    """Whether words are a reason to let a find stand: of some length, and not the found words once more."""
    bare = _bare(typed)
    return len(bare) >= REASON_LEAST and len(typed) <= REASON_MOST and bare != _bare(find.words)


def _private(text: str) -> Iterator[Find]:
    for one in findings(text, policy=NamePolicy.NAMED):
        yield Find(
            kind=one.kind.value,
            label=str(one.kind.label),
            reason=str(PrivateReason(one.kind.value).label),
            words=text[one.start : one.end],
            suggestion=one.suggestion,
            must_go=one.kind in NEVER_STAYS,
        )


def _copied(text: str, *, tip: TipTold) -> Iterator[Find]:
    """Yield the longest stretches that stand in the reporter's words as well, whatever signs and blanks lie between."""
    known = {gram for words in tip.words for gram in _grams(_bare(words))}
    bare = _bare(text)
    start = end = -1
    for at, gram in enumerate([*_grams(bare), ""]):
        if gram in known:
            start, end = (at if start < 0 else start), at + GRAM
        elif start >= 0:
            stretch, start = bare[start:end], -1
            if _weight(stretch) >= LEAST_WEIGHT:
                yield _told(ToldKind.COPIED, stretch)


def _where_and_when(text: str, *, tip: TipTold) -> Iterator[Find]:
    read = folded(text).text
    bare = _bare(text)
    ours = {(day.month, day.day) for day in tip.days}
    days = [read[start:end] for month, day, start, end in days_in(read) if (month, day) in ours]
    places = [place for place in (tip.workshop, tip.post) if len(_bare(place)) > 1 and _bare(place) in bare]
    together = [*places, *days] if places else []
    if len(together) > 1:
        yield _told(ToldKind.TOGETHER, " · ".join(together))
        return
    for day in days:
        yield _told(ToldKind.DAY, day)


def _told(kind: ToldKind, words: str) -> Find:
    return Find(kind=kind.value, label=str(kind.label), reason=str(ToldReason(kind.value).label), words=words)


def _bare(text: str) -> str:
    return "".join(letter for letter in folded(text).text if letter.isalnum()).casefold()


def _grams(bare: str) -> list[str]:
    return [bare[at : at + GRAM] for at in range(len(bare) - GRAM + 1)]


def _weight(bare: str) -> int:
    return sum(1 if letter.isascii() else HAN_WEIGHT for letter in bare)
