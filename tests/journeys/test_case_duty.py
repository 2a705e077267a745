"""The duty to report cases in a browser: from a penalty to a draft, from a public case to the score and the file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from cases_public.models import CasePage, DutyFile, Submission
from complaints.enums import Role
from tests.cases_public.duty.steps import begun, public_case
from tests.complaints.staff.test_penalties import NUMBER, punished
from tests.fixtures import City
from tests.journeys.desk_steps import DESK, PHONE, desk_of, person
from tests.journeys.test_desk_access import SIDEWAYS, TABLET, findings

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OpenPhone = Callable[..., BrowserContext]
ROOT = "/admin/cases_duty/"


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """Give the test a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def today(city: City) -> date:
    """Begin the duties of today."""
    day = timezone.localdate()
    begun(day)
    return day


def fits(page: Page) -> None:
    """Check the page that is shown for everybody, on desk, tablet and phone."""
    for viewport in (DESK, TABLET, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
        assert findings(page) == [], (page.url, viewport)
        assert page.evaluate(SIDEWAYS) <= 0, (page.url, viewport)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a plain dict of two numbers


def submitted_case(city: City, open_phone: OpenPhone) -> tuple[CasePage, Page]:
    """Submit a case of the city's own for its quarter; return it and the page of the officer."""
    case = public_case(city.city)
    officer = desk_of(open_phone, person(city.city, Role.OFFICER))
    officer.goto(ROOT)
    officer.locator(".as-duty select").first.select_option(label=case.title)
    officer.get_by_role("button", name="报送这件案例").first.click()
    expect(officer.locator(".messages")).to_contain_text("已报送")
    return case, officer


def test_from_what_is_owed_to_a_draft_in_three_clicks(city: City, today: date, open_phone: OpenPhone) -> None:
    tip = punished(description="磨浆机没有防护罩，夜班也照开")
    punished(description="仓库堵了消防通道")
    page = desk_of(open_phone, person(city.yanta, Role.OFFICER, Role.EDITOR))
    page.goto(ROOT)
    fits(page)

    page.get_by_role("link", name="可做案例的处罚").first.click()
    expect(page.locator(".as-penalty")).to_have_count(2)
    expect(page.locator(".as-penalty").first).to_contain_text(NUMBER)
    fits(page)
    page.get_by_label("举报内容、举报编号或决定书文号").fill("磨浆机")
    page.locator("main").get_by_role("button", name="搜索", exact=True).click()
    expect(page.locator(".as-penalty")).to_have_count(1)
    assert "磨" not in page.url
    assert "%E7%A3%A8" not in page.url
    page.locator(".as-penalty button").click()

    page.wait_for_url("**/admin/pages/*/edit/")
    draft = CasePage.objects.get()
    assert (draft.live, draft.handling_unit) == (False, city.yanta.name)
    assert tip.number not in page.content()
    page.goto("/admin/penalties/")
    expect(page.locator(".as-penalty", has_text="磨浆机")).to_contain_text("已起草案例")


def test_an_empty_list_fits_and_says_why(city: City, open_phone: OpenPhone) -> None:
    page = desk_of(open_phone, person(city.yanta, Role.OFFICER, Role.EDITOR))

    page.goto("/admin/penalties/")

    expect(page.locator("main")).to_contain_text("还没有已签批的处罚")
    fits(page)


def test_submitted_scored_and_sent_by_three_people(city: City, today: date, open_phone: OpenPhone) -> None:
    case, officer = submitted_case(city, open_phone)
    officer.goto(ROOT)  # without the message, which fades in
    fits(officer)

    legal = desk_of(open_phone, person(city.city, Role.LEGAL_REVIEWER, username="legal", first_name="方华"))
    legal.goto(ROOT)
    legal.get_by_role("link", name=case.title).click()
    fits(legal)
    for box in legal.locator("[name=content]:enabled").all():
        box.check()
    for points in legal.locator("input[name^=points_]").all():
        points.fill("85")
    legal.locator("[name=act][value=score]").click()
    expect(legal.locator(".messages")).to_contain_text("已保存")
    legal.reload()
    fits(legal)

    publisher = desk_of(open_phone, person(city.city, Role.PUBLISHER, username="boss", first_name="梁博"))
    publisher.goto(ROOT)
    fits(publisher)
    publisher.get_by_role("link", name="季度上报文件").click()
    fits(publisher)
    publisher.get_by_role("button", name="记为已上报").click()
    expect(publisher.locator(".messages")).to_contain_text("第 1")
    row = Submission.objects.get(page=case)
    assert row.file == DutyFile.objects.get()

    officer.goto(ROOT)
    own = officer.locator(".as-stats__table tbody tr").filter(has_text=city.city.name)
    expect(own).to_contain_text("100.0 %")


def test_a_refused_score_comes_back_with_what_was_typed(
    city: City, today: date, open_phone: OpenPhone
) -> None:
    case, _officer = submitted_case(city, open_phone)
    legal = desk_of(open_phone, person(city.city, Role.LEGAL_REVIEWER, username="legal", first_name="方华"))
    legal.goto(ROOT)
    legal.get_by_role("link", name=case.title).click()

    legal.locator("[name=note]").fill("第三项内容写得不清楚")
    legal.locator("[name=act][value=score]").click()

    expect(legal.locator("[role=alert]")).to_contain_text("分数是 0 到 100 的整数")
    expect(legal.locator("[name=note]")).to_have_value("第三项内容写得不清楚")
    fits(legal)


def test_quotas_fit(city: City, open_phone: OpenPhone) -> None:
    page = desk_of(open_phone, person(city.city, Role.SYSTEM_ADMINISTRATOR, username="machine"))

    page.goto(f"{ROOT}quotas/")

    fits(page)
