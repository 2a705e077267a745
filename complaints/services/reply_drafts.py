"""Keeping a reply while it is written: one draft for each author, gone in the transaction that answers the tip."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action
from complaints.models import ReplyDraft, Tip
from complaints.rules.workflow import REPLY_ITEMS

from . import steps
from .storage_faults import storage_faults_as_refusals


@storage_faults_as_refusals()
@transaction.atomic
def save_draft(*, tip_id: int, author: User, at: datetime, texts: Mapping[str, str]) -> ReplyDraft | None:
    """Keep what the author has written so far in place of what was kept before; None when nothing is written.

    A draft is no act: neither the history nor the log tells that one was saved.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for sending it; a reply that went out meanwhile needs no draft.
        DraftInvalid: an item is too long or cannot be shown.
    """
    tip = steps.begin(tip_id=tip_id, action=Action.REPLY, actor=author, at=at).tip
    words = steps.cleaned(texts, names=REPLY_ITEMS, required=())
    if not any(words.values()):
        ReplyDraft.objects.filter(tip=tip, author=author).delete()
        return None
    draft = ReplyDraft.objects.filter(tip=tip, author=author).first() or ReplyDraft(tip=tip, author=author)
    for name in REPLY_ITEMS:
        setattr(draft, name, words[name])
    draft.saved_at = steps.to_minute(at)
    draft.save()
    return draft


def drop_draft(*, tip: Tip, author: User) -> None:
    """Throw the author's own draft away; a second time changes nothing."""
    ReplyDraft.objects.filter(tip=tip, author=author).delete()


def forget_drafts(*, tip: Tip) -> None:
    """Erase everybody's drafts inside the caller's transaction: no reply to this tip will be sent from them."""
    ReplyDraft.objects.filter(tip=tip).delete()
