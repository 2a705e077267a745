"""Figures in a real browser: for everybody, without scripts, the same numbers on the page and in the file."""

import csv
import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import Role
from complaints.models import PeriodReport
from tests.complaints.stats.rows import tips
from tests.fixtures import City
from tests.journeys.desk_steps import DESK, PHONE, desk_of, person
from tests.journeys.figure_steps import CLOSED, year_of_work
from tests.journeys.test_desk_access import SIDEWAYS, findings

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
UNFOLD = "document.querySelectorAll('details.data').forEach(one => { one.open = true })"
FIGURES, STATISTICS = "/figures/", "/admin/statistics/"


@pytest.mark.parametrize("is_elder", [False, True], ids=["plain", "elder"])
def test_the_public_page_is_fit_for_everybody(city: City, page: Page, is_elder: bool) -> None:
    year_of_work(city)
    page.goto(FIGURES)
    if is_elder:
        page.click("[data-elder-toggle]")

    for viewport in (PHONE, DESK, {"width": 360, "height": 800}):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
        page.evaluate(UNFOLD)
        assert findings(page) == [], viewport
        assert page.evaluate(SIDEWAYS) <= 0, viewport


def test_before_anything_is_closed(city: City, page: Page) -> None:
    page.goto(FIGURES)

    expect(page.get_by_text("还没有定稿的统计期")).to_be_visible()
    assert findings(page) == []


def test_a_visitor_takes_the_quarter_along_without_scripts(
    city: City, plain_page: Page, tmp_path: Path
) -> None:
    year_of_work(city)
    plain_page.goto(FIGURES)
    plain_page.select_option("#period", "2026-02")
    plain_page.click("form.btns button")
    plain_page.select_option("#period", CLOSED)
    plain_page.click("form.btns button")
    shown = plain_page.locator(".figs dd").first.inner_text()

    with plain_page.expect_download() as started:
        plain_page.click("text=下载表格")
    started.value.save_as(tmp_path / "figures.csv")

    rows = csv.DictReader(StringIO((tmp_path / "figures.csv").read_text(encoding="utf-8-sig")))
    received = next(row["数值"] for row in rows if row["名称"] == "收到")
    assert received == re.sub(r"\D*$", "", shown)


def test_the_desk_page_is_fit_for_everybody(city: City, open_phone: OpenPhone) -> None:
    year_of_work(city)
    page = desk_of(open_phone, person(city.city, Role.LEADER))

    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
        for query in (f"?period={CLOSED}&by=unit", "?period=2026-02&by=district&live=1"):
            page.goto(STATISTICS + query)
            assert findings(page) == [], (viewport, query)
            assert page.evaluate(SIDEWAYS) <= 0, (viewport, query)


def test_the_leader_closes_a_month_and_the_public_reads_it(city: City, open_phone: OpenPhone) -> None:
    tips(30, unit=city.yanta, day=date(2025, 5, 9))
    page = desk_of(open_phone, person(city.city, Role.LEADER))
    page.goto(f"{STATISTICS}?period=2025-05")

    page.click("text=本期定稿")
    expect(page.get_by_text("已定稿，报表编号 2025-05-1")).to_be_visible()

    page.goto(FIGURES)
    expect(page.get_by_text("2025 年 5 月。")).to_be_visible()
    assert PeriodReport.objects.get().number == "2025-05-1"
