"""A desk left alone, in a real browser: a word in time, a cover after the end, and nothing typed is lost."""

import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import Role
from portal.shared.idle import SEEN
from tests.fixtures import City
from tests.journeys.desk_steps import desk_of, person
from tests.signin import enter

pytestmark = pytest.mark.journey
HALF_AN_HOUR = 30 * 60
COVER, BAR, FIELD = "dialog.as-idle", ".as-idle-bar", "textarea[name=description]"
WORDS = "现场还在核实，下午回话"


@pytest.fixture
def officer(city: City) -> User:
    return person(city.yanta, Role.OFFICER)


def alone_for(*, seconds: int) -> None:
    """Let every session look as if it was used that long ago."""
    for row in Session.objects.all():
        store = SessionStore(row.session_key)
        store[SEEN] = int(time.time()) - seconds
        store.save()


def open_with_words(page: Page) -> None:
    page.clock.install()
    page.goto("/admin/tips/new/")
    page.fill(FIELD, WORDS)
    # The page tells the server within a minute that somebody typed; from then on nobody touches it.
    with page.expect_response("**/still-here/"):
        page.clock.fast_forward(1000 * 75)


def test_a_word_in_time_and_a_button_to_stay(
    city: City, officer: User, open_phone: Callable[..., BrowserContext]
) -> None:
    page = desk_of(open_phone, officer)
    open_with_words(page)
    alone_for(seconds=HALF_AN_HOUR - 100)

    page.clock.fast_forward(1000 * (HALF_AN_HOUR - 90))
    expect(page.locator(BAR)).to_contain_text("两分钟后自动退出")
    with page.expect_response("**/still-here/"):
        page.click(f"{BAR} button")

    expect(page.locator(BAR)).to_have_count(0)
    expect(page.locator(FIELD)).to_have_value(WORDS)


def test_the_same_person_goes_on_with_what_was_typed(
    city: City, officer: User, open_phone: Callable[..., BrowserContext]
) -> None:
    page = desk_of(open_phone, officer)
    open_with_words(page)
    alone_for(seconds=HALF_AN_HOUR - 100)
    page.clock.fast_forward(1000 * (HALF_AN_HOUR - 90))
    expect(page.locator(BAR)).to_be_visible()
    alone_for(seconds=HALF_AN_HOUR + 60)
    page.clock.fast_forward(1000 * 120)
    expect(page.locator(COVER)).to_contain_text("已经自动退出")

    page.click(f"{COVER} button")
    expect(page.locator(COVER)).to_contain_text("还没有登录")
    sign_in_again(page, officer)
    page.click(f"{COVER} button")

    expect(page.locator(COVER)).to_have_count(0)
    expect(page.locator(FIELD)).to_have_value(WORDS)


def sign_in_again(page: Page, user: User) -> None:
    """Do what signing in in another window does to the cookies of this one."""
    session = enter(Client(), user).cookies["sessionid"].value
    origin = "/".join(page.url.split("/")[:3])
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
