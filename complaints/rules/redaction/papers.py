"""Finds numbers of papers that still lead to a person: identity numbers with stars in the middle, passports."""

import re
from collections.abc import Iterator

from complaints.enums import PrivateKind

from .handles import LEFT_OUT
from .lexicon import Found

_STAR = r"[*×xX●•■□]"
# Region and last digits are left: among the people of one factory that is one person. GB 11643 counts 18 characters;
# some write fewer stars than there were digits.
_MASKED = re.compile(rf"(?<![0-9A-Za-z])[1-9]\d{{5}}{_STAR}{{4,12}}\d{{2,5}}[\dXx]?(?![0-9A-Za-z*])")
_MASKED_SAID = re.compile(
    rf"(?:身份证|公民身份号码|证件号)[^0-9\n]{{0,8}}(?P<number>[1-9]\d{{3,16}}{_STAR}{{2,14}}\d{{0,6}}[\dXx]?)(?![0-9A-Za-z*])"
)
# E12345678, EA1234567, the older G and P, and permits to travel, each with its name beside it.
_PASSPORT = re.compile(
    r"(?:护照|通行证|passport)[^0-9A-Za-z\n]{0,8}(?:No\.?[ :]{0,2})?"
    r"(?P<number>[A-Za-z]{1,2}[ ]?\d{7,10})(?![0-9A-Za-z])",
    re.IGNORECASE,
)


def papers(text: str) -> Iterator[Found]:
    """Yield masked identity numbers, and numbers of passports where they are called so."""
    for match in _MASKED.finditer(text):
        yield Found(PrivateKind.ID_NUMBER, *match.span(), LEFT_OUT)
    for pattern in (_MASKED_SAID, _PASSPORT):
        for match in pattern.finditer(text):
            yield Found(PrivateKind.ID_NUMBER, *match.span("number"), LEFT_OUT)
