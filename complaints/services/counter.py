"""登记来电来访: a tip that came by telephone, letter or visit, entered by an officer who hands over the receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import Channel, Problem
from complaints.errors import ComplaintError, DraftInvalid, FieldProblem, NotAllowed, StorageFull, TooBusy
from complaints.policies import may_enter_tips
from complaints.rules.intake import TipDraft, read_draft
from complaints.selectors.inbox import is_within_reach
from complaints.selectors.offices import codes_of, division_choices

from . import audit
from .evidence import Upload
from .intake import Acknowledgement, Entry, submit_tip

COUNTER_CHANNELS = (
    Channel.HOTLINE_12350,
    Channel.HOTLINE_12345,
    Channel.VISIT,
    Channel.LETTER,
    Channel.TRANSFER,
    Channel.INSPECTION,
)
# The officer was asked about a name or number among the words, and lets them stand.
WORDS_STAND = "words_stand"
FORM_FIELDS = frozenset({"channel", "csrfmiddlewaretoken", WORDS_STAND})
ENTER = "enter"


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What the officer may show the caller; `is_visible` says whether the tip lies within the officer's own scope."""

    done: Acknowledgement
    draft: TipDraft
    is_visible: bool


def enter_tip(
    *,
    raw: Mapping[str, Sequence[str]],
    uploads: Sequence[Upload],
    actor: User,
    at: datetime,
    vault_fingerprint: str,
) -> Entered:
    """Store a tip for a caller and return its receipt; it goes to the unit routing names, whoever entered it.

    The log names the officer who entered it. What is refused leaves one row there, and nothing else.

    Args:
        raw: field name → values as typed: those of the public form, and `channel`.

    Raises:
        NotAllowed: the actor handles tips in no unit.
        DraftInvalid: as for a tip of the public form, or `channel` is none of COUNTER_CHANNELS.
        StorageFull, TooBusy, NotReady: nothing was stored.
    """
    try:
        return _entered(raw=raw, uploads=uploads, entry=Entry(actor=actor, at=at), pinned=vault_fingerprint)
    except (StorageFull, TooBusy):
        raise
    except ComplaintError as error:
        audit.record(action="tip.refused", at=at, actor=actor, data={"act": ENTER, "code": error.code})
        raise


def _entered(
    *, raw: Mapping[str, Sequence[str]], uploads: Sequence[Upload], entry: Entry, pinned: str
) -> Entered:
    if not may_enter_tips(entry.actor):
        raise NotAllowed
    today = timezone.localdate(entry.at)
    draft = _checked(raw, entry=entry, photo_count=len(uploads))
    done = submit_tip(draft=draft, uploads=uploads, today=today, vault_fingerprint=pinned, entry=entry)
    return Entered(done=done, draft=draft, is_visible=is_within_reach(user=entry.actor, number=done.number))


def _checked(raw: Mapping[str, Sequence[str]], *, entry: Entry, photo_count: int) -> TipDraft:
    """Return the draft; a wrong channel is named together with everything else that is wrong."""
    channel = _channel(raw)
    faults = [] if channel else [FieldProblem(field="channel", problem=Problem.MISSING)]
    try:
        draft = read_draft(
            raw,
            codes=codes_of(choices=division_choices()),
            today=timezone.localdate(entry.at),
            photo_count=photo_count,
            channel=channel or Channel.VISIT,
            extra_fields=FORM_FIELDS,
        )
    except DraftInvalid as error:
        raise DraftInvalid([*faults, *error.problems]) from None
    if faults:
        raise DraftInvalid(faults)
    return draft


def _channel(raw: Mapping[str, Sequence[str]]) -> Channel | None:
    typed = next(iter(raw.get("channel", ())), "")
    return next((channel for channel in COUNTER_CHANNELS if channel.value == typed), None)
