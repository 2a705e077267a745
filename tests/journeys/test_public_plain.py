"""The same ways with JavaScript off: plain forms, plain questions, nothing lost."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from complaints.crypto import envelope
from complaints.enums import SealedBy
from complaints.models import Message, SealedIdentity, Tip
from tests.factories import VAULT_SEED, TipFactory
from tests.fixtures import YANTA, City
from tests.journeys.public_steps import SEND, photo, receipt
from tests.portal import photo_samples

pytestmark = pytest.mark.journey
WORDS = "二楼打磨间全是铝粉"
DIGITS = "零一二三四五六七八九"


@pytest.fixture(autouse=True)
def checked(settings: Settings) -> None:
    """Switch the check against machines on."""
    settings.CAPTCHA_BACKEND = "altcha"


def answer(page: Page) -> None:
    """Answer the question in plain words."""
    words = page.inner_text("label[for=captcha] .opt")
    first, second = (DIGITS.index(letter) for letter in words if letter in DIGITS)
    page.fill("#captcha", str(first + second))


def fill(page: Page) -> None:
    """Fill the form in with a photo, a sentence and a district."""
    page.goto("/report/")
    page.set_input_files("input[name=photos] >> nth=0", [photo(photo_samples.jpeg_of(1600, 1200))])
    page.fill("#description", WORDS)
    page.select_option("#district", YANTA)
    answer(page)


def test_photo_to_receipt(plain_page: Page, city: City) -> None:
    fill(plain_page)

    plain_page.click(SEND)
    code = receipt(plain_page)

    tip = Tip.objects.get()
    assert len(code) == 24
    assert (tip.description, tip.district_id, tip.photo_count) == (WORDS, YANTA, 1)


def test_nothing_dead_is_shown(plain_page: Page, city: City) -> None:
    plain_page.goto("/report/")

    for scripted in (
        "[data-elder-toggle]",
        "[data-draft]",
        "[data-locate]",
        "[data-choose]",
        "[data-sending]",
    ):
        assert not plain_page.locator(scripted).first.is_visible()
    for needed in ("#district", "#town", "#name", "#phone", "#captcha", "input[name=photos] >> nth=0"):
        assert plain_page.locator(needed).is_visible()
    assert "由服务器在内存里封好" in plain_page.inner_text("[data-named]")


def test_receipt_needs_no_script(plain_page: Page, city: City) -> None:
    fill(plain_page)
    plain_page.click(SEND)
    code = receipt(plain_page)

    shown = [
        plain_page.locator(button).is_visible() for button in ("[data-copy]", "[data-save]", "[data-print]")
    ]
    plain_page.check("[data-kept]")
    plain_page.click("[data-done]")

    assert shown == [False, False, False]
    assert code not in plain_page.content()


def test_problem_keeps_everything_but_the_photos_and_asks_no_second_question(
    plain_page: Page, city: City
) -> None:
    fill(plain_page)
    plain_page.set_input_files("input[name=photos] >> nth=0", [photo(b"<html>")])

    plain_page.click(SEND)
    told = plain_page.inner_text(".errors:visible")
    kept = (plain_page.input_value("#description"), plain_page.input_value("#district"))
    asked = plain_page.locator("#captcha").count()
    plain_page.set_input_files("input[name=photos] >> nth=0", [photo()])
    plain_page.click(SEND)

    assert "这不是照片" in told
    assert "浏览器留不住照片" in told
    assert kept == (WORDS, YANTA)
    assert asked == 0
    assert receipt(plain_page)
    assert Tip.objects.get().photo_count == 1


def test_name_is_sealed_by_the_server(plain_page: Page, city: City) -> None:
    fill(plain_page)
    plain_page.check("[value=real_name]")
    plain_page.fill("#name", "欧阳小明")
    plain_page.fill("#phone", "13800001234")

    plain_page.click(SEND)
    receipt(plain_page)

    sealed = SealedIdentity.objects.select_related("tip").get()
    opened = envelope.open_fields(
        seed=VAULT_SEED,
        envelope=envelope.Envelope.parse(sealed.envelope),
        binding=sealed.tip.idempotency_key,
        field="identity",
    )
    assert sealed.sealed_by == SealedBy.SERVER
    assert opened["name"] == "欧阳小明"


def test_page_of_the_answer_sent_again_is_the_same_tip(plain_page: Page, city: City) -> None:
    fill(plain_page)
    plain_page.set_input_files("input[name=photos] >> nth=0", [])
    plain_page.click(SEND)
    first = receipt(plain_page)

    plain_page.reload()

    assert receipt(plain_page) != first
    assert Tip.objects.count() == 1


def test_progress_and_message(plain_page: Page, city: City) -> None:
    plain_page.goto("/status/")
    plain_page.fill("#receipt", TipFactory(replied=True).acknowledgement.receipt)
    plain_page.click("main [type=submit]")
    headings = plain_page.locator(".reply dt").count()

    plain_page.fill("#text", "谢谢")
    plain_page.set_input_files("[name=photos]", [photo()])
    plain_page.click("form[data-message] [type=submit]")

    assert headings == 4
    expect(plain_page.locator("[data-sent]")).to_be_visible()
    assert Message.objects.filter(direction="from_reporter").count() == 1


def test_danger_shows_the_telephones(plain_page: Page, city: City) -> None:
    plain_page.goto("/report/")
    before = plain_page.is_visible(".danger-now")

    plain_page.check("[name=in_danger]")

    assert not before
    assert plain_page.is_visible(".danger-now a[href='tel:119']")


def test_english_is_one_tap_away(plain_page: Page, city: City) -> None:
    plain_page.goto("/report/")

    plain_page.locator(".foot .lang button").click()

    assert plain_page.inner_text("h1") == "Report with a photo"
    assert plain_page.url.endswith("/report/")
