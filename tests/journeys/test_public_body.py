"""An industry of another body: its name and telephone as soon as it is chosen, with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from complaints.models import CompetentBody
from tests.fixtures import City

pytestmark = pytest.mark.journey


@pytest.fixture(autouse=True)
def fire_brigade(city: City) -> CompetentBody:
    """Name the body in the back office's list."""
    return CompetentBody.objects.create(industry="fire_safety", name="西安市消防救援支队", phone="96119")


def test_the_body_is_named_and_can_be_called_at_once(page: Page) -> None:
    page.goto("/report/")
    page.click("details.fold summary")

    page.select_option("#industry", "fire_safety")

    line = page.locator("[data-body-say]")
    expect(line).to_contain_text("西安市消防救援支队")
    expect(line.locator("a")).to_have_attribute("href", "tel:96119")
    page.select_option("#industry", "chemical")
    expect(line).to_have_text("")


def test_a_tile_takes_the_choice_and_the_line_away(page: Page) -> None:
    page.goto("/report/")
    page.click("details.fold summary")
    page.select_option("#industry", "fire_safety")

    page.locator('.tile:has(input[value="hazardous_chemicals"])').click()

    expect(page.locator("[data-body-say]")).to_have_text("")


def test_without_scripts_the_choice_itself_names_the_body(plain_page: Page) -> None:
    plain_page.goto("/report/")
    plain_page.click("details.fold summary")

    plain_page.select_option("#industry", "fire_safety")

    expect(plain_page.locator("#industry option:checked")).to_have_text("消防（西安市消防救援支队 96119）")
