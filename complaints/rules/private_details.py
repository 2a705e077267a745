"""Finds what must not stand in a text to a reporter by mistake: mobile numbers, identity numbers, number plates."""

import re
from dataclasses import dataclass
from enum import StrEnum

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}\d{7}[0-9Xx](?![0-9A-Za-z])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
# GB 11643: weights of the first seventeen digits, and the last character by the remainder of 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class Detail(StrEnum):
    """Kinds of what is found."""

    MOBILE = "mobile"
    IDENTITY = "identity"
    PLATE = "plate"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One find, as it stands in the text."""

    kind: Detail
    text: str


def private_details(text: str) -> list[Finding]:
    """Return what looks like a person's number, in the order of the text; an identity number needs a right check digit.

    Office telephones and hotlines are no private detail.
    """
    found = [(match.start(), Finding(kind=Detail.MOBILE, text=match[0])) for match in _MOBILE.finditer(text)]
    found += [
        (match.start(), Finding(kind=Detail.IDENTITY, text=match[0]))
        for match in _IDENTITY.finditer(text)
        if _check_digit_fits(match[0])
    ]
    found += [(match.start(), Finding(kind=Detail.PLATE, text=match[0])) for match in _PLATE.finditer(text)]
    return [finding for _start, finding in sorted(found, key=lambda pair: pair[0])]


def _check_digit_fits(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[-1].upper() == _CHECKS[total % 11]
