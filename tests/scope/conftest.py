"""The demonstration as a world to look at, built once for all the tests of this folder, and people at its doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.base import Template
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

import portal.urls

from .world import World, build


@pytest.fixture(scope="package")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Build everything once, in one transaction, with a storage of its own."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("world")
    evidence = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(folder / "evidence")}}
    places = {"EVIDENCE_ROOT": folder / "evidence", "MEDIA_ROOT": folder / "media"}
    storages = override_settings(STORAGES={**settings.STORAGES, "evidence": evidence}, **places)
    with django_db_blocker.unblock(), storages, transaction.atomic():
        now = timezone.now()
        yield build(folder=folder, today=timezone.localdate(now), now=now)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def evidence_root(world: World) -> Path:
    """Keep the storage of the world, where every other test has one of its own."""
    from django.conf import settings

    return Path(settings.EVIDENCE_ROOT)


@pytest.fixture
def cheap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each person once, and neither dress 404 nor copy contexts: twelve thousand pages are asked for."""
    persons = {user.pk: user for user in world.people.values() if user}
    monkeypatch.setattr(ModelBackend, "get_user", lambda _backend, key: persons.get(int(key)))
    monkeypatch.setattr(portal.urls, "handler404", _bare)
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))


def _bare(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseNotFound(b"404")
