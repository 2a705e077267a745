"""The past of the demonstration: two years of finished work, stored by the thousand, and its periods closed.

The figures of every closed period are counted from tips that are there: whoever asks which ones gets their list.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from complaints.models import (
    Conclusion,
    Disposal,
    Extension,
    HandlingStep,
    Inspection,
    Objection,
    Period,
    PeriodReport,
    Rating,
    Supervision,
    Tip,
    Whistle,
)
from complaints.rules.spans import Span, SpanKind, span_around
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.offices import district_codes
from complaints.services import day_cells
from complaints.services.duplicates import region_names, set_blind_keys
from complaints.services.freezing import freeze_due
from complaints.services.register import recount_upheld

from .budgets import load_budgets
from .offices import read_facts
from .past import Calendar, drawn
from .past_places import Place, places
from .past_rewards import rewards_of
from .past_rows import Past, Rows
from .past_work import rows_of

SEED = "anshao 2026-07"
# Spans of a year by which one month differs from the next, in percent; a year later there is more to do.
LEAST, MOST, GROWTH = 88, 112, 1.2
BEGINNING = 80
# Evenly, so that no month has so few late ones that the public share on time has to be hidden.
LATE_EVERY = 12
# In the order in which they refer to each other.
MODELS = (
    Period, HandlingStep, Inspection, Conclusion, Disposal, Extension, Supervision, Whistle, Objection, Rating,
)  # fmt: skip
BATCH = 500


@transaction.atomic
def load_reports(*, today: date, at: datetime) -> int:
    """Store the past work of the city and close every period that has come to its day.

    Returns how many reports were added: none where a period is closed already, as another installation may be at hand.
    """
    if PeriodReport.objects.exists():
        return 0
    load_budgets(now=at, first_year=first_day(today=today).year)
    _load_past(today=today)
    recount_upheld(today=today)
    freeze_due(today=today, at=at)
    day_cells.rebuild(at=at)
    return PeriodReport.objects.count()


def last_closed(*, today: date, kind: SpanKind) -> Span:
    """Return the last span of a kind that has come to its day of closing."""
    span = span_around(day=today, kind=kind).before
    return span if span.closes_on <= today else span.before


def first_day(*, today: date) -> date:
    """Return the day the portal of the demonstration began: the last closed quarter has a whole year before its own."""
    return date(last_closed(today=today, kind=SpanKind.QUARTER).year - 1, 1, 1)


def _load_past(*, today: date) -> None:
    calendar = Calendar(policy=policy_on(day=first_day(today=today)), overlay=day_overlay())
    # What ends today has no minute yet.
    last = today - timedelta(days=1)
    facts = read_facts("past")
    top, districts = places(facts=facts, codes=district_codes())
    past = Past(facts=facts, calendar=calendar, top=top)
    found: list[Rows] = []
    receipts = _receipts(districts, weights=facts["weights"], today=today)
    for serial, (place, received, chance) in enumerate(receipts):
        is_late = serial % LATE_EVERY == 0
        course = drawn(chance, received=received, last=last, calendar=calendar, is_late=is_late)
        if course is not None:
            found.append(rows_of(chance, course=course, place=place, past=past, serial=len(found)))
    found.sort(key=lambda rows: rows.course.received)
    rewards = rewards_of(found, calendar=calendar, last=last, seed=SEED)
    _store(found)
    rewards.store()


def _receipts(
    districts: list[Place], *, weights: dict[str, int], today: date
) -> Iterator[tuple[Place, date, random.Random]]:
    """Yield where and when a tip came in; each month of a district has its own chance, whatever today is."""
    month, place_of_month = span_around(day=first_day(today=today), kind=SpanKind.MONTH), 0
    while month.start <= today:
        grown = BEGINNING + GROWTH * place_of_month
        for place in districts:
            chance = random.Random(f"{SEED} {month.code} {place.code}")  # noqa: S311  # invented work
            weight = weights.get(place.code, min(weights.values()))
            for _tip in range(round(weight * grown * chance.randint(LEAST, MOST) / 10_000)):
                received = month.start + timedelta(days=chance.randrange((month.end - month.start).days + 1))
                if received <= today:
                    yield place, received, chance
        month, place_of_month = month.after, place_of_month + 1


def _store(found: list[Rows]) -> None:
    regions = region_names()
    for rows in found:
        set_blind_keys(tip=rows.tip, regions=regions)
    Tip.objects.bulk_create([rows.tip for rows in found], batch_size=BATCH)
    for model in MODELS:
        model._default_manager.bulk_create(
            [row for rows in found for row in rows.rows.get(model, ())], batch_size=BATCH
        )
