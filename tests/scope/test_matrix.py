"""Every registered address for every role."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tests.signin import enter

from .doors import Door, doors
from .world import PEOPLE, World, build

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    from django.conf import settings
    folder = tmp_path_factory.mktemp("world")
    storages = {
        **settings.STORAGES,
        "evidence": {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(folder / "evidence")}},
    }
    own = override_settings(STORAGES=storages, EVIDENCE_ROOT=folder / "evidence", MEDIA_ROOT=folder / "media")
    with django_db_blocker.unblock(), own, transaction.atomic():
        now = timezone.now()
        yield build(folder=folder, today=timezone.localdate(now), now=now)
        transaction.set_rollback(True)

@pytest.fixture(autouse=True)
def evidence_root(world): return None

@pytest.mark.parametrize("letter", "TDLXYCBAKHRPQEJSWMUN")
def test_dump(world: World, monkeypatch, letter) -> None:
    import os
    from django.contrib.auth.backends import ModelBackend
    from django.http import HttpResponseNotFound
    import portal.urls
    by_key = {u.pk: u for u in world.people.values() if u}
    monkeypatch.setattr(ModelBackend, "get_user", lambda self, key: by_key.get(int(key)))
    monkeypatch.setattr(portal.urls, "handler404", lambda request, exception: HttpResponseNotFound(b"404"))
    from django.template.base import Template
    monkeypatch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))
    out = []
    user = world.people[letter]
    client = Client(raise_request_exception=False)
    if user: enter(client, user)
    cookies = dict(client.cookies.items())
    for door in doors(values=world.values):
        for method in ("get", "post"):
            if method == "post" and r.status_code != 405: continue
            with transaction.atomic():
                client.cookies.clear(); client.cookies.update(cookies)
                r = getattr(client, method)(door.path)
                out.append((method, *door.key, r.status_code, r.headers.get("Location", ""), door.path, str(r.resolver_match and r.resolver_match.route)))
                transaction.set_rollback(True)
    Path(f"/tmp/a/dump/{letter}.json").write_text(json.dumps(out, ensure_ascii=False, indent=0))
