"""The duty to report cases as plain values for its pages: spans to choose, chips, rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases_public.duty.definitions import FIGURES
from cases_public.duty.periods import DutyPeriod, period_at, period_of_code
from cases_public.duty.rates import Counted, Rates
from cases_public.enums import DutyRhythm
from cases_public.models import Duty, Submission
from cases_public.services.duty_overview import (
    NO_RATE,
    Overview,
    counted_of,
    counts,
    newest_score,
    rows_of_figures,
    waits_for_score,
)
from cases_public.services.submissions import cases_to_submit, duties_open_to
from complaints.disclosure import FigureUnit

YEARS_BACK = 3
MOST_CASES = 100
# Longer ago nobody makes up for what was not sent.
DAYS_BACK = 400


@dataclass(frozen=True, kw_only=True)
class Span:
    """A year or a quarter, as the page is asked for it."""

    value: str
    label: str
    start: date
    end: date


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A word with a tone."""

    word: str
    tone: str


def period_name(code: str) -> str:
    """Return a period as people say it: 2026年第四季度, 2026年11—12月."""
    period = period_of_code(code)
    values = {
        "year": period.start_date.year,
        "n": period.number,
        "a": period.start_date.month,
        "b": period.end_date.month,
    }
    if period.rhythm == DutyRhythm.QUARTER:
        return _("quarter %(n)d of %(year)d") % values
    return _("months %(a)d to %(b)d of %(year)d") % values


def quarters(*, today: date) -> list[DutyPeriod]:
    """Return the quarters of this year and the years before, the newest first."""
    codes = [f"{year}-Q{n}" for year in range(today.year, today.year - YEARS_BACK, -1) for n in (4, 3, 2, 1)]
    return [one for code in codes if (one := period_of_code(code)).start_date <= today]


def spans(*, today: date) -> list[Span]:
    """Return what the page can be asked for, the running quarter first."""
    found = [(one.code, period_name(one.code), one.start_date, one.end_date) for one in quarters(today=today)]
    for year in range(today.year, today.year - YEARS_BACK, -1):
        label = _("all of %(year)d") % {"year": year}
        found.append((str(year), label, date(year, 1, 1), date(year, 12, 31)))
    return [Span(value=value, label=label, start=start, end=end) for value, label, start, end in found]


def chosen_span(*, value: str, today: date) -> Span:
    """Return the span asked for; the running quarter for anything unknown."""
    known = spans(today=today)
    usual = period_at(day=today, rhythm=DutyRhythm.QUARTER).code
    return next(
        (one for one in known if one.value == value), next(one for one in known if one.value == usual)
    )


def state_of(row: Submission, *, today: date) -> Chip:
    """Return how a submission stands."""
    score = newest_score(row)
    if not counts(row, today=today):
        return Chip(word=str(row.get_end_reason_display() or _("no longer public")), tone="stop")
    if score is None:
        return Chip(word=_("waits for a score"), tone="wait")
    if waits_for_score(row):
        return Chip(word=_("corrected: waits for a new score"), tone="wait")
    if not score.is_qualified:
        return Chip(word=_("does not qualify"), tone="bad")
    return Chip(word=pgettext("of a case", "sent up") if row.file_id else _("qualifies"), tone="done")


def submission_rows(
    rows: Iterable[Submission], *, names: dict[int, str], today: date
) -> list[dict[str, Any]]:
    """Return submissions with unit, period and state."""
    return [
        {
            "title": row.page.title if row.page else _("deleted case"),
            "url": reverse("case_duty:submission", args=[row.pk]),
            "unit": names.get(row.duty.office_id, ""),
            "period": period_name(row.duty.period),
            "day": row.submitted_date,
            "is_late": row.is_late,
            "chip": state_of(row, today=today),
        }
        for row in rows
    ]


def unit_rows(found: Overview, *, today: date) -> list[dict[str, Any]]:
    """Return the units of an overview with their figures as texts."""
    return [
        {
            "name": row.name,
            "is_closed": not row.is_active,
            "figures": [text for _code, text in rows_of_figures(row.rates)],
            "chip": _standing(row.rates.owed, row.rates.fulfilled, row.duties, today=today),
        }
        for row in found.units
    ]


def rates_of(found: Rates) -> list[tuple[str, str]]:
    """Return 报送率 and 合格率 by name, as texts with their sign; what has no rate has a dash."""
    texts = dict(rows_of_figures(found))
    return [
        (str(one.name), texts[one.code] if texts[one.code] == NO_RATE else f"{texts[one.code]} %")
        for one in FIGURES
        if one.unit == FigureUnit.PERCENT
    ]


def _standing(owed: int, fulfilled: int, duties: Iterable[Duty], *, today: date) -> Chip:
    if owed == 0:
        return Chip(word=_("nothing owed"), tone="stop")
    if fulfilled >= owed:
        return Chip(word=_("complete"), tone="done")
    if any(one.due_date < today and one.owed(today=today) for one in duties) and not fulfilled:
        return Chip(word=_("missing: %(n)d") % {"n": owed - fulfilled}, tone="bad")
    return Chip(word=_("still to come: %(n)d") % {"n": owed - fulfilled}, tone="wait")


def own_duties(*, user: User, names: dict[int, str], today: date) -> list[dict[str, Any]]:
    """Return what the person's units owe and can still submit, with the cases to choose from.

    A card counts as the rates do: what is qualified fulfils a duty, what was sent waits for its score until then.
    """
    duties = [
        one for one in duties_open_to(user=user, today=today) if (today - one.due_date).days <= DAYS_BACK
    ]
    counted = counted_of(duties=duties, today=today)
    cases = {key: _cases(names[key], today=today) for key in {one.office_id for one in duties}}
    return [
        {
            "duty": one,
            "period": period_name(one.period),
            "unit": names[one.office_id],
            "counted": counted[one.pk],
            "chip": _due(one, counted[one.pk], today=today),
            "cases": cases[one.office_id],
        }
        for one in duties
        if one.is_running(today=today) or counted[one.pk].fulfilled < counted[one.pk].owed
    ]


def _cases(unit: str, *, today: date) -> list[tuple[int, str]]:
    return list(cases_to_submit(unit=unit, today=today).values_list("pk", "title")[:MOST_CASES])


def _due(duty: Duty, counted: Counted, *, today: date) -> Chip:
    days = (duty.due_date - today).days
    if counted.fulfilled >= counted.owed:
        return Chip(word=_("complete"), tone="done")
    if not counted.missing:
        return Chip(word=_("waits for a score"), tone="wait")
    if days < 0:
        return Chip(word=_("days over: %(n)d") % {"n": -days}, tone="bad")
    if days == 0:
        return Chip(word=_("due today"), tone="bad")
    return Chip(
        word=_("days left: %(n)d") % {"n": days}, tone="wait" if days <= duty.rule.remind_days else "go"
    )
