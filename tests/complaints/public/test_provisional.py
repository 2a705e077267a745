"""Wherever a reporter reads a day ahead: a warning while the days off of its year are not announced."""

from datetime import date
from unittest import mock

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import gettext, override

from complaints.models import SpecialDay
from complaints.rules.deadlines import LEAST_ANNOUNCED_DAYS, calendar_is_official
from tests.complaints.public.forms import receipt_of, send
from tests.fixtures import City

pytestmark = pytest.mark.django_db
ON_RECEIPT = "The public holidays of that year are not announced yet. The dates may still move."
ON_PROGRESS = "The public holidays of %(year)s are not announced yet; the days in %(year)s may still move."
UNKNOWN = next(year for year in range(2027, 2100) if not calendar_is_official(year=year))
DAYS = pytest.mark.parametrize(
    ("day", "warned"), [(date(UNKNOWN - 1, 3, 10), False), (date(UNKNOWN - 1, 11, 20), True)]
)


def warns(response: HttpResponse) -> bool:
    with override("zh-hans"):
        words = (gettext(ON_RECEIPT), gettext(ON_PROGRESS) % {"year": UNKNOWN})
        return any(text in response.content.decode() for text in words)


def sent(client: Client, *, day: date) -> HttpResponse:
    with mock.patch("complaints.public.report.timezone.localdate", return_value=day):
        return send(client)


@DAYS
def test_receipt_and_progress_warn(client: Client, city: City, day: date, warned: bool) -> None:
    receipt = sent(client, day=day)

    progress = client.post("/status/", {"receipt": receipt_of(receipt)})

    assert (warns(receipt), warns(progress)) == (warned, warned)


def test_days_the_bureau_entered_end_the_warning(client: Client, city: City) -> None:
    for number in range(LEAST_ANNOUNCED_DAYS):
        SpecialDay.objects.create(day=date(UNKNOWN, 2, 1 + number), is_working=False)

    receipt = sent(client, day=date(UNKNOWN - 1, 11, 20))

    assert not warns(receipt)
