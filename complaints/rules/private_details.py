"""Finds what must not stand in a text by mistake: numbers of persons and plates, and words that name who speaks."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from complaints.rules.folding import Folded, folded
from complaints.rules.personal_numbers import NumberKind, personal_numbers

# 我叫了…, 我叫他… tell what somebody did; a name of two or three characters follows anything else.
_NAME = re.compile(
    r"(?:我的?(?:名字|姓名|名)(?:是|叫|[:：])|(?:我|本人|举报人|来电人|来访人|来信人)(?:名?叫(?![了过他她它你您我人])|姓(?!名)|姓名(?:是|为|[:：]))"
    r"|(?:举报人|来电人|来访人|来信人|联系人)(?:是|为|[:：]))\s*[\u4e00-\u9fff]{1,4}"
    r"|\b(?:my name is|my name's|i am called|i'm called)\s+\w+",
    re.IGNORECASE,
)


class Detail(StrEnum):
    """Kinds of what is found."""

    MOBILE = "mobile"
    IDENTITY = "identity"
    PLATE = "plate"
    LANDLINE = "landline"
    NAME = "name"


# In words to a reporter the office may give its telephone; in what a caller said, a plate may be what it is about.
TO_REPORTER = frozenset({Detail.MOBILE, Detail.IDENTITY, Detail.PLATE, Detail.NAME})
OF_CALLER = frozenset({Detail.MOBILE, Detail.LANDLINE, Detail.IDENTITY, Detail.NAME})


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One find, as it stands in the text."""

    kind: Detail
    text: str


def private_details(text: str, *, kinds: Collection[Detail] = TO_REPORTER) -> list[Finding]:
    """Return what looks like a person's number or name, in the order of the text.

    An identity number needs a right check digit. A name is found only where somebody says whose it is: 我叫……
    """
    read = folded(text)
    numbers = [NumberKind(kind) for kind in kinds if kind != Detail.NAME]
    found = [(one.start, one.end, Detail(one.kind)) for one in personal_numbers(read, kinds=numbers)]
    if Detail.NAME in kinds:
        found += [(*match.span(), Detail.NAME) for match in _NAME.finditer(read.text)]
    return [_finding(text, read, *one) for one in sorted(found)]


def names_in(text: str, *, names: Iterable[str]) -> list[str]:
    """Return those of these names that stand in a text, each once; blanks within a name or the text do not hide it.

    One character alone is no name: it would be found in ordinary words.
    """
    plain = "".join(text.split()).casefold()
    known = {name: "".join(name.split()).casefold() for name in names}
    return [name for name, bare in known.items() if len(bare) > 1 and bare in plain]


def _finding(text: str, read: Folded, start: int, end: int, kind: Detail) -> Finding:
    first, after = read.span(start, end)
    return Finding(kind=kind, text=text[first:after])
