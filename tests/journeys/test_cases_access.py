"""The pages of cases for everybody: axe, no sideways scroll, without scripts, with the keyboard, printed, passed on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from cases_public.demo import load_sample_cases
from tests.fixtures import City

pytestmark = pytest.mark.journey
PATHS = {
    "list": "/cases/",
    "narrowed": "/cases/?q=有限空间&operation=confined_space&sort=amount",
    "refused": "/cases/?q=火",
    "nothing": "/cases/?q=没有这样的词",
    "case": "/cases/dust-metal/",
    "small case": "/cases/space-sign/",
    "print": "/cases/dust-metal/?print=1",
    "collection": "/cases/four-operations/",
}
DRESSES = ("plain", "elder", "english")
WIDTHS = (320, 360, 768, 1280)


@pytest.fixture
def cases(city: City, settings: Settings, tmp_path: Path) -> None:
    """Load the sample cases."""
    from django.utils import timezone

    settings.MEDIA_ROOT = tmp_path / "media"
    load_sample_cases(today=timezone.localdate())


@pytest.fixture(params=DRESSES)
def dressed(request: pytest.FixtureRequest, open_phone: Callable[..., BrowserContext], cases: None) -> Page:
    """Return a page as it is, in 长者模式 and in English."""
    phone = open_phone()
    if request.param == "elder":
        phone.add_init_script("try { localStorage.setItem('anshao-elder', '1') } catch {}")
    page = phone.new_page()
    if request.param == "english":
        page.goto("/status/")
        page.locator(".foot .lang button").click()
    return page


def test_axe_finds_nothing_and_nothing_scrolls_sideways(dressed: Page) -> None:
    for name, path in PATHS.items():
        dressed.goto(path)
        for width in WIDTHS:
            dressed.set_viewport_size({"width": width, "height": 740})
            wider = dressed.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wider <= 0, f"{name} is {wider} px too wide at {width}"
            if width != WIDTHS[0]:
                found = Axe().run(dressed).response["violations"]
                shown = [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]
                assert shown == [], f"{name} at {width}"


def test_there_is_one_heading_of_the_first_rank(page: Page, cases: None) -> None:
    for path in PATHS.values():
        page.goto(path)

        assert page.locator("h1:visible").count() == 1


def test_filters_and_search_work_without_scripts(plain_page: Page, cases: None) -> None:
    plain_page.goto("/cases/")
    plain_page.click("summary:has-text('危险作业')")
    plain_page.check("[name=operation][value=dust]")
    plain_page.click("text=按选中的条件查找")
    expect(plain_page.locator("#res")).to_have_text("2 件")

    plain_page.fill("#q", "火花探测")
    plain_page.press("#q", "Enter")
    expect(plain_page.locator("#res")).to_have_text("1 件")
    expect(plain_page.locator("mark")).to_have_text("火花探测")

    plain_page.click(".res-h a.tag >> nth=0")
    expect(plain_page.locator("#res")).to_have_text("2 件")
    plain_page.click(".case-list h3 a >> nth=1")
    expect(plain_page.locator("h1")).to_contain_text("火花探测")


def test_the_list_turns_its_pages_and_comes_back(page: Page, cases: None) -> None:
    page.goto("/cases/")
    page.click(".pages >> text=下一页")
    expect(page.locator(".pages [aria-current]")).to_have_text("2")
    page.click(".pages >> text=上一页")

    assert page.url.endswith("/cases/?")


def test_the_first_filter_is_open_where_there_is_room(page: Page, cases: None) -> None:
    page.goto("/cases/")
    assert page.locator("details[data-first]").get_attribute("open") is None

    page.set_viewport_size({"width": 1280, "height": 740})
    page.reload()

    expect(page.locator("details[data-first]")).to_have_attribute("open", "")


def test_the_keyboard_alone_finds_and_opens_a_case(page: Page, cases: None) -> None:
    page.goto("/cases/")
    page.focus("#q")
    page.keyboard.type("报警器")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.focus(".case-list h3 a")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("报警器")


def test_the_address_is_copied_and_said(page: Page, cases: None) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/cases/dust-metal/")

    page.click("[data-copy-address]")

    expect(page.locator("[data-copied]")).to_have_text("网址已复制。")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_printed_there_is_the_case_and_no_chrome(page: Page, cases: None) -> None:
    page.goto("/cases/dust-metal/")
    page.emulate_media(media="print")

    assert page.locator(".top:visible, .foot:visible, .thumb:visible, .btn:visible").count() == 0
    expect(page.locator(".lesson")).to_be_visible()


def test_pictures_hold_their_place_before_they_come(page: Page, cases: None) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/cases/")

    sizes = page.evaluate(
        "[...document.querySelectorAll('main img')].map((one) => [one.width > 0, one.height > 0, one.loading])"
    )

    assert sizes
    assert all(size == [True, True, "lazy"] for size in sizes)


def test_targets_are_large_enough_for_a_thumb(page: Page, cases: None) -> None:
    small = []
    for path in ("/cases/?industry=machinery", "/cases/dust-metal/"):
        page.goto(path)
        small += page.evaluate(
            """targets => [...document.querySelectorAll(targets)]
              .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44)
              .map((one) => one.outerHTML.slice(0, 80))""",
            "main button, main .btn, main select, main .tick, main summary, main a.tag",
        )

    assert small == []
