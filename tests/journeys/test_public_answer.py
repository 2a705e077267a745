"""After the answer, with scripts and without: an objection, a rating, and a withdrawal that asks once more."""

import os
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from complaints.models import Objection, Rating, Tip
from tests.factories import TipFactory
from tests.fixtures import City
from tests.journeys.public_steps import open_progress

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("scripts", [True, False])]


@pytest.fixture
def phone(open_phone: Callable[..., BrowserContext], scripts: bool) -> Page:
    """Return a page of a phone with or without scripts."""
    return open_phone(java_script_enabled=scripts).new_page()


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of the page where one is wanted (PICTURES names the folder)."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_rating_and_objection(phone: Page, city: City, scripts: bool) -> None:
    open_progress(phone, TipFactory(replied=True, today=timezone.localdate()).acknowledgement.receipt)
    keep_picture(phone, f"answered-{scripts}")
    phone.check("[name=score][value='2']")
    if scripts:
        phone.fill("#objection-text", "防护罩装的是假的")
    phone.click("#rating [type=submit]")
    phone.wait_for_selector("[data-sent]")
    kept = phone.input_value("#objection-text")

    phone.fill("#objection-text", "防护罩装的是假的")
    phone.click("#objection [type=submit]")

    phone.wait_for_selector("h1:has-text('复查')")
    keep_picture(phone, f"review-{scripts}")
    assert kept == ("防护罩装的是假的" if scripts else "")  # words of another form are not given up
    assert (Rating.objects.get().score, Objection.objects.get().words) == (2, "防护罩装的是假的")
    assert phone.locator("#objection, #rating").count() == 0


def test_withdrawal_asks_once_more(phone: Page, city: City, scripts: bool) -> None:
    open_progress(phone, TipFactory().acknowledgement.receipt)
    phone.click(".fold summary:has-text('撤回')")
    phone.click(".fold [type=submit]")
    phone.wait_for_selector("#withdraw")
    keep_picture(phone, f"withdraw-{scripts}")
    phone.click("#withdraw .btn.main")
    phone.wait_for_selector("#withdraw", state="detached")
    assert Tip.objects.get().withdrawn_date is None
    phone.click(".fold summary:has-text('撤回')")
    phone.click(".fold [type=submit]")

    phone.click("#withdraw form:has([name=sure]) [type=submit]")

    phone.wait_for_selector("[data-sent]")
    keep_picture(phone, f"withdrawn-{scripts}")
    assert Tip.objects.get().withdrawn_date is not None
    assert phone.url.split("#")[0].endswith("/status/")
