"""A new state of an internal tip with the clock that runs in it, and the rows of its history."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import HazardGrade, InsideAct, InsideClock, InsideState
from complaints.models import InsidePolicy, InternalStep, InternalTip
from complaints.rules import internal as rules
from complaints.rules.moments import to_minute
from complaints.selectors.deadlines import day_overlay


def move(row: InternalTip, *, target: InsideState, today: date) -> None:
    """Store a new state with the clock that runs in it."""
    clock, due = rules.clock_after(
        state=target,
        day=today,
        running=(InsideClock(row.clock), row.due_date),
        terms=InsidePolicy.terms_on(day=row.received_date),
        overlay=day_overlay(),
        deadline=row.deadline,
        is_major=rules.counted_grade(grade=row.grade, kind=row.tip.kind) == HazardGrade.MAJOR,
    )
    if (clock, due) != (row.clock, row.due_date):
        row.reminded_date = None
    row.state, row.clock, row.due_date = target, clock, due
    row.save()


def add_step(
    row: InternalTip, *, act: InsideAct, actor: User | None, at: datetime, memo: str = ""
) -> InternalStep:
    """Append one act; those of the reporter and the calendar keep the day alone."""
    step = InternalStep(
        internal=row,
        act=act,
        state=row.state,
        actor=actor,
        taken_date=timezone.localdate(at),
        taken_at=to_minute(at) if actor else None,
    )
    step.memo = memo
    step.save(force_insert=True)
    return step
