"""What every act on a tip has in common: lock, ask the table, check the right, append, run the clocks, announce."""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import NoReturn

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints import events, policies
from complaints.enums import Action, DeclineReason, Fact, Problem, Side, TipStatus
from complaints.errors import DraftInvalid, FieldProblem, Overtaken, TipNotFound
from complaints.models import HandlingStep, Office, Tip
from complaints.rules import workflow
from complaints.rules.blanks import blank_problems
from complaints.rules.moments import to_minute as to_minute  # noqa: PLC0414  other services call it from here
from complaints.rules.move import Move
from complaints.rules.texts import clean_text, text_problem
from complaints.rules.turns import first_turn
from complaints.selectors.history import history_for, history_of
from complaints.selectors.replies import template_blanks

from . import audit, clocks

LONGEST_NOTE = 3000
# Tip and newest step of the page from which the act of this moment was sent; None where no page was.
_PAGE: ContextVar[tuple[int, int] | None] = ContextVar("page an act was sent from", default=None)


@contextmanager
def sent_from(*, tip_id: int, newest_step: int | None) -> Iterator[None]:
    """Say what page the acts within were sent from, so that `begin` refuses what that page could not know.

    Args:
        tip_id: the tip the page shows; acts on others are not concerned.
        newest_step: key of the newest step the page shows, 0 for none; None where nobody knows: nothing is refused.
    """
    token = _PAGE.set(None if newest_step is None else (tip_id, newest_step))
    try:
        yield
    finally:
        _PAGE.reset(token)


@dataclass(frozen=True, kw_only=True)
class Taking:
    """An act that the table and the policy allow, on a locked tip; nothing is written yet."""

    tip: Tip
    move: Move
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
        IllegalMove: the table has no such move now (another officer may have been faster); Overtaken where it has one,
            but state or unit in charge changed after the page of `sent_from` was shown.
        NotAllowed: the actor lacks the role on that side; OwnProposal, OwnWork where only an own part in it stands in
            the way.
    """
    tip = locked_tip(tip_id=tip_id, actor=actor)
    history = history_of(tip=tip, today=timezone.localdate(at))
    move = workflow.find_move(status=TipStatus(tip.status), action=action, history=history)
    _check_page(tip=tip)
    policies.require(actor, move, tip)
    own = workflow.own_part(move=move, history=history, actor_id=actor.pk)
    if own is not None:
        raise own
    return Taking(tip=tip, move=move, history=history, actor=actor, at=at)


def _check_page(*, tip: Tip) -> None:
    """Refuse an act sent from a page that shows another state or unit in charge than the tip has by now."""
    page = _PAGE.get()
    if page is None or page[0] != tip.pk:
        return
    keys = list(tip.steps.order_by("pk").values_list("pk", "action", "target"))
    shown = [TipStatus(target) for key, _action, target in keys if key <= page[1]]
    since = [(key, Action(action), TipStatus(target)) for key, action, target in keys if key > page[1]]
    turned = first_turn(
        shown=shown[-1] if shown else TipStatus.REGISTERED, since=[(action, to) for _key, action, to in since]
    )
    if turned is not None:
        raise Overtaken(since[turned][0])


def begin_by_reporter(*, tip: Tip, action: Action, today: date, reporter: Tip) -> Taking:
    """Check an act on `tip`, which is locked, of who showed the receipt of `reporter`. Raises IllegalMove."""
    history = history_for(reporter=reporter, lead=tip, today=today)
    move = workflow.find_move(status=TipStatus(tip.status), action=action, history=history)
    assert move.side == Side.REPORTER
    return Taking(tip=tip, move=move, history=history, actor=None, at=day_start(today))


def begin_by_machine(*, tip: Tip, action: Action, at: datetime) -> Taking:
    """Check an act of the daily task; `tip` is locked. Raises IllegalMove."""
    history = history_of(tip=tip, today=timezone.localdate(at))
    move = workflow.find_move(status=TipStatus(tip.status), action=action, history=history)
    return Taking(tip=tip, move=move, history=history, actor=None, at=at)


def finish(
    taking: Taking,
    *,
    memo: str = "",
    reason: str = "",
    towards: Office | None = None,
    handler_id: int | None = None,
) -> HandlingStep:
    """Write the act: history, state, clocks, log, announcement after commit; `handler_id` is whom it put to work.

    What a reporter does stands in the history alone: between acts of staff a row of the log would tell its minute.
    """
    tip, move = taking.tip, taking.move
    # What one act of the page does first does not overtake what it does next.
    _PAGE.set(None)
    step = _append(taking, memo=memo, reason=reason, towards=towards, handler_id=handler_id)
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


def _append(
    taking: Taking, *, memo: str, reason: str, towards: Office | None, handler_id: int | None
) -> HandlingStep:
    """Add the act to the history. What it told the reporter is not kept here: only the receipt opens that."""
    step = HandlingStep(
        tip=taking.tip,
        action=taking.move.action,
        target=taking.move.target or taking.tip.status,
        reason=reason if taking.move.coded else "",
        actor=taking.actor,
        office_id=taking.tip.handling_unit_id,
        towards=towards,
        handler_id=handler_id,
        taken_date=taking.today,
        # Acts of reporters are kept to the day, those of staff and of the machine to the minute.
        taken_at=to_minute(taking.at) if taking.move.side != Side.REPORTER else None,
    )
    step.memo = memo
    step.save(force_insert=True)
    return step


def checked_words(*, move: Move, texts: Mapping[str, str], reason: str = "") -> dict[str, str]:
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


def refuse(field: str, problem: Problem) -> NoReturn:
    """Refuse an act because of one field; raises DraftInvalid."""
    raise DraftInvalid([FieldProblem(field=field, problem=problem)])


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


def day_start(day: date) -> datetime:
    """Return the start of a day, the finest moment kept for an act of a reporter."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def holds(taking: Taking, fact: Fact) -> bool:
    """Say whether a fact held before this act."""
    return fact in taking.history.facts
