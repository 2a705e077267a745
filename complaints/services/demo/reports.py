"""Closed periods of the demonstration: a year of invented work is counted and closed, and then taken away again.

What stays are the reports, as after the tips of a period were destroyed: figures for page, bulletins and API without
thousands of rows that nobody reads.
"""

import random
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from complaints.enums import Clock, IdentityMode, Industry, Measure, Operation, Result, TipKind
from complaints.models import Conclusion, Disposal, Office, Period, PeriodReport, Tip
from complaints.rules.spans import Span, SpanKind, month_row, span_around
from complaints.selectors.offices import district_codes
from complaints.services import audit
from complaints.services.freezing import freeze

SEED = 20260701
# Tips a month of the busiest and of the quietest district.
MOST, LEAST = 34, 3
OPERATIONS = (
    Operation.DUST,
    Operation.CONFINED_SPACE,
    Operation.HOT_WORK,
    Operation.HEIGHT,
    Operation.AMMONIA,
)
# Dust and confined spaces come up most, as the campaign of the city says.
WEIGHTS = (9, 8, 4, 2, 1)
INDUSTRIES = (Industry.METALLURGY, Industry.CHEMICAL, Industry.COMMERCE, Industry.MACHINERY)


@transaction.atomic
def load_reports(*, today: date, at: datetime) -> int:
    """Close the last fourteen months, the last two quarters and the half-year, and the quarter of the year before.

    Returns how many reports were added: none where a period is closed already, as another installation may be at hand.
    """
    if PeriodReport.objects.exists():
        return 0
    quarter = last_closed(today=today, kind=SpanKind.QUARTER)
    month = last_closed(today=today, kind=SpanKind.MONTH)
    with transaction.atomic():
        # Two months more: what came in then is concluded in the first ones that are closed.
        _work(spans=month_row(last=month.end, many=19))
        half = last_closed(today=today, kind=SpanKind.HALF)
        months = month_row(last=month.end, many=14)
        for span in (quarter.a_year_before, *months, quarter.before, quarter, half):
            if not PeriodReport.objects.filter(code=span.code).exists():
                freeze(span=span, at=at)
        rows = list(PeriodReport.objects.order_by("pk"))
        transaction.set_rollback(True)
    for row in rows:
        row.pk, row._state.adding = None, True
        row.save()
        audit.record(action="report.closed", at=at, subject=row.number, data={"digest": row.digest})
    return len(rows)


def last_closed(*, today: date, kind: SpanKind) -> Span:
    """Return the last span of a kind that has come to its day of closing."""
    span = span_around(day=today, kind=kind).before
    return span if span.closes_on <= today else span.before


def _work(*, spans: Iterable[Span]) -> None:
    chance = random.Random(SEED)  # noqa: S311  # invented work, the same each time
    units = list(Office.objects.filter(parent__isnull=False).order_by("pk"))
    codes = sorted(district_codes())
    for place, month in enumerate(spans):
        for rank, code in enumerate(codes):
            mean = LEAST + (MOST - LEAST) * (len(codes) - rank) ** 2 // len(codes) ** 2
            many = chance.randint(max(0, mean - 2), mean + 2) + place // 4
            _of_district(chance, month=month, code=code, unit=chance.choice(units), many=many)


def _of_district(chance: random.Random, *, month: Span, code: str, unit: Office, many: int) -> None:
    days = [month.start + timedelta(days=chance.randrange(27)) for _tip in range(many)]
    rows = Tip.objects.bulk_create(_tip(chance, day=day, code=code, unit=unit) for day in days)
    done = [row for row in rows if chance.random() < 0.9]
    Period.objects.bulk_create(_period(chance, row) for row in done)
    Conclusion.objects.bulk_create(_conclusion(chance, row) for row in done)
    Disposal.objects.bulk_create(_disposal(chance, row) for row in done if chance.random() < 0.4)


def _tip(chance: random.Random, *, day: date, code: str, unit: Office) -> Tip:
    return Tip(
        number=f"D{chance.getrandbits(60):015x}",
        idempotency_key=f"{chance.getrandbits(128):032x}",
        content_digest=b"\0" * 32,
        identity_mode=IdentityMode.ANONYMOUS,
        received_date=day,
        accepted_date=day + timedelta(days=chance.randrange(1, 6)),
        handling_unit=unit,
        district_id=code,
        kind=TipKind.MAJOR_HAZARD,
        industry=chance.choice(INDUSTRIES),
        operations=[chance.choices(OPERATIONS, WEIGHTS)[0]],
    )


def _period(chance: random.Random, row: Tip) -> Period:
    start = row.accepted_date or row.received_date
    return Period(
        tip=row,
        clock=Clock.CLOSE,
        started_date=start,
        days=60,
        due_date=start + timedelta(days=60),
        ended_date=start + timedelta(days=61 if chance.random() < 0.03 else chance.randrange(8, 45)),
        paused_days=0,
    )


def _conclusion(chance: random.Random, row: Tip) -> Conclusion:
    moment = _noon((row.accepted_date or row.received_date) + timedelta(days=chance.randrange(5, 30)))
    results = (Result.TRUE, Result.PARTLY_TRUE, Result.FALSE, Result.UNVERIFIABLE)
    result = chance.choices(results, (52, 18, 22, 8))[0]
    return Conclusion(tip=row, result=result, proposed_at=moment, decided_at=moment, is_confirmed=True)


def _disposal(chance: random.Random, row: Tip) -> Disposal:
    day = (row.accepted_date or row.received_date) + timedelta(days=chance.randrange(6, 40))
    is_fine = chance.random() < 0.3
    return Disposal(
        tip=row,
        measure=Measure.PENALTY if is_fine else Measure.RECTIFY,
        decided_date=day,
        recorded_at=_noon(day),
        decided_at=_noon(day),
        fine_amount=1_000 * chance.randrange(5, 60) if is_fine else None,
        is_confirmed=True,
    )


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
