"""Dashboard, where to look and the review of files in a real browser: from a number to its tips, by hand and by key."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import ReviewState, Role
from complaints.models import FileSample, SampledFile, Tip
from complaints.rules.spans import SpanKind, span_around
from tests.complaints.stats.rows import conclude, tips
from tests.complaints.test_attention import about
from tests.enterprise_steps import enterprise
from tests.fixtures import City
from tests.journeys.desk_steps import DESK, PHONE, desk_of, person
from tests.journeys.test_desk_access import SIDEWAYS, findings

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
TABLET = {"width": 768, "height": 1024}
DASHBOARD, LOOK, REVIEWS = (
    "/admin/statistics/dashboard/",
    "/admin/statistics/where-to-look/",
    "/admin/reviews/",
)
DAY = date(2026, 3, 9)


def march(city: City) -> Tip:
    """Store 42 concluded tips of the first district, one of them late; return that one."""
    rows = tips(42, unit=city.yanta, day=DAY)
    conclude(rows[:41], started=date(2026, 3, 1), days=12)
    conclude(rows[41:], started=date(2026, 1, 1), days=70)
    return rows[41]


def fits(page: Page) -> None:
    """Check the page that is shown for everybody, on desk, tablet and phone."""
    for viewport in (DESK, TABLET, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert findings(page) == [], (page.url, viewport)
        assert page.evaluate(SIDEWAYS) <= 0, (page.url, viewport)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a plain dict of two numbers


def test_the_leader_drills_from_the_share_on_time_to_the_late_tip(city: City, open_phone: OpenPhone) -> None:
    late = march(city)
    page = desk_of(open_phone, person(city.yanta, Role.LEADER))
    page.goto(f"{DASHBOARD}?period=2026-03")
    fits(page)

    page.get_by_role("link", name="97.6%").first.click()

    expect(page.get_by_role("heading", name="超期办结")).to_be_visible()
    expect(page.get_by_text("共 1 件")).to_be_visible()
    fits(page)
    page.locator(".as-behind a").click()
    page.wait_for_url(f"**/admin/tips/{late.number}/")


def test_a_score_is_opened_and_leads_to_its_tips(city: City, open_phone: OpenPhone) -> None:
    today = timezone.localdate()
    entry = enterprise(city)
    about(entry, many=3, unit=city.yanta, day=today, kind="major_hazard")
    page = desk_of(open_phone, person(city.yanta, Role.OFFICER))
    page.goto(LOOK)

    page.get_by_text("的分数怎么来的").click()
    page.get_by_role("link", name="其中重大事故隐患").click()

    expect(page.get_by_text("共 3 件")).to_be_visible()
    page.goto(LOOK)
    fits(page)


def test_a_file_is_drawn_assigned_scored_and_put_right(city: City, open_phone: OpenPhone) -> None:
    day = span_around(day=timezone.localdate(), kind=SpanKind.QUARTER).before.start
    conclude(tips(3, unit=city.yanta, day=day), started=day, days=5)
    boss = desk_of(open_phone, person(city.city, Role.LEADER, username="juzhang", first_name="高局"))
    person(city.lianhu, Role.OFFICER, username="liuxin", first_name="刘欣")
    boss.goto(REVIEWS)
    fits(boss)
    boss.get_by_label("雁塔区应急管理局").check()
    boss.get_by_label("每个单位抽几件").fill("1")
    boss.get_by_role("button", name="抽取").click()

    expect(boss.locator(".as-seed")).to_have_text(FileSample.objects.get().seed)
    fits(boss)
    boss.locator(".as-behind a").first.click()
    boss.get_by_label("评查人", exact=True).select_option(label="刘欣 · 莲湖区应急管理局")
    boss.get_by_role("button", name="分派并准许查阅").click()
    expect(boss.get_by_text("评查中")).to_be_visible()

    row = SampledFile.objects.get()
    assert row.reviewer is not None
    reviewer = desk_of(open_phone, row.reviewer)
    reviewer.goto(REVIEWS)
    reviewer.locator(".as-behind a").first.click()
    fits(reviewer)
    reviewer.locator("#minus-evidence").fill("8")
    reviewer.locator("#words-evidence").fill("照片与笔录不一致")
    reviewer.locator("[name=fix-evidence]").check()
    reviewer.get_by_role("button", name="提交评分").click()
    expect(reviewer.get_by_text("92 / 100")).to_be_visible()

    officer = desk_of(open_phone, person(city.yanta, Role.OFFICER))
    officer.goto(REVIEWS)
    officer.locator(".as-behind a").first.click()
    officer.locator("textarea").fill("已补正笔录")
    officer.get_by_role("button", name="把答复交给评查人").click()
    expect(officer.get_by_text("单位已答复")).to_be_visible()

    reviewer.reload()
    reviewer.get_by_role("button", name="已整改，办结评查").click()
    expect(reviewer.locator(".as-chip")).to_have_text("已办结")
    row.refresh_from_db()
    assert row.state == ReviewState.DONE
