"""Figures in a real browser: for everybody, without scripts, the same numbers on the page and in the file."""

import csv
import json
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
from tests.home.bulletin_steps import typed_sheets
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
    """Whatever form the visitor takes, it says what the page says: table, workbook, interface, number by number."""
    year_of_work(city)
    plain_page.goto(FIGURES)
    choose(plain_page, "2026-02")
    choose(plain_page, CLOSED)
    shown = page_numbers(plain_page)

    with plain_page.expect_download() as table:
        plain_page.click("text=下载表格")
    table.value.save_as(tmp_path / "figures.csv")
    with plain_page.expect_download() as book:
        plain_page.click("text=表格（XLSX）")
    book.value.save_as(tmp_path / "figures.xlsx")
    plain_page.click("text=程序接口（JSON）")
    told = json.loads(plain_page.locator("pre").inner_text())

    rows = csv.DictReader(StringIO((tmp_path / "figures.csv").read_text(encoding="utf-8-sig")))
    of_table = {row["名称"]: row["数值"] for row in rows if row["表代码"] in {"figures", "district"}}
    head, *lines = typed_sheets((tmp_path / "figures.xlsx").read_bytes())["数据"]
    cells = [dict(zip(head, line, strict=False)) for line in lines]
    of_book = {one["名称"]: one["数值"] for one in cells if one["表代码"] in {"figures", "district"}}
    of_json = {one["name"]: one["value"] for one in (*told["figures"], *told["tables"]["district"])}
    assert len(shown) > 25
    assert int(shown["收到"].replace(",", "")) > 999
    for name, text in shown.items():
        plain = text.replace(",", "")
        number = plain if plain.isdigit() else ""
        assert of_table[name] == number, name
        assert str(of_book[name]) == number, name
        assert str("" if of_json[name] is None else of_json[name]) == number, name


def choose(page: Page, period: str) -> None:
    """Ask for a period, and wait until its page is there as a whole."""
    page.select_option("#period", period)
    page.click("form.btns button")
    page.wait_for_url(f"**period={period}*")


def page_numbers(page: Page) -> dict[str, str]:
    """Return the single counts and the districts of the page, as they are written there."""
    found = page.locator(".all-figs tbody tr, .rank tbody tr").evaluate_all(
        "rows => rows.map((row) => [row.querySelector('th').textContent, row.querySelector('.n').textContent])"
    )
    return {name.strip(): text.strip() for name, text in found if name.strip() != "罚款金额"}


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
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
        assert findings(page) == [], viewport
        assert page.evaluate(SIDEWAYS) <= 0, viewport
    page.click("text=2025 年 5 月 定稿并公开")
    expect(page.get_by_text("已定稿，报表编号 2025-05-1")).to_be_visible()

    page.goto(FIGURES)
    expect(page.get_by_text("2025 年 5 月。")).to_be_visible()
    assert PeriodReport.objects.get().number == "2025-05-1"
