"""Guard: a test with real transactions leaves the database as the migrations made it."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from wagtail.models import Page

from tests import databases

DB = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_restoring_undoes_everything() -> None:
    before = Page.objects.count()
    Page.objects.filter(depth__gt=1).delete()
    get_user_model().objects.create(username="planted")

    databases.restore()

    assert before > 0
    assert Page.objects.count() == before
    assert not get_user_model().objects.filter(username="planted").exists()


@pytest.mark.django_db(transaction=True)
def test_the_kept_copy_stays_as_it_is() -> None:
    get_user_model().objects.create(username="planted")

    databases.keep_or_restore()

    assert not get_user_model().objects.filter(username="planted").exists()


@pytest.mark.parametrize(
    ("names", "marker", "expected"),
    [
        (["db"], None, False),
        (["client"], DB.mark, False),
        (["transactional_db"], None, True),
        (["live_server", "page"], None, True),
        (["client"], pytest.mark.django_db(transaction=True).mark, True),
        (["client"], pytest.mark.django_db(reset_sequences=True).mark, True),
    ],
)
def test_which_tests_empty_the_database(names: list[str], marker: pytest.Mark | None, expected: bool) -> None:
    assert databases.is_transactional(fixture_names=names, marker=marker) is expected


@pytest.mark.django_db
def test_the_name_carries_the_migrations() -> None:
    assert databases.schema_fingerprint() in connection.settings_dict["NAME"]


def test_files_of_earlier_migrations_go(tmp_path: Path) -> None:
    name = str(tmp_path / "test.sqlite3")
    (tmp_path / "test.sqlite3_00000000.copy").touch()
    (tmp_path / "other.sqlite3_00000000").touch()
    kept = tmp_path / f"test.sqlite3_{databases.schema_fingerprint()}.copy"
    kept.touch()

    databases.fitting_name(name)

    assert {path.name for path in tmp_path.iterdir()} == {kept.name, "other.sqlite3_00000000"}
