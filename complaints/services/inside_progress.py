"""What the reporter of a tip inside a company sees of it, by the receipt."""

from dataclasses import dataclass
from datetime import date

from complaints.enums import Direction, InsideAct, InsideClock, InsideState
from complaints.models import InternalTip, Message, SealedMessage
from complaints.rules import internal as rules
from complaints.selectors.internal import is_read

from . import messages, receipts
from .reporter import Line


@dataclass(frozen=True, kw_only=True)
class InsideProgress:
    """What the reporter of an internal tip sees: days and words, no names of managers.

    `is_read`: somebody in the company whom the words do not name may read it.
    """

    number: str
    enterprise: str
    state: InsideState
    received_date: date
    due_date: date | None
    clock: InsideClock
    steps: tuple[tuple[date, InsideAct], ...]
    lines: tuple[Line, ...]
    may_turn: bool
    is_read: bool
    is_overdue: bool
    reward_yuan: int | None
    special_yuan: int | None
    special_reason: str
    paid_date: date | None
    may_confirm: bool
    can_write: bool

    @property
    def reward_shown(self) -> str:
        """The reward with what came on top of it, as people read it, in yuan; empty without one."""
        return "" if self.reward_yuan is None else f"{self.reward_yuan + (self.special_yuan or 0):,}"

    @property
    def special_shown(self) -> str:
        """What came on top of the scale, as people read it, in yuan; empty where nothing did."""
        return f"{self.special_yuan:,}" if self.special_yuan else ""


def inside_progress(*, typed: str, today: date) -> InsideProgress:
    """Return the way of the internal tip this receipt opens.

    Raises:
        ReceiptUnknown, TooBusy: as for every tip.
        IllegalMove: the tip is the bureau's by now.
    """
    return progress_of(access=receipts.open_receipt(typed=typed, inside=True), today=today)


def progress_of(*, access: receipts.Access, today: date) -> InsideProgress:
    """Return the way of the internal tip that an opened receipt belongs to."""
    row = InternalTip.objects.select_related("tip", "enterprise").get(tip=access.tip)
    state = InsideState(row.state)
    somebody_reads = is_read(row)
    shown = [
        (step.taken_date, InsideAct(step.act)) for step in row.steps.all() if step.act != InsideAct.REPLY
    ]
    return InsideProgress(
        number=row.tip.number,
        enterprise=row.enterprise.name,
        state=state,
        received_date=row.received_date,
        due_date=row.due_date,
        clock=InsideClock(row.clock),
        steps=tuple(shown),
        lines=_lines(access),
        may_turn=rules.may_turn(state=state, due=row.due_date, today=today, is_read=somebody_reads),
        is_read=somebody_reads,
        is_overdue=rules.is_overdue(due=row.due_date, today=today),
        reward_yuan=row.reward_yuan,
        special_yuan=row.special_yuan,
        special_reason=row.special_reason,
        paid_date=row.paid_date,
        may_confirm=state == InsideState.PAID,
        can_write=rules.reporter_may_write(state),
    )


def _lines(access: receipts.Access) -> tuple[Line, ...]:
    heard = SealedMessage.objects.filter(receipt=access.receipt).values("message")
    rows = list(Message.objects.filter(pk__in=heard) | Message.objects.filter(tip=access.tip))
    rows = sorted(set(rows), key=lambda one: one.pk)
    opened = messages.open_for_reporter(access=access, messages=rows)
    return tuple(
        Line(
            is_mine=row.direction == Direction.FROM_REPORTER,
            day=row.sent_date,
            text=row.body if row.direction == Direction.FROM_REPORTER else opened.get(row.pk, ""),
            photo_count=row.photos.count(),
            is_company=row.direction == Direction.TO_REPORTER,
        )
        for row in rows
    )
