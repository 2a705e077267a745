"""镇街吹哨、区县报到: a town calls the district, which takes the lead and comes, or sends the whistle back."""

from dataclasses import replace
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints.enums import Action, OfficeLevel, UnitPart
from complaints.errors import IllegalMove, NotAllowed, NoUnitToCall
from complaints.models import Office, Tip, TipUnit, Whistle
from complaints.rules.deadlines import add_working_days
from complaints.rules.whistles import answer_deadline
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.joint import handles_in, town_unit

from . import steps
from .refusals import refusals_are_logged
from .sight import keep_in_sight
from .storage_faults import storage_faults_as_refusals

# City above district above town; a circle made by mistake in the register of units ends the climb.
_LEVELS_AT_MOST = 8


@refusals_are_logged(Action.WHISTLE)
@storage_faults_as_refusals()
@transaction.atomic
def whistle(*, tip_id: int, actor: User, at: datetime, memo: str) -> Whistle:
    """Call the district to a tip of the town; `memo` says what is needed.

    Called is the unit in charge, or the one above the town where the town itself is in charge.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove while a whistle is open.
        DraftInvalid: `memo` is missing.
        NoUnitToCall: no active unit stands above the town.

    Legal basis: 要点 4; hours to answer by the dated policy, local practice.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.WHISTLE, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    town = town_unit(user=actor, tip=taking.tip)
    if town is None:
        raise NotAllowed
    called = _unit_to_call(tip=taking.tip, town=town)
    steps.finish(taking, memo=words["memo"], towards=called)
    row = Whistle(
        tip=taking.tip,
        town=town,
        called=called,
        raised_by=actor,
        raised_at=steps.to_minute(at),
        answer_by=_answer_by(at=at),
    )
    row.reason = words["memo"]
    row.save(force_insert=True)
    _show_called(tip=taking.tip, unit=called)
    return row


def _unit_to_call(*, tip: Tip, town: Office) -> Office:
    unit: Office | None = tip.handling_unit if tip.handling_unit.level != OfficeLevel.TOWN else town.parent
    for _level in range(_LEVELS_AT_MOST):
        if unit is None:
            break
        if unit.is_active and unit.level != OfficeLevel.TOWN:
            return unit
        unit = unit.parent
    raise NoUnitToCall


def _answer_by(*, at: datetime) -> datetime:
    raised = timezone.localtime(steps.to_minute(at))
    hours = policy_on(day=raised.date()).whistle_hours
    return answer_deadline(raised=raised, hours=hours, overlay=day_overlay())


def _show_called(*, tip: Tip, unit: Office | None) -> None:
    tip.called_unit = unit
    tip.save(update_fields=["called_unit"])


@refusals_are_logged(Action.ANSWER_WHISTLE)
@storage_faults_as_refusals()
@transaction.atomic
def answer_whistle(*, tip_id: int, actor: User, at: datetime) -> Whistle:
    """Report for duty: the called unit leads from now on (主办), the town inspects (主查), the arrival has a day.

    Someone of the level above may do so where the called unit does not; that unit leads and comes all the same.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove when somebody answered before.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.ANSWER_WHISTLE, actor=actor, at=at)
    row = _open_whistle(tip=taking.tip)
    leads = taking.tip.handling_unit.level == OfficeLevel.TOWN
    # Before the lead changes: the history says which unit gave the tip away.
    steps.finish(taking, towards=row.called if leads else None)
    _take_the_lead(tip=taking.tip, row=row, actor=actor, today=taking.today)
    row.answered_by, row.answered_at = actor, steps.to_minute(at)
    days = policy_on(day=taking.today).arrival_working_days
    row.arrive_by = add_working_days(start=taking.today, days=days, overlay=day_overlay())
    row.save(update_fields=["answered_by", "answered_at", "arrive_by"])
    return row


def _take_the_lead(*, tip: Tip, row: Whistle, actor: User, today: date) -> None:
    """Put the called unit in charge of what a town led; where a unit above it leads by now, it helps that one."""
    before = tip.handling_unit
    handler = actor if handles_in(user=actor, office_id=row.called_id) else None
    if tip.handling_unit.level == OfficeLevel.TOWN:
        tip.handling_unit, tip.handler = row.called, handler
        tip.merged_tips.update(handling_unit=row.called)
        tip.units.filter(office=row.called, ended_date=None).update(ended_date=today)
    elif tip.handling_unit_id != row.called_id:
        _take_part(tip=tip, office=row.called, part=UnitPart.CO_UNIT, today=today)
    elif tip.handler_id is None:
        tip.handler = handler
    tip.inspecting_unit = row.town
    tip.save(update_fields=["handling_unit", "handler", "inspecting_unit"])
    inspecting = tip.units.filter(part=UnitPart.INSPECTING, ended_date=None)
    gone = [part.office for part in inspecting.exclude(office=row.town).select_related("office")]
    inspecting.exclude(office=row.town).update(ended_date=today)
    _take_part(tip=tip, office=row.town, part=UnitPart.INSPECTING, today=today)
    for office in (before, *gone):
        keep_in_sight(tip=tip, office=office, today=today)


def _take_part(*, tip: Tip, office: Office, part: UnitPart, today: date) -> None:
    joined = tip.units.filter(office=office, ended_date=None)
    if not joined.filter(part=part).exists():
        joined.update(ended_date=today)
        TipUnit.objects.create(tip=tip, office=office, part=part, since_date=today)


@refusals_are_logged(Action.ARRIVE)
@storage_faults_as_refusals()
@transaction.atomic
def arrive(*, tip_id: int, actor: User, at: datetime, memo: str) -> Whistle:
    """Say that the called unit is on the spot, and what it does there; this ends the whistle.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing.
    """
    return _end(tip_id=tip_id, actor=actor, at=at, action=Action.ARRIVE, memo=memo)


@refusals_are_logged(Action.RETURN_WHISTLE)
@storage_faults_as_refusals()
@transaction.atomic
def return_whistle(*, tip_id: int, actor: User, at: datetime, memo: str) -> Whistle:
    """Send a whistle back with the reason; who leads and who inspects stays as it was.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove when somebody answered before.
        DraftInvalid: `memo` is missing.
    """
    return _end(tip_id=tip_id, actor=actor, at=at, action=Action.RETURN_WHISTLE, memo=memo)


@refusals_are_logged(Action.WITHDRAW_WHISTLE)
@storage_faults_as_refusals()
@transaction.atomic
def withdraw_whistle(*, tip_id: int, actor: User, at: datetime, memo: str) -> Whistle:
    """Take a whistle back as the town that raised it, before the district has come; who leads stays as it is.

    The reason stands in the history: the words of the whistle are those of the called unit.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; NotAllowed for another town.
        DraftInvalid: `memo` is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.WITHDRAW_WHISTLE, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    row = _open_whistle(tip=taking.tip)
    if not handles_in(user=actor, office_id=row.town_id):
        raise NotAllowed
    steps.finish(taking, memo=words["memo"], towards=row.called)
    row.ended_at = steps.to_minute(at)
    row.save(update_fields=["ended_at"])
    _show_called(tip=taking.tip, unit=None)
    return row


def _end(*, tip_id: int, actor: User, at: datetime, action: Action, memo: str) -> Whistle:
    taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    row = _open_whistle(tip=taking.tip)
    steps.finish(taking, memo=words["memo"])
    moment = row.ended_at = steps.to_minute(at)
    if action == Action.ARRIVE:
        row.arrived_at = moment
    else:
        row.is_returned, row.answered_by, row.answered_at = True, actor, moment
    row.answer = words["memo"]
    row.save()
    _show_called(tip=taking.tip, unit=None)
    return row


def end_with_tip(taking: steps.Taking, *, memo: str) -> None:
    """End an open whistle because the tip goes away, by an act of its own before that one; nothing without a whistle.

    The town and the called unit are told, and the record says who ended it and why.

    Args:
        taking: the act that takes the tip away, checked and not written yet.
        memo: where the tip goes, and why, in Chinese; not empty.

    Legal basis: 安全生产法 73 (what is another body's is passed on at once); a whistle keeps no tip here.
    """
    row = _read_open(tip=taking.tip)
    if row is None:
        return
    ending = steps.begin_by_machine(tip=taking.tip, action=Action.END_WHISTLE, at=taking.at)
    steps.finish(replace(ending, actor=taking.actor), memo=memo, towards=row.called)
    row.ended_at, row.is_moot, row.answer = steps.to_minute(taking.at), True, memo
    row.save()
    _show_called(tip=taking.tip, unit=None)


def _read_open(*, tip: Tip) -> Whistle | None:
    return Whistle.objects.open().filter(tip=tip).select_related("town", "called").first()


def _open_whistle(*, tip: Tip) -> Whistle:
    row = _read_open(tip=tip)
    if row is None:
        raise IllegalMove("no whistle is open")
    return row
