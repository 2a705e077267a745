"""Leaving the company: the reporter turns a tip by the receipt, an overdue major hazard goes by itself; reminders."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from complaints.crypto.errors import DecryptionError
from complaints.enums import InsideAct, InsideState
from complaints.errors import ComplaintError, IllegalMove, ReceiptUnknown
from complaints.models import InternalTip, Tip
from complaints.rules import internal as rules
from complaints.selectors.internal import DONE, has_second

from . import receipts
from .inside_progress import InsideProgress, may_turn, progress_of
from .inside_steps import add_step, move
from .leaving import leave
from .refusals import reporter_refusals_are_logged
from .steps import day_start
from .storage_faults import storage_faults_as_refusals


@reporter_refusals_are_logged(InsideAct.CONFIRM)
@storage_faults_as_refusals()
def confirm_reward(*, typed: str, is_received: bool, today: date) -> InsideProgress:
    """Keep whether the reporter got the reward that the company says it paid; a second time is refused.

    Raises:
        ReceiptUnknown, TooBusy, IllegalMove: no reward waits to be confirmed.
    """
    access = receipts.open_receipt(typed=typed, inside=True)
    _answer(access.tip, act=InsideAct.CONFIRM if is_received else InsideAct.DENY, today=today)
    return progress_of(access=access, today=today)


@transaction.atomic
def _answer(tip: Tip, *, act: InsideAct, today: date) -> None:
    """Keep what the reporter says. It stands in the history alone, to the day: the log would tell the minute."""
    row = locked_inside(tip)
    target = rules.target_of(state=InsideState(row.state), act=act)
    if target is None:
        raise IllegalMove("no reward to confirm")
    if act == InsideAct.CONFIRM:
        row.confirmed_date = today
    move(row, target=target, today=today)
    if act == InsideAct.DENY:
        # What was promised and did not come is overdue at once: the way outside stands open.
        row.due_date = min(row.paid_date or today, today - timedelta(days=1))
        row.reward_yuan, row.paid_date = None, None
        row.special_yuan, row.special_reason = None, ""
        row.save()
    add_step(row, act=act, actor=None, at=day_start(today))


@reporter_refusals_are_logged(InsideAct.TURN)
@storage_faults_as_refusals()
def turn_outside(*, typed: str, today: date) -> str:
    """Turn the tip of a receipt into one of the bureau's and return its number; the receipt stays the same.

    Raises:
        ReceiptUnknown, TooBusy: as for every tip.
        IllegalMove: it is the bureau's by now, or the company is still in time.
        NotReady: no unit takes tips.
    """
    access = receipts.open_receipt(typed=typed, inside=True)
    with transaction.atomic():
        row = locked_inside(access.tip)
        if not may_turn(row, today=today):
            raise IllegalMove("the company is still in time")
        leave(row, act=InsideAct.TURN, today=today)
    return row.tip.number


def locked_inside(tip: Tip) -> InternalTip:
    """Return the inside under row locks, the tip first.

    Raises:
        ReceiptUnknown: the tip was purged meanwhile.
        IllegalMove: it left the company meanwhile.
    """
    locked = Tip.everywhere.select_for_update().filter(pk=tip.pk).first()
    if locked is None:
        raise ReceiptUnknown
    if not locked.is_internal:
        raise IllegalMove("turned outside meanwhile")
    row = InternalTip.objects.select_for_update(of=("self",)).select_related("enterprise").get(tip=locked)
    row.tip = locked
    return row


def remind_and_turn(*, today: date, now: datetime) -> int:
    """Note a reminder for each overdue tip once, and turn major hazards that are overdue or that nobody is left
    to confirm as untrue; a second run does nothing.

    Each tip goes in a transaction of its own, so that one that cannot be read keeps no other waiting.

    Raises:
        DecryptionError, ComplaintError: what the first of those met that had to stay; all others are done by then.
    """
    waits = Q(due_date__lt=today) | Q(state=InsideState.DOUBTED)
    rows = InternalTip.objects.filter(waits, tip__is_internal=True).exclude(state__in=DONE)
    done, faults = 0, list[Exception]()
    for row_id in list(rows.values_list("pk", flat=True)):
        try:
            done += _look_after(row_id, today=today, now=now)
        except (DecryptionError, ComplaintError) as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return done


@transaction.atomic
def _look_after(row_id: int, *, today: date, now: datetime) -> int:
    known = InternalTip.objects.select_related("tip").filter(pk=row_id).first()
    if known is None or not known.tip.is_internal:
        return 0
    row = locked_inside(known.tip)
    if rules.turns_by_itself(
        state=InsideState(row.state), grade=row.grade, kind=row.tip.kind, due=row.due_date, today=today
    ):
        leave(row, act=InsideAct.TURN_BY_ITSELF, today=today)
        return 1
    if rules.lacks_second(state=InsideState(row.state), has_second=has_second(row)):
        leave(row, act=InsideAct.TURN_UNCONFIRMED, today=today)
        return 1
    if row.reminded_date is not None or not rules.is_overdue(due=row.due_date, today=today):
        return 0
    row.reminded_date = today
    row.save(update_fields=["reminded_date"])
    add_step(row, act=InsideAct.REMIND, actor=None, at=now)
    return 1
