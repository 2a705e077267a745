"""Figures on any page in a real browser: an editor puts them there, visitors see them, a new version is followed."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import Role
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.models import ProtectionPage
from tests.complaints.stats.rows import tips
from tests.factories import noon
from tests.fixtures import YANTA, City
from tests.journeys.desk_steps import DESK, PHONE, desk_of, person
from tests.journeys.figure_steps import CLOSED, year_of_work
from tests.journeys.test_desk_access import SIDEWAYS, findings

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
ADD = "button.c-sf-add-button:visible"


def add_block(page: Page, *, name: str, which: str) -> None:
    """Add a block at the end of the first text of the page and choose what it shows."""
    body = page.locator("#panel-child-content-body-section, [id$='body-section']").first
    body.locator(ADD).last.click()
    page.get_by_role("option", name=name, exact=True).click()
    block = body.locator("[data-streamfield-child]").last
    block.locator("select[name$='which']").select_option(label=which)
    block.locator("select[name$='kind']").select_option(label="最近一个季度")


def received() -> str:
    """Return how many tips the newest report of the quarter tells."""
    from complaints.stats.public import public_report

    report = public_report(code=CLOSED)
    assert report is not None
    return report.figure("received").text


def test_figure_and_chart_are_put_on_a_page_and_follow_a_new_version(
    city: City, open_phone: OpenPhone, page: Page
) -> None:
    year_of_work(city)
    target = ProtectionPage.objects.get()
    desk = desk_of(open_phone, person(city.city, Role.EDITOR, Role.PUBLISHER))
    desk.goto(f"/admin/pages/{target.pk}/edit/")
    add_block(desk, name="一个指标", which="收到")
    add_block(desk, name="一张数据图", which="各区县收到举报")
    desk.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target='toggle']").first.click()
    desk.locator("button[name=action-publish]").click()
    expect(desk.locator(".messages .success")).to_be_visible()

    first = received()
    page.goto(target.url)
    expect(page.locator("dl.figs.one dd")).to_contain_text(first)
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
        assert page.locator("figure.chart .rank tbody tr").count() == 13
        assert findings(page) == [], viewport
        assert page.evaluate(SIDEWAYS) <= 0, viewport

    tips(25, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA)
    freeze(span=span_of(CLOSED), at=noon(date(2026, 4, 11)), reason="补录二十五件")
    page.reload()

    assert received() != first
    expect(page.locator("dl.figs.one dd")).to_contain_text(received())
