"""Closed periods of the demonstration: counted from invented work that is gone afterwards, sound, and made once."""

from datetime import date

import pytest

from complaints.models import AuditRow, PeriodReport, Tip
from complaints.rules.spans import SpanKind
from complaints.services.demo.reports import last_closed, load_reports
from complaints.stats.frozen import checked
from tests.factories import noon
from tests.fixtures import City

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("today", "quarter", "month"),
    [
        (date(2026, 11, 29), "2026Q3", "2026-10"),
        (date(2026, 10, 10), "2026Q3", "2026-09"),
        (date(2026, 10, 9), "2026Q2", "2026-08"),
        (date(2026, 1, 3), "2025Q3", "2025-11"),
    ],
)
def test_what_is_closed_by_a_day(today: date, quarter: str, month: str) -> None:
    assert last_closed(today=today, kind=SpanKind.QUARTER).code == quarter
    assert last_closed(today=today, kind=SpanKind.MONTH).code == month


@pytest.mark.django_db
def test_the_reports_stay_and_the_work_goes(city: City) -> None:
    added = load_reports(today=TODAY, at=noon(TODAY))

    rows = list(PeriodReport.objects.all())
    assert added == len(rows)
    assert {"2026Q3", "2026Q2", "2025Q3", "2026-10", "2025-10"} <= {checked(row).code for row in rows}
    assert Tip.objects.count() == 0
    assert AuditRow.objects.filter(action="report.closed").count() == added
    assert load_reports(today=TODAY, at=noon(TODAY)) == 0
