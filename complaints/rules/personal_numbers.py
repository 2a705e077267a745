"""Finds numbers that lead to one person or one enterprise: telephones, identity, bank and credit codes, plates.

A number is found with spaces, dots and hyphens inside, and written in Chinese numerals. Each pattern has a greatest
width, so that the time grows with the length of the text and with nothing else.
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from stdnum import luhn
from stdnum.cn import uscc

from complaints.rules.folding import Folded

_GAP = r"[ \t.\-–—_·•]{0,3}"
_EDGE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
_MOBILE_GAP = r"[ \t.\-–—_·•()]{0,3}"
_MOBILE = re.compile(
    rf"(?<!\d)(?:\+?86{_MOBILE_GAP})?1{_MOBILE_GAP}[3-9](?:{_MOBILE_GAP}\d){{9}}(?![\d元万亿吨])"
)
_LANDLINE = re.compile(
    rf"(?<!\d)(?<!\d-)(?:\(0\d{{2,3}}\)|0{_GAP}\d{_GAP}\d(?:{_GAP}\d)?){_GAP}[2-8](?:{_GAP}\d){{6,7}}(?!\d)"
)
_LOCAL_LINE = re.compile(
    rf"(?:电话|座机|传真|固话|热线)[^0-9\n]{{0,4}}(?P<number>[2-8](?:[ -]?\d){{6,7}}){_END}"
)
_IDENTITY = re.compile(rf"{_EDGE}[1-9](?:{_GAP}\d){{16}}{_GAP}[0-9Xx]{_END}")
_IDENTITY_SAID = re.compile(
    rf"(?:身份证|公民身份号码|证件号)[^0-9\n]{{0,8}}(?P<number>[1-9](?:{_GAP}\d){{13,16}}{_GAP}[0-9Xx]){_END}"
)
_CARD = re.compile(rf"{_EDGE}[3-69](?:{_GAP}\d){{15,18}}{_END}")
_ACCOUNT_SAID = re.compile(
    rf"(?:[账帐]号|卡号|[账帐]户|银行卡|工资卡)[^0-9\n]{{0,6}}(?P<number>\d(?:{_GAP}\d){{9,24}}){_END}"
)
_CREDIT = re.compile(rf"{_EDGE}\d(?:{_GAP}\d){{7}}(?:{_GAP}[0-9A-HJ-NP-Ya-hj-np-y]){{10}}{_END}")
_CREDIT_SAID = re.compile(
    rf"信用代码[^0-9A-Za-z\n]{{0,6}}(?P<number>[0-9A-Za-z](?:{_GAP}[0-9A-Za-z]){{17}}){_END}"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PROVINCES}](?:[A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]"
    rf"|{_GAP}[A-HJ-NP-Z](?:{_GAP}[A-HJ-NP-Z0-9]){{4,5}}{_GAP}[A-HJ-NP-Z0-9挂学警港澳]){_END}",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}")
_MASK = re.compile(r"[xX]{3}")
_BLANKS = re.compile(r"[^0-9A-Za-z]+")
# GB 11643: weights of the first seventeen digits, and the last character by the remainder of 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CARD_DIGITS = range(16, 20)
_PLATE_DIGITS_LEAST = 2


class NumberKind(StrEnum):
    """Kinds of numbers; a valid number of an earlier kind is never taken for one of a later kind."""

    IDENTITY = "identity"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    PLATE = "plate"


class NumberFound(NamedTuple):
    """Where a number stands in the folded text: first character and the one after the last."""

    kind: NumberKind
    start: int
    end: int


Bounds = tuple[int, int]


def personal_numbers(folded: Folded, *, kinds: Collection[NumberKind]) -> list[NumberFound]:
    """Return the numbers of these kinds in the order of the text; two kinds may overlap.

    A number without its name beside it needs a right check digit (GB 11643, GB 32100, Luhn).
    """
    found = {
        NumberFound(kind, *bounds)
        for kind in kinds
        for text in {folded.text, folded.digits}
        for bounds in _FINDERS[kind](text)
    }
    return sorted(found, key=lambda one: (one.start, -one.end, one.kind))


def _mobiles(text: str) -> Iterator[Bounds]:
    for match in _MOBILE.finditer(text):
        if not _is_amount(match[0]) and not _DAY.search(match[0]):
            yield match.span()


def _is_amount(number: str) -> bool:
    """13 500 000 000 is a sum, 13.555555555 a decimal."""
    groups = _BLANKS.split(number.lstrip("+"))
    if len(groups) == 2 and "." in number:
        return True
    return len(groups) > 2 and {len(group) for group in groups[1:]} == {3}


def _landlines(text: str) -> Iterator[Bounds]:
    yield from (match.span() for match in _LANDLINE.finditer(text) if not _DAY.search(match[0]))
    yield from (match.span("number") for match in _LOCAL_LINE.finditer(text))


def _identities(text: str) -> Iterator[Bounds]:
    yield from (match.span() for match in _IDENTITY.finditer(text) if _is_identity(_bare(match[0])))
    yield from (match.span("number") for match in _IDENTITY_SAID.finditer(text))


def _cards(text: str) -> Iterator[Bounds]:
    for match in _CARD.finditer(text):
        ends = [part.start() for part in _BLANKS.finditer(match[0])] + [len(match[0])]
        for end in reversed(ends):
            number = _bare(match[0][:end])
            if len(number) in _CARD_DIGITS and luhn.is_valid(number):
                yield match.start(), match.start() + end
                break
    yield from (match.span("number") for match in _ACCOUNT_SAID.finditer(text))


def _credit_codes(text: str) -> Iterator[Bounds]:
    yield from (match.span() for match in _CREDIT.finditer(text) if uscc.is_valid(_bare(match[0])))
    yield from (match.span("number") for match in _CREDIT_SAID.finditer(text) if not _MASK.search(match[0]))


def _plates(text: str) -> Iterator[Bounds]:
    for match in _PLATE.finditer(text):
        if sum(letter.isdigit() for letter in match[0]) >= _PLATE_DIGITS_LEAST:
            yield match.span()


def _bare(number: str) -> str:
    return _BLANKS.sub("", number).upper()


def _is_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[-1] == _CHECKS[total % 11] and _is_birthday(number[6:14])


def _is_birthday(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born.year >= 1800


_FINDERS: dict[NumberKind, Callable[[str], Iterator[Bounds]]] = {
    NumberKind.CREDIT_CODE: _credit_codes,
    NumberKind.IDENTITY: _identities,
    NumberKind.BANK_CARD: _cards,
    NumberKind.MOBILE: _mobiles,
    NumberKind.LANDLINE: _landlines,
    NumberKind.PLATE: _plates,
}
