"""The past of the demonstration in another city: the same numbers each time, also where nobody works yet."""

from datetime import date

import pytest
from django.db import transaction

from complaints.models import PeriodReport, RewardAssessment
from complaints.services.demo.reports import load_reports
from complaints.stats.frozen import counts_of
from tests.factories import noon
from tests.fixtures import City

TODAY = date(2025, 6, 3)


def whole(code: str) -> dict[str, int]:
    """Return the counts of a closed period."""
    figures = PeriodReport.objects.get(code=code).figures["whole"]
    return {name: int(number) for name, number in counts_of(figures).items()}


@pytest.mark.django_db
def test_the_same_day_brings_the_same_numbers_in_a_city_without_people(city: City) -> None:
    found = []
    for _time in range(2):
        with transaction.atomic():
            load_reports(today=TODAY, at=noon(TODAY))
            found.append([whole(code) for code in ("2024", "2025Q1", "2025-04")])
            assert not RewardAssessment.objects.exists()
            transaction.set_rollback(True)

    assert found[0] == found[1]
    assert found[0][0]["received"] > 50
