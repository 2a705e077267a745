"""Blanks of a reply template that nobody filled in: an answer with one of them must not go out."""

import re
from collections.abc import Collection, Mapping

from complaints.enums import Problem
from complaints.errors import FieldProblem

# A year in these brackets is part of the number of a document, as in 陕应急〔2026〕12号.
_MARKED = r"〔(?!\d{4}〕)[^〔〕\n]{0,40}〕"
_EMPTY = r"[（(][\s.。…·_＿×xX]*[）)]"
_NAMED = (
    r"[（(](?:日期|时间|地点|单位(?:名称)?|数字|金额|姓名|作业|几|"
    r"(?:发现的)?问题[一二三四五]?|检查情况(?:和依据)?|(?:请|待)填写?[^（）()\n]{0,20})[）)]"
)
_DOTS = r"[…]{2,}|\.{4,}|_{2,}|＿{2,}|[×xX]{1,4}(?=[年月日])"
_BLANK = re.compile("|".join((_MARKED, _EMPTY, _NAMED, _DOTS)))
_BRACKETED = re.compile(r"（[^（）\n]{1,40}）|\([^()\n]{1,40}\)|〔[^〔〕\n]{1,40}〕")
_DOCUMENT_YEAR = re.compile(r"〔\d{4}〕")


def blanks_of(template: str) -> frozenset[str]:
    """Return what stands in brackets in the text of a template: whoever uses it writes something else there."""
    return frozenset(text for text in _BRACKETED.findall(template) if not _DOCUMENT_YEAR.fullmatch(text))


def first_blank(text: str, *, known: Collection[str] = ()) -> str:
    """Return the first blank still open in a text, as it stands there; empty when there is none.

    Args:
        known: the blanks of the templates in use, brackets included; other words in brackets are just words.
    """
    found = [(match.start(), match[0]) for match in _BLANK.finditer(text)]
    found += [(text.index(blank), blank) for blank in known if blank in text]
    return min(found)[1] if found else ""


def blank_problems(*, words: Mapping[str, str], known: Collection[str]) -> list[FieldProblem]:
    """Return a problem for each item in which a blank is still open, naming the first one."""
    open_ones = {name: first_blank(text, known=known) for name, text in words.items()}
    return [
        FieldProblem(field=name, problem=Problem.OPEN_BLANK, detail=blank)
        for name, blank in open_ones.items()
        if blank
    ]
