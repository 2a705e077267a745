"""Finding the page of an address: as Wagtail does, for fewer and smaller questions."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage, OutreachIndexPage, ProtectionPage
from tests.home.factories import add_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(settings: Settings) -> None:
    """Make every page anew."""
    settings.PAGE_CACHE_BYTES = 0


def asked(client: Client, path: str) -> list[str]:
    """Return the questions a page asks."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured]


def test_home_and_pages_below_are_found(client: Client, home: HomePage, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach, title="临时用电四问")

    assert client.get("/").context["page"] == home
    assert client.get(text.url).context["page"].specific == text
    assert client.get(text.url).context["page"].get_parent().title == outreach.title


@pytest.mark.parametrize(
    "path", ["/nothing/", "/outreach/nothing/", "/cases/nothing/", "/outreach/../cases/x/"]
)
def test_what_is_not_there_is_not_found(client: Client, home: HomePage, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_page_of_a_kind_nobody_foresaw_is_found(client: Client, protection: ProtectionPage) -> None:
    """Protection has no pages below it, but a console can put one there."""
    below = protection.add_child(instance=ProtectionPage(title="下一层", slug="below"))

    assert client.get(below.url).context["page"] == below


def test_drafts_are_not_found(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach)
    text.unpublish()

    assert client.get(text.url).status_code == 404


@pytest.mark.parametrize("above", [False, True])
def test_a_restriction_holds_for_the_page_and_those_below(
    client: Client, outreach: OutreachIndexPage, above: bool
) -> None:
    text, free = add_text(outreach), ProtectionPage.objects.get()
    restricted = outreach if above else text

    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)

    assert client.get(text.url).status_code == 302
    assert client.get(free.url).status_code == 200


def test_another_site_of_the_installation_keeps_its_own_pages(client: Client, home: HomePage) -> None:
    other = home.get_parent().add_child(instance=HomePage(title="分局", slug="branch"))
    Site.objects.create(hostname="branch.example", root_page=other)

    assert client.get("/", headers={"Host": "testserver"}).context["page"] == home
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ALLOWED_HOSTS", ["*"])
        assert client.get("/", headers={"Host": "branch.example"}).context["page"] == other


def test_a_site_with_a_stock_page_on_top_answers(client: Client, home: HomePage) -> None:
    stock = home.get_parent().add_child(instance=Page(title="Welcome", slug="welcome"))
    Site.objects.update(root_page=stock)

    assert client.get("/nothing/").status_code == 404


def test_the_way_to_a_text_asks_five_small_questions(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach)

    way = [sql for sql in asked(client, text.url) if '"wagtailcore_' in sql and "show_in_menus" not in sql][
        :6
    ]

    assert '"wagtailcore_site"' in way[0]
    assert "JOIN" not in way[0]
    assert '"home_homepage"."body"' not in way[1]
    # Whether anything is restricted is asked on the way, never by a question of its own.
    assert not [sql for sql in way if sql.startswith('SELECT "wagtailcore_pageviewrestriction"')]
    assert sum('"home_homepage"' in sql for sql in way) == 1


def test_the_home_page_is_read_once_and_whole(client: Client, home: HomePage) -> None:
    of_home = [sql for sql in asked(client, "/") if 'FROM "home_homepage"' in sql]

    assert len(of_home) == 1
    assert '"home_homepage"."body"' in of_home[0]
