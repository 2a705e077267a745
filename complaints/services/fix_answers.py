"""The reporter as the other person: accepts by the receipt what nobody else in the company could accept (ADR 0037)."""

from datetime import date

from django.db import transaction

from complaints.enums import InsideAct, InsideState
from complaints.errors import IllegalMove
from complaints.models import Tip
from complaints.rules import internal as rules

from . import receipts
from .inside_progress import InsideProgress, fix_of, progress_of
from .inside_steps import add_step, move
from .refusals import reporter_refusals_are_logged
from .steps import day_start
from .storage_faults import storage_faults_as_refusals
from .turning import locked_inside


@reporter_refusals_are_logged(InsideAct.SEEN_FIXED)
@storage_faults_as_refusals()
def answer_fix(*, typed: str, is_fixed: bool, today: date) -> InsideProgress:
    """Keep whether the reporter sees that a fix is one: accepted with it, or back to be put right, the clock going on.

    Stands in the history alone, to the day: the log would tell the minute.

    Raises:
        ReceiptUnknown, TooBusy: as for every tip.
        IllegalMove: nothing is put right, a second manager is there to accept it, or it is a major hazard.
    """
    access = receipts.open_receipt(typed=typed, inside=True)
    _answer(access.tip, act=InsideAct.SEEN_FIXED if is_fixed else InsideAct.NOT_FIXED, today=today)
    return progress_of(access=access, today=today)


@transaction.atomic
def _answer(tip: Tip, *, act: InsideAct, today: date) -> None:
    row = locked_inside(tip)
    target = rules.target_of(state=InsideState(row.state), act=act)
    may_accept, _is_stuck = fix_of(row)
    if target is None or not may_accept:
        raise IllegalMove("the fix is not the reporter's to accept")
    if act == InsideAct.SEEN_FIXED:
        row.accepted_date = today
    else:
        row.fixed_by, row.fixed_date = None, None
    move(row, target=target, today=today)
    add_step(row, act=act, actor=None, at=day_start(today))
