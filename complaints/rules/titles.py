"""A short title for a tip, taken from what the reporter wrote."""

import re

LONGEST = 24
SHORTEST_CLAUSE = 10
SHORTEST_SENTENCE = 4
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+")
_CLAUSE_END = re.compile(r"[，,、：:]")


def title_from(description: str) -> str:
    """Return the first sentence, at most 24 characters; a longer one is cut at a comma if there is one to cut at.

    Empty for an empty text. A greeting of under four characters is passed over when more follows.
    """
    sentences = [part.strip() for part in _SENTENCE_END.split(description) if part.strip()]
    if not sentences:
        return ""
    first = next((part for part in sentences if len(part) >= SHORTEST_SENTENCE), sentences[0])
    return first if len(first) <= LONGEST else _shortened(first)


def _shortened(sentence: str) -> str:
    head = sentence[: LONGEST - 1]
    ends = [match.start() for match in _CLAUSE_END.finditer(head) if match.start() >= SHORTEST_CLAUSE]
    return (head[: ends[-1]] if ends else head).rstrip() + "…"
