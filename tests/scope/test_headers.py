"""The headers that protect, at every registered address: to nobody, and to somebody for whom it is open."""

import re
from collections.abc import Iterator

import pytest
from csp.middleware import CSPMiddleware
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from .doors import Door, doors
from .matrix import OPEN, matrix
from .visitor import Visitor
from .world import PEOPLE, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap", "over_tls")]
NOTHING = (404, 405)
HSTS = "max-age=63072000; includeSubDomains; preload"
# Who opens a door for this test: the first of them for whom the matrix says that it is open.
OPENERS = "UMEBLKPHRACJGTDXYQSWF"
# What anybody may keep: it is the same for everybody, and says nothing about who asked.
KEPT_BY_ANYBODY = {
    r"^((?:[\w\-]+/)*)$", r"documents/(\d+)/(.*)$", "media/images/<str:name>", "offline/", "manifest.webmanifest",
    "sw.js", "robots.txt", "sitemap.xml", "cases/feed.xml", "figures/bulletins/feed.xml", "api/v1/openapi.json",
    "api/v1/codes", "api/v1/figures", "api/v1/cases", "self-test/<int:page_id>/",
}  # fmt: skip
FRAMED_BY_OURSELVES = {
    "admin/pages/<int:page_id>/edit/preview/",
    "admin/pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/preview/",
}
EDITOR = "admin/pages/<int:page_id>/edit/"
SHOWS_A_FRAME = {
    EDITOR,
    "admin/pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
}
POLICY = {
    "default-src": "'none'", "style-src": "'self'", "img-src": "'self' data: blob:", "media-src": "'self'",
    "font-src": "'self'", "connect-src": "'self'", "worker-src": "'self'", "manifest-src": "'self'",
    "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
    "object-src": "'none'",
}  # fmt: skip
# Files of senders and editors: not even our own scripts may run beside them.
FILE_POLICIES = ({"default-src": "'none'", "sandbox": ""}, {"default-src": "'none'"})
NONCE = re.compile(r"'self'(?: 'nonce-[A-Za-z0-9_+/=-]{20,}')?")


@pytest.fixture
def over_tls(settings: Settings) -> None:
    """Answer as behind the gateway of a city, whose connections are TLS."""
    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = True


def policy_of(answer: HttpResponse) -> dict[str, str]:
    """Return the content policy of an answer by directive."""
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, _space, values in parts if name}


def faults(door: Door, answer: HttpResponse) -> Iterator[str]:
    """Name what protects and is not there, or is weaker than it has to be."""
    headers = answer.headers
    is_staff = door.route.startswith(("admin/", "workplace/", "accounts/"))
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": configured.PERMISSIONS_POLICY,
        "Referrer-Policy": "same-origin" if is_staff else "no-referrer",
        "X-Frame-Options": "SAMEORIGIN"
        if door.route in FRAMED_BY_OURSELVES and _is_shown(answer)
        else "DENY",
        "Strict-Transport-Security": HSTS,
    }
    yield from (
        f"{name}: {headers.get(name)}" for name, value in wanted.items() if headers.get(name) != value
    )
    if "Content-Security-Policy" not in headers or "Content-Security-Policy-Report-Only" in headers:
        yield "no policy that is enforced"
    else:
        yield from _policy_faults(door, answer)
    # That there is nothing, or nothing by GET, is the same for everybody.
    is_open = door.route in KEPT_BY_ANYBODY or answer.status_code in NOTHING
    if not is_open and "no-store" not in headers.get("Cache-Control", ""):
        yield f"may be kept: {headers.get('Cache-Control')}"


def _policy_faults(door: Door, answer: HttpResponse) -> Iterator[str]:
    found = policy_of(answer)
    if found in FILE_POLICIES:
        return
    wanted = dict(POLICY)
    if door.route in SHOWS_A_FRAME:
        wanted["frame-src"] = "'self'"
    if door.route in FRAMED_BY_OURSELVES and _is_shown(answer):
        wanted["frame-ancestors"] = "'self'"
    scripts = found.pop("script-src", "none at all")
    if not NONCE.fullmatch(scripts):
        yield f"script-src {scripts}"
    if found != wanted:
        yield f"policy: {sorted(set(found.items()) ^ set(wanted.items()))}"


def _is_shown(answer: HttpResponse) -> bool:
    return answer.status_code == 200


def opener_of(door: Door) -> str:
    """Return the letter of somebody for whom a door is open; empty where it is open to nobody by GET."""
    letters = matrix()["GET", door.route, door.side]
    return next((one for one in OPENERS if letters[one] == OPEN), "")


def test_every_answer_to_nobody_is_protected(world: World) -> None:
    nobody = Visitor(None).client

    found = {
        door.path: faulty
        for door in doors(values=world.values)
        if (faulty := list(faults(door, nobody.get(door.path, secure=True))))
    }

    assert found == {}


@pytest.mark.parametrize("who", OPENERS)
def test_every_open_page_is_protected(world: World, who: str) -> None:
    theirs = [door for door in doors(values=world.values) if opener_of(door) == who]
    visitor = Visitor(world.people[who])

    found = {}
    for door in theirs:
        with visitor.undone():
            answer = visitor.client.get(door.path, secure=True)
        if faulty := list(faults(door, answer)):
            found[door.path] = faulty

    assert found == {}


def test_the_table_has_no_row_that_is_not_needed(world: World) -> None:
    known = {door.route for door in doors(values=world.values)}

    assert known >= KEPT_BY_ANYBODY
    assert known >= FRAMED_BY_OURSELVES | SHOWS_A_FRAME
    assert set(OPENERS) <= set(PEOPLE)
    assert not [route for route in KEPT_BY_ANYBODY if route.startswith(("admin/", "workplace/", "accounts/"))]


def test_no_page_needs_a_script_of_its_own(world: World) -> None:
    """Stricter than a nonce: none of the pages holds an inline script, so none of them has to allow any."""
    (path,) = [one.path for one in doors(values=world.values) if one.route == EDITOR]

    assert policy_of(Visitor(world.people["U"]).client.get(path))["script-src"] == "'self'"


def test_a_page_that_asks_for_a_nonce_gets_a_fresh_one() -> None:
    answering = CSPMiddleware(lambda request: HttpResponse(str(request.csp_nonce)))

    answers = [answering(RequestFactory().get("/")) for _time in range(5)]

    assert len({one.content for one in answers}) == 5
    assert [policy_of(one)["script-src"] for one in answers] == [
        f"'self' 'nonce-{one.content.decode()}'" for one in answers
    ]


def test_nothing_is_shared_with_other_origins(world: World) -> None:
    nobody = Visitor(None).client
    elsewhere = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}

    shared = {
        door.path: name
        for door in doors(values=world.values)
        for answer in (nobody.get(door.path, headers=elsewhere), nobody.options(door.path, headers=elsewhere))
        for name in answer.headers
        if name.lower().startswith("access-control")
    }

    assert shared == {}


def test_no_door_answers_a_trace(world: World) -> None:
    nobody = Visitor(None).client
    paths = [door.path for door in doors(values=world.values) if not door.route.startswith("admin/")]

    told = [path for path in paths if b"X-Told" in _trace(nobody, path)]

    assert told == []


def _trace(client: Client, path: str) -> bytes:
    """Return what an address answers to TRACE; a file that is sent in pieces holds nothing of the request."""
    answer: HttpResponse = client.generic("TRACE", path, headers={"X-Told": "x"})
    return b"" if answer.streaming else bytes(answer.content)
