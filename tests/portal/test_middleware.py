"""Headers and language: nothing stored that came by POST, no cookie for visitors, Chinese unless chosen otherwise."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from pytest_django import Settings

from portal.shared.api_errors import ApiErrorsMiddleware
from portal.shared.middleware import (
    LanguageChoiceMiddleware,
    PrivacyHeadersMiddleware,
    is_api_path,
    is_staff_path,
)

pytestmark = pytest.mark.django_db
PUBLIC = ["/report/", "/status/", "/healthz", "/api/v1/codes", "/nope/", "/manifest.webmanifest"]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", PUBLIC)
def test_every_answer_has_the_headers_that_protect(visitor: Client, path: str) -> None:
    headers = visitor.get(path).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_gets_no_cookie(visitor: Client, path: str, method: str) -> None:
    assert not getattr(visitor, method)(path).cookies


@pytest.mark.parametrize("path", [*PUBLIC, "/admin/", "/accounts/login/"])
def test_no_answer_to_a_post_is_kept(visitor: Client, path: str) -> None:
    assert visitor.post(path).headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/", "/admin/nope/", "/workplace/"])
def test_no_page_of_staff_is_kept(visitor: Client, path: str) -> None:
    assert visitor.get(path).headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("path", "staff", "api"),
    [
        ("/admin/", True, False),
        ("/admin/pages/", True, False),
        ("/accounts/login/", True, False),
        ("/workplace/", True, False),
        ("/api/v1/tips", False, True),
        ("/administration/", False, False),
        ("/report/", False, False),
        ("/apiary/", False, False),
        ("/x/admin/", False, False),
        ("/", False, False),
    ],
)
def test_whose_path_it_is(path: str, staff: bool, api: bool) -> None:
    assert (is_staff_path(path), is_api_path(path)) == (staff, api)


def test_whose_path_it_is_below_a_prefix(settings: Settings) -> None:
    settings.URL_PREFIX = "safety/"

    assert (is_staff_path("/safety/admin/"), is_api_path("/safety/api/v1/tips")) == (True, True)
    assert (is_staff_path("/admin/"), is_api_path("/api/v1/tips")) == (False, False)


# --- language ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cookie", "language"),
    [("", "zh-hans"), ("en", "en"), ("zh-hans", "zh-hans"), ("fr", "zh-hans"), ("x" * 5000, "zh-hans")],
)
def test_the_visitors_choice_decides(visitor: Client, cookie: str, language: str) -> None:
    visitor.cookies["lang"] = cookie

    answer = visitor.get("/status/")

    assert answer.headers["Content-Language"] == language
    assert "Cookie" in answer.headers["Vary"]


def test_the_phones_language_does_not_decide(visitor: Client) -> None:
    assert visitor.get("/status/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "zh-hans"


def test_the_api_asks_the_request_and_not_the_cookie(visitor: Client) -> None:
    visitor.cookies["lang"] = "en"

    answer = visitor.get("/api/v1/nope")

    assert answer.headers["Content-Language"] == "zh-hans"
    assert "Cookie" not in answer.headers["Vary"]


def test_choosing_a_language_sets_two_letters_and_returns(visitor: Client) -> None:
    answer = visitor.post("/language/", {"language": "en", "next": "/status/"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/status/")
    assert [(name, one.value) for name, one in answer.cookies.items()] == [("lang", "en")]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_language_leads_nowhere_else(visitor: Client, target: str) -> None:
    answer = visitor.post("/language/", {"language": "en", "next": target})

    assert answer.headers["Location"] == "/"


def test_an_unknown_language_sets_nothing(visitor: Client) -> None:
    assert not visitor.post("/language/", {"language": "tlh"}).cookies


# --- the pieces ----------------------------------------------------------------------------------------------------


def test_headers_that_a_view_chose_stay() -> None:
    response = HttpResponse(headers={"Permissions-Policy": "camera=()", "Cache-Control": "max-age=5"})

    PrivacyHeadersMiddleware(lambda _request: response)(RequestFactory().get("/x"))

    assert (response.headers["Permissions-Policy"], response.headers["Cache-Control"]) == (
        "camera=()",
        "max-age=5",
    )


def test_the_language_of_a_page_stays_when_the_view_named_one() -> None:
    response = HttpResponse(headers={"Content-Language": "ug"})

    LanguageChoiceMiddleware(lambda _request: response)(RequestFactory().get("/"))

    assert response.headers["Content-Language"] == "ug"


@pytest.mark.parametrize(
    ("path", "status", "kind", "replaced"),
    [
        ("/api/v1/x", 500, "text/html", True),
        ("/api/v1/x", 404, "text/plain", True),
        ("/api/v1/x", 422, "application/json; charset=utf-8", False),
        ("/api/v1/x", 200, "text/html", False),
        ("/report/", 500, "text/html", False),
    ],
)
def test_error_pages_below_the_api_become_json(path: str, status: int, kind: str, replaced: bool) -> None:
    page = HttpResponse("page", status=status, content_type=kind)

    answer = ApiErrorsMiddleware(lambda _request: page)(RequestFactory().get(path))

    assert (answer is not page, answer.status_code) == (replaced, status)


def test_health_says_that_the_process_answers(visitor: Client) -> None:
    answer = visitor.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_a_foreign_host_is_refused_without_an_inside(visitor: Client) -> None:
    answer = visitor.get("/status/", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert b"evil" not in answer.content
    assert b"ALLOWED_HOSTS" not in answer.content
