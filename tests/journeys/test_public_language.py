"""Changing the language in the middle of things, with scripts: nothing is lost, nothing stays in the history."""

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Tip
from tests.factories import TipFactory
from tests.fixtures import City
from tests.journeys.public_steps import SEND, add_photos, begin, photo, send

pytestmark = pytest.mark.journey
SWITCH = ".foot button[name=language]"


def test_form_with_a_problem_keeps_words_and_photos_in_english(page: Page, city: City) -> None:
    begin(page, words="铝粉")
    add_photos(page, photo(), photo(b"<html>"))
    page.click(SEND)
    expect(page.locator(".errors:visible")).to_contain_text("这不是照片")

    page.click(SWITCH)
    expect(page.locator("h1")).to_have_text("Report with a photo")
    shots = page.locator(".shot").count()
    lang = page.evaluate("document.documentElement.lang")
    stored = Tip.objects.count()

    assert (page.input_value("#description"), shots, lang, stored) == ("铝粉", 2, "en", 0)


def test_progress_is_read_in_english_without_typing_again(page: Page, city: City) -> None:
    page.goto("/status/")
    page.fill("#receipt", TipFactory(accepted=True).acknowledgement.receipt)
    page.click("main [type=submit]")
    page.wait_for_selector(".steps")
    entries = page.evaluate("history.length")

    page.click(SWITCH)
    expect(page.locator("h1")).to_have_text("Taken on. It is being looked into.")

    assert page.evaluate("history.length") == entries
    assert page.url.endswith("/status/")


def test_message_that_was_sent_leads_to_the_conversation(page: Page, city: City) -> None:
    page.goto("/status/")
    page.fill("#receipt", TipFactory(accepted=True).acknowledgement.receipt)
    page.click("main [type=submit]")
    page.fill("#text", "晚上才开工")

    page.click("form[data-message] [type=submit]")
    sent = page.locator("[data-sent]")
    expect(sent).to_be_focused()

    expect(sent).to_be_in_viewport()


def test_empty_receipt_is_told_by_the_page(page: Page, city: City) -> None:
    page.goto("/status/")

    page.click("main [type=submit]")

    expect(page.locator("#receipt-e")).to_contain_text("请输入查询码")


def test_receipt_page_says_what_the_switch_does(page: Page, city: City) -> None:
    begin(page)
    send(page)

    said = page.inner_text("#language")
    page.click("#language button")

    assert "shown this once" in said
    assert "本页只显示这一次" in said
    expect(page.locator("h1")).to_have_text("Check progress")
