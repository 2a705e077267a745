"""Signing in for the first time, in a real browser: password, app, recovery codes, and in again with a new code."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import Role
from tests.factories import PASSWORD
from tests.fixtures import City
from tests.journeys.desk_steps import DESK, PHONE, person
from tests.signin import PERIOD_SECONDS, code_at

pytestmark = pytest.mark.journey
GO = ".sign-go"


def type_password(page: Page) -> None:
    page.fill("#id_login", "zhaomin")
    page.fill("#id_password", PASSWORD)
    page.click(GO)


def set_up(page: Page) -> str:
    """Connect the app and return its secret."""
    secret = page.inner_text("#totp-key").strip()
    page.fill("#id_code", code_at(now=time.time(), secret=secret))
    page.click(GO)
    expect(page.locator(".sign-codes li")).to_have_count(10)
    return secret


@pytest.mark.parametrize("options", [{"viewport": DESK}, {"viewport": PHONE}, {"java_script_enabled": False}])
def test_first_sign_in_leads_to_the_desk(
    city: City, open_phone: Callable[..., BrowserContext], options: dict[str, object]
) -> None:
    person(city.yanta, Role.OFFICER)
    page = open_phone(**options).new_page()

    page.goto("/admin/tips/")
    type_password(page)
    secret = set_up(page)
    page.click("text=我已存好，重新登录")
    type_password(page)
    page.fill("#id_code", code_at(now=time.time() + PERIOD_SECONDS, secret=secret))
    page.click(GO)

    expect(page).to_have_url(re.compile(r"/admin/$"))
    expect(page.locator(".as-dash h1")).to_have_text("今天")


def test_picture_to_scan_is_drawn(city: City, page: Page) -> None:
    person(city.yanta, Role.OFFICER)
    page.goto("/admin/")
    type_password(page)

    width = page.eval_on_selector(".sign-scan img", "image => image.naturalWidth")

    assert width > 0


def test_spent_code_and_wrong_password_are_told_in_words(city: City, page: Page) -> None:
    person(city.yanta, Role.OFFICER)
    page.goto("/accounts/login/")
    page.fill("#id_login", "zhaomin")
    page.fill("#id_password", "not-the-password")
    page.click(GO)
    expect(page.get_by_role("alert")).to_have_text("账号或密码不对。")
    type_password(page)
    secret = set_up(page)
    page.click("text=我已存好，重新登录")
    type_password(page)

    page.fill("#id_code", code_at(now=time.time(), secret=secret))
    page.click(GO)

    expect(page.get_by_role("alert")).to_contain_text("或者已经用过")


def test_recovery_codes_are_copied(city: City, open_phone: Callable[..., BrowserContext]) -> None:
    person(city.yanta, Role.OFFICER)
    context = open_phone(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/admin/")
    type_password(page)
    set_up(page)

    page.click("[data-copy]")

    expect(page.locator("[data-said]")).to_have_text("已复制。")
    assert (
        page.evaluate("() => navigator.clipboard.readText()").split("\n")
        == page.locator(".sign-codes code").all_inner_texts()
    )


def test_keyboard_alone_signs_in(city: City, page: Page) -> None:
    person(city.yanta, Role.OFFICER)
    page.goto("/accounts/login/")
    page.focus("#id_login")

    page.keyboard.type("zhaomin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("#totp-key")).to_be_visible()
