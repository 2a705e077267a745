"""Rewards on the home page for everybody: no finding of axe, no sideways scroll, in 长者模式 and English."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from complaints.enums import TipKind
from tests.complaints.public.test_reward_notices import paid
from tests.fixtures import City
from tests.home.test_front_rewards import a_month_ago
from tests.journeys.test_outreach_access import look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("dress", ["plain", "elder", "english"])
def test_the_home_page_with_rewards_is_fit_for_everybody(
    city: City, open_phone: Callable[..., BrowserContext], dress: str
) -> None:
    for kind, cents in ((TipKind.VIOLATION, 1234550), (TipKind.MAJOR_HAZARD, 30000000)):
        paid(city.yanta, 6, kind=kind, cents=cents, day=a_month_ago())
    phone = open_phone()
    if dress == "elder":
        phone.add_init_script("try { localStorage.setItem('anshao-elder', '1') } catch {}")
    page = phone.new_page()
    page.goto("/")
    if dress == "english":
        page.locator(".foot .lang button").click()

    part = page.locator("section.sec").filter(has=page.locator("table.paid"))
    expect(part).to_have_count(1)
    expect(part.locator("tbody tr")).to_have_count(3)
    assert look(page) == []
    part.locator("a.more").click()
    expect(page.locator("h1")).to_be_visible()
    assert page.url.endswith("/reward/notices/")
