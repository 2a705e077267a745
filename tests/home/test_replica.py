"""Public pages from a read replica: only under the same mark as the primary, and never anything else."""

from collections.abc import Iterator

import pytest
from django.conf import settings as live
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from home.page_cache import middleware
from portal.shared.keeping import keep
from portal.shared.replica import REPLICA, PublicReads, has_replica, reading_from_replica

ROUTER = PublicReads()


class Databases:
    """What the mark of each database is; an empty one is away."""

    def __init__(self) -> None:
        self.marks = {"default": "a", REPLICA: "a"}
        self.asked: list[str] = []

    def read_mark(self, *, using: str) -> str:
        """Stand for the query."""
        self.asked.append(using)
        if not self.marks[using]:
            raise DatabaseError("away")
        return self.marks[using]


@pytest.fixture
def databases(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Databases]:
    """Let the portal have a replica whose mark the test sets."""
    found = Databases()
    settings.REPLICA_URL = "postgres://there.is/one"
    monkeypatch.setattr(middleware, "read_mark", found.read_mark)
    middleware._Rest.until, middleware._Last.mark = 0.0, ""
    yield found
    middleware._Rest.until, middleware._Last.mark = 0.0, ""


class Site:
    """A site of one view that says where it was read from."""

    def __init__(self) -> None:
        self.read_from: list[str] = []
        self.fails, self.broken = False, ""
        self.serve = middleware.PageCacheMiddleware(self._view)

    def _view(self, request: HttpRequest) -> HttpResponse:
        self.read_from.append(ROUTER.db_for_read(None))
        if (self.read_from[-1] == "default" and self.fails) or self.read_from[-1] == self.broken:
            return HttpResponse(b"away", status=503)
        keep(request)
        return HttpResponse(b"page")

    def ask(self, *, times: int = 1, **more: str) -> list[str]:
        """Ask so many times; return where the answers that were made were read."""
        self.read_from.clear()
        for _ in range(times):
            request = RequestFactory().get("/cases/")
            request.COOKIES.update(more)
            assert self.serve(request).content == b"page"
        return list(self.read_from)


@pytest.fixture
def site(databases: Databases) -> Site:
    """Return a site whose page has been asked for once, which tells that it is an open one."""
    found = Site()
    assert found.ask() == ["default"]
    middleware._mark(using="default")  # as the next visitor does
    return found


@pytest.mark.parametrize(
    ("primary", "replica", "expected"),
    [
        ("a", "a", [REPLICA]),  # made once, then from memory
        ("a", "old", ["default"]),  # behind: what was withdrawn may still be there
        ("a", "", ["default"]),  # away
        (
            "",
            "a",
            [REPLICA, REPLICA],
        ),  # the primary is away, and the replica holds what it held: nothing is kept
        (
            "",
            "old",
            ["default", "default"],
        ),  # it is away, and the replica was behind: what was withdrawn may be there
        ("", "", ["default", "default"]),  # the view says what is wrong
    ],
)
def test_where_an_open_page_is_read(
    site: Site, databases: Databases, primary: str, replica: str, expected: list[str]
) -> None:
    databases.marks = {"default": primary, REPLICA: replica}

    assert site.ask(times=2) == expected


def test_a_page_nobody_asked_for_before_comes_from_the_replica_while_the_primary_is_away(
    databases: Databases,
) -> None:
    site = Site()
    middleware._mark(using="default")
    site.fails = True
    databases.marks["default"] = ""

    assert site.ask() == ["default", REPLICA]
    assert site.ask() == [REPLICA]  # now it is known to be an open one


def test_a_process_that_never_saw_the_primary_trusts_no_replica(databases: Databases) -> None:
    site = Site()
    site.fails = True
    databases.marks["default"] = ""

    response = site.serve(RequestFactory().get("/cases/"))

    assert (response.status_code, site.read_from) == (503, ["default"])


def test_an_answer_that_is_away_for_another_reason_is_not_asked_for_again(databases: Databases) -> None:
    site = Site()
    middleware._mark(using="default")
    site.fails = True

    response = site.serve(RequestFactory().get("/api/v1/vault"))

    assert (response.status_code, site.read_from) == (503, ["default"])


def test_a_replica_that_fails_in_the_middle_costs_nobody_the_page(site: Site, databases: Databases) -> None:
    site.broken = REPLICA
    databases.marks = {"default": "b", REPLICA: "b"}

    assert site.ask() == [REPLICA, "default"]
    databases.marks = {"default": "c", REPLICA: "c"}
    assert site.ask() == ["default"]  # it is left alone for a while


def test_without_either_the_page_says_so(databases: Databases) -> None:
    site = Site()
    site.fails = True
    databases.marks = {"default": "", REPLICA: ""}

    response = site.serve(RequestFactory().get("/cases/"))

    assert (response.status_code, site.read_from) == (503, ["default"])


def test_what_is_sent_never_meets_the_replica(databases: Databases) -> None:
    site = Site()
    site.fails = True
    databases.marks["default"] = ""

    response = site.serve(RequestFactory().post("/report/"))

    assert (response.status_code, site.read_from) == (503, ["default"])


def test_a_replica_that_catches_up_is_read_again(site: Site, databases: Databases) -> None:
    databases.marks = {"default": "b", REPLICA: "a"}
    behind = site.ask()
    databases.marks = {"default": "c", REPLICA: "c"}

    assert (behind, site.ask()) == (["default"], [REPLICA])


def test_a_replica_that_is_away_is_left_alone_for_a_while(
    site: Site, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases.marks[REPLICA] = ""
    for mark in ("b", "c", "d"):
        databases.marks["default"] = mark
        site.ask()

    assert databases.asked.count(REPLICA) == 1
    middleware._Rest.until = 0.0
    databases.marks = {"default": "e", REPLICA: "e"}
    assert site.ask() == [REPLICA]


def test_staff_never_read_from_a_replica(site: Site) -> None:
    assert site.ask(**{live.SESSION_COOKIE_NAME: "x"}) == ["default"]


def test_without_a_replica_nobody_asks_for_one(site: Site, databases: Databases, settings: Settings) -> None:
    settings.REPLICA_URL = ""
    databases.asked.clear()

    assert (site.ask(), databases.asked, has_replica()) == (["default"], ["default"], False)


def test_a_fault_in_a_page_leaves_nobody_at_the_replica(databases: Databases) -> None:
    with pytest.raises(ZeroDivisionError), reading_from_replica():
        raise ZeroDivisionError

    assert ROUTER.db_for_read(None) == "default"


def test_writes_and_tables_are_the_primary_s() -> None:
    with reading_from_replica():
        assert ROUTER.db_for_write(None) == "default"
        assert ROUTER.db_for_read(None) == REPLICA
    with reading_from_replica(
        is_alone=True
    ):  # settings are read by `get_or_create`, which asks as if to write
        assert ROUTER.db_for_write(None) == ROUTER.db_for_read(None) == REPLICA
    assert ROUTER.db_for_write(None) == "default"
    assert ROUTER.allow_relation(None, None)
    assert (ROUTER.allow_migrate("default", "home"), ROUTER.allow_migrate(REPLICA, "home")) == (True, False)
