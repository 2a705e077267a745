"""Answers to the holder of a receipt, whichever side has the tip: progress at the bureau, lines of a conversation."""

from django.utils import timezone

from complaints.enums import Action
from complaints.services.reporter import Line, Milestone, Progress
from complaints.services.reward_notices import RewardNotice

from .schemas import LineOut, MilestoneOut, ProgressOut, RewardOut


def progress_out(found: Progress) -> ProgressOut:
    """Return the progress at the bureau as apps read it."""
    return ProgressOut(
        number=found.number,
        status=found.status.value,
        status_label=str(found.status.label),
        office=found.office_name,
        received_date=found.received_date,
        milestones=[_milestone(one) for one in found.milestones],
        messages=[line_out(one) for one in found.lines],
        replies=[line_out(one) for one in found.replies],
        can_write=found.can_write,
        calendar_is_official=not found.open_years,
        is_merged=found.is_merged,
        is_withdrawn=found.is_withdrawn,
        is_extended=found.is_extended,
        paused_since=found.paused_since,
        transferred_to=found.transferred_to,
        transferred_phone=found.transferred_phone,
        passed_on_to=found.passed_on_to,
        passed_on_phone=found.passed_on_phone,
        passed_on_by=found.passed_on_by,
        objection_until=found.objection_until,
        can_withdraw=found.can_withdraw,
        can_rate=found.can_rate,
        rewards=[_reward(one) for one in found.rewards],
    )


def _reward(one: RewardNotice) -> RewardOut:
    is_open = one.is_open(today=timezone.localdate())
    return RewardOut(
        number=one.number,
        amount=f"{one.amount:.2f}",
        state=one.state.value,
        state_label=str(one.state.label),
        collect_by=max(one.due_date, one.last_day or one.due_date) if is_open else None,
        reason=one.reason,
        is_online=one.is_online,
        needs_code=one.needs_code,
        code_shown=one.code_date,
        paid_on=one.paid_date,
        place=one.place,
        phone=one.phone,
    )


def _milestone(one: Milestone) -> MilestoneOut:
    return MilestoneOut(
        action=one.action,
        label=str(Action(one.action).label),
        is_done=one.is_done,
        is_now=one.is_now,
        day=one.day,
        due=one.due,
    )


def line_out(one: Line) -> LineOut:
    """Return one line of a conversation as apps read it."""
    return LineOut(
        is_mine=one.is_mine,
        is_company=one.is_company,
        day=one.day,
        text=one.text,
        photo_count=one.photo_count,
    )
