"""督办: the level above looks in, by its own decision or because the machine found something late (late.py).

A supervision names the unit that answers and the one that asks. Both rights follow these names and not the unit in
charge of the tip: whoever passes it down does not become the level above of what is asked of itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from complaints.enums import Action, Phase, SupervisionCause
from complaints.errors import IllegalMove
from complaints.models import Office, Period, Supervision, Tip
from complaints.models.period import PeriodQuerySet
from complaints.rules.deadlines import add_working_days
from complaints.selectors.assignment import office_above, office_looking_in
from complaints.selectors.deadlines import day_overlay, policy_on

from . import steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

DEATH_WORDS = _("Raised by the system: a death is involved.")


@refusals_are_logged(Action.SUPERVISE)
@storage_faults_as_refusals()
@transaction.atomic
def supervise(*, tip_id: int, actor: User, at: datetime, memo: str) -> Supervision:
    """Look in as the level above; a period that has run out by now is thereby dealt with.

    The unit in charge answers, and the unit for which the actor looks in ends it: a district above a town does not end
    what the city asked of that town.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove while a supervision is open.
        DraftInvalid: `memo` (what is asked of the unit) is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.SUPERVISE, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    steps.finish(taking, memo=words["memo"])
    return _open(
        taking,
        cause=SupervisionCause.ORDERED,
        unit=taking.tip.handling_unit,
        office=office_looking_in(user=actor, office=taking.tip.handling_unit),
        about={"period": overdue_periods(today=taking.today).filter(tip=taking.tip).first()},
    )


@refusals_are_logged(Action.ANSWER_SUPERVISION)
@storage_faults_as_refusals()
@transaction.atomic
def answer_supervision(*, tip_id: int, actor: User, at: datetime, memo: str) -> Supervision:
    """Tell the level above why it is late and what happens next.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.ANSWER_SUPERVISION, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    row = _open_row(tip=taking.tip)
    steps.finish(taking, memo=words["memo"])
    row.answered_date = taking.today
    row.save(update_fields=["answered_date"])
    return row


@refusals_are_logged(Action.LIFT_SUPERVISION)
@storage_faults_as_refusals()
@transaction.atomic
def lift_supervision(*, tip_id: int, actor: User, at: datetime, memo: str) -> Supervision:
    """End the supervision as the unit that asked, or one above it, once it was answered.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.LIFT_SUPERVISION, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    row = _open_row(tip=taking.tip)
    steps.finish(taking, memo=words["memo"])
    row.ended_date = taking.today
    row.save(update_fields=["ended_date"])
    _mark(tip=taking.tip, is_supervised=False)
    return row


@dataclass(frozen=True, kw_only=True)
class Late:
    """Why the machine raises a supervision: the cause, its words, and the row it is about.

    `unit` is the one that answers; None: the unit in charge.
    """

    cause: SupervisionCause
    memo: str
    unit: Office | None = None
    about: Mapping[str, Model] = field(default_factory=dict)


def raise_for_death(*, tip: Tip, at: datetime) -> bool:
    """Raise a supervision because a death is involved; the caller holds the tip's lock. False while one is open.

    Legal basis: 安全生产法 73.
    """
    with override("zh-hans"):
        late = Late(cause=SupervisionCause.DEATH, memo=str(DEATH_WORDS))
    return raise_by_machine(tip=tip, at=at, late=late)


def raise_by_machine(*, tip: Tip, at: datetime, late: Late) -> bool:
    """Raise it as the machine; False when somebody was faster and one is open already. `tip` is locked."""
    try:
        taking = steps.begin_by_machine(tip=tip, action=Action.SUPERVISE, at=at)
    except IllegalMove:
        return False
    steps.finish(taking, memo=late.memo)
    unit = late.unit or tip.handling_unit
    _open(taking, cause=late.cause, unit=unit, office=office_above(office=unit), about=late.about)
    return True


def overdue_periods(*, today: date) -> PeriodQuerySet:
    """Return periods that ran out and that nobody looked into yet."""
    return Period.objects.overdue(today=today).filter(supervision=None, tip__phase=Phase.OPEN)


def _open(
    taking: steps.Taking,
    *,
    cause: SupervisionCause,
    unit: Office,
    office: Office,
    about: Mapping[str, Model | None],
) -> Supervision:
    days = policy_on(day=taking.today).supervision_working_days
    _mark(tip=taking.tip, is_supervised=True)
    return Supervision.objects.create(
        tip=taking.tip,
        unit=unit,
        office=office,
        cause=cause,
        raised_by=taking.actor,
        raised_date=taking.today,
        answer_by=add_working_days(start=taking.today, days=days, overlay=day_overlay()),
        **about,
    )


def _mark(*, tip: Tip, is_supervised: bool) -> None:
    tip.is_supervised = is_supervised
    tip.save(update_fields=["is_supervised"])


def _open_row(*, tip: Tip) -> Supervision:
    row = tip.supervisions.filter(ended_date=None).last()
    if row is None:
        raise IllegalMove("no supervision is open")
    return row
