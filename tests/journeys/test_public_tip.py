"""A tip from a phone: five taps, once, whatever the line or the photos do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect
from pytest_django import Settings

from complaints.crypto.filecipher import open_file
from complaints.models import Evidence, Tip, TipReceipt
from complaints.services.evidence import evidence_storage
from tests.factories import VAULT_SEED, jpeg
from tests.fixtures import OUTSIDE, YANTA, City
from tests.journeys.public_steps import (
    CAMERA,
    NOTHING_KEPT,
    SEND,
    TROUBLE,
    add_photos,
    begin,
    kept_on_device,
    photo,
    receipt,
    send,
)
from tests.portal import photo_samples

pytestmark = pytest.mark.journey
WORDS = "二楼打磨间全是铝粉"


def posts_of(page: Page) -> list[Request]:
    """Return a list that gathers what the page posts to the form."""
    found: list[Request] = []
    page.on(
        "request",
        lambda request: (
            found.append(request) if request.method == "POST" and request.url.endswith("/report/") else None
        ),
    )
    return found


def test_photo_to_receipt_in_five_taps_without_typing(page: Page, city: City, settings: Settings) -> None:
    settings.CAPTCHA_BACKEND = "altcha"
    page.goto("/")
    taps = ["report button", "camera tile", "shutter", "use photo", "send"]

    page.locator("a[href$='/report/']:visible").first.click()
    visits = page.evaluate("history.length")
    with page.expect_file_chooser() as camera:  # shutter and "use photo" are taps in the camera
        page.click(".shot-add >> nth=0")
    camera.value.set_files([photo(photo_samples.jpeg_12mp())])
    page.wait_for_selector("[data-found]:visible")
    code = send(page)

    tip = Tip.objects.get()
    assert len(taps) == 5
    assert len(code) == 24
    assert (tip.district_id, tip.handling_unit, tip.photo_count) == (YANTA, city.yanta, 1)
    assert tip.description == ""
    assert page.evaluate("history.length") == visits
    assert page.url.endswith("/report/")
    assert kept_on_device(page) == NOTHING_KEPT


def test_place_is_asked_of_the_phone_only_once_someone_begins(page: Page, city: City) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.goto("/report/")
    page.wait_for_load_state("networkidle")
    before = list(asked)

    page.fill("#description", WORDS)
    page.wait_for_selector("[data-found]:visible")

    assert before == []
    assert page.inner_text("[data-found-name]") == "雁塔区"
    assert any(url.endswith("/place") for url in asked)


def test_place_can_be_changed_to_a_district(page: Page, city: City) -> None:
    begin(page)

    page.click("[data-change]")
    page.select_option("#district", "610104")
    towns = page.locator("#town option").all_inner_texts()
    page.select_option("#town", city.other_town_code)
    send(page)

    tip = Tip.objects.get()
    assert (tip.district_id, tip.town_id, tip.point) == ("610104", city.other_town_code, "")
    assert 1 < len(towns) < 20


def test_phone_outside_the_city_is_told_at_once(
    open_phone: Callable[..., BrowserContext], city: City
) -> None:
    page = open_phone(geolocation={"latitude": OUTSIDE[0], "longitude": OUTSIDE[1]}).new_page()
    page.goto("/report/")

    page.fill("#description", WORDS)

    expect(page.locator("[data-place-say]")).to_contain_text("不在本市")
    expect(page.locator("#district")).to_be_visible()
    assert page.input_value("[name=lat]") == ""


def test_without_location_the_name_of_the_factory_is_enough(
    open_phone: Callable[..., BrowserContext], city: City
) -> None:
    page = open_phone(permissions=[]).new_page()
    page.goto("/report/")
    page.fill("#description", WORDS)
    expect(page.locator("[data-place-say]")).to_contain_text("没有得到手机定位")

    page.fill("#address", "某金属公司")

    assert send(page)
    assert Tip.objects.get().address == "某金属公司"


def test_two_taps_send_once(page: Page, city: City) -> None:
    begin(page)
    posts = posts_of(page)

    page.evaluate(
        "form => { form.requestSubmit(); form.requestSubmit(); }", page.query_selector("form[data-report]")
    )
    receipt(page)

    assert len(posts) == 1
    assert Tip.objects.count() == 1


def test_two_tabs_are_one_tip(open_phone: Callable[..., BrowserContext], city: City) -> None:
    phone = open_phone()
    first, second = phone.new_page(), phone.new_page()
    for tab in (first, second):
        begin(tab, words=WORDS)

    assert send(first) != send(second)
    assert Tip.objects.count() == 1
    assert TipReceipt.objects.count() == 2


def test_two_tabs_about_two_dangers_are_two_tips(
    open_phone: Callable[..., BrowserContext], city: City
) -> None:
    phone = open_phone()
    first, second = phone.new_page(), phone.new_page()
    begin(first, words="一楼有氨味")
    begin(second, words=WORDS)

    assert send(first)
    assert send(second)

    assert Tip.objects.count() == 2


def test_lost_line_keeps_everything_and_the_second_try_is_one_tip(
    page: Page, city: City, settings: Settings
) -> None:
    settings.CAPTCHA_BACKEND = "altcha"
    begin(page, words=WORDS)
    add_photos(page, photo())

    page.context.set_offline(True)
    page.click(SEND)
    expect(page.locator(TROUBLE)).to_contain_text("没有信号")
    kept = (
        page.input_value("#description"),
        page.locator("figure.shot").count(),
        page.inner_text(SEND).strip(),
    )
    page.context.set_offline(False)
    code = send(page)

    assert kept == (WORDS, 1, "再提交一次")
    assert code
    assert Tip.objects.get().photo_count == 1


def test_photo_chosen_before_the_script_has_come_is_sent(page: Page, city: City) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/js/report*.js", hold)
    page.goto("/report/", wait_until="commit")
    page.wait_for_selector("[data-photos]", state="attached")
    page.set_input_files("[data-photos] >> nth=0", [photo()])

    for route in held:
        route.continue_()

    expect(page.locator("figure.shot")).to_have_count(1)
    page.fill("#description", WORDS)
    page.fill("#address", "科技路 18 号")
    assert send(page)
    assert Tip.objects.get().photo_count == 1


def test_receipt_needs_nothing_more_from_the_network(page: Page, city: City) -> None:
    begin(page, words=WORDS)
    page.route("**/*.js", lambda route: route.abort())

    code = send(page)

    assert code
    page.click("[data-copy]")
    expect(page.locator("[data-say]")).not_to_be_empty()


def test_lost_answer_is_asked_for_again_and_makes_no_second_tip(page: Page, city: City) -> None:
    begin(page, words=WORDS)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/report/", lose)
    page.click(SEND)
    expect(page.locator(TROUBLE)).to_contain_text("没有信号")
    code = send(page)

    assert lost == [200]
    assert code
    assert Tip.objects.count() == 1


def test_answer_of_a_gateway_keeps_everything(page: Page, city: City) -> None:
    begin(page, words=WORDS)
    page.route("**/report/", lambda route: route.fulfill(status=502, body="Bad Gateway"))

    page.click(SEND)

    expect(page.locator(TROUBLE)).to_contain_text("服务器没有正常回答")
    assert page.input_value("#description") == WORDS


def test_error_page_of_our_own_keeps_everything_too(page: Page, city: City) -> None:
    begin(page, words=WORDS)
    lost = page.context.request.get("/nothing-here/").text()
    page.route("**/report/", lambda route: route.fulfill(status=500, body=lost, content_type="text/html"))

    page.click(SEND)

    expect(page.locator(TROUBLE)).to_contain_text("服务器没有正常回答")
    assert page.input_value("#description") == WORDS


def test_damaged_photo_gets_a_row_and_costs_no_word(page: Page, city: City, evidence_root: Path) -> None:
    begin(page, words=WORDS)
    add_photos(page, photo(), photo(photo_samples.truncated("JPEG", 0.9)), photo(jpeg(shade=9)))
    page.check("[value=real_name]")
    page.fill("#name", "王小明")
    page.fill("#phone", "13800001234")

    page.click(SEND)
    row = page.locator("#photo-2")
    expect(row).to_contain_text("坏了，打不开")
    kept = (page.input_value("#description"), page.input_value("#name"), page.input_value("#phone"))
    good = page.locator(".rows .good").count()
    row.get_by_text("不传这张").click()
    page.click("[value=anonymous]")
    code = send(page)

    assert kept == (WORDS, "王小明", "13800001234")
    assert good == 2
    assert code
    assert Evidence.objects.count() == 2


def test_damaged_photo_can_be_replaced_in_its_row(page: Page, city: City) -> None:
    begin(page)
    add_photos(page, photo(b"<html>no photo</html>"))
    row = page.locator("#photo-1")
    expect(row).to_contain_text("这不是照片")

    row.locator("input[type=file]").set_input_files([photo()])
    page.wait_for_selector("figure.shot")

    assert send(page)
    assert Evidence.objects.count() == 1


def test_photo_known_to_be_bad_is_not_even_sent(page: Page, city: City) -> None:
    begin(page)
    posts = posts_of(page)
    add_photos(page, photo(b""))

    page.click(SEND)

    expect(page.locator(TROUBLE)).to_contain_text("还没有提交")
    expect(page.locator(f"{TROUBLE} a")).to_have_attribute("href", "#photo-1")
    assert posts == []


def test_photos_can_be_taken_away_and_stop_at_nine(page: Page, city: City) -> None:
    page.goto("/report/")
    add_photos(page, photo(), photo(jpeg(shade=9)))
    page.get_by_label("去掉第 1 张照片").click()

    page.set_input_files(CAMERA, [photo(jpeg(width=40, height=30, shade=shade)) for shade in range(10)])

    expect(page.locator("[data-photos-say]")).to_contain_text("另外 2 张没有收下")
    assert page.locator("figure.shot").count() == 9


def test_huge_photo_is_made_smaller_and_says_so(page: Page, city: City) -> None:
    begin(page)
    posts = posts_of(page)
    huge = jpeg(width=3000, height=2000) + bytes(9 * 1024 * 1024)

    page.set_input_files(CAMERA, [photo(huge)])
    page.wait_for_selector("text=已缩到")
    send(page)

    assert int(posts[0].all_headers()["content-length"]) < 2 * 1024 * 1024
    assert Evidence.objects.get().shown_width <= 2000


def test_ordinary_photo_is_sent_byte_for_byte(page: Page, city: City) -> None:
    begin(page)
    data = photo_samples.jpeg_12mp()

    add_photos(page, photo(data))
    send(page)

    photo_row = Evidence.objects.get()
    with evidence_storage().open(photo_row.path_of("original")) as file:
        kept = open_file(seed=VAULT_SEED, sealed=file.read(), binding=Tip.objects.get().idempotency_key)
    assert kept == data


def test_phone_that_cannot_do_the_sum_gets_a_question(page: Page, city: City, settings: Settings) -> None:
    settings.CAPTCHA_BACKEND = "altcha"
    page.route("**/challenge", lambda route: route.fulfill(status=500, body="{}"))
    begin(page)

    page.click(SEND)
    expect(page.locator(TROUBLE)).to_contain_text("请答一下按钮上方的问题")
    words = page.inner_text("label[for=captcha] .opt")
    digits = "零一二三四五六七八九"
    first, second = (digits.index(letter) for letter in words if letter in digits)
    page.fill("#captcha", str(first + second))

    assert send(page)


def test_who_sends_before_the_phone_knows_the_place_is_waited_for(page: Page, city: City) -> None:
    """The first fix of a phone takes seconds; five taps take less."""
    page.add_init_script(
        """const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
        navigator.geolocation.getCurrentPosition = (found, ...rest) =>
          ask((fix) => setTimeout(() => found(fix), 2500), ...rest);"""
    )
    page.goto("/report/")

    page.set_input_files(CAMERA, [photo()])
    page.click(SEND)

    receipt(page)
    assert Tip.objects.get().district_id == YANTA
