"""What the reporter of a tip inside a company sees of it, by the receipt."""

from dataclasses import dataclass
from datetime import date

from complaints.enums import Direction, InsideAct, InsideClock, InsideState
from complaints.models import Evidence, InsidePolicy, InternalStep, InternalTip, Message, SealedMessage
from complaints.rules import internal as rules
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.internal import has_second, is_read

from . import messages, receipts
from .reporter import Line

# An answer carries its pictures in itself: more would be megabytes on a phone.
MOST_PHOTOS = 12


@dataclass(frozen=True, kw_only=True)
class InsideProgress:
    """What the reporter of an internal tip sees: days and words, no names of managers.

    `is_read`: somebody in the company whom the words do not name may read it. `may_accept`: it is put right, and nobody
    else there could accept it; `is_stuck`: the same of a major hazard, which is not the reporter's to accept.
    `is_contestable`: managers alone say that it is put right. `usual_end`: where a plan goes beyond it, the last day
    without one; after it the reporter may turn the tip. `photos`: what managers took, the newest, each with the place
    of its act in `steps`; never the reporter's own, which a stranger at this screen would know them by.
    """

    number: str
    enterprise: str
    state: InsideState
    received_date: date
    due_date: date | None
    usual_end: date | None
    clock: InsideClock
    steps: tuple[tuple[date, InsideAct], ...]
    photos: tuple[tuple[int, Evidence], ...]
    lines: tuple[Line, ...]
    may_turn: bool
    is_read: bool
    is_overdue: bool
    reward_yuan: int | None
    special_yuan: int | None
    special_reason: str
    paid_date: date | None
    may_confirm: bool
    may_accept: bool
    is_stuck: bool
    is_contestable: bool
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
    may_accept, is_stuck = fix_of(row)
    shown = [step for step in row.steps.all() if step.act != InsideAct.REPLY]
    return InsideProgress(
        number=row.tip.number,
        enterprise=row.enterprise.name,
        state=state,
        received_date=row.received_date,
        due_date=row.due_date,
        usual_end=usual_end(row),
        clock=InsideClock(row.clock),
        steps=tuple((step.taken_date, InsideAct(step.act)) for step in shown),
        photos=_photos(row, steps=shown),
        lines=_lines(access),
        may_turn=may_turn(row, today=today),
        is_read=is_read(row),
        is_overdue=rules.is_overdue(due=row.due_date, today=today),
        reward_yuan=row.reward_yuan,
        special_yuan=row.special_yuan,
        special_reason=row.special_reason,
        paid_date=row.paid_date,
        may_confirm=state == InsideState.PAID,
        may_accept=may_accept,
        is_stuck=is_stuck,
        is_contestable=is_contestable(row),
        can_write=rules.reporter_may_write(state),
    )


def _photos(row: InternalTip, *, steps: list[InternalStep]) -> tuple[tuple[int, Evidence], ...]:
    places = {step.pk: place for place, step in enumerate(steps)}
    rows = Evidence.objects.filter(tip=row.tip_id, internal_step__in=places).order_by(
        "-internal_step_id", "position", "pk"
    )
    newest = list(rows[:MOST_PHOTOS])
    return tuple((places[one.internal_step_id], one) for one in newest if one.internal_step_id is not None)


def fix_of(row: InternalTip) -> tuple[bool, bool]:
    """Return whether the reporter may accept a fix, and whether it is one that nobody there may accept."""
    state = InsideState(row.state)
    if state != InsideState.FIXED:
        return False, False
    has_other = has_second(row)
    return (
        rules.reporter_may_accept(state=state, grade=row.grade, kind=row.tip.kind, has_second=has_other),
        rules.is_stuck(state=state, grade=row.grade, kind=row.tip.kind, has_second=has_other),
    )


def may_turn(row: InternalTip, *, today: date) -> bool:
    """Whether the reporter may turn an internal tip over to the bureau on a day."""
    return rules.may_turn(
        state=InsideState(row.state),
        due=row.due_date,
        today=today,
        is_read=is_read(row),
        is_stuck=fix_of(row)[1],
        usual_end=usual_end(row),
        is_contestable=is_contestable(row),
    )


def is_contestable(row: InternalTip) -> bool:
    """Return whether only managers say that an internal tip is put right."""
    state = InsideState(row.state)
    if state not in rules.SAID_FIXED:
        return False
    was_seen = row.steps.filter(act=InsideAct.SEEN_FIXED).exists()
    return rules.fix_is_contestable(state=state, seen_by_reporter=was_seen)


def usual_end(row: InternalTip) -> date | None:
    """Return the last day to put right without a plan, where the plan of a tip goes beyond it; None elsewhere."""
    if row.deadline is None or row.due_date is None or row.clock != InsideClock.FIX:
        return None
    found = row.steps.filter(act=InsideAct.VERIFY).first()
    if found is None:
        return None
    _clock, end = rules.clock_after(
        state=InsideState.VERIFIED,
        day=found.taken_date,
        running=(InsideClock.NONE, None),
        terms=InsidePolicy.terms_on(day=row.received_date),
        overlay=day_overlay(),
    )
    return end if end is not None and end < row.due_date else None


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
