"""What was said and found on tips since they came in: bounded, each kind of row by one query, opened in memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from complaints.models import Conclusion, HandlingStep, HandoverNote, Inspection, Message, Tip

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
    texts: tuple[str, ...]


def spoken_on(*, keys: Sequence[int]) -> Spoken:
    """Return the conversation, the notes and memos of officers, and the findings of these tips.

    What the reporters of merged tips wrote counts for the lead, where officers read it.
    """
    leads = {key: key for key in keys}
    joined = dict(Tip.objects.filter(merged_into__in=keys).order_by().values_list("pk", "merged_into_id"))
    texts: dict[int, list[str]] = defaultdict(list)
    is_bounded = False
    for source in _sources(own=[*leads], heard=[*leads, *joined]):
        rows = list(_newest(source))
        is_bounded = is_bounded or len(rows) > LINES_BOUND
        for tip_id, text in _texts(rows[:LINES_BOUND], names=source.texts):
            texts[joined.get(tip_id, tip_id)].append(text)
    return Spoken(texts=texts, is_bounded=is_bounded)


def _sources(*, own: list[int], heard: list[int]) -> list[_Source]:
    return [
        _Source(rows=Message.objects.filter(tip__in=heard).exclude(body_sealed=b""), texts=("body",)),
        _Source(rows=HandoverNote.objects.filter(tip__in=own), texts=("text",)),
        _Source(rows=HandlingStep.objects.filter(tip__in=own).exclude(memo_sealed=b""), texts=("memo",)),
        _Source(rows=Inspection.objects.filter(tip__in=own), texts=("findings", "orders")),
        _Source(rows=Conclusion.objects.filter(tip__in=own), texts=("findings", "measures")),
    ]


def _newest(source: _Source) -> "QuerySet[Any]":
    """Return the rows in the order of the index by tip, so that no database reads the whole table for them."""
    columns = (f"{name}_sealed" for name in source.texts)
    return source.rows.only("public_id", "tip_id", *columns).order_by("-tip_id", "-pk")[: LINES_BOUND + 1]


def _texts(rows: Iterable[Any], *, names: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for row in rows:
        yield from ((row.tip_id, getattr(row, name)) for name in names)
