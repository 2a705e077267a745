"""Keeping the receipt, coming back with it, and leaving nothing on the phone."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from complaints.models import Message, Tip
from tests.factories import TipFactory
from tests.fixtures import City
from tests.journeys.public_steps import (
    NOTHING_KEPT,
    SEND,
    add_photos,
    begin,
    kept_on_device,
    photo,
    receipt,
    send,
    wait_for_draft,
)

pytestmark = pytest.mark.journey
SHOW = "form[data-status] [type=submit]"
SAY = "form[data-message] [type=submit]"
TROUBLE_SAID = "form[data-message] [data-trouble]"
WORDS = "晚上八点以后才开工"


def test_receipt_is_copied(open_phone: Callable[..., BrowserContext], city: City) -> None:
    page = open_phone(permissions=["geolocation", "clipboard-read", "clipboard-write"]).new_page()
    begin(page)
    code = send(page)

    page.click("[data-copy]")

    expect(page.locator("[data-say]")).to_contain_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == code


ROWS = """groups => { const tops = groups.map(group => Math.round(group.getBoundingClientRect().top));
    return [...new Set(tops)].map(top => tops.filter(one => one === top).length); }"""


@pytest.mark.parametrize(
    ("width", "rows"), [(320, [3, 2]), (360, [3, 2]), (390, [3, 2]), (600, [3, 2]), (768, [5])]
)
@pytest.mark.parametrize("elder", [False, True], ids=["plain", "elder"])
def test_groups_of_the_receipt_break_three_above_two(
    open_phone: Callable[..., BrowserContext], city: City, width: int, rows: list[int], elder: bool
) -> None:
    phone = open_phone(viewport={"width": width, "height": 740})
    if elder:
        phone.add_init_script("try { localStorage.setItem('anshao-elder', '1') } catch {}")
    page = phone.new_page()
    begin(page)
    send(page)

    assert page.locator(".code > span").evaluate_all(ROWS) == rows


def test_receipt_is_kept_as_a_picture(page: Page, city: City) -> None:
    begin(page)
    send(page)

    with page.expect_download() as download:
        page.click("[data-save]")

    expect(page.locator("[data-picture]")).to_be_visible()
    assert download.value.suggested_filename == "anshao.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_receipt_stays_until_it_is_said_to_be_kept_and_is_gone_then(page: Page, city: City) -> None:
    begin(page)
    code = send(page)
    before = page.is_disabled("[data-done]")

    page.check("[data-kept]")
    page.click("[data-done]")
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    kept = kept_on_device(page)
    page.go_back()

    assert before
    assert page.url == "about:blank"  # the form's place in the history was taken
    assert code not in page.content()
    assert kept == NOTHING_KEPT


def test_leaving_without_keeping_is_asked_about(page: Page, city: City) -> None:
    begin(page)
    send(page)
    page.click("[data-receipt] h1")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.click(".brand")
    page.wait_for_url(lambda url: urlsplit(url).path == "/")

    assert asked == ["beforeunload"]


def test_receipt_works_without_a_line(page: Page, city: City) -> None:
    begin(page)
    send(page)

    page.context.set_offline(True)
    with page.expect_download():
        page.click("[data-save]")
    page.check("[data-kept]")

    assert page.is_enabled("[data-done]")


def test_receipt_prints_without_its_surroundings(page: Page, city: City) -> None:
    begin(page)
    send(page)

    page.emulate_media(media="print")

    assert page.is_visible(".code")
    assert page.is_visible("[data-number]")
    for hidden in (".top", ".foot", "[data-copy]", "[data-keep]", ".note.warn", ".sos"):
        assert not page.locator(hidden).first.is_visible()


def test_way_from_receipt_to_answer_and_back(page: Page, city: City) -> None:
    code = TipFactory(replied=True).acknowledgement.receipt
    page.goto("/status/")
    visits = page.evaluate("history.length")

    page.fill("#receipt", "AAAA-AAAA-AAAA-AAAA-AAAA")
    page.click(SHOW)
    expect(page.locator("#receipt-e")).to_contain_text("没有找到")
    page.fill("#receipt", code)
    page.click(SHOW)
    expect(page.locator(".reply dt").first).to_have_text("核查结论")
    page.fill("#text", WORDS)
    page.set_input_files("[name=photos]", [photo()])
    expect(page.locator("[data-say]")).to_have_text("选了 1 张照片。")
    page.click(SAY)
    expect(page.locator("[data-sent]")).to_be_visible()

    assert WORDS in page.inner_text(".talk .me")
    assert Message.objects.filter(direction="from_reporter").count() == 1
    assert page.evaluate("history.length") == visits
    assert code not in page.url
    page.reload()
    assert code not in page.content()
    assert kept_on_device(page) == NOTHING_KEPT


def test_refused_message_keeps_words_and_photos(page: Page, city: City) -> None:
    page.goto("/status/")
    page.fill("#receipt", TipFactory().acknowledgement.receipt)
    page.click(SHOW)
    page.fill("#text", WORDS)
    page.set_input_files("[name=photos]", [photo(), photo(b"<html>")])

    page.click(SAY)
    expect(page.locator("#text-e")).to_contain_text("这不是照片")

    assert page.input_value("#text") == WORDS
    assert page.evaluate("document.querySelector('form[data-message]').elements.photos.files.length") == 2


def test_photos_too_large_for_a_message_are_told_before_they_are_sent(
    page: Page, city: City, settings: Settings
) -> None:
    settings.PHOTO_MAX_BYTES, settings.PHOTOS_MAX_BYTES = 60_000, 100_000
    page.goto("/status/")
    page.fill("#receipt", TipFactory().acknowledgement.receipt)
    page.click(SHOW)
    page.fill("#text", WORDS)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    page.set_input_files("[name=photos]", [photo(), photo(bytes(60_001))])
    page.click(SAY)
    expect(page.locator(TROUBLE_SAID)).to_contain_text("第 2 张 · 这张有")
    page.set_input_files("[name=photos]", [photo(bytes(60_000)), photo(bytes(60_000))])
    page.click(SAY)
    expect(page.locator(TROUBLE_SAID)).to_contain_text("照片加起来有")
    assert posts == []

    page.set_input_files("[name=photos]", [photo()])
    expect(page.locator(TROUBLE_SAID)).to_be_hidden()
    page.click(SAY)
    expect(page.locator("[data-sent]")).to_be_visible()


def test_lost_line_keeps_the_message(page: Page, city: City) -> None:
    page.goto("/status/")
    page.fill("#receipt", TipFactory().acknowledgement.receipt)
    page.click(SHOW)
    page.fill("#text", WORDS)

    page.context.set_offline(True)
    page.click(SAY)
    expect(page.locator(TROUBLE_SAID)).to_contain_text("没有信号")
    page.context.set_offline(False)
    page.click(SAY)
    expect(page.locator("[data-sent]")).to_be_visible()

    assert Message.objects.count() == 1


def test_draft_is_kept_only_when_asked_and_gone_once_sent(page: Page, city: City) -> None:
    begin(page, words=WORDS)
    before = kept_on_device(page)

    page.check("[data-draft]")
    add_photos(page, photo())
    page.check("[value=real_name]")
    page.fill("#name", "欧阳小明")
    page.fill("#phone", "13800001234")
    page.fill("#address", "科技路 18 号")
    wait_for_draft(page, field="address", value="科技路 18 号")
    page.reload()
    expect(page.locator("[data-draft-say]")).to_contain_text("上次存在手机里")
    back = (
        page.input_value("#description"),
        page.input_value("#address"),
        page.locator("figure.shot").count(),
    )
    named = (page.input_value("#name"), page.input_value("#phone"))
    page.check("[value=anonymous]")
    page.click(SEND)
    receipt(page)

    assert before == NOTHING_KEPT
    assert back == (WORDS, "科技路 18 号", 1)
    assert named == ("", "")
    assert kept_on_device(page) == NOTHING_KEPT
    assert Tip.objects.get().photo_count == 1


def test_draft_goes_when_the_tick_is_taken_away(page: Page, city: City) -> None:
    begin(page, words=WORDS)
    page.check("[data-draft]")
    expect(page.locator("[data-draft-say]")).to_contain_text("已存在")

    page.uncheck("[data-draft]")
    expect(page.locator("[data-draft-say]")).to_contain_text("删掉")

    assert kept_on_device(page) == NOTHING_KEPT


def test_page_without_signal_is_there_for_those_with_a_draft(page: Page, city: City) -> None:
    begin(page, words=WORDS)
    page.check("[data-draft]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()

    page.context.set_offline(True)
    page.goto("/report/")

    assert page.inner_text("h1") == "这里没有信号"
    assert page.locator("a[href='tel:120']").first.is_visible()
    page.context.set_offline(False)


def test_large_type_is_remembered_on_the_device_only(page: Page, city: City) -> None:
    page.goto("/report/")
    page.click("[data-elder-toggle]")

    page.goto("/status/")

    assert page.evaluate("document.documentElement.hasAttribute('data-elder')")
    assert page.get_attribute("[data-elder-toggle]", "aria-pressed") == "true"
    assert kept_on_device(page) == {**NOTHING_KEPT, "local": {"anshao-elder": "1"}}
    assert page.context.cookies() == []
