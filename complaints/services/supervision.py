"""督办: the level above looks in, by its own decision or because a period or a whistle ran out."""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import Action, Clock, Phase, SupervisionCause
from complaints.errors import ComplaintError, IllegalMove
from complaints.models import Period, Supervision, Tip, Whistle
from complaints.models.period import PeriodQuerySet
from complaints.rules.deadlines import add_working_days
from complaints.selectors.assignment import office_above
from complaints.selectors.deadlines import day_overlay, policy_on

from . import steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

logger = logging.getLogger(__name__)


@refusals_are_logged(Action.SUPERVISE)
@storage_faults_as_refusals()
@transaction.atomic
def supervise(*, tip_id: int, actor: User, at: datetime, memo: str) -> Supervision:
    """Look in as the level above; a period that has run out by now is thereby dealt with.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove while a supervision is open.
        DraftInvalid: `memo` (what is asked of the unit) is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.SUPERVISE, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    steps.finish(taking, memo=words["memo"])
    period = _overdue(today=taking.today).filter(tip=taking.tip).first()
    return _open(taking, cause=SupervisionCause.ORDERED, period=period)


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
    """End the supervision as the level above, once it was answered.

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


def raise_for_overdue(*, now: datetime) -> int:
    """Raise a supervision for each period that ran out, once; return how many were raised.

    A tip that is under supervision already waits for that one to end. Each tip is a transaction of its own.

    Legal basis: house rule; what is late is for the level above (督办).
    """
    found = _overdue(today=timezone.localdate(now)).filter(tip__is_supervised=False)
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    return _each(keys, lambda key: _raise_for_period(period_id=key, at=now))


def raise_for_late_whistles(*, now: datetime) -> int:
    """Raise a supervision for each whistle left unanswered past its hour, once; return how many were raised."""
    found = Whistle.objects.late(now=now).filter(supervision=None, tip__is_supervised=False)
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    return _each(keys, lambda key: _raise_for_whistle(whistle_id=key, at=now))


def _each(keys: Iterable[int], raise_one: Callable[[int], bool]) -> int:
    """Go through all of them: a tip that refuses must not keep the others from their supervision."""
    raised = 0
    for key in keys:
        try:
            raised += raise_one(key)
        except ComplaintError as error:
            logger.warning("no supervision for row %d: %s", key, error.code)
    return raised


def raise_for_death(*, tip: Tip, at: datetime) -> bool:
    """Raise a supervision because a death is involved; the caller holds the tip's lock. False while one is open.

    Legal basis: 安全生产法 73.
    """
    with override("zh-hans"):
        memo = _("Raised by the system: a death is involved.")
    return _raise(tip=tip, at=at, memo=memo, cause=SupervisionCause.DEATH)


def _overdue(*, today: date) -> PeriodQuerySet:
    """Return periods that ran out and that nobody looked into yet."""
    return Period.objects.overdue(today=today).filter(supervision=None, tip__phase=Phase.OPEN)


@transaction.atomic
def _raise_for_period(*, period_id: int, at: datetime) -> bool:
    tip = _locked(periods=period_id)
    period = _overdue(today=timezone.localdate(at)).filter(pk=period_id).first()
    if tip is None or period is None:
        return False
    memo = _overdue_words(period)
    return _raise(tip=tip, at=at, memo=memo, cause=SupervisionCause.OVERDUE, period=period)


@transaction.atomic
def _raise_for_whistle(*, whistle_id: int, at: datetime) -> bool:
    tip = _locked(whistles=whistle_id)
    whistle = Whistle.objects.late(now=at).filter(pk=whistle_id, supervision=None).first()
    if tip is None or whistle is None:
        return False
    return _raise(
        tip=tip, at=at, memo=_late_words(whistle), cause=SupervisionCause.WHISTLE_LATE, whistle=whistle
    )


def _locked(**owned: int) -> Tip | None:
    keys = Tip.objects.filter(**owned).values("pk")
    rows = Tip.objects.select_for_update(of=("self",)).select_related("handling_unit")
    return rows.filter(pk__in=keys).first()


def _raise(
    *,
    tip: Tip,
    at: datetime,
    memo: str,
    cause: SupervisionCause,
    period: Period | None = None,
    whistle: Whistle | None = None,
) -> bool:
    """Raise it as the machine; False when somebody was faster and one is open already."""
    try:
        taking = steps.begin_by_machine(tip=tip, action=Action.SUPERVISE, at=at)
    except IllegalMove:
        return False
    steps.finish(taking, memo=memo)
    _open(taking, cause=cause, period=period, whistle=whistle)
    return True


def _open(
    taking: steps.Taking,
    *,
    cause: SupervisionCause,
    period: Period | None = None,
    whistle: Whistle | None = None,
) -> Supervision:
    days = policy_on(day=taking.today).supervision_working_days
    _mark(tip=taking.tip, is_supervised=True)
    return Supervision.objects.create(
        tip=taking.tip,
        office=office_above(office=whistle.called if whistle else taking.tip.handling_unit),
        cause=cause,
        period=period,
        whistle=whistle,
        raised_by=taking.actor,
        raised_date=taking.today,
        answer_by=add_working_days(start=taking.today, days=days, overlay=day_overlay()),
    )


def _mark(*, tip: Tip, is_supervised: bool) -> None:
    tip.is_supervised = is_supervised
    tip.save(update_fields=["is_supervised"])


def _open_row(*, tip: Tip) -> Supervision:
    row = tip.supervisions.filter(ended_date=None).last()
    if row is None:
        raise IllegalMove("no supervision is open")
    return row


def _overdue_words(period: Period) -> str:
    with override("zh-hans"):
        values = {
            "period": Clock(period.clock).label,
            "day": date_format(period.due_date, "DATE_FORMAT"),
        }
        return _("Raised by the system: the period “%(period)s” ran out on %(day)s.") % values


def _late_words(whistle: Whistle) -> str:
    with override("zh-hans"):
        values = {"unit": whistle.called.name}
        return _("Raised by the system: %(unit)s did not answer the whistle in time.") % values
