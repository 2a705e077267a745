"""Public figures by the API: closed periods alone, hidden cells without a number, the same as page and report."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from complaints.models import PeriodReport
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from complaints.stats.frozen import digest_of
from tests.complaints.api.conftest import ROOT
from tests.complaints.api.test_contract import check
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(city: City) -> City:
    """Return a city whose March is closed: 40 tips in one district, 3 in the other."""
    rows = tips(40, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA, operations=["dust"])
    tips(3, unit=city.lianhu, day=date(2026, 3, 20), district_id=LIANHU)
    conclude(rows[:25], started=date(2026, 3, 9), days=12)
    freeze(span=span_of("2026-03"), at=noon(date(2026, 4, 10)))
    return city


def test_nothing_closed_nothing_told(city: City, api: Client) -> None:
    tips(40, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA)

    body = api.get(f"{ROOT}figures").json()

    assert (body["periods"], body["period"], body["figures"]) == ([], None, [])


def test_the_latest_period(closed: City, api: Client) -> None:
    body = api.get(f"{ROOT}figures").json()

    assert body["period"] == {
        "code": "2026-03", "name": "2026 年 3 月", "number": "2026-03-1", "version": 1, "closed_on": "2026-04-10",
    }  # fmt: skip
    received = next(one for one in body["figures"] if one["code"] == "received")
    assert (received["value"], received["unit"]) == (43, "tips")
    assert received["definition"].startswith("本期内收到")


@pytest.mark.parametrize("period", ["2026-02", "2026-13", "%00", "2026-03%00", "9" * 500, "x"])
def test_no_such_period(closed: City, api: Client, period: str) -> None:
    answer = api.get(f"{ROOT}figures?period={period}")

    assert (answer.status_code, answer.json()["code"]) == (404, "period_unknown")


def test_small_cells_have_no_number(closed: City, api: Client) -> None:
    rows = {one["code"]: one for one in api.get(f"{ROOT}figures").json()["tables"]["district"]}

    assert (rows[LIANHU]["value"], rows[LIANHU]["hidden"]) == (None, "few")
    assert (rows[YANTA]["value"], rows[YANTA]["hidden"]) == (None, "apart")


def test_stages_and_operations(closed: City, api: Client) -> None:
    body = api.get(f"{ROOT}figures").json()

    whole = next(one for one in body["stages"] if one["code"] == "whole")
    assert (whole["median"], whole["p90"]) == (12, 12)
    assert body["tables"]["operation"][0]["value"] == 25


def test_rates_amounts_and_the_year_before(closed: City, api: Client) -> None:
    tips(31, unit=closed.yanta, day=date(2025, 3, 9), district_id=YANTA)
    freeze(span=span_of("2025-03"), at=noon(date(2026, 4, 10)))

    body = api.get(f"{ROOT}figures", {"period": "2026-03"}).json()

    assert body["year_before"]["number"] == "2025-03-1"
    received = next(one for one in body["figures"] if one["code"] == "received")
    assert (received["value"], received["value_year_before"]) == (43, 31)
    share = next(one for one in body["rates"] if one["code"] == "verified_share")
    assert (share["value"], share["hidden"], share["unit"]) == (None, "apart", "percent")
    (amount,) = body["amounts"]
    assert (amount["code"], amount["value"], amount["hidden"]) == ("fine_amount", None, "apart")
    rows = {one["code"]: one for one in body["tables"]["district"]}
    assert rows[LIANHU]["hidden_year_before"] == "few"
    assert {one["code"] for one in body["months"]} >= {"2026-03"}


def test_a_rate_is_a_number_and_an_amount_has_its_cents(closed: City, api: Client) -> None:
    row = PeriodReport(code="2026-04", kind="month", start_date=date(2026, 4, 1), end_date=date(2026, 4, 30))
    row.version, row.frozen_at = 1, noon(date(2026, 5, 10))
    cells = PeriodReport.objects.get(code="2026-03").shown["cells"]
    timing = {"on_time": 2990, "late": 10, "total": 3000}
    row.figures, row.shown = {}, {
        "cells": {**cells, "timing": timing, "fines": {"total": 30}},
        "stages": {}, "fine_amount": "1234567.80", "months": [],
    }  # fmt: skip
    row.digest = digest_of(row)
    row.save()
    document: dict[str, Any] = api.get(f"{ROOT}openapi.json").json()

    answer = api.get(f"{ROOT}figures", {"period": "2026-04"})

    check(document, answer, method="get", path="figures")
    body = answer.json()
    assert next(one["value"] for one in body["rates"] if one["code"] == "on_time_share") == 99.7
    assert (body["amounts"][0]["value"], body["fine_amount"]) == ("1234567.80", "1234567.80")


@pytest.mark.parametrize("code", ["2026-02", "2026Q1", "x", "2026-03'"])
def test_a_period_that_is_not_closed(closed: City, api: Client, code: str) -> None:
    answer = api.get(f"{ROOT}figures", {"period": code})

    assert (answer.status_code, answer.json()["code"]) == (404, "period_unknown")


def test_both_languages(closed: City, api: Client) -> None:
    body = api.get(f"{ROOT}figures", headers={"Accept-Language": "en"}).json()

    assert body["period"]["name"] == "March 2026"
    assert body["figures"][0]["name"] == "Received"


def test_it_is_as_described_and_may_be_kept(closed: City, api: Client) -> None:
    document: dict[str, Any] = api.get(f"{ROOT}openapi.json").json()
    answer = api.get(f"{ROOT}figures")

    check(document, answer, method="get", path="figures")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies


def test_a_fixed_number_of_queries(
    closed: City, api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The list of periods; report, those around it and names of districts; the report of the year before is not there.
    with django_assert_num_queries(5):
        api.get(f"{ROOT}figures")
    for code in ("2026-01", "2026-02"):
        tips(30, unit=closed.yanta, day=date(2026, int(code[-2:]), 9), district_id=YANTA)
    freeze(span=span_of("2026Q1"), at=noon(date(2026, 4, 10)))

    with django_assert_num_queries(5):
        api.get(f"{ROOT}figures", {"period": "2026-03"})
    tips(30, unit=closed.yanta, day=date(2025, 3, 9), district_id=YANTA)
    freeze(span=span_of("2025-03"), at=noon(date(2026, 4, 10)))

    # Those around it and the names of its districts.
    with django_assert_num_queries(7):
        api.get(f"{ROOT}figures", {"period": "2026-03"})
