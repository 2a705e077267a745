"""Moving a tip by words alone: accept, decline, verify, answer, close, archive; and who works on it."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import Action, DeclineReason, TipStatus
from complaints.errors import IllegalMove, NotAllowed
from complaints.models import HandlingStep, Tip
from complaints.rules import workflow
from complaints.rules.routing import COUNTY_LEVELS

from . import audit, messages, reply_drafts, steps
from .refusals import refusals_are_logged
from .steps import LONGEST_NOTE, checked_words
from .storage_faults import storage_faults_as_refusals

__all__ = ["LONGEST_NOTE", "PLAIN_ACTS", "checked_words", "record_step", "reply_text", "take_tip"]

# Acts that need words alone; every other act has a service of its own with the thing it makes.
PLAIN_ACTS = frozenset(
    {Action.SCREEN, Action.ACCEPT, Action.DECLINE, Action.VERIFY, Action.REPLY, Action.CLOSE, Action.ARCHIVE}
)
_ANSWERS = frozenset({Action.DECLINE, Action.REPLY})
# A withdrawn tip ends without an answer: what officers wrote is forgotten all the same.
_FORGETTING = _ANSWERS | {Action.CLOSE}


@refusals_are_logged()
@storage_faults_as_refusals()
@transaction.atomic
def record_step(
    *,
    tip_id: int,
    action: Action,
    actor: User,
    at: datetime,
    texts: Mapping[str, str] | None = None,
    reason: str = "",
) -> HandlingStep:
    """Move a tip one step by words alone and append it to its history.

    Raises:
        TipNotFound: unknown, or outside the actor's scope.
        IllegalMove: the table has no such move from the present state (another officer may have been faster), or
            the act is none of `PLAIN_ACTS`.
        NotAllowed: the actor lacks the role.
        DraftInvalid: a required text or the coded reason is missing or not acceptable.

    Legal basis: 19号 (60 days from acceptance), 106号 (coded reasons, four items of a reply).
    """
    taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    if action not in PLAIN_ACTS:
        raise IllegalMove(f"{action} has a service of its own")
    words = checked_words(move=taking.move, texts=texts or {}, reason=reason)
    step = steps.finish(taking, memo=words["memo"], reason=reason)
    _note_day(taking)
    _give_handler(tip=taking.tip, actor=actor)
    _tell(taking, words=words, reason=reason)
    return step


def _note_day(taking: steps.Taking) -> None:
    """Keep the day of acceptance and of the answer: rewards and objections count from them."""
    tip, today = taking.tip, taking.today
    if taking.move.action == Action.ACCEPT:
        tip.accepted_date = today
        tip.save(update_fields=["accepted_date"])
        tip.merged_tips.filter(accepted_date=None).update(accepted_date=today)
    elif taking.move.action in _ANSWERS:
        tip.answered_date = today
        tip.save(update_fields=["answered_date"])


def _give_handler(*, tip: Tip, actor: User) -> None:
    if tip.handler_id is None:
        tip.handler = actor
        tip.save(update_fields=["handler"])


def reply_text(*, words: Mapping[str, str]) -> str:
    """Return the four items of a reply as one text under their headings (106号), in Chinese."""
    with override("zh-hans"):
        headings = {
            "conclusion": _("Conclusion of the verification"),
            "findings": _("What was found"),
            "decision": _("What was decided"),
            "reward": _("Whether a reward is due"),
        }
        return "\n\n".join(f"{headings[name]}\n{words[name]}" for name in workflow.REPLY_ITEMS)


def _tell(taking: steps.Taking, *, words: Mapping[str, str], reason: str) -> None:
    """Seal to the reporter what a move says: a reply, or why a tip is not taken. Then forget the working copies."""
    tip, action = taking.tip, taking.move.action
    text = _words_to_reporter(action=action, words=words, reason=reason)
    if text and taking.actor is not None:
        messages.seal_to_reporter(
            tip=tip, text=text, author=taking.actor, at=taking.at, is_reply=action in _ANSWERS
        )
    if action in _FORGETTING:
        messages.forget_working_copies(tip=tip)
        reply_drafts.forget_drafts(tip=tip)


def _words_to_reporter(*, action: Action, words: Mapping[str, str], reason: str) -> str:
    if action == Action.REPLY:
        return reply_text(words=words)
    if action == Action.DECLINE:
        with override("zh-hans"):
            return f"{DeclineReason(reason).label}\n\n{words['note']}"
    return words.get("note", "")


@refusals_are_logged(Action.ASSIGN)
@storage_faults_as_refusals()
@transaction.atomic
def take_tip(*, tip_id: int, actor: User, at: datetime) -> Tip:
    """Make the actor the handler of a tip nobody handles yet; a registered one is screened from then on.

    Raises:
        TipNotFound, NotAllowed: outside the scope, no handler of the unit, or a death in a unit below county level.
        IllegalMove: nobody works on it any more.

    Legal basis: 安全生产法 73 (a death is no matter for ordinary assignment in a town or zone).
    """
    tip = steps.begin(tip_id=tip_id, action=Action.ASSIGN, actor=actor, at=at).tip
    if tip.involves_death and tip.handling_unit.level not in COUNTY_LEVELS:
        raise NotAllowed
    if tip.handler_id is None:
        _give_handler(tip=tip, actor=actor)
        audit.record(action="tip.take", at=at, actor=actor, subject=tip.number)
        if tip.status == TipStatus.REGISTERED:
            steps.finish(steps.begin(tip_id=tip_id, action=Action.SCREEN, actor=actor, at=at))
            tip.refresh_from_db()
    return tip
