"""Words for codes as officers see them: titles, chips, operations, the way a reporter chose to stay."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import IdentityMode, Operation, TipKind, TipStatus
from complaints.models import Tip
from complaints.rules.titles import title_from

# Tone of a state: moving ones are round, waiting ones a diamond, trouble a square (see desk.css).
_STATUS_TONES = {
    TipStatus.REGISTERED: "info",
    TipStatus.ACCEPTED: "go",
    TipStatus.DECLINED: "stop",
    TipStatus.REPLIED: "wait",
    TipStatus.CLOSED: "done",
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
    """Return what an officer must see before anything else: people in danger, a major hazard."""
    chips = [Chip(tone="bad", word=_("People in danger"))] if tip.in_danger else []
    if tip.kind == TipKind.MAJOR_HAZARD:
        chips.append(Chip(tone="bad", word=tip.get_kind_display()))
    return chips


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


def identity_words(tip: Tip) -> tuple[str, str]:
    """Return the way the reporter chose to stay and what that means; never more than the mode."""
    texts = {
        IdentityMode.ANONYMOUS: (
            _("Anonymous"),
            _("Nobody knows who reported this, and there is nothing to open."),
        ),
        IdentityMode.ANONYMOUS_WITH_CODE: (
            _("Anonymous, may collect a reward"),
            _("No name was given. With the receipt the reporter may claim a reward later."),
        ),
        IdentityMode.REAL_NAME: (
            _("Real name, sealed"),
            _("This system cannot open it. What a message can clear up needs no name."),
        ),
    }
    return texts[IdentityMode(tip.identity_mode)]
