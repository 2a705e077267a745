"""行刑衔接: who refers, and the clocks of a criminal referral; whether its days are working days is a setting."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Protocol

from complaints.enums import Problem

from .deadlines import NO_OVERLAY, DayOverlay
from .periods import Length, last_day

LEAST_OFFICERS = 2


class Terms(Protocol):
    """The figures of one dated policy row that a referral needs."""

    referral_days: int
    police_days: int
    referral_in_working_days: bool
    transfer_hours: int


def decide_by(*, proposed: date, terms: Terms, overlay: DayOverlay = NO_OVERLAY) -> date:
    """Return the last day for the decision on a proposal.

    Legal basis: 移送规定 5 (three days).
    """
    return _end(proposed, days=terms.referral_days, terms=terms, overlay=overlay)


def transfer_by(*, decided_at: datetime, terms: Terms) -> datetime:
    """Return until when a case decided on is handed over: in hours, weekends and holidays included.

    Legal basis: 移送规定 5 (24 hours).
    """
    return decided_at + timedelta(hours=terms.transfer_hours)


def police_answer_by(*, handed_over: date, terms: Terms, overlay: DayOverlay = NO_OVERLAY) -> date:
    """Return the last day for the police to say whether they open a case, also when asked to reconsider.

    Legal basis: 移送规定 8, 9 (three days).
    """
    return _end(handed_over, days=terms.police_days, terms=terms, overlay=overlay)


def reconsider_by(*, refused: date, terms: Terms, overlay: DayOverlay = NO_OVERLAY) -> date:
    """Return the last day to ask the police to reconsider, counted from their refusal.

    Legal basis: 移送规定 9 (three days).
    """
    return _end(refused, days=terms.police_days, terms=terms, overlay=overlay)


def team_problem(*, officers: Collection[int], handlers: Collection[int]) -> Problem | None:
    """Return what is wrong with a team: fewer than two people, or somebody who does not handle tips of the unit.

    Legal basis: 移送规定 5 (a team of two or more).
    """
    if len(set(officers)) < LEAST_OFFICERS or not set(officers) <= set(handlers):
        return Problem.NEEDS_TWO_OFFICERS
    return None


def answer_problem(*, answered: date, since: date, today: date) -> Problem | None:
    """Return what is wrong with the day of an answer of the police; it lies neither ahead nor before `since`."""
    if answered > today:
        return Problem.DAY_AHEAD
    return Problem.BEFORE_HAND_OVER if answered < since else None


def _end(start: date, *, days: int, terms: Terms, overlay: DayOverlay) -> date:
    length = Length(days=days, is_working=terms.referral_in_working_days)
    return last_day(start=start, length=length, overlay=overlay)
