"""The counter in a real browser: a name sealed before it is sent, files kept through a refusal, a slip on A6."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request

from complaints.enums import Role, SealedBy
from complaints.models import SealedIdentity, Tip
from complaints.services.receipts import open_receipt
from tests.factories import jpeg
from tests.fixtures import City
from tests.journeys.desk_steps import desk_of, new_tip, person, wait_for_shortcuts

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
FILE = {"name": "xin.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}


@pytest.fixture
def desk(city: City, open_phone: OpenPhone) -> Page:
    return desk_of(open_phone, person(city.yanta, Role.OFFICER))


def fill_in(page: Page) -> None:
    page.check('input[name="channel"][value="letter"]')
    page.fill("#c-description", "安全出口锁着")
    page.fill("#c-address", "科技路 18 号")


def send(page: Page) -> None:
    page.click("[data-send]")


def receipt(page: Page) -> str:
    return page.inner_text(".as-slip__code").replace("\n", "").replace(" ", "")


def test_name_leaves_the_browser_sealed_and_files_outlive_a_refusal(desk: Page) -> None:
    sent: list[bytes] = []
    desk.on("request", lambda request: _keep(request, sent))
    desk.goto("/admin/tips/new/")
    fill_in(desk)
    desk.set_input_files("#c-photos", [FILE])
    desk.check('input[name="identity_mode"][value="real_name"]')
    desk.fill("#c-name", "张三丰")
    desk.fill("#c-phone", "13800001234")
    desk.click("details summary")
    desk.fill("#c-entity_code", "123")

    send(desk)
    desk.wait_for_selector("[data-faults]:not([hidden]) li")
    kept = desk.evaluate("[...document.querySelector('#c-photos').files].map((file) => file.name)")
    desk.fill("#c-entity_code", "")
    send(desk)
    desk.wait_for_selector("[data-slip]")

    assert kept == ["xin.jpg"]
    tip = Tip.objects.get()
    assert (tip.channel, tip.photo_count) == ("letter", 1)
    assert SealedIdentity.objects.get().sealed_by == SealedBy.BROWSER
    assert len(sent) == 2
    assert not any("张三丰".encode() in body or b"13800001234" in body for body in sent)
    assert open_receipt(typed=receipt(desk)).tip == tip
    assert urlsplit(desk.url).path == "/admin/tips/new/"


def _keep(request: Request, sent: list[bytes]) -> None:
    if request.method == "POST" and request.url.endswith("/tips/new/"):
        sent.append(request.post_data_buffer or b"")


def test_name_that_lacks_its_number_is_not_sent(desk: Page) -> None:
    desk.goto("/admin/tips/new/")
    fill_in(desk)
    desk.check('input[name="identity_mode"][value="real_name"]')
    desk.fill("#c-name", "张三丰")

    send(desk)

    desk.wait_for_selector('[data-faults] a[href="#c-phone"]')
    assert not Tip.objects.exists()


def test_without_scripts_the_counter_works_and_says_who_seals(city: City, open_phone: OpenPhone) -> None:
    page = desk_of(open_phone, person(city.yanta, Role.OFFICER), java_script_enabled=False)
    page.goto("/admin/tips/new/")
    fill_in(page)
    page.check('input[name="identity_mode"][value="real_name"]')
    page.fill("#c-name", "张三丰")
    page.fill("#c-phone", "13800001234")

    said = page.locator("noscript >> text=服务器").count() or "服务器会在内存中封存" in page.content()
    send(page)

    assert said
    assert open_receipt(typed=receipt(page)).tip == Tip.objects.get()
    assert SealedIdentity.objects.get().sealed_by == SealedBy.SERVER


@pytest.mark.parametrize("scripts", [True, False])
def test_name_among_the_words_is_asked_about_before_anything_is_stored(
    city: City, open_phone: OpenPhone, scripts: bool
) -> None:
    page = desk_of(open_phone, person(city.yanta, Role.OFFICER), java_script_enabled=scripts)
    page.goto("/admin/tips/new/")
    fill_in(page)
    page.fill("#c-description", "我叫张三丰，安全出口锁着，电话 13800001234")
    page.set_input_files("#c-photos", [FILE])

    send(page)
    page.wait_for_selector("[data-asked]")
    found = page.locator("[data-asked] li").all_inner_texts()
    stored = Tip.objects.count()
    page.check("[data-asked] input[name=words_stand]")
    send(page)
    page.wait_for_selector("[data-slip]")

    assert found == ["我叫张三丰", "13800001234"]
    assert stored == 0
    assert Tip.objects.get().photo_count == (1 if scripts else 0)


def test_slip_prints_alone_on_one_small_page(desk: Page) -> None:
    desk.goto("/admin/tips/new/")
    fill_in(desk)
    send(desk)
    desk.wait_for_selector("[data-slip]")

    desk.emulate_media(media="print")
    paper = desk.pdf(prefer_css_page_size=True)

    assert paper.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 298" in paper
    assert desk.is_visible(".as-slip__code")
    assert not desk.is_visible("[data-print]")


def test_rows_are_ticked_by_key_and_assigned(city: City, desk: Page) -> None:
    person(city.yanta, Role.OFFICER, username="chenli", first_name="陈立")
    tips = [new_tip(city) for _ in range(3)]
    desk.goto("/admin/tips/")

    wait_for_shortcuts(desk)
    for key in "jxjx":
        desk.keyboard.press(key)
    desk.click(".bulk-action-btn")
    desk.select_option('select[name="handler"]', label="陈立（在办 0 件）")
    desk.click("form.as-bulk button")
    desk.wait_for_selector("text=已分派 2 件")

    handlers = sorted(str(tip.handler) for tip in Tip.objects.filter(pk__in=[one.pk for one in tips]))
    assert handlers == ["None", "chenli", "chenli"]


def test_map_takes_filters_along(city: City, desk: Page) -> None:
    new_tip(city)
    violation = new_tip(city, kind="violation")
    desk.goto("/admin/tips/?kind=violation")

    desk.click('a[href^="/admin/tips/map/"]')

    desk.wait_for_selector(".as-city__map .as-pin")
    assert desk.locator(".as-city__list code").all_inner_texts() == [violation.number]
