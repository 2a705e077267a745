"""A phone for journeys: Chromium at 360 px, watched for far requests, refused scripts and page errors."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.enterprise_steps import entry
from tests.fixtures import (
    IN_YANTA,
    auditor,
    city,
    city_officer,
    clean_cache,
    evidence_root,
    foreign_officer,
    officer,
    signed_in,
    vault,
)

__all__ = [
    "auditor",
    "city",
    "city_officer",
    "clean_cache",
    "entry",
    "evidence_root",
    "foreign_officer",
    "officer",
    "signed_in",
    "vault",
]

# Playwright runs a loop in this thread; the database is asked between its steps, never at the same time.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTH, HEIGHT = 360, 740
PATIENCE_MS = 20_000
# Two cores may be busy with other tests: what is waited for has the same time as an action.
expect.set_options(timeout=PATIENCE_MS)


@dataclass(kw_only=True)
class Watch:
    """What went on in a browser: hosts asked, words of the console that tell of a fault."""

    hosts: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Watch this page."""
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self._listen(message.text))

    def _listen(self, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.faults.append(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give one Chromium to all tests of a module."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_phone(
    browser: Browser, live_server: LiveServer, settings: Settings
) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a phone inside the city; afterwards it must have asked this server only."""
    settings.WAGTAILADMIN_BASE_URL = live_server.url
    opened: list[BrowserContext] = []
    watch = Watch()

    def open_one(**options: Any) -> BrowserContext:
        plain = {
            "base_url": live_server.url,
            "viewport": {"width": WIDTH, "height": HEIGHT},
            "locale": "zh-CN",
            "geolocation": {"latitude": IN_YANTA[0], "longitude": IN_YANTA[1]},
            "permissions": ["geolocation"],
        }
        context = browser.new_context(**{**plain, **options})
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", watch.over)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert {host for host in watch.hosts if host} <= {urlsplit(live_server.url).netloc}
    assert watch.faults == []


@pytest.fixture
def page(open_phone: Callable[..., BrowserContext]) -> Page:
    """Return a page of a phone inside the city."""
    return open_phone().new_page()


@pytest.fixture
def plain_page(open_phone: Callable[..., BrowserContext]) -> Page:
    """Return a page of a phone on which no scripts run."""
    return open_phone(java_script_enabled=False).new_page()
