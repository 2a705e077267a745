"""Hand-over notes: words officers leave each other on a tip, never shown to a reporter."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints import policies
from complaints.errors import NotAllowed
from complaints.models import HandoverNote

from . import audit, steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals


def leave_note(*, tip_id: int, author: User, at: datetime, text: str) -> HandoverNote:
    """Leave colleagues a note on a tip, in whatever state it is.

    Raises:
        TipNotFound, NotAllowed: outside the scope, or no handler on any side of the tip.
        DraftInvalid: empty, too long or unshowable text.
    """
    return _leave(tip_id=tip_id, actor=author, at=at, text=text)


@refusals_are_logged("note")
@storage_faults_as_refusals()
@transaction.atomic
def _leave(*, tip_id: int, actor: User, at: datetime, text: str) -> HandoverNote:
    tip = steps.locked_tip(tip_id=tip_id, actor=actor)
    if not policies.may_note(actor, tip):
        raise NotAllowed
    words = steps.cleaned({"text": text}, names=("text",), required={"text"})
    row = HandoverNote(tip=tip, author=actor, written_at=steps.to_minute(at))
    row.text = words["text"]
    row.save(force_insert=True)
    audit.record(action="tip.note", at=at, actor=actor, subject=tip.number, data={"note": row.pk})
    return row
