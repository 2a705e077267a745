"""The way of a tip as its reporter sees it: what is done, what comes next, and the last day the law gives for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from complaints.enums import Action, Clock, Fact, TipStatus
from complaints.models import HandlingStep, Period, Tip
from complaints.models.calendar import DeadlinePolicy
from complaints.rules import workflow
from complaints.rules.deadlines import DayOverlay, add_calendar_days
from complaints.rules.periods import Length, last_day

_FINISHED = frozenset({TipStatus.CLOSED, TipStatus.ARCHIVED})
# From here the case goes its way anew.
_ANEW = frozenset({Action.REOPEN, Action.VERIFY_AGAIN})
# What stays true then; the rest is done anew.
_LASTING = frozenset({Action.REGISTER, Action.ACCEPT, *_ANEW})
# What an answer was looked at for: told to who had that answer.
_REVIEWS = frozenset({Action.OBJECT, Action.UPHOLD, Action.REOPEN})
# What belongs to one reporter alone, whoever else reported the same.
_OWN = frozenset({Action.REGISTER, Action.MERGE, Action.WITHDRAW})
_ABOUT_ANSWER = frozenset({Action.REPLY, Action.OBJECT, Action.UPHOLD, Action.REOPEN})
_SAME_AS = {Action.APPROVE_UNFOUNDED: Action.APPROVE_RESULT, Action.VERIFY_AGAIN: Action.REOPEN}


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """One step of the way: `day` when it was done, or `due` while it is ahead.

    What was done before the case was this reporter's has no day.
    """

    action: str
    is_done: bool
    is_now: bool
    day: date | None = None
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class Course:
    """What is read of a tip: `lead` is worked on in its stead once it was merged, and is the tip itself before.

    `has_objected`: this reporter raised an objection to the answer that stands.
    """

    tip: Tip
    lead: Tip
    own_steps: Sequence[HandlingStep]
    lead_steps: Sequence[HandlingStep]
    running: Mapping[str, Period]
    policy: DeadlinePolicy
    overlay: DayOverlay
    has_objected: bool = False

    @property
    def is_withdrawn(self) -> bool:
        """Whether this reporter withdrew; others may still wait for the answer."""
        return self.tip.withdrawn_date is not None

    @property
    def waits_to_be_passed_on(self) -> bool:
        """Whether another body is going to have the tip: what follows here would be promised in vain."""
        return Clock.PASS_ON in self.running

    @property
    def merge(self) -> HandlingStep | None:
        """The act that made the lead's case this reporter's; None while the tip is worked on itself."""
        merges = [step for step in self.own_steps if step.action == Action.MERGE]
        return merges[-1] if merges else None

    @property
    def since(self) -> date:
        """The day from which the case is this reporter's: what was before is nobody's business."""
        return self.merge.taken_date if self.merge else self.tip.received_date

    def shares(self, step: HandlingStep) -> bool:
        """Say whether an act of the lead was taken when the case was this reporter's already."""
        return self.merge is None or step.pk > self.merge.pk

    def was_told(self, action: Action) -> bool:
        """Say whether the words of the last act of this kind were sealed to this reporter too."""
        last = next((step for step in reversed(self.lead_steps) if step.action == action), None)
        return last is not None and self.shares(last)

    def due_of(self, clock: Clock) -> date | None:
        """Return the last day of a running period for this reporter; None while it stands still or does not run.

        A period of the lead that began before counts from this reporter's own day, so that nothing tells when the
        other tip came in; the day of the case is promised where it is the later one.
        """
        row = self.running.get(clock)
        if row is None or row.paused_date is not None:
            return None
        own = self._own_start(clock)
        if self.merge is None or own <= row.started_date:
            return row.due_date
        length = Length(days=row.days, is_working=row.is_working)
        return max(row.due_date, last_day(start=own, length=length, overlay=self.overlay))

    def _own_start(self, clock: Clock) -> date:
        received = self.tip.received_date
        own = {Clock.DECIDE: received, Clock.PASS_ON: received, Clock.CLOSE: self.tip.accepted_date}
        return own.get(clock) or self.since

    @property
    def facts(self) -> frozenset[Fact]:
        """What is true for this reporter: of the case, but withdrawal, rating and objection are each one's own."""
        personal = frozenset({Fact.WITHDRAWN, Fact.RATED})
        objected = frozenset({Fact.OBJECTED})
        case = workflow.facts_after(Action(step.action) for step in self.lead_steps)
        # What a reporter thought of an answer that became void counts no more, whoever's tip leads.
        void = max((step.pk for step in self.lead_steps if step.action in _ANEW), default=0)
        own = workflow.facts_after(
            Action(step.action) for step in self.own_steps if step.action != Action.RATE or step.pk > void
        )
        return (
            (case - personal - objected) | (own & personal) | (objected if self.has_objected else frozenset())
        )

    def offers(self, action: Action) -> bool:
        """Say whether the table lets the reporter do this now, days apart."""
        facts, status = self.facts | {Fact.OBJECTION_OPEN}, TipStatus(self.lead.status)
        return any(
            move.action == action and workflow.fits(move=move, status=status, facts=facts)
            for move in workflow.MOVES
        )


def milestones(*, course: Course) -> tuple[Milestone, ...]:
    """Return the acts done with their day, then those ahead with the last day the law gives."""
    done, due = _done(course), _dues(course)
    path = _path(course, done=done)
    if course.lead.status in _FINISHED:
        path = [action for action in path if action in done]
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


def _done(course: Course) -> dict[Action, date | None]:
    """Return the acts that count, with their day; days of the lead before the merge are nobody's business."""
    acts = [
        step
        for step in course.lead_steps
        if step.action not in _OWN and (step.action not in _REVIEWS or course.shares(step))
    ]
    if course.is_withdrawn:
        acts = [step for step in acts if step.action not in _ABOUT_ANSWER]
    if course.lead.status not in _FINISHED:
        # A closed case that is under review, or goes on after it, is not closed now.
        acts = [step for step in acts if step.action != Action.CLOSE]
    if course.lead.status == TipStatus.REVIEW:
        # An earlier review was about another reporter's objection: this one is not over.
        acts = [step for step in acts if step.action != Action.UPHOLD]
    done: dict[Action, date | None] = {}
    for action, step in _still_true(acts):
        # A measure recorded after the answer does not move the day of the first one.
        done.setdefault(action, step.taken_date if course.shares(step) else None)
    own = [step for step in course.own_steps if step.action in _OWN]
    if course.merge and course.tip.accepted_date:
        # What is merged into an accepted tip is accepted that day.
        done[Action.ACCEPT] = course.tip.accepted_date
    return done | {Action(step.action): step.taken_date for step in own}


def _still_true(acts: Sequence[HandlingStep]) -> Iterable[tuple[Action, HandlingStep]]:
    """Yield the acts since the case was last reopened, and what lasts of those before."""
    last = max((at for at, step in enumerate(acts) if step.action in _ANEW), default=-1)
    for at, step in enumerate(acts):
        if at > last or step.action in _LASTING:
            action = Action(step.action)
            yield _SAME_AS.get(action, action), step


def _path(course: Course, *, done: Mapping[Action, object]) -> list[Action]:
    path = [Action.REGISTER, *_middle(course, done=done)]
    if Action.MERGE in done:
        accepted = any(step.action == Action.ACCEPT for step in course.own_steps)
        path.insert(2 if accepted else 1, Action.MERGE)
    if course.is_withdrawn:
        at = next((at for at, action in enumerate(path) if action not in done), len(path))
        path.insert(at, Action.WITHDRAW)
    else:
        path += _answer(course, done=done)
    return [*path, Action.CLOSE]


def _middle(course: Course, *, done: Mapping[Action, object]) -> list[Action]:
    """Return the part from the decision to the measures."""
    for ending in (Action.DECLINE, Action.TRANSFER_OUT):
        if ending in done:
            return [ending]
    if course.waits_to_be_passed_on:
        return [Action.TRANSFER_OUT]
    reopened = [Action.REOPEN] if Action.REOPEN in done else []
    accepted = [Action.ACCEPT] if Action.ACCEPT in done or not reopened else []
    founded = Action.APPROVE_RESULT in done and Fact.UNFOUNDED not in course.facts
    measures = [Action.DISPOSE] if Action.DISPOSE in done or founded else []
    return [*accepted, *reopened, Action.APPROVE_RESULT, *measures]


def _answer(course: Course, *, done: Mapping[Action, object]) -> list[Action]:
    """Return the answer and, where somebody objected, its review."""
    is_over = course.waits_to_be_passed_on or Action.DECLINE in done or Action.TRANSFER_OUT in done
    review = [Action.OBJECT, Action.UPHOLD] if Action.OBJECT in done else []
    return [*([] if is_over else [Action.REPLY]), *review]


def _dues(course: Course) -> dict[Action, date]:
    """Return the last days of what is ahead; while the period stands still there is none."""
    dues: dict[Action, date] = {}
    if pass_on_by := course.due_of(Clock.PASS_ON):
        dues[Action.TRANSFER_OUT] = pass_on_by
    close_by = course.due_of(Clock.CLOSE)
    if decide_by := course.due_of(Clock.DECIDE):
        dues[Action.ACCEPT] = decide_by
        close_by = _after(decide_by, days=course.policy.close_days, course=course)
    if close_by:
        dues[Action.APPROVE_RESULT] = dues[Action.DISPOSE] = close_by
        dues[Action.REPLY] = _after(close_by, days=course.policy.reply_days, course=course)
    if reply_by := course.due_of(Clock.REPLY):
        dues[Action.REPLY] = reply_by
        dues[Action.DISPOSE] = min(close_by or reply_by, reply_by)
    if review_by := course.due_of(Clock.REVIEW):
        dues[Action.UPHOLD] = review_by
    return dues


def _after(day: date, *, days: int, course: Course) -> date:
    return add_calendar_days(start=day, days=days, overlay=course.overlay)
