"""What the holder of a receipt sees and may do: progress, the officers' words, one more message."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language

from complaints.enums import Action, Clock, Direction, Problem, TipStatus
from complaints.errors import IllegalMove
from complaints.models import Message, Period, Rating, SealedMessage, Tip
from complaints.rules import workflow
from complaints.selectors.deadlines import day_overlay, open_years, policy_on
from complaints.selectors.history import history_of, objection_until
from complaints.selectors.merging import lead_of, waits_for_answer
from complaints.selectors.objections import has_objected
from complaints.selectors.routing import Body, body_to_pass_on_to, competent_body

from . import clocks, evidence, messages, receipts, reply_drafts, steps
from .milestones import Course, Milestone, milestones
from .refusals import reporter_refusals_are_logged
from .reward_notices import RewardNotice, notices_of
from .storage_faults import storage_faults_as_refusals

__all__ = ["Line", "Milestone", "Progress", "progress_for_receipt", "rate", "send_message", "withdraw"]
SCORES = range(1, 6)
# Who withdrew hears nothing of the answer that others may get.
_HIDDEN = frozenset({TipStatus.REPLIED, TipStatus.REVIEW})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the conversation, as the reporter sees it: no names of officers, days only.

    `is_company` marks words of a company's safety managers, from the time when the tip was inside.
    """

    is_mine: bool
    day: date
    text: str
    photo_count: int
    is_company: bool = False


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Everything the status page shows.

    `objection_until` is the last day for an objection, None when there is nothing to object to; `paused_since` the day
    from which the period stands still; `transferred_to` the body that has the tip now, `passed_on_to` the one it waits
    to be passed on to, until `passed_on_by`; each with its telephone. `reasons` names the acts that moved the days and
    whose reason is among the words this reporter can read. `open_years` are those whose days off are not announced and
    may still move one of the days ahead.
    """

    number: str
    status: TipStatus
    office_name: str
    received_date: date
    milestones: tuple[Milestone, ...]
    lines: tuple[Line, ...]
    replies: tuple[Line, ...] = field(default=())
    can_write: bool = True
    open_years: tuple[int, ...] = ()
    is_merged: bool = False
    is_withdrawn: bool = False
    is_extended: bool = False
    reasons: frozenset[Action] = frozenset()
    paused_since: date | None = None
    transferred_to: str = ""
    transferred_phone: str = ""
    passed_on_to: str = ""
    passed_on_phone: str = ""
    passed_on_by: date | None = None
    objection_until: date | None = None
    can_withdraw: bool = False
    can_rate: bool = False
    receipt_count: int = 1
    rewards: tuple[RewardNotice, ...] = ()


def progress_for_receipt(*, typed: str) -> Progress:
    """Return the progress of the tip this receipt opens; raises ReceiptUnknown or TooBusy."""
    return progress_of(access=receipts.open_receipt(typed=typed))


@reporter_refusals_are_logged("message")
def send_message(
    *,
    typed: str,
    text: str,
    uploads: Sequence[evidence.Upload],
    today: date,
    vault_fingerprint: str,
    client_key: str = "",
) -> Progress:
    """Store the reporter's words and photos and return the new progress.

    Raises:
        ReceiptUnknown, TooBusy: as for reading.
        DraftInvalid, IllegalMove: the words or photos are refused, or the tip is closed.
    """
    access = receipts.open_receipt(typed=typed)
    messages.write_to_officers(
        access=access,
        text=text,
        uploads=uploads,
        today=today,
        vault_fingerprint=vault_fingerprint,
        client_key=client_key,
    )
    return progress_of(access=access)


@reporter_refusals_are_logged(Action.WITHDRAW)
def withdraw(*, typed: str, today: date) -> Progress:
    """Withdraw a tip: no answer follows, the danger is looked into all the same. A second time changes nothing.

    Raises:
        ReceiptUnknown, TooBusy: as for reading.
        IllegalMove: the tip was answered or closed before.
    """
    access = receipts.open_receipt(typed=typed)
    _withdraw(tip_id=access.tip.pk, today=today)
    return progress_of(access=receipts.refreshed(access=access))


@storage_faults_as_refusals()
@transaction.atomic
def _withdraw(*, tip_id: int, today: date) -> None:
    tip, lead = messages.locked_with_lead(tip_id=tip_id)
    if tip.withdrawn_date is not None:
        return
    taking = _own_act(tip=tip, lead=lead, action=Action.WITHDRAW, today=today)
    # The period for the answer ends only when nobody waits for one any more.
    steps.finish(replace(taking, move=replace(taking.move, stops=frozenset())))
    tip.withdrawn_date = today
    tip.save(update_fields=["withdrawn_date"])
    if not waits_for_answer(tip=lead):
        clocks.stop(tip=lead, clocks=taking.move.stops, today=today)
        reply_drafts.forget_drafts(tip=lead)


@reporter_refusals_are_logged(Action.RATE)
def rate(*, typed: str, score: int, today: date) -> Progress:
    """Keep how satisfied the reporter is with the answer, 1 to 5, once. The same score again changes nothing.

    Raises:
        ReceiptUnknown, TooBusy: as for reading.
        DraftInvalid: no score from 1 to 5.
        IllegalMove: not answered yet, withdrawn, or rated otherwise before.
    """
    access = receipts.open_receipt(typed=typed)
    if score not in SCORES:
        steps.refuse("score", Problem.UNKNOWN_CODE)
    _rate(tip_id=access.tip.pk, score=score, today=today)
    return progress_of(access=receipts.refreshed(access=access))


@storage_faults_as_refusals()
@transaction.atomic
def _rate(*, tip_id: int, score: int, today: date) -> None:
    tip, lead = messages.locked_with_lead(tip_id=tip_id)
    earlier = Rating.objects.filter(tip=tip).first()
    if earlier is not None and earlier.score == score:
        return
    if tip.withdrawn_date is not None or lead.answered_date is None:
        raise IllegalMove("no answer to rate")
    steps.finish(_own_act(tip=tip, lead=lead, action=Action.RATE, today=today, is_anew=earlier is None))
    Rating.objects.create(tip=tip, score=score, rated_date=today)


def _own_act(*, tip: Tip, lead: Tip, action: Action, today: date, is_anew: bool = False) -> steps.Taking:
    """Check an act that belongs to one reporter alone: the state is the lead's, the history the tip's own.

    `is_anew`: what the reporter did of this kind before counts no more. A review of the lead makes ratings void, and
    the history of a tip merged into it does not tell.
    """
    history = history_of(tip=tip, today=today)
    if is_anew:
        history = replace(history, acts=tuple(act for act in history.acts if act.action != action))
    move = workflow.find_move(status=TipStatus(lead.status), action=action, history=history)
    return steps.Taking(tip=tip, move=move, history=history, actor=None, at=steps.day_start(today))


def progress_of(*, access: receipts.Access) -> Progress:
    """Return what the holder of an opened receipt sees: the lead's way and words, nothing of other reporters."""
    course = _course(tip=access.tip)
    tip, lead, way = course.tip, course.lead, milestones(course=course)
    lines, replies = _words(access=access)
    closing, elsewhere = course.running.get(Clock.CLOSE), _elsewhere(course)
    until = objection_until(tip=lead) if course.offers(Action.OBJECT) else None
    return Progress(
        number=tip.number,
        status=_shown_status(course),
        office_name=lead.handling_unit.shown_name,
        received_date=tip.received_date,
        milestones=way,
        lines=lines,
        replies=replies,
        can_write=lead.status not in messages.SHUT_STATES,
        open_years=open_years(
            days=[*(one.due for one in way), elsewhere.get("passed_on_by"), until], overlay=course.overlay
        ),
        is_merged=tip is not lead,
        is_withdrawn=course.is_withdrawn,
        is_extended=_is_extended(closing, course=course),
        reasons=frozenset(filter(course.was_told, (Action.PAUSE, Action.GRANT_EXTENSION))),
        paused_since=_paused_since(closing, course=course),
        **elsewhere,
        objection_until=until,
        can_withdraw=course.offers(Action.WITHDRAW),
        can_rate=lead.answered_date is not None and course.offers(Action.RATE),
        receipt_count=tip.receipts.count(),
        rewards=notices_of(tip=tip) if access.has_rewards else (),
    )


def _is_extended(period: Period | None, *, course: Course) -> bool:
    """Say whether more time moved this reporter's days; what ends later by the own period was not moved."""
    if period is None or not period.extra_days:
        return False
    return course.due_of(Clock.CLOSE) in (None, period.due_date)


def _paused_since(period: Period | None, *, course: Course) -> date | None:
    """Return the first day of the pause; days before the case was this reporter's are nobody's business."""
    if period is None or period.paused_date is None:
        return None
    return max(period.paused_date, course.since)


def _course(*, tip: Tip) -> Course:
    lead = lead_of(tip=tip)
    own = list(tip.steps.order_by("pk"))
    return Course(
        tip=tip,
        lead=lead,
        own_steps=own,
        lead_steps=own if lead is tip else list(lead.steps.order_by("pk")),
        running={row.clock: row for row in Period.objects.running().filter(tip=lead)},
        policy=policy_on(day=lead.received_date),
        overlay=day_overlay(),
        has_objected=has_objected(tip=tip, lead=lead),
    )


def _shown_status(course: Course) -> TipStatus:
    status = TipStatus(course.lead.status)
    return TipStatus.DISPOSED if course.is_withdrawn and status in _HIDDEN else status


class _Elsewhere(TypedDict, total=False):
    """Who has a tip that is another body's, or is going to have it."""

    transferred_to: str
    transferred_phone: str
    passed_on_to: str
    passed_on_phone: str
    passed_on_by: date | None


_AWAY_OR_BACK = frozenset({Action.TRANSFER_OUT, Action.VERIFY_AGAIN})


def _elsewhere(course: Course) -> _Elsewhere:
    """Return who answers for a tip outside the remit, in the language of the page where the body has a name in it."""
    lead = course.lead
    # Once a tip that was passed on is closed here, the body still has it; only a death brings it back.
    ways = [step.action for step in course.lead_steps if step.action in _AWAY_OR_BACK]
    is_gone = ways[-1:] == [Action.TRANSFER_OUT]
    transfer = getattr(lead, "transfer", None) if is_gone else None
    if transfer is not None:
        known = competent_body(industry=lead.industry)
        name = _named(known) if known and known.name == transfer.body else transfer.body
        return {"transferred_to": name, "transferred_phone": transfer.phone}
    body = body_to_pass_on_to(tip=lead)
    if body is None:
        return {}
    by = course.due_of(Clock.PASS_ON)
    return {"passed_on_to": _named(body), "passed_on_phone": body.phone, "passed_on_by": by}


def _named(body: Body) -> str:
    return body.name_in(language=get_language() or "")


def _words(*, access: receipts.Access) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the conversation and the answers: what this reporter wrote, and what was sealed to this receipt."""
    tip = access.tip
    heard = SealedMessage.objects.filter(receipt=access.receipt).values("message")
    rows = list(
        Message.objects.filter(Q(tip=tip) | Q(pk__in=heard)).prefetch_related("photos").order_by("pk")
    )
    opened = messages.open_for_reporter(access=access, messages=rows)
    if tip.withdrawn_date is not None:
        rows = [row for row in rows if row.pk in opened or not row.is_reply]
    lines = tuple(_line(row, opened) for row in rows if not row.is_reply)
    return lines, tuple(_line(row, opened) for row in rows if row.is_reply)


def _line(row: Message, opened: dict[int, str]) -> Line:
    mine = row.direction == Direction.FROM_REPORTER
    return Line(
        is_mine=mine,
        day=row.sent_date,
        text=row.body if mine else opened.get(row.pk, ""),
        photo_count=len(row.photos.all()),
        is_company=row.is_inside and not mine,
    )
