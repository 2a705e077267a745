"""Fixtures of the public pages: the tree every database gets, a media folder of the test's own."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation
from pytest_django import Settings
from wagtail.models import Site

from home.models import BureauSettings, HomePage, OutreachIndexPage, ProtectionPage
from tests.fixtures import clean_cache
from tests.signin import enter, give_app

__all__ = ["clean_cache"]


@pytest.fixture(autouse=True)
def chinese() -> None:
    """Begin in Chinese: a page shown in English by the test before leaves its language behind."""
    translation.activate("zh-hans")


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """Give the test a media folder of its own and return it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def home(db: None) -> HomePage:
    """Return the home page that migrating made."""
    page: HomePage = HomePage.objects.get()
    return page


@pytest.fixture
def protection(db: None) -> ProtectionPage:
    """Return the page on protection that migrating made."""
    page: ProtectionPage = ProtectionPage.objects.get()
    return page


@pytest.fixture
def outreach(db: None) -> OutreachIndexPage:
    """Return the outreach page that migrating made."""
    page: OutreachIndexPage = OutreachIndexPage.objects.get()
    return page


@pytest.fixture
def bureau(db: None) -> BureauSettings:
    """Return the settings of the bureau."""
    settings: BureauSettings = BureauSettings.for_site(Site.objects.get())
    return settings


@pytest.fixture
def english() -> Client:
    """Return a visitor who chose English."""
    client = Client()
    client.cookies["lang"] = "en"
    return client


@pytest.fixture
def editor(db: None) -> Client:
    """Return a browser signed in, with both factors, as somebody who may do everything in Wagtail."""
    user = User.objects.create_superuser("editor", password="x")
    give_app(user)
    return enter(Client(), user)
