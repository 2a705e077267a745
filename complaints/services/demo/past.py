"""What became of each past tip of the demonstration, drawn by seeded chance: days alone, nothing is stored here."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.enums import Action, DeclineReason, Result
from complaints.models import DeadlinePolicy
from complaints.rules.deadlines import DayOverlay, add_calendar_days, add_working_days

from .ages import working_day_from

# How often, in percent of what came in.
DECLINED, TRANSFERRED, WITHDRAWN = 8, 4, 2
# In percent of what was accepted: extended, fined where confirmed, rated, objected to.
EXTENDED, FINED, RATED, OBJECTED = 4, 30, 35, 4
RESULTS, RESULT_WEIGHTS = (
    (Result.TRUE, Result.PARTLY_TRUE, Result.FALSE, Result.UNVERIFIABLE),
    (50, 17, 25, 8),
)
FOUNDED = frozenset({Result.TRUE, Result.PARTLY_TRUE})
REASONS = (
    DeclineReason.NOT_WORK_SAFETY,
    DeclineReason.NO_FACTS,
    DeclineReason.DUPLICATE,
    DeclineReason.OTHER_PROCEDURE,
)
REASON_WEIGHTS = (4, 4, 3, 2)
# 106号: within ten days of the answer the reporter may object; closed after that.
OBJECT_DAYS, CLOSED_AFTER = 10, 11
EXTRA_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What days are counted by."""

    policy: DeadlinePolicy
    overlay: DayOverlay

    def working(self, day: date) -> date:
        """Return this day, or the first working day after it."""
        return working_day_from(day=day, overlay=self.overlay)

    def after(self, day: date, days: int) -> date:
        """Return a working day so many days later, or the first one after that."""
        return self.working(day + timedelta(days=days))

    def due(self, start: date, days: int) -> date:
        """Return the last day of so many calendar days."""
        return add_calendar_days(start=start, days=days, overlay=self.overlay)

    def decide_by(self, received: date) -> date:
        """Return the last day to decide on acceptance."""
        return add_working_days(start=received, days=self.policy.decide_working_days, overlay=self.overlay)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a tip is gone through."""

    is_quick: bool = False
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Afterwards:
    """The answer and what followed; all of it None where the reporter had withdrawn."""

    replied: date | None = None
    rated: date | None = None
    score: int = 0
    objected: date | None = None
    reviewed: date | None = None


@dataclass(frozen=True, kw_only=True)
class Work:
    """What was done about an accepted tip, day by day; None where it was not done."""

    inspected: date
    signed: date
    result: Result
    due: date
    extended: date | None
    disposed: date | None
    fine: int
    rectified: date | None
    after: Afterwards

    @property
    def concluded(self) -> date:
        """The day the period for conclusion ended."""
        return self.disposed or self.signed

    @property
    def is_late(self) -> bool:
        """Whether that was after its last day."""
        return self.concluded > self.due


@dataclass(frozen=True, kw_only=True)
class Course:
    """A past tip from its receipt to its closing."""

    received: date
    decided: date
    action: Action
    reason: str
    work: Work | None
    closed: date

    @property
    def last(self) -> date:
        """The last day on which anything happened."""
        found = self.work.rectified if self.work is not None else None
        return max(self.closed, found or self.closed)


def drawn(
    chance: random.Random, *, received: date, last: date, calendar: Calendar, is_late: bool
) -> Course | None:
    """Return a course that is over by `last`, a quick one where little time is left; None where that is too short.

    Args:
        is_late: whether it is concluded after its last day, if it is accepted and there is time enough.
    """
    for pace in (Pace(is_late=is_late), Pace(is_quick=True)):
        course = _course(chance, received=received, calendar=calendar, pace=pace)
        if course.last <= last:
            return course
    return None


def _course(chance: random.Random, *, received: date, calendar: Calendar, pace: Pace) -> Course:
    decided = calendar.after(received, chance.randrange(1, 3 if pace.is_quick else 6))
    decided = min(decided, calendar.decide_by(received))
    roll = chance.randrange(100)
    if roll < DECLINED + TRANSFERRED:
        declines = roll < DECLINED
        return Course(
            received=received,
            decided=decided,
            action=Action.DECLINE if declines else Action.TRANSFER_OUT,
            reason=chance.choices(REASONS, REASON_WEIGHTS)[0] if declines else "",
            work=None,
            closed=calendar.after(decided, CLOSED_AFTER if declines else 1),
        )
    work = _work(chance, accepted=decided, calendar=calendar, pace=pace)
    return Course(
        received=received,
        decided=decided,
        action=Action.ACCEPT,
        reason="",
        work=work,
        closed=_closed(work, calendar),
    )


def _closed(work: Work, calendar: Calendar) -> date:
    after = work.after
    if after.replied is None:
        return calendar.after(work.concluded, CLOSED_AFTER)
    return calendar.after(after.reviewed or after.replied + timedelta(days=OBJECT_DAYS), 1)


def _work(chance: random.Random, *, accepted: date, calendar: Calendar, pace: Pace) -> Work:
    is_extended = not pace.is_quick and not pace.is_late and chance.randrange(100) < EXTENDED
    due = calendar.due(accepted, calendar.policy.close_days + (EXTRA_DAYS if is_extended else 0))
    result = chance.choices(RESULTS, RESULT_WEIGHTS)[0]
    signed = calendar.after(accepted, _length(chance, is_quick=pace.is_quick, is_extended=is_extended))
    if pace.is_late:
        signed = calendar.after(due, chance.randrange(1, 12))
    disposed = calendar.after(signed, chance.randrange(1, 5)) if result in FOUNDED else None
    answered = min(calendar.after(disposed or signed, 1), calendar.due(signed, calendar.policy.reply_days))
    replied = None if chance.randrange(100) < WITHDRAWN else answered
    return Work(
        inspected=calendar.working(accepted + (signed - accepted) // 2),
        signed=signed,
        result=result,
        due=due,
        extended=calendar.after(accepted, 40) if is_extended else None,
        disposed=disposed,
        fine=1_000 * chance.randrange(5, 60) if disposed and chance.randrange(100) < FINED else 0,
        rectified=calendar.after(disposed, chance.randrange(2, 9)) if disposed else None,
        after=_afterwards(chance, replied=replied, calendar=calendar, is_quick=pace.is_quick),
    )


def _length(chance: random.Random, *, is_quick: bool, is_extended: bool) -> int:
    """Return how many days after acceptance the result was signed."""
    if is_extended:
        return chance.randrange(62, 78)
    return chance.randrange(3, 6) if is_quick else chance.randrange(6, 40)


def _afterwards(
    chance: random.Random, *, replied: date | None, calendar: Calendar, is_quick: bool
) -> Afterwards:
    if replied is None:
        return Afterwards()
    if not is_quick and chance.randrange(100) < OBJECTED:
        # Whoever objects does not say at once how satisfied they are.
        return Afterwards(
            replied=replied,
            objected=replied + timedelta(days=chance.randrange(2, OBJECT_DAYS)),
            reviewed=calendar.after(replied, OBJECT_DAYS + chance.randrange(4, 15)),
        )
    if chance.randrange(100) >= RATED:
        return Afterwards(replied=replied)
    score = chance.choices((5, 4, 3, 2, 1), (45, 32, 13, 6, 4))[0]
    return Afterwards(replied=replied, rated=replied + timedelta(days=chance.randrange(1, 8)), score=score)
