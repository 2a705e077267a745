"""The labelled sentences of the redaction checker: what stands in them, and which were kept apart from its making."""

import json
from dataclasses import dataclass
from pathlib import Path

from complaints.enums import NamePolicy

Span = tuple[str, int, int]
_FILE = Path(__file__).parent / "data" / "redaction.jsonl"


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence with the finds expected in it: kind, start and end in characters."""

    text: str
    policy: NamePolicy
    is_held_out: bool
    expected: frozenset[Span]


def sentences() -> list[Sentence]:
    """Return all sentences of the file."""
    return [_sentence(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]


def _sentence(line: str) -> Sentence:
    row = json.loads(line)
    return Sentence(
        text=row["text"],
        policy=NamePolicy(row["policy"]),
        is_held_out=row["held_out"],
        expected=frozenset((kind, start, end) for kind, start, end in row["expected"]),
    )
