"""What the home page shows of the bureau's work, part by part, in the order editors chose.

Each part asks what it needs and is left out while there is nothing to show, so that a new installation has no empty
frames; nothing here is typed twice: cases, figures and texts are those of their own pages.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from cases_public.models import CaseIndexPage
from cases_public.selectors.listing import front_cases
from complaints.disclosure import public_periods_closed, public_report
from home.figures import headlines
from home.listings import newest_first
from portal.shared.bilingual import in_language
from portal.shared.sections import sections

if TYPE_CHECKING:
    from home.models import HomePage

# What an editor who chose nothing gets, and the order of a new site.
USUAL = ("cases", "figures", "outreach", "own", "who")
CASES, TEXTS = 4, 3


@dataclass(frozen=True, kw_only=True)
class Part:
    """One section of the page: its kind names the template, `facts` are what it shows, `white` is its ground."""

    kind: str
    heading: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    white: bool = False


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A part an editor placed: its own heading (empty: the usual one) and how many things it lists."""

    kind: str
    heading: str = ""
    number: int = 0


def wanted(stream: StreamValue) -> list[Wanted]:
    """Return the parts in the order of the stream; the usual ones while it is empty."""
    if not stream:
        return [Wanted(kind=kind) for kind in USUAL]
    return [_wanted(block) for block in stream]


def _wanted(block: "StreamValue.StreamChild") -> Wanted:
    value = block.value if isinstance(block.value, Mapping) else {}
    heading = in_language(chinese=value.get("heading") or "", english=value.get("heading_en") or "")
    return Wanted(kind=block.block_type, heading=heading, number=value.get("number") or 0)


def parts(*, page: "HomePage", stream: StreamValue, body: StreamValue, today: date) -> list[Part]:
    """Return what there is to show, in its order, on alternating grounds."""
    found: list[Part] = []
    for one in wanted(stream):
        for part in _MAKERS[one.kind](page, one, body, today):
            found.append(
                Part(kind=part.kind, heading=part.heading, facts=part.facts, white=len(found) % 2 == 0)
            )
    return found


def _cases(page: "HomePage", one: Wanted, _body: StreamValue, today: date) -> Iterable[Part]:
    above = CaseIndexPage.objects.child_of(page).live().first()
    cases = front_cases(today=today, most=one.number or CASES)
    if above is not None and cases.hits:
        facts = {"first": cases.hits[0], "others": cases.hits[1:], "total": cases.total, "above": above}
        yield Part(kind="cases", heading=one.heading or _("Typical cases"), facts=facts)


def _figures(page: "HomePage", one: Wanted, _body: StreamValue, _today: date) -> Iterable[Part]:
    from home.models import FiguresPage

    periods = public_periods_closed()
    report = public_report(code=periods[0].code) if periods else None
    if report is not None:
        heading = one.heading or _("How it went: %(period)s") % {"period": report.period.name}
        above = FiguresPage.objects.child_of(page).live().first()
        yield Part(kind="figures", heading=heading, facts={"headlines": headlines(report), "above": above})


def _outreach(page: "HomePage", one: Wanted, _body: StreamValue, _today: date) -> Iterable[Part]:
    from home.models import ContentPage, OutreachIndexPage

    above = OutreachIndexPage.objects.child_of(page).live().first()
    if above is None:
        return
    texts = newest_first(ContentPage.objects.child_of(above).live().public())[: one.number or TEXTS]
    if texts:
        yield Part(
            kind="outreach", heading=one.heading or _("Know the law"), facts={"texts": texts, "above": above}
        )


def _own(_page: "HomePage", _one: Wanted, body: StreamValue, _today: date) -> Iterable[Part]:
    for section in sections(body):
        yield Part(kind="section", heading=section.heading, facts={"section": section})


def _who(page: "HomePage", one: Wanted, _body: StreamValue, _today: date) -> Iterable[Part]:
    if page.who_rows:
        facts = {"text": page.shown_who_text, "rows": page.who_rows}
        yield Part(kind="who", heading=one.heading or _("Whom to ask"), facts=facts)


_MAKERS: Mapping[str, Callable[["HomePage", Wanted, StreamValue, date], Iterable[Part]]] = {
    "cases": _cases,
    "figures": _figures,
    "outreach": _outreach,
    "own": _own,
    "who": _who,
}
