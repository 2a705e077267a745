"""Tables of figures at the desk on a phone: rows stand as blocks, and what still goes on to the side shows a shade."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from complaints.enums import Role
from tests.enterprise_steps import closed_day, enterprise, tell_inside
from tests.fixtures import City
from tests.journeys.desk_steps import DESK, PHONE, desk_of, person
from tests.journeys.figure_steps import CLOSED, year_of_work
from tests.journeys.test_desk_access import SIDEWAYS, findings

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
STATISTICS, INSIDE = f"/admin/statistics/?period={CLOSED}&by=unit", "/admin/enterprises/inside/"
HIDDEN_BESIDE = """() => [...document.querySelectorAll(".as-scroll, .as-stats__scroll")].filter(
    (box) => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).backgroundImage === "none"
).length"""
STACKS_THAT_SCROLL = """() => [...document.querySelectorAll(".as-stack")].filter(
    (table) => table.parentElement.scrollWidth > table.parentElement.clientWidth + 1
).length"""
HEADS = """() => [...document.querySelectorAll(".as-stack tbody tr:first-child td")].map(
    (cell) => getComputedStyle(cell, "::before").content.replaceAll('"', "")
)"""


def check(page: Page, address: str, *, heads: set[str]) -> None:
    """On a phone each cell of a stacked table has its head; nothing scrolls without a hint."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict of two numbers
    page.goto(address)

    assert heads <= set(page.evaluate(HEADS))
    assert page.evaluate(STACKS_THAT_SCROLL) == 0
    assert page.evaluate(HIDDEN_BESIDE) == 0
    assert page.evaluate(SIDEWAYS) <= 0
    assert findings(page) == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a plain dict of two numbers
    assert set(page.evaluate(HEADS)) == {"none"}


def test_the_figures_of_the_desk_are_read_on_a_phone(city: City, open_phone: OpenPhone) -> None:
    year_of_work(city)
    page = desk_of(open_phone, person(city.city, Role.LEADER))

    check(page, STATISTICS, heads={"本期", "上年同期", "中位数"})


def test_what_companies_made_of_reports_is_read_on_a_phone(city: City, open_phone: OpenPhone) -> None:
    today = timezone.localdate()
    entry = enterprise(city)
    for _one in range(3):
        tell_inside(entry, today=closed_day())
    entry.internal_tips.update(due_date=today.replace(day=1, month=1))
    page = desk_of(open_phone, person(city.yanta, Role.OFFICER))

    check(page, INSIDE, heads={"收到", "超期", "状态"})
