"""Moving a tip by words alone: accept, decline, verify, answer, close, archive; and who works on it."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints import policies
from complaints.enums import Action, DeclineReason, TipStatus
from complaints.errors import IllegalMove, NotAllowed, TakenByAnother
from complaints.models import HandlingStep, Tip
from complaints.rules import workflow
from complaints.rules.routing import COUNTY_LEVELS

from . import audit, messages, reply_drafts, steps, whistles
from .refusals import refusals_are_logged
from .steps import LONGEST_NOTE, checked_words
from .storage_faults import storage_faults_as_refusals

__all__ = [
    "LONGEST_NOTE",
    "PLAIN_ACTS",
    "check_reply",
    "check_reply_open",
    "checked_words",
    "record_step",
    "reply_headings",
    "reply_text",
    "take_tip",
]

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
    taker = _handler_to_be(tip=taking.tip, actor=actor)
    if action == Action.DECLINE:
        _end_whistle(taking, reason=reason)
    step = steps.finish(taking, memo=words["memo"], reason=reason, handler_id=taker)
    _note_day(taking)
    _give_handler(tip=taking.tip, handler_id=taker)
    _tell(taking, words=words, reason=reason)
    return step


def _end_whistle(taking: steps.Taking, *, reason: str) -> None:
    with override("zh-hans"):
        memo = _("Declined: %(reason)s") % {"reason": DeclineReason(reason).label}
    whistles.end_with_tip(taking, memo=memo)


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


def _handler_to_be(*, tip: Tip, actor: User) -> int | None:
    """Return who begins to work on a tip nobody handles by acting on it.

    Acts of units above give it to nobody, and neither does a death in a town or zone. Legal basis: 安全生产法 73.
    """
    is_too_low = tip.involves_death and tip.handling_unit.level not in COUNTY_LEVELS
    is_open = tip.handler_id is None and not is_too_low
    return actor.pk if is_open and policies.works_in(actor, tip) else None


def _give_handler(*, tip: Tip, handler_id: int | None) -> None:
    if handler_id is not None:
        tip.handler_id = handler_id
        tip.save(update_fields=["handler"])


@refusals_are_logged(Action.REPLY)
@transaction.atomic
def check_reply(*, tip_id: int, actor: User, at: datetime, texts: Mapping[str, str]) -> None:
    """Ask right, rule and words of a reply without sending it; raises as `record_step` does."""
    taking = steps.begin(tip_id=tip_id, action=Action.REPLY, actor=actor, at=at)
    checked_words(move=taking.move, texts=texts)


@refusals_are_logged("reply_copy")
@transaction.atomic
def check_reply_open(*, tip_id: int, actor: User, at: datetime) -> None:
    """Ask whether the actor may answer the tip now, before a copy of the answer is printed.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
    """
    steps.begin(tip_id=tip_id, action=Action.REPLY, actor=actor, at=at)


def reply_headings() -> dict[str, str]:
    """Return the headings of the four items of a reply (106号) by their names, in the language in use."""
    return {
        "conclusion": _("Conclusion of the verification"),
        "findings": _("What was found"),
        "decision": _("What was decided"),
        "reward": _("Whether a reward is due"),
    }


def reply_text(*, words: Mapping[str, str]) -> str:
    """Return the four items of a reply as one text under their headings (106号), in Chinese."""
    with override("zh-hans"):
        headings = reply_headings()
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

    Who handles it already takes it a second time: nothing changes.

    Raises:
        TipNotFound, NotAllowed: outside the scope, no handler of the very unit in charge, or a death in a unit below
            county level.
        IllegalMove: nobody works on it any more; TakenByAnother when somebody else was faster.

    Legal basis: 安全生产法 73 (a death is no matter for ordinary assignment in a town or zone).
    """
    taking = steps.begin(tip_id=tip_id, action=Action.ASSIGN, actor=actor, at=at)
    tip = taking.tip
    if not policies.works_in(actor, tip) or (
        tip.involves_death and tip.handling_unit.level not in COUNTY_LEVELS
    ):
        raise NotAllowed
    if tip.handler is not None and tip.handler_id != actor.pk:
        raise TakenByAnother(tip.handler.get_full_name() or tip.handler.get_username())
    if tip.handler_id is None:
        steps.finish(taking, handler_id=actor.pk)
        _give_handler(tip=tip, handler_id=actor.pk)
        audit.record(action="tip.take", at=at, actor=actor, subject=tip.number)
        if tip.status == TipStatus.REGISTERED:
            steps.finish(steps.begin(tip_id=tip_id, action=Action.SCREEN, actor=actor, at=at))
            tip.refresh_from_db()
    return tip
