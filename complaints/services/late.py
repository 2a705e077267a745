"""What is late leads to a supervision or a reminder: one loop of the daily task for each thing with a last day.

Each loop looks at how things stand and does what is missing, once for each object, so that it may run as often as one
likes. A tip that is under supervision already waits for that one to end. Each tip is a transaction of its own.

Legal basis: house rule; what is late is for the level above (督办). Deaths: 安全生产法 73.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import Action, Clock, Phase, SupervisionCause
from complaints.errors import ComplaintError
from complaints.models import Disposal, Period, Referral, Supervision, Tip, Whistle
from complaints.selectors.assignment import office_above
from complaints.selectors.rectifications import overdue_orders
from complaints.selectors.referrals import late_decisions, late_hand_overs, silent_police
from complaints.selectors.whistles import late_arrivals, late_whistles

from . import steps
from .supervision import DEATH_WORDS, Late, overdue_periods, raise_by_machine

logger = logging.getLogger(__name__)
Rows = Callable[[datetime], "QuerySet[Any]"]


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One thing with a last day: `owner` leads from a tip to it, `rows` are those past it, `late` says why."""

    owner: str
    rows: Rows
    late: Callable[[Any], Late]


def raise_for_overdue(*, now: datetime) -> int:
    """Raise a supervision for each period that ran out, once; return how many were raised."""
    return _raise_each(_PERIODS, now=now)


def raise_for_late_whistles(*, now: datetime) -> int:
    """Raise a supervision of the called unit for each whistle left unanswered past its hour, once."""
    return _raise_each(_WHISTLES, now=now)


def raise_for_late_arrivals(*, now: datetime) -> int:
    """Raise a supervision of the called unit for each whistle it answered without coming by its day, once."""
    return _raise_each(_ARRIVALS, now=now)


def raise_for_late_referrals(*, now: datetime) -> int:
    """Raise a supervision for each referral nobody decided on in time, or handed over in time, once for each of both.

    Legal basis: 移送规定 5 (three days, 24 hours).
    """
    return _raise_each(_DECISIONS, now=now) + _raise_each(_HAND_OVERS, now=now)


def raise_for_late_rectifications(*, now: datetime) -> int:
    """Raise a supervision for each order to rectify past its day that nobody found fulfilled, once."""
    return _raise_each(_ORDERS, now=now)


def raise_for_deaths(*, now: datetime) -> int:
    """Raise a supervision for each open tip that involves a death and had none for it yet.

    A death recognised at intake is found here and not there: an act of the machine with its minute would tell when the
    tip was sent.
    """
    return _raise_each(_DEATHS, now=now)


def remind_of_police(*, now: datetime) -> int:
    """Tell the unit in charge that the police owe an answer, once for each last day; return how many were reminded.

    The police are not ours to supervise: the unit asks them again.
    """
    keys = silent_police(today=timezone.localdate(now)).order_by("pk").values_list("pk", flat=True)
    return _each(list(keys), lambda key: _remind_of_police(referral_id=key, at=now))


def raise_unanswered(*, now: datetime) -> int:
    """Take each supervision left unanswered past its day one level up, once; return how many went up.

    At the top there is no level above: its leaders are reminded.
    """
    keys = _unanswered(today=timezone.localdate(now)).order_by("pk").values_list("pk", flat=True)
    return _each(list(keys), lambda key: _raise_unanswered(supervision_id=key, at=now))


def _raise_each(watch: Watch, *, now: datetime) -> int:
    on = f"{'' if watch.owner == 'pk' else 'tip__'}is_supervised"
    keys = watch.rows(now).filter(**{on: False}).order_by("pk").values_list("pk", flat=True)
    return _each(list(keys), lambda key: _raise_one(watch, key=key, at=now))


def _each(keys: Iterable[int], do_one: Callable[[int], bool]) -> int:
    """Go through all of them: a tip that refuses must not keep the others from their supervision."""
    done = 0
    for key in keys:
        try:
            done += do_one(key)
        except ComplaintError as error:
            logger.warning("no supervision for row %d: %s", key, error.code)
    return done


@transaction.atomic
def _raise_one(watch: Watch, *, key: int, at: datetime) -> bool:
    tip = _locked(**{watch.owner: key})
    row = watch.rows(at).filter(pk=key).first()
    return tip is not None and row is not None and raise_by_machine(tip=tip, at=at, late=watch.late(row))


def _locked(**owned: int) -> Tip | None:
    keys = Tip.objects.filter(**owned).values("pk")
    rows = Tip.objects.select_for_update(of=("self",)).select_related("handling_unit")
    return rows.filter(pk__in=keys).first()


# --- what is late --------------------------------------------------------------------------------------------------


def _without(rows: "QuerySet[Any]", cause: SupervisionCause) -> "QuerySet[Any]":
    """Return the rows that had no supervision for this cause yet."""
    return rows.exclude(supervisions__cause=cause)


def _late_period(row: Period) -> Late:
    with override("zh-hans"):
        values = {"period": Clock(row.clock).label, "day": _day(row.due_date)}
        memo = _("Raised by the system: the period “%(period)s” ran out on %(day)s.") % values
    return Late(cause=SupervisionCause.OVERDUE, memo=memo, about={"period": row})


def _late_whistle(row: Whistle) -> Late:
    with override("zh-hans"):
        values = {"unit": row.called.name}
        memo = _("Raised by the system: %(unit)s did not answer the whistle in time.") % values
    return Late(cause=SupervisionCause.WHISTLE_LATE, memo=memo, unit=row.called, about={"whistle": row})


def _late_arrival(row: Whistle) -> Late:
    with override("zh-hans"):
        values = {"unit": row.called.name, "day": _day(row.arrive_by)}
        memo = _("Raised by the system: %(unit)s was to be on site by %(day)s and has not come.") % values
    return Late(cause=SupervisionCause.ARRIVAL_LATE, memo=memo, unit=row.called, about={"whistle": row})


def _late_decision(row: Referral) -> Late:
    with override("zh-hans"):
        values = {"day": _day(row.decide_by)}
        memo = _("Raised by the system: the criminal referral was to be decided on by %(day)s.") % values
    return Late(cause=SupervisionCause.REFERRAL_LATE, memo=memo, about={"referral": row})


def _late_hand_over(row: Referral) -> Late:
    with override("zh-hans"):
        time = date_format(timezone.localtime(row.transfer_by), "DATETIME_FORMAT")
        memo = _("Raised by the system: the case was to be handed to the police by %(time)s.") % {
            "time": time
        }
    return Late(cause=SupervisionCause.TRANSFER_LATE, memo=memo, about={"referral": row})


def _late_order(row: Disposal) -> Late:
    with override("zh-hans"):
        values = {"day": _day(row.rectify_by)}
        memo = _(
            "Raised by the system: the order to rectify was due on %(day)s, and no re-check found it fulfilled."
        )
    return Late(cause=SupervisionCause.RECTIFY_LATE, memo=memo % values, about={"disposal": row})


def _death(_tip: Tip) -> Late:
    with override("zh-hans"):
        return Late(cause=SupervisionCause.DEATH, memo=str(DEATH_WORDS))


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _open_deaths(_now: datetime) -> "QuerySet[Tip]":
    return _without(Tip.objects.filter(involves_death=True, phase=Phase.OPEN), SupervisionCause.DEATH)


_PERIODS = Watch(
    owner="periods",
    rows=lambda now: overdue_periods(today=timezone.localdate(now)),
    late=_late_period,
)
_WHISTLES = Watch(
    owner="whistles",
    rows=lambda now: _without(late_whistles(now=now), SupervisionCause.WHISTLE_LATE),
    late=_late_whistle,
)
_ARRIVALS = Watch(
    owner="whistles",
    rows=lambda now: _without(late_arrivals(today=timezone.localdate(now)), SupervisionCause.ARRIVAL_LATE),
    late=_late_arrival,
)
_DECISIONS = Watch(
    owner="referrals",
    rows=lambda now: _without(late_decisions(today=timezone.localdate(now)), SupervisionCause.REFERRAL_LATE),
    late=_late_decision,
)
_HAND_OVERS = Watch(
    owner="referrals",
    rows=lambda now: _without(late_hand_overs(now=now), SupervisionCause.TRANSFER_LATE),
    late=_late_hand_over,
)
_ORDERS = Watch(
    owner="disposals",
    rows=lambda now: _without(overdue_orders(today=timezone.localdate(now)), SupervisionCause.RECTIFY_LATE),
    late=_late_order,
)
_DEATHS = Watch(owner="pk", rows=_open_deaths, late=_death)


# --- reminders -----------------------------------------------------------------------------------------------------


@transaction.atomic
def _remind_of_police(*, referral_id: int, at: datetime) -> bool:
    tip, today = _locked(referrals=referral_id), timezone.localdate(at)
    row = silent_police(today=today).filter(pk=referral_id).first()
    if tip is None or row is None:
        return False
    with override("zh-hans"):
        values = {"police": row.police_name, "day": _day(row.answer_by)}
        memo = _("Reminder by the system: %(police)s was to answer by %(day)s. Please ask again.") % values
    steps.finish(steps.begin_by_machine(tip=tip, action=Action.REMIND, at=at), memo=memo)
    row.reminded_date = today
    row.save(update_fields=["reminded_date"])
    return True


def _unanswered(*, today: date) -> "QuerySet[Supervision]":
    waiting = Supervision.objects.filter(Q(ended_date=None, answered_date=None, reminded_date=None))
    return waiting.filter(answer_by__lt=today).select_related("unit", "office")


@transaction.atomic
def _raise_unanswered(*, supervision_id: int, at: datetime) -> bool:
    tip, today = _locked(supervisions=supervision_id), timezone.localdate(at)
    row = _unanswered(today=today).filter(pk=supervision_id).first()
    if tip is None or row is None:
        return False
    row.office, row.reminded_date = office_above(office=row.office), today
    row.save(update_fields=["office", "reminded_date"])
    with override("zh-hans"):
        values = {"unit": row.unit.name, "day": _day(row.answer_by), "office": row.office.name}
        memo = _(
            "Reminder by the system: %(unit)s was to answer the supervision by %(day)s; %(office)s takes it up."
        )
    taking = steps.begin_by_machine(tip=tip, action=Action.REMIND, at=at)
    steps.finish(taking, memo=memo % values, towards=row.office)
    return True
