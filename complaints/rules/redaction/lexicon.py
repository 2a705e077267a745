"""What the finders share: surnames, names of places, and how one find is written down."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from complaints.enums import PrivateKind

_DATA = Path(__file__).parent / "data"
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
IS_HAN = re.compile(f"[{HAN}]")
# Whoever stands behind these signs has been taken out already.
MASKED = re.compile(r"某|[×*＊✕□■]|XX|xx|\?\?")


class Found(NamedTuple):
    """One find in the folded text: first character, the one after the last, and what may stand there instead."""

    kind: PrivateKind
    start: int
    end: int
    suggestion: str


def words(name: str) -> tuple[str, ...]:
    """Return the words of one file of `data`, without its ending, in their order."""
    return tuple((_DATA / f"{name}.txt").read_text(encoding="utf-8").split())


COMPOUND_SURNAMES = frozenset(words("compound_surnames"))


@cache
def surnames() -> dict[str, frozenset[str]]:
    """Return the surnames of one character, each with the second characters that make a common word of it."""
    lines = (_DATA / "surnames.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition(" ") for line in lines)
    return {surname: frozenset(seconds) for surname, _, seconds in rows}


@cache
def places() -> frozenset[str]:
    """Return the provinces and cities, without 省 and 市."""
    return frozenset(words("places"))


def is_common_word(pair: str) -> bool:
    """Say whether two characters, the first of them a surname, are an everyday word or a city: 安全, 郑州."""
    return len(pair) == 2 and (pair[1] in surnames().get(pair[0], ()) or pair in places())


def is_han(text: str) -> bool:
    """Say whether the text is not empty and begins with a Chinese character."""
    return IS_HAN.match(text) is not None
