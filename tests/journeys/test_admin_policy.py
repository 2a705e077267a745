"""Every page of the back office in a browser under the content policy: nothing refused, nothing asked of anybody else.

The addresses come from the resolver, what stands behind them from the demonstration, and who opens which from the
written matrix (tests/scope): each page is walked by the superuser, or by the first person for whom it is open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from playwright.sync_api import Error as BrowserError
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from wagtail.models import Page as AnyPage

from tests import databases
from tests.scope.doors import Door, doors
from tests.scope.matrix import OPEN, matrix
from tests.scope.world import World, build
from tests.signin import enter

from .conftest import PATIENCE_MS
from .desk_steps import DESK

pytestmark = pytest.mark.journey
# Who walks a page: the first of them for whom the matrix says that it is open.
WALKERS = "UMEBLKPHRACJGTDXYQSWF"
SHARDS = 6
# Pages among them that are no pages: the browser saves what comes.
SAVED = "Download is starting"
# Tells of a refusal even where the console does not.
LISTEN = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
AFTER_A_TURN = "() => new Promise((done) => setTimeout(() => done(window.refused), 0))"


@dataclass(kw_only=True)
class Seen:
    """What went on in the browsers of a test: hosts asked, what the console tells of a fault and where, plain files."""

    hosts: set[str] = field(default_factory=set)
    told: list[tuple[str, str]] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    def over(self, page: Page) -> None:
        """Watch this page."""
        page.on("request", lambda request: self._ask(request.url))
        page.on("pageerror", lambda error: self.told.append((urlsplit(page.url).path, str(error))))
        page.on("console", self._listen)

    def _ask(self, url: str) -> None:
        # Its own parts, such as the view of a file, a browser finds within itself.
        if urlsplit(url).scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(urlsplit(url).netloc)

    def _listen(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            self.told.append((urlsplit(message.location["url"]).path, message.text))

    def faults(self) -> list[tuple[str, str]]:
        """Return what was told, but for files: what a browser draws around a picture is its own."""
        return [one for one in self.told if one[0] not in self.files]


@dataclass(kw_only=True)
class Office:
    """The portal with the demonstration in it, and the sessions of its people."""

    url: str
    world: World
    sessions: dict[str, str] = field(default_factory=dict)

    def session_of(self, who: str) -> str:
        """Return the session in which this person is signed in with both steps."""
        user = self.world.people[who]
        assert user
        if who not in self.sessions:
            self.sessions[who] = enter(Client(), user).cookies["sessionid"].value
        return self.sessions[who]


@pytest.fixture(scope="module")
def office(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Serve the demonstration to all tests of this module, and leave the database as it was found."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("office")
    evidence = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(folder / "evidence")}}
    places = {"EVIDENCE_ROOT": folder / "evidence", "MEDIA_ROOT": folder / "media"}
    places |= {"CHECKPOINT_DIR": folder / "checkpoints", "ALLOWED_HOSTS": ["localhost", "testserver"]}
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES={**settings.STORAGES, "evidence": evidence}, **places),
    ):
        databases.ensure()
        try:
            now = timezone.now()
            world = build(folder=folder, today=timezone.localdate(now), now=now)
            server = LiveServer("localhost")
            yield Office(url=server.url, world=world)
            server.stop()
        finally:
            databases.restore()


@pytest.fixture(autouse=True)
def evidence_root(office: Office) -> Path:
    """Keep the storage of the demonstration, where every other journey has one of its own."""
    from django.conf import settings

    return Path(settings.EVIDENCE_ROOT)


@pytest.fixture
def seen(office: Office) -> Iterator[Seen]:
    """Watch the browsers of a test; afterwards nothing may have been refused, and nobody else asked."""
    watch = Seen()
    yield watch
    assert watch.faults() == []
    assert {host for host in watch.hosts if host} <= {urlsplit(office.url).netloc}


@pytest.fixture
def desk(office: Office, browser: Browser, seen: Seen) -> Iterator[Callable[[str], Page]]:
    """Return a function that gives a desk at which this person sits."""
    opened: dict[str, BrowserContext] = {}

    def sit_down(who: str) -> Page:
        if who not in opened:
            opened[who] = _desk(office, browser, who=who, watch=seen)
        return opened[who].pages[-1]

    yield sit_down
    for context in opened.values():
        context.close()


def _desk(office: Office, browser: Browser, *, who: str, watch: Seen) -> BrowserContext:
    context = browser.new_context(base_url=office.url, viewport=DESK, locale="zh-CN", accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(LISTEN)
    context.on("page", watch.over)
    context.add_cookies([{"name": "sessionid", "value": office.session_of(who), "url": office.url}])
    context.new_page()
    return context


def walked(world: World) -> list[tuple[str, Door]]:
    """Return every address of the back office that answers to somebody, and who asks there."""
    found = []
    for door in doors(values=world.values):
        letters = matrix()["GET", door.route, door.side] if door.route.startswith("admin/") else {}
        who = next((one for one in WALKERS if letters.get(one) == OPEN), None)
        if who:
            found.append((who, door))
    return sorted(found, key=lambda one: one[0])


def refused_at(page: Page, path: str, *, seen: Seen) -> list[str]:
    """Open an address and return what the policy refused there; the answer must be a good one."""
    try:
        answer = page.goto(path, wait_until="load")
    except BrowserError as error:
        if SAVED in str(error):
            return []
        raise
    assert answer
    assert answer.status == 200, f"{path}: {answer.status}"
    if "text/html" not in answer.headers.get("content-type", ""):
        seen.files.add(path)
        return []
    refused: list[str] = page.evaluate(AFTER_A_TURN)
    return refused


@pytest.mark.timeout(150)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_page_of_the_back_office_is_refused_anything(
    office: Office, desk: Callable[[str], Page], seen: Seen, shard: int
) -> None:
    theirs = walked(office.world)[shard::SHARDS]

    found = {
        door.path: refused for who, door in theirs if (refused := refused_at(desk(who), door.path, seen=seen))
    }

    assert found == {}
    assert len(theirs) > 40


def test_the_walk_leaves_out_no_page_but_those_that_answer_nobody(office: Office) -> None:
    """Left out are doors that take a POST, doors that lead elsewhere and doors that are shut for everybody."""
    paths = {(door.route, door.side) for _who, door in walked(office.world)}
    rows = {key: set(letters.values()) for key, letters in matrix().items() if key[1].startswith("admin/")}

    left = {key[1:] for key, letters in rows.items() if key[0] == "GET" and OPEN in letters} - paths

    assert left == set()
    assert len(paths) > 300


def test_the_watch_sees_what_is_refused(office: Office, browser: Browser) -> None:
    watch = Seen()
    context = _desk(office, browser, who="U", watch=watch)
    page = context.pages[-1]
    page.goto("/admin/")

    page.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")

    assert page.evaluate(AFTER_A_TURN)
    assert watch.faults()
    context.close()


# --- what only shows when somebody works with it -----------------------------------------------------------------

# A quiz holds one kind of part, and bulletins have a journey of their own.
WRITTEN = ("homepage", "protectionpage", "contentpage", "topicpage", "casepage")
ADD = "button.c-sf-add-button:visible"
OPTIONS = ".w-combobox__option"
CHOOSE = "[data-chooser-action-choose]:visible"
LINK = "[name=LINK]:visible"


def edit_page_of(model: str) -> str:
    """Return the address at which the first page of a kind is edited."""
    page = AnyPage.objects.filter(content_type__model=model).earliest("pk")
    return f"/admin/pages/{page.pk}/edit/"


def add_every_part(page: Page) -> int:
    """Add one of each part that the first text of a page may hold; return how many there are."""
    place = 0
    while True:
        page.locator(ADD).first.click()
        options = page.locator(OPTIONS)
        expect(options.first).to_be_visible()
        if place >= options.count():
            page.keyboard.press("Escape")
            return place
        options.nth(place).click()
        expect(options.first).to_be_hidden()
        place += 1


def open_and_close(page: Page, button: Locator) -> None:
    """Open the window that a button opens, wait for what is in it, and close it."""
    button.click()
    window = page.locator(".modal.in")
    expect(window.locator(".modal-body")).to_be_visible()
    window.locator("[data-dismiss=modal]").first.click()
    expect(window).to_be_hidden()


@pytest.mark.timeout(150)
@pytest.mark.parametrize("model", WRITTEN)
def test_texts_and_choosers_work_under_the_policy(
    office: Office, desk: Callable[[str], Page], model: str
) -> None:
    page = desk("U")
    page.goto(edit_page_of(model))

    added = add_every_part(page)
    for button in {one.inner_text(): one for one in page.locator(CHOOSE).all()}.values():
        open_and_close(page, button)
    if page.locator(LINK).count():
        page.locator(".public-DraftEditor-content:visible").first.click()
        open_and_close(page, page.locator(LINK).first)

    assert added
    assert page.evaluate(AFTER_A_TURN) == []
