"""Google's check on a phone, in a city that chose it: nothing before a tap, a tick sends, an absent host loses nothing.

The host is played by the browser's own network layer; nobody is asked.
"""

import io
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from complaints.models import Tip
from tests.fixtures import YANTA, City
from tests.journeys.conftest import HEIGHT, PATIENCE_MS, WIDTH, Watch
from tests.journeys.public_steps import SEND, receipt
from tests.journeys.test_public_plain import WORDS, answer

pytestmark = pytest.mark.journey
HOST = "www.recaptcha.net"
TOKEN = "03AFcWeA" + "x" * 60
# What the script of the host does: a frame of its own, and a field with the token once somebody ticks.
SCRIPT = f"""
window.grecaptcha = {{ render(box, {{ sitekey }}) {{
  const frame = document.createElement("iframe");
  frame.src = "https://{HOST}/recaptcha/api2/anchor?k=" + sitekey;
  const field = document.createElement("textarea");
  field.name = "g-recaptcha-response";
  field.value = "{TOKEN}";
  field.hidden = true;
  box.append(frame, field);
}} }};
window.anshaoWidget();
"""
WIDGET = "[data-widget] button"


@pytest.fixture
def asked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Choose the check, and keep what the server asks its host; it says yes."""
    settings.CAPTCHA_BACKEND = "recaptcha"
    settings.RECAPTCHA_PUBLIC_KEY, settings.RECAPTCHA_PRIVATE_KEY = "public-key", "private-key"
    found: list[bytes] = []

    def request(params: bytes) -> io.BytesIO:
        found.append(params)
        return io.BytesIO(json.dumps({"success": True}).encode())

    monkeypatch.setattr("django_recaptcha.client.recaptcha_request", request)
    return found


@pytest.fixture
def watch() -> Watch:
    """Keep what went on in the browser."""
    return Watch()


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, watch: Watch) -> Iterator[Page]:
    """Yield a phone for which the widget's host is a file of this test."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN"
    )
    context.set_default_timeout(PATIENCE_MS)
    context.on("page", watch.over)
    yield context.new_page()
    context.close()


def fill(page: Page) -> None:
    page.goto("/report/")
    page.fill("#description", WORDS)
    page.click("[data-choose]")
    page.select_option("#district", YANTA)


def serve(route: Route) -> None:
    if "api.js" in route.request.url:
        route.fulfill(content_type="text/javascript", body=SCRIPT)
    else:
        route.fulfill(content_type="text/html", body="<p>anchor</p>")


def test_nothing_is_asked_before_a_tap_and_a_tick_sends(
    phone: Page, watch: Watch, asked: list[bytes], city: City, live_server: LiveServer
) -> None:
    phone.route(f"https://{HOST}/**", serve)
    fill(phone)
    before = set(watch.hosts)
    phone.click(WIDGET)
    expect(phone.frame_locator("[data-widget-box] iframe").get_by_text("anchor")).to_be_visible()
    expect(phone.locator(WIDGET)).to_be_hidden()
    # By key: for a moment after a frame has moved, the browser still hands taps at its old place to it.
    phone.press(SEND, "Enter")

    assert len(receipt(phone)) == 24
    assert Tip.objects.get().description == WORDS
    assert {host for host in before if host} == {urlsplit(live_server.url).netloc}
    assert HOST in watch.hosts
    assert watch.faults == []
    assert len(asked) == 1


def test_a_host_that_is_away_leaves_the_question_and_what_was_typed(
    phone: Page, watch: Watch, asked: list[bytes], city: City
) -> None:
    phone.route(f"https://{HOST}/**", lambda route: route.abort("connectionrefused"))
    fill(phone)
    phone.click(WIDGET)
    said = phone.locator("[data-widget-say]")
    expect(said).to_contain_text("请回答上面的问题")
    expect(phone.locator("#captcha")).to_be_focused()
    answer(phone)
    phone.click(SEND)

    assert len(receipt(phone)) == 24
    assert Tip.objects.get().description == WORDS
    assert watch.faults == []
    assert asked == []


def test_without_either_the_form_says_what_is_missing_and_keeps_all(
    phone: Page, asked: list[bytes], city: City
) -> None:
    fill(phone)
    phone.click(SEND)

    expect(phone.locator("#captcha-e")).to_be_visible()
    expect(phone.locator("#description")).to_have_value(WORDS)
    expect(phone.locator(WIDGET)).to_be_visible()
    assert asked == []
