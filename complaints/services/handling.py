"""Moving a tip through the workflow: locked, checked, recorded, told to the reporter, announced after commit."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints import events, policies
from complaints.enums import Action, Clock, DeclineReason, Problem, TipStatus
from complaints.errors import DraftInvalid, FieldProblem, TipNotFound
from complaints.models import HandlingStep, Tip
from complaints.rules import workflow
from complaints.rules.blanks import blank_problems
from complaints.rules.deadlines import add_calendar_days
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.replies import template_blanks

from . import audit, messages
from .storage_faults import storage_faults_as_refusals

LONGEST_NOTE = 3000


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
    """Move a tip one step and append it to its history.

    Raises:
        TipNotFound: unknown, or outside the actor's scope.
        IllegalMove: the table has no such move from the present state (another officer may have been faster).
        NotAllowed: the actor lacks the role.
        DraftInvalid: a required text or the coded reason is missing or not acceptable.

    Legal basis: 19号 (60 days from acceptance), 106号 (coded reasons, four items of a reply).
    """
    tip = _locked(tip_id=tip_id, actor=actor)
    move = workflow.find_move(status=TipStatus(tip.status), action=action)
    policies.require(actor, move.roles, tip)
    words = checked_words(move=move, texts=texts or {}, reason=reason)
    step = _append(tip=tip, move=move, actor=actor, at=at, reason=reason)
    _advance(tip=tip, move=move, actor=actor, today=timezone.localdate(at))
    _tell(tip=tip, move=move, words=words, reason=reason, actor=actor, at=at)
    audit.record(action=f"tip.{action.value}", at=at, actor=actor, subject=tip.number, data={"step": step.pk})
    transaction.on_commit(partial(events.step_recorded.send_robust, sender=HandlingStep, step_id=step.pk))
    return step


def _locked(*, tip_id: int, actor: User) -> Tip:
    tip = Tip.objects.select_for_update().filter(pk=tip_id).first()
    if tip is None or not policies.tips_visible_to(actor).filter(pk=tip_id).exists():
        raise TipNotFound
    return tip


def checked_words(*, move: workflow.Move, texts: Mapping[str, str], reason: str = "") -> dict[str, str]:
    """Return the cleaned texts of a move; raises DraftInvalid naming each one missing."""
    wanted = move.texts or ("note",)
    words = {name: clean_text(texts.get(name, "")) for name in wanted}
    problems = [
        FieldProblem(field=name, problem=problem)
        for name, text in words.items()
        if (problem := _problem(text, required=bool(move.texts)))
    ]
    problems += blank_problems(words=words, known=template_blanks()) if move.texts else []
    if move.reason and reason not in DeclineReason.values:
        problems.append(FieldProblem(field="reason", problem=Problem.NEEDS_REASON))
    if problems:
        raise DraftInvalid(problems)
    return words


def _problem(text: str, *, required: bool) -> Problem | None:
    if required and not text:
        return Problem.NEEDS_TEXT
    return text_problem(text, longest=LONGEST_NOTE)


def _append(*, tip: Tip, move: workflow.Move, actor: User, at: datetime, reason: str) -> HandlingStep:
    """Add the act to the history. What it told the reporter is not kept here: only the receipt opens that."""
    return HandlingStep.objects.create(
        tip=tip,
        action=move.action,
        target=move.target,
        reason=reason if move.reason else "",
        actor=actor,
        office_id=tip.handling_unit_id,
        taken_date=timezone.localdate(at),
        taken_at=at.replace(second=0, microsecond=0),
    )


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


def _advance(*, tip: Tip, move: workflow.Move, actor: User, today: date) -> None:
    tip.set_status(move.target)
    due = _due(clock=move.clock, start=today)
    tip.set_clock(clock=move.clock, started=today if due else None, due=due)
    if tip.handler_id is None:
        tip.handler = actor
        tip.save(update_fields=["handler"])


def _due(*, clock: Clock, start: date) -> date | None:
    """Return the last day of the period a move starts (19号); a move that starts none has none."""
    if clock != Clock.CLOSE:
        return None
    return add_calendar_days(start=start, days=policy_on(day=start).close_days, overlay=day_overlay())


def _tell(
    *, tip: Tip, move: workflow.Move, words: Mapping[str, str], reason: str, actor: User, at: datetime
) -> None:
    """Seal to the reporter what a move says: a reply, or why a tip is not taken. Then forget the working copies."""
    if move.action == Action.REPLY:
        messages.seal_to_reporter(tip=tip, text=reply_text(words=words), author=actor, at=at, is_reply=True)
        messages.forget_working_copies(tip=tip)
    elif move.action == Action.DECLINE:
        with override("zh-hans"):
            text = f"{DeclineReason(reason).label}\n\n{words['note']}"
        messages.seal_to_reporter(tip=tip, text=text, author=actor, at=at, is_reply=True)
        messages.forget_working_copies(tip=tip)
    elif words.get("note"):
        messages.seal_to_reporter(tip=tip, text=words["note"], author=actor, at=at)


@storage_faults_as_refusals()
@transaction.atomic
def take_tip(*, tip_id: int, actor: User, at: datetime) -> Tip:
    """Make the actor the handler of a tip nobody handles yet; raises TipNotFound or NotAllowed."""
    tip = _locked(tip_id=tip_id, actor=actor)
    policies.require(actor, policies.HANDLING_ROLES, tip)
    if tip.handler_id is None:
        tip.handler = actor
        tip.save(update_fields=["handler"])
        audit.record(action="tip.take", at=at, actor=actor, subject=tip.number)
    return tip
