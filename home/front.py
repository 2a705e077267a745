"""What the home page shows of the bureau's work, part by part, in the order editors chose.

Each part asks what it needs and is left out while there is nothing to show, so that a new installation has no empty
frames; nothing here is typed twice: cases, figures and texts are those of their own pages.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from cases_public.models import CaseIndexPage
from cases_public.selectors.listing import front_cases
from complaints.disclosure import public_periods_closed, public_report, public_rewards
from home.figures import headlines
from home.listings import newest_first
from portal.shared.bilingual import in_language
from portal.shared.sections import sections

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from home.models import ContentPage, FiguresPage, HomePage, OutreachIndexPage

# What an editor who chose nothing gets, and the order of a new site.
USUAL = ("cases", "figures", "rewards", "outreach", "own", "who")
CASES, TEXTS, REWARDS = 4, 3, 3
# More numbers than these are for the page of notices.
MOST_WAITING = 6
# Fewer numbers than this are no picture of how it went.
FEWEST_FIGURES = 2


@dataclass(frozen=True, kw_only=True)
class Part:
    """One section of the page: its kind names the template, `facts` are what it shows, `white` is its ground."""

    kind: str
    heading: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    white: bool = False


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A part of the page: its own heading (empty: the usual one), how many things it lists, who placed it."""

    kind: str
    heading: str = ""
    number: int = 0
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where the parts find what they show: the pages beside them, and the texts below one of these."""

    figures: "QuerySet[FiguresPage]"
    outreach: "QuerySet[OutreachIndexPage]"
    texts: "Callable[[OutreachIndexPage], QuerySet[ContentPage]]"


@dataclass(frozen=True, kw_only=True)
class _Asked:
    page: "HomePage"
    sources: Sources
    body: StreamValue
    today: date


def wanted(stream: StreamValue) -> list[Wanted]:
    """Return the parts in the order of the stream; the usual ones while it is empty."""
    if not stream:
        return [Wanted(kind=kind) for kind in USUAL]
    return [_wanted(block) for block in stream]


def _wanted(block: "StreamValue.StreamChild") -> Wanted:
    value = block.value if isinstance(block.value, Mapping) else {}
    heading = in_language(chinese=value.get("heading") or "", english=value.get("heading_en") or "")
    return Wanted(kind=block.block_type, heading=heading, number=value.get("number") or 0, is_chosen=True)


def parts(
    *, page: "HomePage", sources: Sources, stream: StreamValue, body: StreamValue, today: date
) -> list[Part]:
    """Return what there is to show, in its order, on alternating grounds."""
    asked = _Asked(page=page, sources=sources, body=body, today=today)
    found = [part for one in wanted(stream) for part in _MAKERS[one.kind](asked, one)]
    return [replace(part, white=number % 2 == 0) for number, part in enumerate(found)]


def _cases(asked: _Asked, one: Wanted) -> Iterable[Part]:
    above = CaseIndexPage.objects.child_of(asked.page).live().first()
    cases = front_cases(today=asked.today, most=one.number or CASES)
    if above is not None and cases.hits:
        facts = {"first": cases.hits[0], "others": cases.hits[1:], "total": cases.total, "above": above}
        yield Part(kind="cases", heading=one.heading or _("Typical cases"), facts=facts)


def _figures(asked: _Asked, one: Wanted) -> Iterable[Part]:
    periods = public_periods_closed()
    # A month alone often has numbers too small to be told, so that the latest quarter goes first.
    quarters = [period for period in periods if "Q" in period.code]
    for period in [*quarters[:1], *periods[:1]]:
        report = public_report(code=period.code)
        told = [line for line in headlines(report) if line.is_told] if report is not None else []
        if len(told) >= FEWEST_FIGURES:
            heading = one.heading or _("How it went: %(period)s") % {"period": period.name}
            facts = {"headlines": told, "above": asked.sources.figures.first()}
            yield Part(kind="figures", heading=heading, facts=facts)
            return


def _rewards(asked: _Asked, one: Wanted) -> Iterable[Part]:
    found = public_rewards(today=asked.today, most=one.number or REWARDS)
    # An editor who asked for it gets the place where notices will stand; nobody else an empty frame.
    if found.count or found.waiting or one.is_chosen:
        facts = {
            "rewards": found,
            "yuan": int(found.amount),  # a large number stands without fen
            "waiting": found.waiting[:MOST_WAITING],
            "more_waiting": len(found.waiting[MOST_WAITING:]),
        }
        yield Part(kind="rewards", heading=one.heading or _("Rewards for those who spoke up"), facts=facts)


def _outreach(asked: _Asked, one: Wanted) -> Iterable[Part]:
    above = asked.sources.outreach.first()
    texts = newest_first(asked.sources.texts(above))[: one.number or TEXTS] if above is not None else []
    if above is not None and texts:
        heading = one.heading or above.shown_title
        yield Part(kind="outreach", heading=heading, facts={"texts": texts, "above": above})


def _own(asked: _Asked, _one: Wanted) -> Iterable[Part]:
    for section in sections(asked.body):
        yield Part(kind="section", heading=section.heading, facts={"section": section})


def _who(asked: _Asked, one: Wanted) -> Iterable[Part]:
    if asked.page.who_rows:
        facts = {"text": asked.page.shown_who_text, "rows": asked.page.who_rows}
        yield Part(kind="who", heading=one.heading or _("Whom to ask"), facts=facts)


_MAKERS: Mapping[str, Callable[[_Asked, Wanted], Iterable[Part]]] = {
    "cases": _cases,
    "figures": _figures,
    "rewards": _rewards,
    "outreach": _outreach,
    "own": _own,
    "who": _who,
}
