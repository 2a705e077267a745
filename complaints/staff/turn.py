"""Whose turn it is with a tip, and until when: said where the person who looks has no next step of their own."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.enums import Clock, Fact, TipStatus
from complaints.models import Tip
from complaints.selectors.casework import CaseRecord
from complaints.selectors.rectifications import open_order

from .clockface import day_text
from .story import minute_text


def whose_turn(*, tip: Tip, record: CaseRecord, facts: frozenset[Fact], now: datetime) -> str:
    """Return one short sentence: who is to do what until when, or that nothing is left; no query.

    A whistle and a review come before the period that runs beside them.
    """
    today = timezone.localdate(now)
    return (
        _ended(tip, record=record, facts=facts, today=today)
        or _whistled(record, today=today)
        or _reviewed(record, today=today)
        or _running(tip, record=record, today=today)
    )


def _ended(tip: Tip, *, record: CaseRecord, facts: frozenset[Fact], today: date) -> str:
    if tip.status == TipStatus.MERGED:
        return _("It goes on together with another tip; nothing is to be done here.")
    if tip.status == TipStatus.ARCHIVED:
        return _("It is in the archive; nothing is left to do.")
    if tip.status != TipStatus.CLOSED:
        return ""
    order = open_order(tip=tip, disposals=record.disposals)
    if order is not None and order.rectify_by is not None:
        values = {"day": day_text(order.rectify_by, today=today), "unit": tip.handling_unit.name}
        return _("Closed. To be rectified by %(day)s; %(unit)s then re-checks it.") % values
    if Fact.OBJECTION_OPEN in facts:
        return _("Closed. It goes to the archive once the reporter can no longer object.")
    return _("Closed. %(unit)s puts it into the archive.") % {"unit": tip.handling_unit.name}


def _whistled(record: CaseRecord, *, today: date) -> str:
    whistle = record.whistle
    if whistle is None:
        return ""
    if whistle.answered_at is None:
        values = {"unit": whistle.called.name, "time": minute_text(whistle.answer_by, today=today)}
        return _("%(unit)s answers the whistle by %(time)s.") % values
    if whistle.arrive_by is None:
        return _("%(unit)s is on its way.") % {"unit": whistle.called.name}
    values = {"unit": whistle.called.name, "day": day_text(whistle.arrive_by, today=today)}
    return _("%(unit)s is on its way and on site by %(day)s.") % values


def _reviewed(record: CaseRecord, *, today: date) -> str:
    row = next((one for one in record.objections if one.reviewed_date is None), None)
    if row is None:
        return ""
    values = {"unit": row.office.name, "day": day_text(row.review_by, today=today)}
    return _("%(unit)s decides on the objection by %(day)s.") % values


def _running(tip: Tip, *, record: CaseRecord, today: date) -> str:
    """Return what the unit in charge owes by the day of the period that runs; without one it is only named."""
    unit = tip.handling_unit.name
    if tip.is_paused:
        return _("The period stands still; %(unit)s waits for another body.") % {"unit": unit}
    if tip.due_date is None or tip.clock == Clock.NONE:
        return _("%(unit)s closes the case; no period runs.") % {"unit": unit}
    values = {"unit": unit, "day": day_text(tip.due_date, today=today)}
    if record.open_conclusion is not None:
        return _("A leader of %(unit)s signs the result; the period ends on %(day)s.") % values
    return _owed()[Clock(tip.clock)] % values


def _owed() -> dict[Clock, str]:
    return {
        Clock.DECIDE: _("%(unit)s decides by %(day)s whether it is accepted."),
        Clock.PASS_ON: _("%(unit)s passes it on by %(day)s."),
        Clock.CLOSE: _("%(unit)s concludes it by %(day)s."),
        Clock.REPLY: _("%(unit)s answers the reporter by %(day)s."),
        Clock.REVIEW: _("The review ends by %(day)s."),
    }
