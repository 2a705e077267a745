"""Public pages kept in memory: what is kept, what never is, and that nothing outlives what it shows."""

import re
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Page, PageViewRestriction

from home.models import BureauSettings, HomePage, OutreachIndexPage, ShownMark, SitePicture
from home.page_cache import mark, middleware
from home.page_cache.store import Kept, Store
from home.page_cache.tables import SEEN_LATE, shown_tables
from portal.shared.keeping import keep, may_be_kept
from tests.home.factories import add_text, plain_png

# Read on the way to a page, and never a reason for it to look different.
NEVER_SHOWN = frozenset({"django_content_type", "home_shownmark"})
TABLE = re.compile(r'\b(?:FROM|JOIN) "?([a-z_]\w+)"?')


def queries(client: Client, path: str) -> int:
    """Return how many queries an answer took."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


# --- the store -----------------------------------------------------------------------------------------------


def kept(*, body: bytes = b"x", mark: str = "a", second: float = 100.0) -> Kept:
    """Return an answer."""
    return Kept(headers=(("Content-Type", "text/html"),), body=body, mark=mark, second=second)


def test_what_was_put_comes_back() -> None:
    store = Store(most_bytes=100_000)
    store.put("key", kept(body=b"page"))

    found = store.get("key", mark="a", oldest=0)

    assert found is not None
    assert found.body == b"page"


@pytest.mark.parametrize(("mark", "oldest"), [("b", 0.0), ("a", 101.0)], ids=["another mark", "too old"])
def test_what_is_out_of_date_is_forgotten(mark: str, oldest: float) -> None:
    store = Store(most_bytes=100_000)
    store.put("key", kept())

    assert store.get("key", mark=mark, oldest=oldest) is None
    assert len(store) == 0
    assert store.size == 0


def test_the_least_used_goes_first() -> None:
    store = Store(most_bytes=20_000)
    for name in ("first", "second"):
        store.put(name, kept(body=b"x" * 1_400))
    store.get("first", mark="a", oldest=0)

    for name in range(8):
        store.put(name, kept(body=b"x" * 1_000))

    assert store.size <= 20_000
    assert store.get("second", mark="a", oldest=0) is None


def test_putting_twice_counts_once() -> None:
    store = Store(most_bytes=100_000)
    store.put("key", kept(body=b"x" * 5_000))
    store.put("key", kept(body=b"y"))

    assert len(store) == 1
    assert store.size == kept(body=b"y").size


def test_one_huge_answer_pushes_nothing_out() -> None:
    store = Store(most_bytes=16_000)
    store.put("small", kept())
    store.put("huge", kept(body=b"x" * 2_000))

    assert store.get("small", mark="a", oldest=0) is not None
    assert store.get("huge", mark="a", oldest=0) is None


# --- which statements count ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "home_homepage" ("x") VALUES (1)',
        'UPDATE "wagtailcore_page" SET "title" = 1',
        "UPDATE wagtailcore_page SET url_path = 1",
        'DELETE FROM "cases_public_casepage" WHERE 1',
        'INSERT OR IGNORE INTO "home_sitepicture" ("x") VALUES (1)',
        'WITH x AS (SELECT 1) UPDATE "home_homepage" SET "a" = 1',
        'TRUNCATE "home_homepage", "auth_user"',
        "  \n update home_homepage set a = 1",
    ],
)
def test_a_statement_that_changes_a_page(sql: str) -> None:
    assert mark.changes_what_is_shown(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT * FROM "home_homepage"',
        'WITH x AS (SELECT 1) SELECT * FROM "home_homepage"',
        'UPDATE "complaints_tip" SET "state" = 1',
        'INSERT INTO "complaints_auditentry" ("x") VALUES (1)',
        'UPDATE "home_shownmark" SET "value" = 1',
        'INSERT INTO "django_session" ("x") VALUES (1)',
        "SAVEPOINT home_homepage",
    ],
)
def test_a_statement_that_changes_none(sql: str) -> None:
    assert not mark.changes_what_is_shown(sql)


def test_no_table_of_tips_is_shown() -> None:
    assert not {
        name
        for name in shown_tables()
        if name.startswith(("complaints_tip", "complaints_audit", "django_session"))
    }


# --- a page comes from memory, and not one change too long ---------------------------------------------------


@pytest.mark.django_db
def test_the_second_visitor_costs_one_query(client: Client, home: HomePage) -> None:
    first = client.get("/")
    client.get("/")

    with CaptureQueriesContext(connection) as captured:
        again = Client().get("/")

    assert [query["sql"] for query in captured] == ["SELECT value FROM home_shownmark WHERE id = 1"]
    assert again.content == first.content
    assert dict(again.headers) == dict(first.headers)


@pytest.mark.django_db
def test_a_published_text_is_seen_at_once(client: Client, outreach: OutreachIndexPage) -> None:
    for _ in range(2):
        client.get(outreach.get_url())

    text = add_text(outreach, title="刚刚发布的一篇")

    assert "刚刚发布的一篇" in client.get(outreach.get_url()).content.decode()
    text.title = "改过的题目"
    text.save_revision().publish()
    assert "改过的题目" in client.get(outreach.get_url()).content.decode()
    text.unpublish()
    assert "改过的题目" not in client.get(outreach.get_url()).content.decode()


@pytest.mark.django_db
def test_a_change_past_signals_is_seen_at_once(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach, title="甲")
    for _ in range(2):
        client.get(outreach.get_url())

    Page.objects.filter(pk=text.pk).update(title="乙号题目")

    assert "乙号题目" in client.get(outreach.get_url()).content.decode()


@pytest.mark.django_db
def test_settings_of_the_bureau_are_seen_at_once(
    client: Client, bureau: BureauSettings, home: HomePage
) -> None:
    bureau.save()
    for _ in range(2):
        client.get("/")

    bureau.bureau_name = "某某市应急管理局"
    bureau.save()

    assert "某某市应急管理局" in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_page_behind_a_password_is_gone_at_once(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach, title="只给内部看的一篇")
    for _ in range(2):
        client.get(text.get_url())

    PageViewRestriction.objects.create(
        page=text, restriction_type=PageViewRestriction.PASSWORD, password="x" * 12
    )

    assert "只给内部看的一篇" not in client.get(text.get_url()).content.decode()


@pytest.mark.django_db
def test_what_was_made_during_a_change_is_not_kept(client: Client, outreach: OutreachIndexPage) -> None:
    client.get(outreach.get_url())
    before = mark.read_mark()
    add_text(outreach)

    middleware.plain.put(
        ("GET", "http", "testserver", outreach.get_url(), "zh-hans", "2026-01-01"),
        kept(body=b"old", mark=before),
    )

    assert client.get(outreach.get_url()).content != b"old"


@pytest.mark.django_db(transaction=True)
def test_a_change_taken_back_takes_its_mark_back() -> None:
    mark.renew_mark()
    before = mark.read_mark()

    with transaction.atomic():
        Page.objects.update(seo_title="x")
        assert mark.read_mark() != before
        transaction.set_rollback(True)

    assert mark.read_mark() == before


@pytest.mark.django_db
def test_without_a_mark_nothing_is_kept(client: Client, home: HomePage) -> None:
    ShownMark.objects.all().delete()

    client.get("/")

    assert len(middleware.plain) == 0


@pytest.mark.django_db
def test_eleven_minutes_later_it_is_made_anew(
    client: Client, home: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        client.get("/")
    assert queries(client, "/") == 1

    later = time.monotonic() + middleware.MOST_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert queries(client, "/") > 1


@pytest.mark.django_db
def test_the_next_day_it_is_made_anew(
    client: Client, home: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        client.get("/")
    tomorrow = timezone.localdate() + timedelta(days=1)

    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)

    assert queries(client, "/") > 1


# --- never for these -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_staff_get_nothing_from_memory_and_leave_nothing_there(
    client: Client, home: HomePage, editor: Client
) -> None:
    for _ in range(2):
        editor.get("/")
    assert len(middleware.plain) == 0
    for _ in range(2):
        client.get("/")

    assert queries(editor, "/") > 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/report/", "/status/", "/manifest.webmanifest", "/healthz", "/api/v1/cases"]
)
def test_these_are_never_kept(client: Client, home: HomePage, path: str) -> None:
    for _ in range(2):
        client.get(path)

    assert len(middleware.plain) == 0
    assert len(middleware.asking) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/cases/?q=%E9%99%A4%E5%B0%98", "/rules/?q=%E5%AE%89%E5%85%A8", "/?anything=1", "/nothing-here/"]
)
def test_words_and_unknown_addresses_are_never_kept(client: Client, home: HomePage, path: str) -> None:
    for _ in range(2):
        client.get(path)

    assert len(middleware.asking) == 0
    assert len(middleware.plain) == 0


@pytest.mark.django_db
def test_choices_are_kept_apart_from_plain_addresses(client: Client, home: HomePage) -> None:
    for _ in range(2):
        client.get("/outreach/?topic=notice")

    assert len(middleware.asking) == 1
    assert len(middleware.plain) == 0


@pytest.mark.django_db
def test_two_languages_and_two_hosts_are_four_pages(client: Client, home: HomePage) -> None:
    client.get("/")  # the first one writes the settings of the bureau
    middleware.plain.clear()
    for host in ("localhost", "127.0.0.1"):
        for language in ("zh-hans", "en"):
            client.cookies["lang"] = language
            client.get("/", headers={"Host": host})

    assert len(middleware.plain) == 4


@pytest.mark.django_db
def test_a_wrong_host_is_refused_before_memory(client: Client, home: HomePage) -> None:
    for _ in range(2):
        client.get("/")

    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_it_can_be_switched_off(client: Client, home: HomePage, settings: Settings) -> None:
    settings.PAGE_CACHE_BYTES = 0
    for _ in range(2):
        client.get("/")

    assert len(middleware.plain) == 0


def answer_of(request: HttpRequest, response: HttpResponse) -> int:
    """Send a request through the middleware to a view that lets its answer be kept; return how many are kept."""

    def view(asked: HttpRequest) -> HttpResponse:
        keep(asked)
        return response

    middleware.PageCacheMiddleware(view)(request)
    return len(middleware.plain)


@pytest.mark.django_db
def test_an_answer_with_a_cookie_a_nonce_or_a_fault_is_not_kept() -> None:
    mark.renew_mark()
    with_cookie = HttpResponse("x")
    with_cookie.set_cookie("a", "b")
    with_nonce = RequestFactory().get("/")
    vars(with_nonce)["_csp_nonce"] = "n"  # as the middleware of the content policy does

    assert answer_of(RequestFactory().get("/"), with_cookie) == 0
    assert answer_of(with_nonce, HttpResponse("x")) == 0
    assert answer_of(RequestFactory().get("/"), HttpResponse("x", status=410)) == 0
    assert answer_of(RequestFactory().get("/"), HttpResponse("x", headers={"Cache-Control": "no-store"})) == 0
    assert answer_of(RequestFactory().post("/"), HttpResponse("x")) == 0
    assert answer_of(RequestFactory().get("/"), HttpResponse("x")) == 1


@pytest.mark.parametrize(
    ("address", "kept"), [("/", True), ("/?page=2", True), ("/?q=x", False), ("/?page=1&q=x", False)]
)
def test_a_view_names_what_may_be_asked_for(address: str, kept: bool) -> None:
    request = RequestFactory().get(address)
    keep(request, parameters=("page",))

    assert may_be_kept(request) is kept


def test_a_view_that_says_nothing_is_not_kept() -> None:
    assert not may_be_kept(RequestFactory().get("/"))


# --- the list of tables holds --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_table_a_page_reads_is_on_the_list(
    client: Client, settings: Settings, outreach: OutreachIndexPage
) -> None:
    settings.PAGE_CACHE_BYTES = 0
    picture = SitePicture.objects.create(title="x", file=ContentFile(plain_png(), name="a.png"))
    add_text(outreach, picture=picture, picture_alt="一面墙")
    read: set[str] = set()
    addresses = [page.get_url() for page in Page.objects.live().filter(depth__gt=1)]
    for path in [*addresses, "/cases/feed.xml", "/sitemap.xml", "/robots.txt", "/cases/?operation=dust"]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200, path
        read.update(name for query in captured for name in TABLE.findall(query["sql"]))

    assert read - shown_tables() - SEEN_LATE - NEVER_SHOWN == set()
    assert read >= SEEN_LATE, "what is seen late is read at all"
