"""Rows of one past tip of the demonstration: what the services would have left, made by the thousand."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from complaints.enums import (
    Action,
    Channel,
    Clock,
    IdentityMode,
    Phase,
    TipKind,
    TipStatus,
    Violation,
)
from complaints.models import (
    HandlingStep,
    Period,
    Tip,
)
from complaints.rules.numbers import ALPHABET

from .offices import Facts
from .past import Calendar, Course
from .past_places import Entity, Place, Unit

KINDS, KIND_WEIGHTS = (TipKind.MAJOR_HAZARD, TipKind.VIOLATION, TipKind.GENERAL_HAZARD), (42, 33, 25)
VIOLATIONS = (
    Violation.UNTRAINED,
    Violation.NO_SAFETY_SYSTEM,
    Violation.OBSOLETE_EQUIPMENT,
    Violation.NO_LICENCE,
)
CHANNELS = (Channel.PORTAL, Channel.SNAP, Channel.HOTLINE_12350, Channel.HOTLINE_12345, Channel.LETTER)
CHANNEL_WEIGHTS = (48, 24, 16, 9, 3)
# Nobody under a name: there would be an envelope with one in the vault.
IDENTITIES, IDENTITY_WEIGHTS = (IdentityMode.ANONYMOUS, IdentityMode.ANONYMOUS_WITH_CODE), (80, 20)
OPENS, CLOSES = time(9, 20), time(16, 40)


@dataclass(frozen=True, kw_only=True)
class Past:
    """What all past tips share: the data, the calendar, the unit at the top."""

    facts: Facts
    calendar: Calendar
    top: Unit


@dataclass(kw_only=True)
class Rows:
    """The rows of one past tip by model, in the order in which they are stored; steps are put in order by their day."""

    tip: Tip
    course: Course
    rows: dict[type[Model], list[Any]] = field(default_factory=dict)

    def add(self, row: Model) -> None:
        """Keep a row."""
        self.rows.setdefault(type(row), []).append(row)

    @property
    def fine(self) -> int:
        """The fine in yuan."""
        return self.course.work.fine if self.course.work is not None else 0


def tip_of(
    chance: random.Random,
    *,
    course: Course,
    place: Place,
    unit: Unit,
    town: str | None,
    entity: Entity,
    facts: Facts,
    serial: int,
) -> Tip:
    """Return a tip that is closed by now, not stored yet."""
    kind = chance.choices(KINDS, KIND_WEIGHTS)[0]
    operation = chance.choice(entity.operations)
    code = "".join(chance.choices(ALPHABET, k=6))
    tip = Tip(
        number=f"AS-{course.received.year}-{code}",
        idempotency_key=sha256(f"anshao demo past tip: {serial}".encode()).hexdigest()[:32],
        content_digest=b"\0" * 32,
        received_date=course.received,
        channel=chance.choices(CHANNELS, CHANNEL_WEIGHTS)[0],
        kind=kind,
        violation=chance.choice(VIOLATIONS) if kind == TipKind.VIOLATION else "",
        industry=entity.industry,
        operations=[operation],
        district_id=place.code,
        town_id=town,
        handling_unit=unit.office,
        handler=unit.officer,
        identity_mode=chance.choices(IDENTITIES, IDENTITY_WEIGHTS)[0],
        **_where_it_ended(course),
    )
    tip.description = chance.choice(facts["said"][operation])
    tip.entity_name = entity.name
    return tip


def _where_it_ended(course: Course) -> dict[str, Any]:
    work = course.work
    return {
        "status": TipStatus.CLOSED,
        "phase": Phase.DONE,
        "clock": Clock.NONE,
        "accepted_date": course.decided if work is not None else None,
        "answered_date": work.after.replied if work is not None else None,
        "withdrawn_date": work.inspected if work is not None and work.after.replied is None else None,
        "result": work.result if work is not None else "",
    }


@dataclass(kw_only=True)
class Making:
    """Keeps the steps and periods of one tip while its acts are gone through."""

    chance: random.Random
    made: Rows
    unit: Unit
    past: Past
    steps: list[HandlingStep] = field(default_factory=list)

    @property
    def texts(self) -> Mapping[str, str]:
        """What is said in the file, by what it is about."""
        found: Mapping[str, str] = self.past.facts["found"]
        return found

    def step(
        self,
        action: Action,
        day: date,
        *,
        to: TipStatus | None = None,
        actor: User | None = None,
        by_reporter: bool = False,
        memo: str = "",
        reason: str = "",
        towards: Unit | None = None,
    ) -> None:
        """Keep one step; a target is put in later where the state stays."""
        row = HandlingStep(
            tip=self.made.tip,
            action=action,
            target=to or "",
            reason=reason,
            actor=None if by_reporter else actor or self.unit.officer,
            office=self.unit.office,
            towards=towards.office if towards else None,
            taken_date=day,
            taken_at=None if by_reporter else self.moment(day),
        )
        row.memo = memo
        self.steps.append(row)

    def moment(self, day: date) -> datetime:
        """Return a minute within office hours; the later act of a day has no earlier one."""
        return timezone.make_aware(datetime.combine(day, OPENS)) + timedelta(minutes=3 * len(self.steps))

    def period(self, clock: Clock, start: date, end: date, *, due: date, extra: int = 0) -> Period:
        """Keep a period that has ended, and return it."""
        policy = self.past.calendar.policy
        days = {
            Clock.DECIDE: policy.decide_working_days,
            Clock.CLOSE: policy.close_days,
            Clock.REPLY: policy.reply_days,
            Clock.REVIEW: policy.review_days,
        }[clock]
        row = Period(
            tip=self.made.tip,
            clock=clock,
            started_date=start,
            days=days,
            is_working=clock == Clock.DECIDE,
            extra_days=extra,
            due_date=due,
            ended_date=end,
        )
        self.made.add(row)
        return row


def put_targets(steps: list[HandlingStep]) -> None:
    """Put the state in where an act left it as it was."""
    state: str = TipStatus.REGISTERED
    for step in sorted(steps, key=lambda one: one.taken_date):
        step.target = state = step.target or state


def name_of(user: User | None) -> str:
    """Return what a person is called; nobody has no name."""
    return user.get_full_name() if user is not None else ""
