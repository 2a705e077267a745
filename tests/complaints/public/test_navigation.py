"""Masthead and footer: nothing dead, nothing empty, the bureau's own names."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from home.models import BureauSettings
from portal.shared.open_pages import open_pages
from tests.complaints.public.forms import one, soup
from tests.fixtures import City


@pytest.fixture
def root(city: City) -> Page:
    """Return the page above the menu, with nothing below it."""
    page = Site.objects.get(is_default_site=True).root_page
    for child in page.get_children():
        child.delete()
    return Page.objects.get(pk=page.pk)


def add(root: Page, *, title: str, slug: str, live: bool = True, in_menu: bool = True) -> None:
    """Add a page below the first one."""
    root.add_child(instance=Page(title=title, slug=slug, live=live, show_in_menus=in_menu))


def entries(client: Client) -> dict[str, str]:
    """Return what the main navigation offers."""
    links = soup(client.get("/status/")).select(".nav a")
    return {link.get_text(strip=True): str(link["href"]) for link in links}


def test_without_pages_only_what_exists_is_offered(client: Client, root: Page) -> None:
    assert entries(client) == {"首页": "/", "查进度": "/status/"}


def test_pages_for_menus_stand_between(client: Client, root: Page) -> None:
    add(root, title="普法", slug="outreach")
    add(root, title="草稿", slug="draft", live=False)
    add(root, title="不进菜单", slug="quiet", in_menu=False)

    assert entries(client) == {"首页": "/", "普法": "/outreach/", "查进度": "/status/"}


def test_protection_page_is_offered_once_it_is_published(client: Client, root: Page) -> None:
    add(root, title="任意标题", slug="protection", in_menu=False)

    assert entries(client)["我们怎样保护您"] == "/protection/"
    assert one(soup(client.get("/report/")), ".side .more")["href"] == "/protection/"


def test_page_one_is_on_is_marked(client: Client, root: Page) -> None:
    current = soup(client.get("/status/")).select(".nav [aria-current=page]")

    assert [link.get_text(strip=True) for link in current] == ["查进度"]


@pytest.mark.parametrize(("path", "buttons"), [("/status/", 1), ("/report/", 0)])
def test_one_orange_button_at_most(client: Client, root: Page, path: str, buttons: int) -> None:
    assert len(soup(client.get(path)).select(".top .btn.go")) == buttons


def test_bureau_names_itself(client: Client, root: Page) -> None:
    BureauSettings.objects.create(
        site=Site.objects.get(is_default_site=True),
        site_name="安安",
        bureau_name="某市应急管理局",
        short_bureau_name="市应急局",
        hotline="12351",
        hotline_hours="24 小时",
        visit_place="人民路 1 号",
        icp="ICP-1",
        police_registration="公安-2",
        site_code="333",
        footer_text="第一行\n第二行",
    )

    page = soup(client.get("/status/"))

    footer = one(page, ".foot").get_text(" ", strip=True)
    assert one(page, ".brand b").get_text() == "安安"
    assert "市应急局主办" in one(page, ".brand").get_text()
    for words in (
        "主办：某市应急管理局",
        "12351",
        "24 小时",
        "人民路 1 号",
        "ICP-1",
        "公安-2",
        "333",
        "第一行",
    ):
        assert words in footer
    assert page.title is not None
    assert page.title.get_text() == "查进度 · 安安"


def test_header_line_replaces_the_organiser(client: Client, root: Page) -> None:
    BureauSettings.objects.create(site=Site.objects.get(is_default_site=True), header_text="某市人民政府门户")

    brand = one(soup(client.get("/status/")), ".brand").get_text()

    assert "某市人民政府门户" in brand
    assert "主办" not in brand


def test_empty_registrations_are_hidden(client: Client, root: Page) -> None:
    page = soup(client.get("/status/"))

    assert not page.select(".marks")
    assert "来访" not in one(page, ".foot").get_text()


def test_menu_is_found_by_indexes_whatever_the_number_of_pages(client: Client, root: Page) -> None:
    """A join under `exists` let SQLite read every page for every page; an `or` beside it, every page once."""
    with CaptureQueriesContext(connection) as captured:
        client.get("/status/")

    (menu,) = (query["sql"] for query in captured if "wagtailcore_pageviewrestriction" in query["sql"])
    outer, exists = menu.split("EXISTS", 1)
    assert " OR " not in menu
    assert " UNION ALL " in outer + exists
    assert " JOIN " not in exists


def test_pages_under_a_restricted_one_are_not_open(root: Page) -> None:
    closed = root.add_child(instance=Page(title="内部", slug="closed"))
    below = closed.add_child(instance=Page(title="更里面", slug="below"))
    beside = root.add_child(instance=Page(title="公开", slug="beside"))
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)

    shown = open_pages(Page.objects.filter(pk__in=[closed.pk, below.pk, beside.pk]))

    assert [page.pk for page in shown] == [beside.pk]
