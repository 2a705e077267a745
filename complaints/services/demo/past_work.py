"""Acts of one past tip of the demonstration, from its receipt to its closing, as rows."""

import random
from datetime import date, datetime, timedelta

from django.utils import timezone

from complaints.enums import Action, Clock, Measure, SupervisionCause, TipStatus
from complaints.models import (
    Conclusion,
    Disposal,
    Extension,
    Inspection,
    Objection,
    Period,
    Rating,
    Supervision,
    Whistle,
)
from complaints.rules.whistles import answer_deadline

from .past import EXTRA_DAYS, FOUNDED, Course, Work
from .past_places import Place, Unit
from .past_rows import CLOSES, Making, Past, Rows, name_of, put_targets, tip_of

# In percent: of the tips from a town with an office those it whistles for, and of these answered late or sent back.
WHISTLED, ANSWERED_LATE, SENT_BACK = 45, 12, 6


def rows_of(chance: random.Random, *, course: Course, place: Place, past: Past, serial: int) -> Rows:
    """Return every row of a past tip but those of its reward."""
    entity, town = place.entity(chance), place.town(chance)
    unit = place.zones.get(town or "", place.unit)
    made = Rows(
        tip=tip_of(
            chance,
            course=course,
            place=place,
            unit=unit,
            town=town,
            entity=entity,
            facts=past.facts,
            serial=serial,
        ),
        course=course,
    )
    _Acts(chance=chance, made=made, unit=unit, past=past).everything(town=place.offices.get(town or ""))
    return made


class _Acts(Making):
    """Adds the rows of one tip, act by act."""

    def everything(self, *, town: Unit | None) -> None:
        """Add the rows; the steps last, in the order of their days."""
        course, work = self.made.course, self.made.course.work
        self.period(
            Clock.DECIDE, course.received, course.decided, due=self.past.calendar.decide_by(course.received)
        )
        status = {Action.DECLINE: TipStatus.DECLINED, Action.TRANSFER_OUT: TipStatus.TRANSFERRED_OUT}
        self.step(
            course.action,
            course.decided,
            to=status.get(course.action, TipStatus.ACCEPTED),
            reason=course.reason,
        )
        if work is not None:
            if town is not None and self.chance.randrange(100) < WHISTLED:
                self.whistle(town)
            self.work(work)
        self.step(Action.CLOSE, course.closed, to=TipStatus.CLOSED)
        for step in sorted(self.steps, key=lambda one: one.taken_date):
            self.made.add(step)
        put_targets(self.steps)

    def work(self, work: Work) -> None:
        """Add the verification, its result, the measures, the answer and what followed."""
        is_founded = work.result in FOUNDED
        self.step(Action.VERIFY, work.inspected, to=TipStatus.VERIFYING)
        self.step(Action.INSPECT, work.inspected, to=TipStatus.VERIFYING)
        self.inspection(work)
        period = self.period(
            Clock.CLOSE,
            self.made.course.decided,
            work.concluded,
            due=work.due,
            extra=EXTRA_DAYS if work.extended else 0,
        )
        self.time(work, period=period)
        self.result(work)
        if is_founded:
            self.measures(work)
        self.answer(work)

    def inspection(self, work: Work) -> None:
        """Add the visit on the spot."""
        row = Inspection(
            tip=self.made.tip,
            office=self.unit.office,
            visited_date=work.inspected,
            recorded_by=self.unit.officer,
            recorded_at=self.moment(work.inspected),
        )
        row.inspectors = name_of(self.unit.officer)
        row.findings = self.texts[work.result.value]
        self.made.add(row)

    def result(self, work: Work) -> None:
        """Add the result one proposed and the leader signed."""
        unfounded = work.result not in FOUNDED
        propose, sign = (
            (Action.CONCLUDE_UNFOUNDED, Action.APPROVE_UNFOUNDED)
            if unfounded
            else (Action.CONCLUDE, Action.APPROVE_RESULT)
        )
        self.step(propose, work.signed, to=TipStatus.VERIFYING)
        self.step(sign, work.signed, to=TipStatus.VERIFIED, actor=self.unit.leader)
        row = Conclusion(
            tip=self.made.tip,
            result=work.result,
            proposed_by=self.unit.officer,
            proposed_at=self.moment(work.signed),
            decided_by=self.unit.leader,
            decided_at=self.moment(work.signed),
            is_confirmed=True,
        )
        row.findings = self.texts[work.result.value]
        row.measures = "" if unfounded else self.texts["order"]
        self.made.add(row)

    def measures(self, work: Work) -> None:
        """Add the order to rectify, the penalty if any, and the re-check."""
        day = work.disposed or work.signed
        self.step(Action.PROPOSE_MEASURE, day)
        self.step(Action.DISPOSE, day, to=TipStatus.DISPOSED, actor=self.unit.leader)
        self.disposal(work, Measure.RECTIFY, words=self.texts["order"])
        if work.fine:
            self.step(Action.PROPOSE_MEASURE, day)
            self.step(Action.DISPOSE, day, to=TipStatus.DISPOSED, actor=self.unit.leader)
            self.disposal(work, Measure.PENALTY, words=self.texts["penalty"])
        if work.rectified is not None:
            self.step(Action.RECHECK, work.rectified, memo=self.texts["put_right"])

    def disposal(self, work: Work, measure: Measure, *, words: str) -> None:
        """Add one signed measure."""
        day, is_order = work.disposed or work.signed, measure == Measure.RECTIFY
        row = Disposal(
            tip=self.made.tip,
            measure=measure,
            decided_date=day,
            fine_amount=None if is_order else work.fine,
            rectify_by=self.past.calendar.due(day, 15) if is_order else None,
            rectified_date=work.rectified if is_order else None,
            decision_number=""
            if is_order
            else f"（陕西）应急罚〔{day.year}〕{self.chance.randrange(100, 999)}号",
            recorded_by=self.unit.officer,
            recorded_at=self.moment(day),
            decided_by=self.unit.leader,
            decided_at=self.moment(day),
            is_confirmed=True,
        )
        row.words = words
        self.made.add(row)

    def answer(self, work: Work) -> None:
        """Add the answer and what the reporter made of it, or the withdrawal."""
        if work.after.replied is None:
            self.step(Action.WITHDRAW, work.inspected, by_reporter=True)
            return
        self.step(Action.REPLY, work.after.replied, to=TipStatus.REPLIED)
        due = self.past.calendar.due(work.signed, self.past.calendar.policy.reply_days)
        self.period(Clock.REPLY, work.signed, work.after.replied, due=due)
        if work.after.rated is not None:
            self.step(Action.RATE, work.after.rated, by_reporter=True)
            self.made.add(Rating(tip=self.made.tip, score=work.after.score, rated_date=work.after.rated))
        if work.after.objected is not None and work.after.reviewed is not None:
            self.objection(filed=work.after.objected, reviewed=work.after.reviewed)

    def objection(self, *, filed: date, reviewed: date) -> None:
        """Add an objection after which the answer stood."""
        due = self.past.calendar.due(filed, self.past.calendar.policy.review_days)
        self.step(Action.OBJECT, filed, to=TipStatus.REVIEW, by_reporter=True)
        self.step(Action.UPHOLD, reviewed, to=TipStatus.REPLIED, actor=self.past.top.leader)
        self.period(Clock.REVIEW, filed, reviewed, due=due)
        row = Objection(
            tip=self.made.tip,
            raised_on=self.made.tip,
            office=self.past.top.office,
            filed_date=filed,
            review_by=due,
            reviewed_by=self.past.top.leader,
            reviewed_date=reviewed,
            is_upheld=True,
        )
        row.words = self.texts["objection"]
        self.made.add(row)

    # --- time -------------------------------------------------------------------------------------------------

    def time(self, work: Work, *, period: Period) -> None:
        """Add the extension, and the supervision of what ran out where a unit stands above."""
        if work.extended is not None:
            self.step(Action.ASK_EXTENSION, work.extended)
            self.step(Action.GRANT_EXTENSION, work.extended, actor=self.past.top.leader)
            moment = self.moment(work.extended)
            self.made.add(
                Extension(
                    tip=self.made.tip,
                    period=period,
                    days=EXTRA_DAYS,
                    asked_by=self.unit.officer,
                    asked_at=moment,
                    decided_by=self.past.top.leader,
                    decided_at=moment,
                    is_granted=True,
                )
            )
        if work.is_late and self.unit.office.pk != self.past.top.office.pk:
            self.supervision(period)

    def supervision(self, period: Period) -> None:
        """Add the supervision of a period that ran out."""
        calendar, leader = self.past.calendar, self.past.top.leader
        raised, answered, ended = (calendar.after(period.due_date, days) for days in (1, 3, 5))
        self.step(Action.SUPERVISE, raised, actor=leader, memo=self.texts["supervision"])
        self.step(Action.ANSWER_SUPERVISION, answered, memo=self.texts["answer"])
        self.step(Action.LIFT_SUPERVISION, ended, actor=leader, memo=self.texts["answer"])
        self.made.add(
            Supervision(
                tip=self.made.tip,
                office=self.past.top.office,
                unit=self.unit.office,
                cause=SupervisionCause.OVERDUE,
                period=period,
                raised_by=leader,
                raised_date=raised,
                answer_by=calendar.after(raised, 7),
                answered_date=answered,
                ended_date=ended,
            )
        )

    def whistle(self, town: Unit) -> None:
        """Add a whistle on the day of acceptance: answered in time, late or sent back."""
        calendar, roll = self.past.calendar, self.chance.randrange(100)
        day = self.made.course.decided
        raised = timezone.make_aware(datetime.combine(day, CLOSES))
        due = answer_deadline(raised=raised, hours=calendar.policy.whistle_hours, overlay=calendar.overlay)
        is_back, is_late = roll < SENT_BACK, SENT_BACK <= roll < SENT_BACK + ANSWERED_LATE
        answered = due + timedelta(hours=2) if is_late else due - timedelta(hours=self.chance.randrange(3, 7))
        came = timezone.localdate(answered)
        row = Whistle(
            tip=self.made.tip,
            town=town.office,
            called=self.unit.office,
            raised_by=town.officer,
            raised_at=raised,
            answer_by=due,
            answered_by=self.unit.officer,
            answered_at=answered,
            arrive_by=None if is_back else calendar.after(came, 3),
            arrived_at=None if is_back else answered + timedelta(minutes=50),
            is_returned=is_back,
            ended_at=answered if is_back else answered + timedelta(minutes=50),
        )
        row.reason, row.answer = self.texts["whistle"], self.texts["arrival"]
        self.made.add(row)
        self.step(Action.WHISTLE, day, actor=town.officer, memo=self.texts["whistle"], towards=self.unit)
        if is_back:
            self.step(Action.RETURN_WHISTLE, came, memo=self.texts["arrival"])
            return
        self.step(Action.ANSWER_WHISTLE, came)
        self.step(Action.ARRIVE, came, memo=self.texts["arrival"])
