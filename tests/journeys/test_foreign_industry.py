"""Building work is another body's: told before sending, sent all the same, passed on with one click, told to whom."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import Action, Role, TipStatus
from complaints.models import CompetentBody, Tip
from tests.fixtures import YANTA, City
from tests.journeys.desk_steps import desk_of, person
from tests.journeys.public_steps import begin, open_progress, send

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
BODY, PHONE = "市住房和城乡建设局", "029-87654321"


@pytest.fixture(autouse=True)
def housing(city: City) -> CompetentBody:
    """Name the body in the back office's list."""
    return CompetentBody.objects.create(industry="construction", name=BODY, phone=PHONE)


@pytest.fixture
def phone(open_phone: OpenPhone) -> Page:
    return open_phone().new_page()


def reports_building_work(page: Page) -> str:
    """Choose building work, read whose it is, send it all the same; return the receipt."""
    begin(page, words="脚手架没有护栏，人没系安全带")
    page.click("[data-change]")
    page.select_option("#district", YANTA)
    page.click("details.fold summary")
    page.select_option("#industry", "construction")
    expect(page.locator("[data-body-say]")).to_contain_text(BODY)
    return send(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_one_click_and_one_to_confirm(phone: Page, city: City, open_phone: OpenPhone, scripts: bool) -> None:
    receipt = reports_building_work(phone)
    expect(phone.locator("main")).to_contain_text(BODY)
    number = Tip.objects.get().number
    desk = desk_of(open_phone, person(city.yanta, Role.OFFICER), java_script_enabled=scripts)

    desk.goto("/admin/")
    desk.locator(".as-first tbody tr").first.locator("a").click()
    desk.locator(".as-act > a.button").first.click()
    form = desk.locator(f"#step-{Action.TRANSFER_OUT.value}")
    expect(form.locator("[name=body]")).to_have_value(BODY)
    expect(form.locator("[name=phone]")).to_have_value(PHONE)
    form.locator("[type=submit]").click()
    expect(desk.locator(".messages")).to_contain_text("已记录")

    assert Tip.objects.get(number=number).status == TipStatus.TRANSFERRED_OUT
    open_progress(phone, receipt)
    expect(phone.locator("h1")).to_contain_text(BODY)
    expect(phone.locator("[data-elsewhere] a")).to_have_attribute("href", f"tel:{PHONE}")


def test_before_it_is_passed_on_the_reporter_reads_who_is_going_to_have_it(phone: Page, city: City) -> None:
    receipt = reports_building_work(phone)

    open_progress(phone, receipt)

    expect(phone.locator("[data-elsewhere]")).to_contain_text(BODY)
    expect(phone.locator("[data-elsewhere]")).to_contain_text("最晚")
