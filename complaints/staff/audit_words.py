"""Rows of the audit log about a tip in words."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.enums import Action, UnsealAct, UnsealFault
from complaints.models import AuditRow

from .clockface import day_text
from .story import minute_text, name_of
from .timeline import Entry

REFUSALS = frozenset({"tip.refused", "unseal.refused"})


def audit_entries(*, rows: Iterable[AuditRow], today: date) -> list[Entry]:
    """Return audit rows in words; what no person did is kept to the day."""
    return [
        Entry(
            when=minute_text(row.taken_at, today=today)
            if row.actor
            else day_text(timezone.localdate(row.taken_at), today=today),
            title=_title(row.action),
            who=name_of(row.actor),
            note=_refused(row) if row.action in REFUSALS else "",
            tone="",
        )
        for row in rows
    ]


def _title(action: str) -> str:
    """Return the words of an act: its own where looking is the act, else those of the workflow."""
    own = {
        "tip.view": _("Opened the tip"),
        "tip.enter": _("Entered at the counter"),
        "tip.take": _("Took the tip on"),
        "tip.handler": _("Named the officer"),
        "tip.accept": _("Accepted the tip"),
        "tip.decline": _("Declined the tip"),
        "tip.reply": _("Answered the reporter"),
        "tip.close": _("Closed the case"),
        "tip.message": _("Wrote to the reporter"),
        "tip.file": _("Opened the case file"),
        "tip.letter": _("Opened the letter of transfer"),
        "tip.referral_bundle": _("Took out the papers of the referral"),
        "tip.note": _("Left colleagues a note"),
        "tip.hint_dismissed": _("Denied a duplicate"),
        "tip.takes_in": _("Took another tip in"),
        "tip.refused": _("An act was refused"),
        "photo.view": _("Opened a photo"),
        "unseal.refused": _("An act was refused"),
    }
    labels = {
        **{f"tip.{value}": str(label) for value, label in Action.choices},
        **{f"unseal.{value}": str(label) for value, label in UnsealAct.choices},
    }
    return own.get(action) or labels.get(action, action)


def _refused(row: AuditRow) -> str:
    labels = {
        **dict(Action.choices),
        **dict(UnsealAct.choices),
        "note": _("Note for colleagues"),
        "unseal": _("Ask for an opening"),
    }
    reasons = {
        "illegal_move": _("not possible in that state"),
        "not_allowed": _("lacks the role"),
        "invalid": _("something was missing or wrong"),
        "not_found": _("outside the scope"),
        "reauth": _("password not confirmed"),
        **dict(UnsealFault.choices),
    }
    act, code = str(row.data.get("act", "")), str(row.data.get("code", ""))
    return " · ".join(filter(None, [str(labels.get(act, act)), str(reasons.get(code, code))]))
