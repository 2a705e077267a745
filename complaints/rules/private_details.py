"""Finds what must not stand in a text by mistake: numbers of persons and plates, and words that name who speaks."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}\d{7}[0-9Xx](?![0-9A-Za-z])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
_LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}[- ]?|\(0\d{2,3}\)[- ]?)[2-8]\d{6,7}(?!\d)")
# 我叫了…, 我叫他… tell what somebody did; a name of two or three characters follows anything else.
_NAME = re.compile(
    r"(?:我的?(?:名字|姓名|名)(?:是|叫|[:：])|(?:我|本人|举报人|来电人|来访人|来信人)(?:名?叫(?![了过他她它你您我人])|姓(?!名)|姓名(?:是|为|[:：]))"
    r"|(?:举报人|来电人|来访人|来信人|联系人)(?:是|为|[:：]))\s*[\u4e00-\u9fff]{1,4}"
    r"|\b(?:my name is|my name's|i am called|i'm called)\s+\w+",
    re.IGNORECASE,
)
# Full-width digits and letters are the same to a reader; one character stays one character.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# GB 11643: weights of the first seventeen digits, and the last character by the remainder of 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


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
_PATTERNS = {
    Detail.MOBILE: _MOBILE,
    Detail.IDENTITY: _IDENTITY,
    Detail.PLATE: _PLATE,
    Detail.LANDLINE: _LANDLINE,
    Detail.NAME: _NAME,
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One find, as it stands in the text."""

    kind: Detail
    text: str


def private_details(text: str, *, kinds: Collection[Detail] = TO_REPORTER) -> list[Finding]:
    """Return what looks like a person's number or name, in the order of the text.

    An identity number needs a right check digit. A name is found only where somebody says whose it is: 我叫……
    """
    plain = text.translate(_PLAIN)
    found = [
        (match.start(), Finding(kind=kind, text=text[match.start() : match.end()]))
        for kind, pattern in _PATTERNS.items()
        if kind in kinds
        for match in pattern.finditer(plain)
        if kind != Detail.IDENTITY or _check_digit_fits(match[0])
    ]
    return [finding for _start, finding in sorted(found, key=lambda pair: pair[0])]


def _check_digit_fits(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[-1].upper() == _CHECKS[total % 11]
