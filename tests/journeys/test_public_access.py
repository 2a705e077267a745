"""For everybody: no finding of axe, no sideways scroll, the keyboard alone, in 长者模式 and English as well."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from complaints.models import Tip
from tests.factories import TipFactory
from tests.fixtures import City
from tests.journeys.public_steps import SEND, TROUBLE, add_photos, begin, photo, receipt, send

pytestmark = pytest.mark.journey
SHOW = "form[data-status] [type=submit]"
SAY = "form[data-message] [type=submit]"


def form(page: Page) -> None:
    """Show the blank form."""
    page.goto("/report/")


def opened_form(page: Page) -> None:
    """Show the form with everything unfolded."""
    begin(page)
    add_photos(page, photo())
    page.click(".fold summary")
    page.click("[data-change]")
    page.check("[name=in_danger]")
    page.check("[value=real_name]")


def form_with_problems(page: Page) -> None:
    """Show what is wrong, a photo among it."""
    begin(page)
    add_photos(page, photo(), photo(b"<html>"))
    page.click(SEND)
    expect(page.locator(TROUBLE)).to_be_visible()


def form_from_the_server(page: Page) -> None:
    """Show the problems the server found."""
    page.goto("/report/")
    page.click(SEND)
    expect(page.locator("#photos-e")).to_be_visible()


def receipt_page(page: Page) -> None:
    """Show a receipt."""
    begin(page)
    send(page)


def code_entry(page: Page) -> None:
    """Show the question for the receipt, after a wrong one."""
    page.goto("/status/")
    page.fill("#receipt", "AAAA")
    page.click(SHOW)
    expect(page.locator("#receipt-e")).to_be_visible()


def progress(page: Page) -> None:
    """Show a tip that was answered, and a message."""
    page.goto("/status/")
    page.fill("#receipt", TipFactory(replied=True).acknowledgement.receipt)
    page.click(SHOW)
    page.fill("#text", "谢谢")
    page.click(SAY)
    expect(page.locator("[data-sent]")).to_be_visible()


def reward(page: Page) -> None:
    """Show the amount of a reward, and above it the form with everything unfolded."""
    page.goto("/reward/")
    page.check("[name=kind][value=violation]")
    page.fill("#fine", "86500")
    page.check("[name=employee]")
    page.click("details.fold summary")
    page.select_option("#policy", "xiamen")
    page.click("main [type=submit]")
    expect(page.locator(".reward-amount b")).to_have_text("16,867.50")


def reward_with_problems(page: Page) -> None:
    """Show what is wrong with a question about a reward."""
    page.goto("/reward/")
    page.check("[name=kind][value=concealed_accident]")
    page.fill("#dead", "4")
    page.fill("#concealed", "0")
    page.click("main [type=submit]")
    expect(page.locator("#concealed-e")).to_be_visible()


def lost(page: Page) -> None:
    """Show the page for an unknown address."""
    page.goto("/nothing-here/")


def menu(page: Page) -> None:
    """Show the menu."""
    page.goto("/status/")
    page.click("summary.top-tool")


PAGES = [
    form,
    opened_form,
    form_with_problems,
    form_from_the_server,
    receipt_page,
    code_entry,
    progress,
    reward,
    reward_with_problems,
    lost,
    menu,
]
DRESSES = {"plain": "", "elder": "长者模式", "english": "English"}


@pytest.fixture(params=DRESSES)
def dressed(request: pytest.FixtureRequest, open_phone: Callable[..., BrowserContext], city: City) -> Page:
    """Return a page as it is, in 长者模式 and in English."""
    phone = open_phone()
    if request.param == "elder":
        phone.add_init_script("try { localStorage.setItem('anshao-elder', '1') } catch {}")
    page = phone.new_page()
    if request.param == "english":
        page.goto("/status/")
        page.locator(".foot .lang button").click()
    return page


@pytest.mark.parametrize("show", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    dressed: Page, show: Callable[[Page], None], settings: Settings
) -> None:
    settings.CAPTCHA_BACKEND = "altcha"

    show(dressed)

    found = Axe().run(dressed).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []
    for width in (320, 360, 768, 1280):
        dressed.set_viewport_size({"width": width, "height": 740})
        wider = dressed.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, f"{wider} px too wide at {width}"


@pytest.mark.parametrize("show", [form, receipt_page, code_entry, progress, lost])
def test_there_is_one_heading_of_the_first_rank(page: Page, city: City, show: Callable[[Page], None]) -> None:
    show(page)

    assert page.locator("h1:visible").count() == 1
    assert page.locator("a.skip[href='#main']").count() == 1


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press Tab until the focus is there."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
    raise AssertionError(f"{selector} was not reached")


def test_keyboard_alone_goes_from_form_to_receipt_to_answer(page: Page, city: City) -> None:
    page.goto("/report/")

    tab_to(page, "#description")
    page.keyboard.type("冲床没有防护罩")
    page.wait_for_selector("[data-found]:visible")
    tab_to(page, ".tile input[value=dust]")
    page.keyboard.press("Space")
    tab_to(page, "[name=identity_mode]:checked")
    page.keyboard.press("ArrowDown")
    tab_to(page, SEND)
    page.keyboard.press("Enter")
    code = receipt(page)
    tab_to(page, "[data-kept]")
    page.keyboard.press("Space")
    tab_to(page, "[data-done]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/report/"))
    page.goto("/status/")
    tab_to(page, "#receipt")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_selector(".steps")
    tab_to(page, "#text")
    page.keyboard.type("谢谢")
    tab_to(page, SAY)
    page.keyboard.press("Enter")
    expect(page.locator("[data-sent]")).to_be_visible()

    tip = Tip.objects.get()
    assert (tip.operations, tip.identity_mode) == (["dust"], "anonymous")


def test_focus_is_seen_wherever_it_goes(page: Page, city: City) -> None:
    page.goto("/report/")
    unseen = []

    for _press in range(40):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            """() => {
              const at = document.activeElement;
              const box = at.closest(".tile, .pick, .shot-add") ?? at;
              const drawn = [box, ...box.children, at].some((one) => getComputedStyle(one).outlineStyle !== "none");
              return at === document.body || drawn ? [] : [at.outerHTML.slice(0, 80)];
            }"""
        )

    assert unseen == []


def test_summary_takes_the_focus_and_leads_to_the_field(page: Page, city: City) -> None:
    page.goto("/report/")
    page.click(SEND)
    expect(page.locator(TROUBLE)).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("location.hash") == "#photos"


def test_targets_are_large_enough_for_a_thumb(page: Page, city: City) -> None:
    page.goto("/report/")

    small = page.evaluate(
        """targets => [...document.querySelectorAll(targets)]
          .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44)
          .map((one) => one.outerHTML.slice(0, 80))""",
        "main button, main .btn, main select, main .tick, main .tile, main .pick, main summary, .sos a",
    )

    assert small == []
