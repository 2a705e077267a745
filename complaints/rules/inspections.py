"""Who was on the spot: an inspection is made by two people or more."""

import re

LEAST_INSPECTORS = 2
_MARKS = re.compile(r"[、，,;；/|\n]+")


def inspectors_named(text: str) -> int:
    """Return how many different names a line of inspectors holds.

    Names stand apart by marks such as 、 or a comma; blanks part them too, unless a piece is one character long:
    赵　敏 is one name written wide.
    """
    names: set[str] = set()
    for part in filter(None, map(str.strip, _MARKS.split(text))):
        pieces = part.split()
        names.update(pieces if all(len(piece) > 1 for piece in pieces) else ["".join(pieces)])
    return len(names)


def are_enough(text: str) -> bool:
    """Say whether at least two inspectors are named.

    Legal basis: 行政处罚法 42 (no fewer than two officers).
    """
    return inspectors_named(text) >= LEAST_INSPECTORS
