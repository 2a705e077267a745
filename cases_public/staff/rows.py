"""Finds as the desk shows them, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases_public.redaction.check import Found


@dataclass(frozen=True, kw_only=True)
class FindRow:
    """One find; `path` leads to its field, `before` and `after` are the words around it."""

    kind: str
    words: str
    suggestion: str
    reason: str
    where: str
    path: str
    mark: str
    before: str
    after: str


AROUND = 12


def find_rows(finds: Iterable[Found]) -> list[FindRow]:
    """Return the rows of finds, in their order."""
    return [_row(one) for one in finds]


def _row(one: Found) -> FindRow:
    text, finding = one.part.text, one.finding
    return FindRow(
        kind=str(finding.kind.label),
        words=one.words,
        suggestion=finding.suggestion,
        reason=finding.reason,
        where=one.part.label,
        path=".".join(one.part.path),
        mark=one.mark,
        before=text[max(0, finding.start - AROUND) : finding.start],
        after=text[finding.end : finding.end + AROUND],
    )
