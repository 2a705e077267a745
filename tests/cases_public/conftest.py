"""Fixtures of the typical cases: the list every database gets, a media folder of the test's own, districts."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from cases_public.models import CaseIndexPage
from complaints.enums import DivisionLevel
from complaints.models import Division
from tests.fixtures import clean_cache
from tests.signin import enter, give_app

__all__ = ["clean_cache"]

DISTRICTS = {"610103": ("碑林区", "Beilin"), "610112": ("未央区", "Weiyang"), "610117": ("高陵区", "Gaoling")}


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """Give the test a media folder of its own and return it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def index(db: None) -> CaseIndexPage:
    """Return the list of cases that migrating made."""
    page: CaseIndexPage = CaseIndexPage.objects.get()
    return page


@pytest.fixture
def districts(db: None) -> dict[str, str]:
    """Return three districts, code → name."""
    for code, (name, english) in DISTRICTS.items():
        Division.objects.create(code=code, name=name, name_en=english, level=DivisionLevel.DISTRICT)
    return {code: name for code, (name, _english) in DISTRICTS.items()}


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
