"""A tip leaves its company: one row changes hands, what is sealed stays sealed, and the legal periods begin."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import HazardGrade, HazardHead, InsideAct, InsideState, TipKind
from complaints.models import InternalTip, Tip
from complaints.rules.deaths import mentions_death
from complaints.rules.internal_draft import InsideDraft, words_for_bureau
from complaints.rules.routing import Matter

from . import audit, intake, routing
from .inside_steps import add_step, move
from .steps import day_start

DESCRIPTION_MAX = 8000


def leave(row: InternalTip, *, act: InsideAct, today: date) -> None:
    """Make the tip the bureau's in the caller's transaction: what is sealed stays sealed, the legal periods begin."""
    tip = row.tip
    if row.grade == HazardGrade.MAJOR:
        tip.kind = TipKind.MAJOR_HAZARD
    tip.description = "\n\n".join(filter(None, (tip.description, _inside_words(row))))[:DESCRIPTION_MAX]
    decision = routing.decide(matter=_matter(tip))
    tip.is_internal, tip.received_date = False, today
    tip.handling_unit, tip.involves_death = decision.office, decision.involves_death
    periods = intake.first_periods(tip=tip)
    tip.save()
    row.turned_date = today
    move(row, target=InsideState.TURNED, today=today)
    add_step(row, act=act, actor=None, at=day_start(today))
    if act != InsideAct.TURN:
        # The calendar's act alone: between acts of staff the reporter's would tell the minute (docs/adr/0022).
        audit.record(action=f"inside.{act.value}", at=day_start(today), subject=tip.number)
    intake.begin_outside(tip=tip, decision=decision, entry=None, periods=periods)


def _matter(tip: Tip) -> Matter:
    return Matter(
        industry=tip.industry,
        kind=tip.kind,
        district=tip.district_id or "",
        town=tip.town_id or "",
        in_danger=tip.in_danger,
        involves_death=mentions_death(text=tip.description),
        words=f"{tip.description}\n{tip.entity_name}",
    )


def _inside_words(row: InternalTip) -> str:
    """Return workshop, post and suggestion in Chinese, whatever the language of the page: officers read it."""
    draft = InsideDraft(
        enterprise_id=row.enterprise_id,
        head=row.head,
        workshop=row.workshop,
        post=row.post,
        suggestion=row.suggestion,
    )
    return words_for_bureau(draft, labels=inside_labels())


def inside_labels() -> dict[str, str]:
    """Return the Chinese words for the inside of a tip, as officers read them."""
    with override("zh-hans"):
        heads = {one.value: str(one.label) for one in HazardHead}
        return {**heads, "workshop": _("Workshop"), "post": _("Post"), "suggestion": _("Suggestion")}
