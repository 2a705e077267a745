"""Every database has the pages without which the portal is of no use, and what editors changed stays."""

from unittest import mock

import pytest
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from wagtail.models import Locale, Page, Site

from home.apps import make_site
from home.models import HomePage, OutreachIndexPage, ProtectionPage
from home.services.site import ensure_site

pytestmark = pytest.mark.django_db


def test_migrating_makes_the_pages() -> None:
    home = HomePage.objects.get()

    shown = [page.slug for page in home.get_children().live()]
    assert shown == ["cases", "outreach", "rules", "figures", "protection"]
    assert Site.objects.get().root_page_id == home.pk
    assert Site.objects.get().is_default_site


def test_pages_are_chinese() -> None:
    assert list(Locale.objects.values_list("language_code", flat=True)) == ["zh-hans"]
    assert set(Page.objects.values_list("locale__language_code", flat=True)) == {"zh-hans"}


def test_welcome_page_of_wagtail_is_gone() -> None:
    assert not Page.objects.filter(title__startswith="Welcome").exists()


@pytest.mark.parametrize("path", ["/", "/cases/", "/protection/", "/outreach/", "/rules/", "/figures/"])
def test_contract_addresses_answer(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_second_run_changes_nothing() -> None:
    before = list(Page.objects.order_by("pk").values_list("pk", "path", "title", "latest_revision_id"))

    ensure_site()

    assert (
        list(Page.objects.order_by("pk").values_list("pk", "path", "title", "latest_revision_id")) == before
    )


def test_edited_pages_stay(home: HomePage) -> None:
    HomePage.objects.update(title="另一个名字")

    ensure_site()

    assert HomePage.objects.get().title == "另一个名字"


def test_missing_page_comes_back() -> None:
    ProtectionPage.objects.get().delete()

    ensure_site()

    assert ProtectionPage.objects.get().url == "/protection/"


def test_second_outreach_page_is_not_made(outreach: OutreachIndexPage) -> None:
    outreach.slug = "pufa"
    outreach.save()

    ensure_site()

    assert OutreachIndexPage.objects.count() == 1


def test_site_of_another_tree_is_left_alone(home: HomePage) -> None:
    other = home.get_parent().add_child(instance=Page(title="别的网站", slug="other"))
    Site.objects.create(hostname="other.example", root_page=other, is_default_site=False)

    ensure_site()

    assert Site.objects.get(hostname="other.example").root_page_id == other.pk
    assert Page.objects.filter(pk=other.pk).exists()


def test_lost_default_site_comes_back(home: HomePage) -> None:
    Site.objects.all().delete()

    ensure_site()

    assert Site.objects.get(is_default_site=True).root_page_id == home.pk


def test_stock_site_is_taken_over(home: HomePage) -> None:
    welcome = home.get_parent().add_child(instance=Page(title="Welcome", slug="home"))
    Site.objects.update(root_page=welcome, site_name="")

    ensure_site()

    assert Site.objects.get().root_page_id == home.pk
    assert not Page.objects.filter(pk=welcome.pk).exists()


def test_nothing_is_made_without_a_root() -> None:
    with mock.patch.object(Page, "get_first_root_node", return_value=None):
        assert ensure_site() is None


def test_flush_makes_no_pages() -> None:
    with mock.patch("home.services.site.ensure_site") as ensure:
        make_site()

    ensure.assert_not_called()


def test_half_a_schema_makes_no_pages() -> None:
    with (
        mock.patch("home.services.site.ensure_site") as ensure,
        mock.patch.object(MigrationLoader, "build_graph", _without_last),
    ):
        make_site(plan=[])

    ensure.assert_not_called()


def test_whole_schema_makes_pages() -> None:
    with mock.patch("home.services.site.ensure_site") as ensure:
        make_site(plan=[])

    ensure.assert_called_once_with()


_build_graph = MigrationLoader.build_graph


def _without_last(loader: MigrationLoader) -> None:
    _build_graph(loader)
    loader.applied_migrations.pop(loader.graph.leaf_nodes("home")[0])
