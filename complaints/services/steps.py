"""What every act on a tip has in common: lock, ask the table, check the right, append, run the clocks, announce."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints import events, policies
from complaints.enums import Action, DeclineReason, Fact, Problem, Side, TipStatus
from complaints.errors import DraftInvalid, FieldProblem, NotAllowed, TipNotFound
from complaints.models import HandlingStep, Office, Tip
from complaints.rules import workflow
from complaints.rules.blanks import blank_problems
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.history import history_of
from complaints.selectors.replies import template_blanks

from . import audit, clocks

LONGEST_NOTE = 3000


@dataclass(frozen=True, kw_only=True)
class Taking:
    """An act that the table and the policy allow, on a locked tip; nothing is written yet."""

    tip: Tip
    move: workflow.Move
    history: workflow.History
    actor: User | None
    at: datetime

    @property
    def today(self) -> date:
        """The day of the act in the bureau's time zone."""
        return timezone.localdate(self.at)


def locked_tip(*, tip_id: int, actor: User) -> Tip:
    """Return a tip within the actor's scope under a row lock; raises TipNotFound."""
    tip = (
        Tip.objects.select_for_update(of=("self",)).select_related("handling_unit").filter(pk=tip_id).first()
    )
    if tip is None or not policies.tips_visible_to(actor).filter(pk=tip_id).exists():
        raise TipNotFound
    return tip


def begin(*, tip_id: int, action: Action, actor: User, at: datetime) -> Taking:
    """Lock the tip and check table and right.

    Raises:
        TipNotFound: unknown, or outside the actor's scope.
        IllegalMove: the table has no such move now (another officer may have been faster).
        NotAllowed: the actor lacks the role on that side, or would judge an own proposal.
    """
    tip = locked_tip(tip_id=tip_id, actor=actor)
    history = history_of(tip=tip, today=timezone.localdate(at))
    move = workflow.find_move(status=TipStatus(tip.status), action=action, history=history)
    if workflow.is_own_proposal(move=move, history=history, actor_id=actor.pk):
        raise NotAllowed
    policies.require(actor, move, tip)
    return Taking(tip=tip, move=move, history=history, actor=actor, at=at)


def begin_by_reporter(*, tip: Tip, action: Action, today: date) -> Taking:
    """Check an act of the reporter, who showed the receipt; `tip` is locked. Raises IllegalMove."""
    history = history_of(tip=tip, today=today)
    move = workflow.find_move(status=TipStatus(tip.status), action=action, history=history)
    assert move.side == Side.REPORTER
    return Taking(tip=tip, move=move, history=history, actor=None, at=day_start(today))


def begin_by_machine(*, tip: Tip, action: Action, at: datetime) -> Taking:
    """Check an act of the daily task; `tip` is locked. Raises IllegalMove."""
    history = history_of(tip=tip, today=timezone.localdate(at))
    move = workflow.find_move(status=TipStatus(tip.status), action=action, history=history)
    return Taking(tip=tip, move=move, history=history, actor=None, at=at)


def finish(
    taking: Taking, *, memo: str = "", reason: str = "", towards: Office | None = None
) -> HandlingStep:
    """Write the act: history, state, clocks, log, announcement after commit.

    What a reporter does stands in the history alone: between acts of staff a row of the log would tell its minute.
    """
    tip, move = taking.tip, taking.move
    step = _append(taking, memo=memo, reason=reason, towards=towards)
    if move.target is not None:
        tip.set_status(move.target)
    if move.stops:
        clocks.stop(tip=tip, clocks=move.stops, today=taking.today)
    clocks.start(tip=tip, clock=move.starts, today=taking.today)
    if move.side != Side.REPORTER:
        _log(taking, step=step)
    transaction.on_commit(partial(events.step_recorded.send_robust, sender=HandlingStep, step_id=step.pk))
    return step


def _log(taking: Taking, *, step: HandlingStep) -> None:
    audit.record(
        action=f"tip.{taking.move.action.value}",
        at=taking.at,
        actor=taking.actor,
        subject=taking.tip.number,
        data={"step": step.pk},
    )


def _append(taking: Taking, *, memo: str, reason: str, towards: Office | None) -> HandlingStep:
    """Add the act to the history. What it told the reporter is not kept here: only the receipt opens that."""
    step = HandlingStep(
        tip=taking.tip,
        action=taking.move.action,
        target=taking.move.target or taking.tip.status,
        reason=reason if taking.move.coded else "",
        actor=taking.actor,
        office_id=taking.tip.handling_unit_id,
        towards=towards,
        taken_date=taking.today,
        # Acts of reporters are kept to the day, those of staff and of the machine to the minute.
        taken_at=to_minute(taking.at) if taking.move.side != Side.REPORTER else None,
    )
    step.memo = memo
    step.save(force_insert=True)
    return step


def checked_words(*, move: workflow.Move, texts: Mapping[str, str], reason: str = "") -> dict[str, str]:
    """Return the cleaned texts of a move, `note` (to the reporter) and `memo` (among officers) included.

    Raises:
        DraftInvalid: names each required text that is missing, each that cannot be shown, and a missing coded reason.
    """
    required = {*move.texts, *(("memo",) if move.memo else ())}
    words, problems = _read(texts, names=dict.fromkeys((*move.texts, "note", "memo")), required=required)
    # Words to the reporter may come from templates: an open blank does not go out.
    told = {name: text for name, text in words.items() if text and name != "memo"}
    problems += blank_problems(words=told, known=template_blanks()) if told else []
    if move.coded and reason not in DeclineReason.values:
        problems.append(FieldProblem(field="reason", problem=Problem.NEEDS_REASON))
    if problems:
        raise DraftInvalid(problems)
    return words


def cleaned(texts: Mapping[str, str], *, names: Iterable[str], required: Container[str]) -> dict[str, str]:
    """Return these texts cleaned; raises DraftInvalid naming each required one missing and each not showable."""
    words, problems = _read(texts, names=names, required=required)
    if problems:
        raise DraftInvalid(problems)
    return words


def _read(
    texts: Mapping[str, str], *, names: Iterable[str], required: Container[str]
) -> tuple[dict[str, str], list[FieldProblem]]:
    words = {name: clean_text(texts.get(name, "")) for name in names}
    problems = [
        FieldProblem(field=name, problem=problem)
        for name, text in words.items()
        if (problem := word_problem(text, required=name in required))
    ]
    return words, problems


def word_problem(text: str, *, required: bool) -> Problem | None:
    """Return what is wrong with cleaned words, None when nothing is."""
    if required and not text:
        return Problem.NEEDS_TEXT
    return text_problem(text, longest=LONGEST_NOTE)


def to_minute(moment: datetime) -> datetime:
    """Return the moment as acts of staff are kept: to the minute."""
    return moment.replace(second=0, microsecond=0)


def day_start(day: date) -> datetime:
    """Return the start of a day, the finest moment kept for an act of a reporter."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def holds(taking: Taking, fact: Fact) -> bool:
    """Say whether a fact held before this act."""
    return fact in taking.history.facts
