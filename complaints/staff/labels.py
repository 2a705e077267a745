"""Words for codes as officers see them: titles, chips, operations."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import COMPETENT_BODIES, Fact, Operation, TipKind, TipStatus
from complaints.models import Tip
from complaints.rules.titles import title_from
from complaints.rules.workflow import UNDECIDED

# Tone of a state: moving ones are round, waiting ones a diamond, trouble a square (see desk.css).
_STATUS_TONES = {
    TipStatus.REGISTERED: "info",
    TipStatus.SCREENING: "info",
    TipStatus.ACCEPTED: "go",
    TipStatus.VERIFYING: "go",
    TipStatus.VERIFIED: "wait",
    TipStatus.DISPOSED: "wait",
    TipStatus.REPLIED: "wait",
    TipStatus.REVIEW: "bad",
    TipStatus.DECLINED: "stop",
    TipStatus.TRANSFERRED_OUT: "stop",
    TipStatus.MERGED: "stop",
    TipStatus.CLOSED: "done",
    TipStatus.ARCHIVED: "done",
}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A word with a tone."""

    tone: str
    word: str


def status_chip(tip: Tip) -> Chip:
    """Return the chip of a tip's state."""
    return Chip(tone=_STATUS_TONES[TipStatus(tip.status)], word=tip.get_status_display())


def urgent_chips(tip: Tip) -> list[Chip]:
    """Return what an officer must see before anything else: people in danger, a death, a major hazard."""
    chips = [Chip(tone="bad", word=_("People in danger"))] if tip.in_danger else []
    if is_for_another_body(tip):
        chips.append(Chip(tone="bad", word=_("Another body's: to be passed on")))
    if tip.involves_death:
        chips.append(Chip(tone="bad", word=_("A death is involved")))
    if tip.kind == TipKind.MAJOR_HAZARD:
        chips.append(Chip(tone="bad", word=tip.get_kind_display()))
    return chips


def is_for_another_body(tip: Tip) -> bool:
    """Say whether a tip waits to be passed on to who answers for its industry; no query."""
    return tip.industry in COMPETENT_BODIES and TipStatus(tip.status) in UNDECIDED and not tip.involves_death


def waiting_chips(tip: Tip, *, facts: Collection[Fact]) -> list[Chip]:
    """Return what is true of a tip beside its state and keeps somebody waiting."""
    words = [
        (Fact.WHISTLED in facts, "wait", _("Whistle not answered")),
        (Fact.EXPECTED in facts, "go", _("District on its way")),
        (tip.is_supervised, "bad", _("Under supervision")),
        (tip.is_paused, "wait", _("Period paused")),
        (Fact.RESULT_PROPOSED in facts or Fact.UNFOUNDED_PROPOSED in facts, "wait", _("Result to be signed")),
        (Fact.MEASURE_PROPOSED in facts, "wait", _("Measure to be signed")),
        (Fact.EXTENSION_ASKED in facts, "wait", _("Extension to be decided")),
        (Fact.REFERRAL_PROPOSED in facts, "wait", _("Referral to be decided")),
        (Fact.REFERRAL_DECIDED in facts, "wait", _("To be handed to the police")),
        (Fact.WITH_POLICE in facts, "go", _("With the police")),
        (tip.withdrawn_date is not None, "stop", _("Withdrawn by the reporter")),
        (Fact.HELD in facts, "wait", _("Held back from destruction")),
    ]
    return [Chip(tone=tone, word=word) for holds, tone, word in words if holds]


def title_of(tip: Tip) -> str:
    """Return a title: the reporter's first sentence, else the codes, else that there are photos."""
    return (
        title_from(tip.description) or _codes(tip) or (_("Tip with photos") if tip.photo_count else _("Tip"))
    )


def _codes(tip: Tip) -> str:
    operations = operation_words(tip)
    kind = tip.get_violation_display() if tip.violation else tip.get_kind_display() if tip.kind else ""
    return (
        _("%(one)s: %(other)s") % {"one": kind, "other": operations}
        if kind and operations
        else kind or operations
    )


def operation_words(tip: Tip) -> str:
    """Return the dangerous operations of a tip in words."""
    known = dict(Operation.choices)
    return pgettext("list of operations", ", ").join(
        str(known[code]) for code in tip.operations if code in known
    )
