"""What the holder of a receipt sees and may do: progress, the officers' words, one more message."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from complaints.enums import Action, Clock, Direction, TipStatus
from complaints.models import HandlingStep, Message, Tip
from complaints.models.calendar import DeadlinePolicy
from complaints.rules.deadlines import DayOverlay, add_calendar_days, calendar_is_official
from complaints.selectors.deadlines import day_overlay, policy_on

from . import evidence, messages, receipts


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the conversation, as the reporter sees it: no names of officers, days only."""

    is_mine: bool
    day: date
    text: str
    photo_count: int


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """One step of the way: `day` when it was done, or `due` while it is ahead."""

    action: str
    is_done: bool
    is_now: bool
    day: date | None = None
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Everything the status page shows."""

    number: str
    status: TipStatus
    office_name: str
    received_date: date
    milestones: tuple[Milestone, ...]
    lines: tuple[Line, ...]
    replies: tuple[Line, ...] = field(default=())
    can_write: bool = True
    calendar_is_official: bool = True
    receipt_count: int = 1


def progress_for_receipt(*, typed: str) -> Progress:
    """Return the progress of the tip this receipt opens; raises ReceiptUnknown or TooBusy."""
    return _progress(access=receipts.open_receipt(typed=typed))


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
    return _progress(access=access)


def _progress(*, access: receipts.Access) -> Progress:
    tip = access.tip
    steps = list(tip.steps.order_by("pk"))
    rows = list(tip.messages.prefetch_related("photos").order_by("pk"))
    opened = messages.open_for_reporter(access=access, messages=rows)
    policy, overlay = policy_on(day=tip.received_date), day_overlay()
    milestones = _milestones(tip=tip, steps=steps, policy=policy, overlay=overlay)
    return Progress(
        number=tip.number,
        status=TipStatus(tip.status),
        office_name=tip.handling_unit.shown_name,
        received_date=tip.received_date,
        milestones=milestones,
        lines=tuple(_line(row, opened) for row in rows if not row.is_reply),
        replies=tuple(_line(row, opened) for row in rows if row.is_reply),
        can_write=tip.status != TipStatus.CLOSED,
        calendar_is_official=all(calendar_is_official(year=m.due.year) for m in milestones if m.due),
        receipt_count=tip.receipts.count(),
    )


def _line(row: Message, opened: dict[int, str]) -> Line:
    mine = row.direction == Direction.FROM_REPORTER
    return Line(
        is_mine=mine,
        day=row.sent_date,
        text=row.body if mine else opened.get(row.pk, ""),
        photo_count=len(row.photos.all()),
    )


def _milestones(
    *, tip: Tip, steps: Sequence[HandlingStep], policy: DeadlinePolicy, overlay: DayOverlay
) -> tuple[Milestone, ...]:
    """Return the way of a tip: acts done with their day, acts ahead with the last day the law gives."""
    done = {step.action: step.taken_date for step in steps}
    if Action.DECLINE in done:
        path = [Action.REGISTER, Action.DECLINE, Action.CLOSE]
    else:
        path = [Action.REGISTER, Action.ACCEPT, Action.REPLY, Action.CLOSE]
    due = _dues(tip=tip, policy=policy, overlay=overlay)
    now = next((action for action in path if action not in done), None)
    return tuple(
        Milestone(
            action=action.value,
            is_done=action in done,
            is_now=action == now,
            day=done.get(action),
            due=None if action in done else due.get(action),
        )
        for action in path
    )


def _dues(*, tip: Tip, policy: DeadlinePolicy, overlay: DayOverlay) -> dict[Action, date]:
    if tip.due_date is None:
        return {}
    if tip.clock == Clock.CLOSE:
        return {Action.REPLY: add_calendar_days(start=tip.due_date, days=policy.reply_days, overlay=overlay)}
    close_by = add_calendar_days(start=tip.due_date, days=policy.close_days, overlay=overlay)
    return {
        Action.ACCEPT: tip.due_date,
        Action.REPLY: add_calendar_days(start=close_by, days=policy.reply_days, overlay=overlay),
    }
