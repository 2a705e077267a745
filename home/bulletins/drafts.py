"""What a fresh bulletin holds, by its kind: headings, sentences in two languages, charts and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from .bound import Bound
from .sentences import Sentence, sentences

CHINESE, ENGLISH = "zh-hans", "en"
Blocks = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with what stands below it: rules of sentences, then charts, then tables."""

    heading: str | Promise
    rules: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


_SINCE = Section(
    heading=gettext_lazy("Compared with before"),
    rules=("since_last", "timing_moved", "verified_moved"),
    tables=("changes",),
)
_OVERVIEW = Section(heading=gettext_lazy("Overview"), rules=("received", "since_year"), charts=("months",))
_WHERE = Section(heading=gettext_lazy("By district"), rules=("districts",), charts=("district",))
_FOUND = Section(
    heading=gettext_lazy("What the verification found"),
    rules=("results", "operations"),
    charts=("result", "operation"),
)
_TIME = Section(
    heading=gettext_lazy("How long it took"), rules=("timing", "whole", "slowest"), charts=("stages",)
)
_DONE = Section(heading=gettext_lazy("Orders, fines and referrals"), rules=("measures",))
_TOGETHER = Section(heading=gettext_lazy("Working together"), rules=("together",), tables=("reason",))
_ALL = Section(heading=gettext_lazy("All figures"), tables=("figures",))

PLANS: Mapping[str, tuple[Section, ...]] = {
    "month": (
        Section(
            heading=gettext_lazy("Overview"),
            rules=(
                *("received", "since_year", "since_last", "results", "verified_moved"),
                *("timing", "timing_moved"),
            ),
        ),
        Section(heading=gettext_lazy("Tables"), tables=("changes", "district", "result", "figures")),
    ),
    "quarter": (_OVERVIEW, _WHERE, _FOUND, _TIME, _DONE, _SINCE, _ALL),
    "half": (_OVERVIEW, _WHERE, _FOUND, _TIME, _DONE, _TOGETHER, _SINCE, _ALL),
    "year": (_OVERVIEW, _WHERE, _FOUND, _TIME, _DONE, _TOGETHER, _SINCE, _ALL),
}


def drafted(*, kind: str, bounds: Mapping[str, Bound]) -> Blocks:
    """Return the blocks of a fresh bulletin.

    Args:
        bounds: the bound reports by language, as names of places differ.
    """
    blocks: Blocks = []
    for section in PLANS[kind]:
        tables = [code for code in section.tables if code != "changes" or _can_compare(bounds)]
        below = [
            *_sentences(section.rules, bounds),
            *_named("chart", section.charts),
            *_named("table", tables),
        ]
        if below:
            blocks += [("heading", _two(section.heading)), *below]
    return blocks


def _can_compare(bounds: Mapping[str, Bound]) -> bool:
    return len(list(bounds[CHINESE].reports())) > 1


def _two(words: str | Promise) -> dict[str, Any]:
    with override(CHINESE):
        chinese = str(words)
    with override(ENGLISH):
        return {"text": chinese, "text_en": str(words)}


def _sentences(rules: Sequence[str], bounds: Mapping[str, Bound]) -> Blocks:
    found: dict[str, list[Sentence]] = {}
    for language, bound in bounds.items():
        with override(language):
            found[language] = sentences(bound=bound, rules=rules)
    english = {one.rule: one.text for one in found[ENGLISH]}
    return [
        (
            "sentence",
            {
                "text": one.text,
                "text_en": english.get(one.rule, ""),
                "about": [str(code) for code in one.about],
                "rule": one.rule,
            },
        )
        for one in found[CHINESE]
    ]


def _named(kind: str, codes: Sequence[str]) -> Blocks:
    return [(kind, {"which": code}) for code in codes]


def titles(*, kind: str, bounds: Mapping[str, Bound]) -> tuple[str, str]:
    """Return the title of a bulletin in Chinese and in English."""
    found = []
    for language in (CHINESE, ENGLISH):
        with override(language):
            found.append(_title(kind) % {"period": bounds[language].report.period.name})
    return found[0], found[1]


def _title(kind: str) -> str:
    return {
        "month": _("Monthly table of tips on work safety, %(period)s"),
        "quarter": _("Quarterly analysis of tips on work safety, %(period)s"),
        "half": _("Half-yearly bulletin on tips on work safety, %(period)s"),
        "year": _("Yearly evaluation of tips on work safety, %(period)s"),
    }[kind]


def kept_by_hand(body: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return the blocks of a stream that no rule made: own paragraphs, and sentences whose rule was taken out."""
    return [
        (block.block_type, block.value)
        for block in body
        if block.block_type == "paragraph" or (block.block_type == "sentence" and not block.value.get("rule"))
    ]
