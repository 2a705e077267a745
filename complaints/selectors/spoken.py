"""What was said and found on tips since they came in: bounded, each kind of row by one query, opened in memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from complaints.models import Conclusion, HandlingStep, HandoverNote, Inspection, Message, Tip
from complaints.models.sealed import SealedText
from complaints.policies import Person, units_led_by

# Rows of each kind that are opened for one search, those of the newest tips first.
LINES_BOUND = 3000


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """Key of a tip → what was said and found on it; `is_bounded` when rows were left out."""

    texts: dict[int, list[str]]
    is_bounded: bool


@dataclass(frozen=True, kw_only=True)
class _Source:
    """A kind of row and the sealed texts in it that are read."""

    rows: "QuerySet[Any]"
    texts: tuple[SealedText, ...]


def spoken_on(*, keys: Sequence[int], user: Person) -> Spoken:
    """Return the conversation, the notes and memos of officers, and the findings of these tips.

    What the reporters of merged tips wrote counts for the lead, where the unit in charge reads it; to others a search
    must not tell what they may not read.
    """
    leads = {key: key for key in keys}
    joined = dict(Tip.objects.filter(merged_into__in=keys).order_by().values_list("pk", "merged_into_id"))
    texts: dict[int, list[str]] = defaultdict(list)
    is_bounded = False
    for source in _sources(own=[*leads], heard=[*leads, *joined], user=user):
        rows = list(_newest(source))
        is_bounded = is_bounded or len(rows) > LINES_BOUND
        for tip_id, text in _texts(rows[:LINES_BOUND], source=source):
            texts[joined.get(tip_id, tip_id)].append(text)
    return Spoken(texts=texts, is_bounded=is_bounded)


def _sources(*, own: list[int], heard: list[int], user: Person) -> list[_Source]:
    told = Q(tip__merged_into=None) | Q(tip__handling_unit__in=units_led_by(user))
    messages = Message.objects.filter(told, tip__in=heard).exclude(body_sealed=b"")
    memos = HandlingStep.objects.filter(tip__in=own).exclude(memo_sealed=b"")
    return [
        _Source(rows=messages, texts=(Message.body,)),
        _Source(rows=HandoverNote.objects.filter(tip__in=own), texts=(HandoverNote.text,)),
        _Source(rows=memos, texts=(HandlingStep.memo,)),
        _Source(rows=Inspection.objects.filter(tip__in=own), texts=(Inspection.findings, Inspection.orders)),
        _Source(
            rows=Conclusion.objects.filter(tip__in=own),
            texts=(Conclusion.findings, Conclusion.measures, Conclusion.basis),
        ),
    ]


def _newest(source: _Source) -> "QuerySet[Any, tuple[Any, ...]]":
    """Return the rows in the order of the index by tip, so that no database reads the whole table for them."""
    columns = (text.column for text in source.texts)
    return source.rows.values_list("public_id", "tip_id", *columns).order_by("-tip_id", "-pk")[
        : LINES_BOUND + 1
    ]


def _texts(rows: Iterable[tuple[Any, ...]], *, source: _Source) -> Iterator[tuple[int, str]]:
    for public_id, tip_id, *sealed in rows:
        for text, one in zip(source.texts, sealed, strict=True):
            yield tip_id, text.opened(bytes(one), model=source.rows.model, row_id=str(public_id))
