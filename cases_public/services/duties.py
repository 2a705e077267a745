"""The calendar of the duty: begin periods, release closed units, remind. Daily; a second run does nothing."""

from datetime import date, datetime, timedelta

from django.db import transaction

from cases_public.duty.periods import DutyPeriod, period_of_code, periods_since
from cases_public.enums import DutyRhythm
from cases_public.models import Duty, DutyRule
from complaints import events
from complaints.disclosure import people_of_units, reporting_units

from .duty_overview import counted_of
from .duty_rights import SUBMITTING
from .duty_rules import rule_for


@transaction.atomic
def begin_periods(today: date, _now: datetime) -> int:
    """Make the duties of every period that has begun since the last run; return how many."""
    units, rules = reporting_units(), list(DutyRule.objects.select_for_update())
    known = set(Duty.objects.values_list("office_id", "period"))
    rows = []
    for rhythm in DutyRhythm:
        for period in _begun(rhythm, today=today):
            for unit in units.values():
                rule = rule_for(unit=unit, day=period.start_date, rules=rules)
                is_new = unit.is_active and (unit.office_id, period.code) not in known
                if rule is not None and rule.rhythm == rhythm and is_new:
                    rows.append(_duty(unit.office_id, rule=rule, period=period))
    Duty.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _begun(rhythm: DutyRhythm, *, today: date) -> list[DutyPeriod]:
    """Return what began since the newest known period, and the running one: a unit may have come since."""
    newest = (
        Duty.objects.filter(rhythm=rhythm).order_by("-start_date").values_list("period", flat=True).first()
    )
    known = period_of_code(newest) if newest else None
    found = periods_since(after=known, today=today, rhythm=rhythm)
    return found if known is None or found else [known]


def _duty(office_id: int, *, rule: DutyRule, period: DutyPeriod) -> Duty:
    return Duty(
        office_id=office_id,
        rule=rule,
        rhythm=period.rhythm,
        period=period.code,
        start_date=period.start_date,
        due_date=period.end_date,
    )


@transaction.atomic
def release_closed(today: date, _now: datetime) -> int:
    """Release running duties of units no longer in use, and bind those again that came back; return how many."""
    units = reporting_units()
    closed = [key for key, unit in units.items() if not unit.is_active]
    running = Duty.objects.filter(due_date__gte=today)
    gone = running.filter(office__in=closed, released_date=None).update(released_date=today)
    back = running.exclude(office__in=closed).exclude(released_date=None).update(released_date=None)
    return int(gone + back)


@transaction.atomic
def remind(today: date, now: datetime) -> int:
    """Raise a notice without content for units that still owe: once before the last day, once from it on."""
    open_ones = Duty.objects.select_for_update(of=("self",)).filter(
        released_date=None, reminded_due_date=None
    )
    told = 0
    for duty in open_ones.select_related("rule").filter(start_date__lte=today):
        is_due = today >= duty.due_date
        is_early = (
            today >= duty.due_date - timedelta(days=duty.rule.remind_days) and duty.reminded_date is None
        )
        if not (is_due or is_early) or _has_enough(duty, today=today):
            continue
        name = "reminded_due_date" if is_due else "reminded_date"
        setattr(duty, name, today)
        duty.save(update_fields=[name])
        people = people_of_units(office_ids=[duty.office_id], roles=SUBMITTING).get(duty.office_id, [])
        events.work_waits.send(sender=Duty, user_ids=people, today=today)
        events.act_taken.send(
            sender=Duty,
            action="duty.reminded",
            at=now,
            subject=f"duty:{duty.pk}",
            data={"office": duty.office_id},
        )
        told += 1
    return told


def _has_enough(duty: Duty, *, today: date) -> bool:
    return counted_of(duties=[duty], today=today)[duty.pk].missing == 0
