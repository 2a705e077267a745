"""Quotas: added, ended and, before they begin, deleted; never changed. What ships is added once."""

from datetime import date, datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cases_public.enums import DutyRhythm
from cases_public.models import DutyRule
from complaints import events
from complaints.disclosure import ReportingUnit, roles_held
from complaints.enums import OfficeLevel, Role

from .duty_rights import DutyRefused

# 92号: at least one case of its own, the city every quarter, counties every two months. Zones stand beside counties.
SHIPPED_SOURCE = "应急厅函〔2021〕92号（合格分和提醒天数为默认值，待核实）"
SHIPPED_FROM = date(2021, 4, 1)
SHIPPED = {
    OfficeLevel.CITY: DutyRhythm.QUARTER,
    OfficeLevel.DISTRICT: DutyRhythm.TWO_MONTHS,
    OfficeLevel.ZONE: DutyRhythm.TWO_MONTHS,
}


def ensure_shipped_rules(**_kwargs: object) -> None:
    """Add the rules of 92号 where there is none at all; a receiver of post_migrate."""
    if DutyRule._meta.db_table not in connection.introspection.table_names() or DutyRule.objects.exists():
        return
    for level, rhythm in SHIPPED.items():
        DutyRule.objects.create(
            level=level, rhythm=rhythm, effective_from=SHIPPED_FROM, source=SHIPPED_SOURCE
        )


def rule_for(*, unit: ReportingUnit, day: date, rules: list[DutyRule]) -> DutyRule | None:
    """Return the quota of a unit on a day: its own before that of its level; of city units only the top has one."""
    running = [row for row in rules if row.effective_from <= day and not _is_over(row, day=day)]
    own = next((row for row in running if row.office_id == unit.office_id), None)
    if own is not None:
        return own
    if unit.level == OfficeLevel.CITY and not unit.is_top:
        return None
    return next((row for row in running if row.level == unit.level), None)


def _is_over(row: DutyRule, *, day: date) -> bool:
    return row.effective_to is not None and row.effective_to < day


@transaction.atomic
def add_rule(*, row: DutyRule, user: User, at: datetime, today: date) -> DutyRule:
    """Store a new quota; raises DutyRefused for a day that has begun, or two quotas of one unit at a time."""
    _require_keeper(user)
    if row.effective_from <= today:
        raise DutyRefused(_("A quota begins tomorrow at the earliest: what is owed already stays as it is."))
    reach = Q(office=row.office_id) if row.office_id else Q(level=row.level, office=None)
    later = Q(effective_to=None) | Q(effective_to__gte=row.effective_from)
    others = DutyRule.objects.select_for_update().filter(reach & later)
    if row.effective_to is not None:
        others = others.filter(effective_from__lte=row.effective_to)
    if others.exists():
        raise DutyRefused(_("Another quota is in force then. End it first, the day before this one begins."))
    row.save(force_insert=True)
    _note(row, act="added", user=user, at=at)
    return row


@transaction.atomic
def end_rule(*, rule_id: int, last_day: date, user: User, at: datetime, today: date) -> DutyRule:
    """Give a quota its last day; raises DutyRefused before today, or where it ends already."""
    _require_keeper(user)
    row = DutyRule.objects.select_for_update().get(pk=rule_id)
    if last_day < max(today, row.effective_from):
        raise DutyRefused(_("The last day is today or later, and not before the first one."))
    if row.effective_to is not None and row.effective_to < today:
        raise DutyRefused(_("This quota has ended."))
    row.effective_to = last_day
    row.save(update_fields=["effective_to"])
    _note(row, act="changed", user=user, at=at)
    return row


def _require_keeper(user: User) -> None:
    if Role.SYSTEM_ADMINISTRATOR not in roles_held(user):
        raise DutyRefused(_("Your role does not include this step."))


def _note(row: DutyRule, *, act: str, user: User, at: datetime) -> None:
    tell = partial(
        events.act_taken.send, sender=DutyRule, action=f"dutyrule.{act}", subject=f"dutyrule:{row.pk}"
    )
    tell(actor=user, at=at, data={"quota": row.quota})
