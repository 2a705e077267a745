"""Fixtures of the whole suite: no connection leaves the machine, each test finds the database as migrated."""

import gc
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import settings as examples
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from tests import databases, network

# What only shows what another engine has counted or loaded already, at length: once, on the default engine.
SHOWN_ONCE = (
    *(
        "tests/home/test_bulletin",
        "tests/home/test_figure",
        "tests/home/test_open_data",
        "tests/home/test_demo",
    ),
    *(
        "tests/home/test_english",
        "tests/complaints/test_demo_",
        "tests/cases_public/test_demo",
        "tests/scope/test_headers",
    ),
    "tests/complaints/staff/test_scope.py",
)
STARTED = time.monotonic()
# The crawl over all addresses, and who makes it on a second engine: one of each kind of scope, and nobody.
CRAWL, FEW = "tests/scope/test_matrix.py", frozenset("TLCAUGN")
# Two cores may be busy with other tests: how long something takes is for the bench to say.
examples.register_profile("unhurried", examples(), deadline=None)
examples.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second engine be tested without what has nothing to do with the engine."""
    parser.addoption(
        "--engine",
        action="store_true",
        help="only tests that ask the database, and of those none in a browser",
    )
    parser.addoption(
        "--most-seconds",
        type=float,
        default=0,
        help="begin no test after so many seconds: the rest is skipped and counted (0: all are run)",
    )
    parser.addoption(
        "--miniature",
        action="store_true",
        help="the city in miniature as well, which needs nginx, PostgreSQL and Redis (make city)",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the city in miniature: it takes minutes and services that a plain machine has not."""
    is_left_out = collection_path.name == "miniature" and not config.getoption("--miniature")
    return True if is_left_out else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what --engine does not ask for."""
    if config.getoption("--engine"):
        kept = [item for item in items if _asks_the_engine(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def _is_of_a_crowd(item: pytest.Item) -> bool:
    """Tell whether a crawl over all addresses is made once more for somebody who reads the same rows as another one."""
    spec = getattr(item, "callspec", None)
    who = spec.params.get("who", "") if spec is not None and item.nodeid.startswith(CRAWL) else ""
    return bool(who) and who not in FEW


def _asks_the_engine(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    if _is_of_a_crowd(item) or item.nodeid.startswith(SHOWN_ONCE):
        return False
    has_database = item.get_closest_marker("django_db") is not None or bool(names & databases.FIXTURES)
    return has_database and "browser" not in names


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin nothing more where the time that was given is over; what ran before still counts, failures too."""
    most = item.config.getoption("--most-seconds")
    if most and time.monotonic() - STARTED > most:
        pytest.skip(f"the {most:.0f} seconds for this part are over")


def pytest_collection_finish() -> None:
    """Keep what the run holds to its end out of the collector's sight: thousands of tests and the whole portal."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """Refuse connections to other machines for the whole run."""
    with network.only_this_machine():
        yield


@pytest.fixture(autouse=True)
def site_language() -> None:
    """Begin each test in the language of the site: a request leaves its own behind in the thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_kept_pages() -> None:
    """Begin each test with no page in memory: tests change settings, which a serving process never does."""
    from home.page_cache import middleware
    from portal.shared import kept_parts

    for store in (middleware.plain, middleware.asking, middleware.kept_once):
        store.clear()
    kept_parts.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Name the test database after the migrations, so that a kept one always fits them.

    The settings already give each worker a name of its own; the worker's number is not needed on top.
    """
    from django.conf import settings

    for database in settings.DATABASES.values():
        database["TEST"]["NAME"] = databases.fitting_name(database["TEST"]["NAME"])


@pytest.fixture(scope="session")
def no_outdated_copy(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """With --create-db the copy goes as well."""
    if request.config.getvalue("create_db"):
        with django_db_blocker.unblock():
            databases.forget_copy()


@pytest.fixture(scope="session")
def django_db_setup(
    no_outdated_copy: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Migrate once, keep a copy, and begin each run from that copy."""
    with django_db_blocker.unblock():
        databases.keep_or_restore()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Put the database back after a test with real transactions."""
    result = yield
    names = getattr(item, "fixturenames", ())
    if databases.is_transactional(fixture_names=names, marker=item.get_closest_marker("django_db")):
        with item.config.stash[blocking_manager_key].unblock():
            databases.restore()
    return result
