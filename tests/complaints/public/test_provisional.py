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
from tests.factories import TipFactory, submit
from tests.fixtures import City

pytestmark = pytest.mark.django_db
WARNING = (
    "The public holidays of %(year)s are not announced yet; "
    "last days in %(year)s, or close to its start, may still move."
)
UNKNOWN = next(year for year in range(2027, 2100) if not calendar_is_official(year=year))
DAYS = pytest.mark.parametrize(
    ("day", "warned"), [(date(UNKNOWN - 1, 3, 10), False), (date(UNKNOWN - 1, 11, 20), True)]
)


def warns(response: HttpResponse) -> bool:
    with override("zh-hans"):
        return gettext(WARNING) % {"year": UNKNOWN} in response.content.decode()


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


def test_the_last_day_for_an_objection_warns_too(client: Client, city: City) -> None:
    tip = TipFactory(replied=True, today=date(UNKNOWN - 1, 12, 24))
    values = {"receipt": tip.acknowledgement.receipt}

    with mock.patch("complaints.public.status.timezone.localdate", return_value=date(UNKNOWN - 1, 12, 25)):
        page = client.post("/status/", values)
    told = client.post("/api/v1/tips/status", values, content_type="application/json").json()

    assert told["objection_until"].startswith(str(UNKNOWN))
    assert not [one["due"] for one in told["milestones"] if one["due"]]
    assert (warns(page), told["calendar_is_official"]) == (True, False)


@pytest.mark.parametrize(
    ("day", "warned"), [(date(UNKNOWN - 1, 11, 20), False), (date(UNKNOWN - 1, 12, 25), True)]
)
def test_the_day_of_the_decision_alone_decides_for_who_is_told_only_that(
    client: Client, city: City, day: date, warned: bool
) -> None:
    done = submit(today=day)

    assert done.accept_open_year == (UNKNOWN if warned else None)
    assert done.open_years == (UNKNOWN,)
