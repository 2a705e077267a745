"""Pages for what went wrong: in words, in both languages, with a way on, without the database where it broke."""

import json

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from portal.shared import errors
from portal.shared.api_errors import ApiErrorsMiddleware
from tests.complaints.public.forms import one, soup
from tests.fixtures import City

HEADINGS = {
    "400.html": ("没有看懂这个请求", "This request could not be read"),
    "403.html": ("这一页您不能看", "This page is not open to you"),
    "403_csrf.html": ("这一页放得太久了", "The page has waited too long"),
    "404.html": ("没有这一页", "There is no such page"),
    "413.html": ("一次发得太多了", "This is more than we can take"),
    "500.html": ("我们这边出错了", "Something has broken on our side"),
    "503.html": ("系统暂时连不上数据库", "The portal cannot reach its records just now"),
}


@pytest.fixture
def request_(city: City) -> HttpRequest:
    """Return a request."""
    return RequestFactory().get("/nothing-here/")


@pytest.mark.parametrize("template", HEADINGS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_page_speaks_both_languages(request_: HttpRequest, template: str, language: str) -> None:
    with translation.override(language):
        text = render_to_string(template, request=request_)

    assert f"<h1>{HEADINGS[template][language == 'en']}</h1>" in text
    assert "tel:12350" in text


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: errors.bad_request(request, SuspiciousOperation("secret")), 400),
        (lambda request: errors.forbidden(request, PermissionDenied("secret")), 403),
        (lambda request: errors.csrf_failure(request, "secret"), 403),
        (lambda request: errors.not_found(request, Exception("secret")), 404),
        (errors.too_large, 413),
    ],
)
def test_error_page_tells_nothing_of_the_inside(
    request_: HttpRequest, answer: "type[HttpResponse]", status: int
) -> None:
    response = answer(request_)

    assert response.status_code == status
    assert "secret" not in response.content.decode()
    assert "nothing-here" not in one(soup(response), "main").get_text()


def test_broken_server_needs_no_database() -> None:
    """Without the `db` fixture any query raises."""
    response = errors.server_error(RequestFactory().get("/"))

    page = soup(response)
    assert response.status_code == 500
    assert one(page, "h1").get_text() == "我们这边出错了"
    assert [link["href"] for link in page.select(".lines a")] == ["/report/", "/status/", "tel:12350"]


@pytest.mark.parametrize("error", [OperationalError("secret host"), InterfaceError("secret host")])
def test_a_database_that_is_away_is_said_in_words_and_passes(error: Exception) -> None:
    """Without the `db` fixture any query raises."""
    try:
        raise error
    except (OperationalError, InterfaceError):
        response = errors.server_error(RequestFactory().get("/"))

    page = soup(response)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert one(page, "h1").get_text() == "系统暂时连不上数据库"
    assert "secret" not in response.content.decode()
    assert "tel:12350" in response.content.decode()


def test_a_program_is_told_the_same() -> None:
    def away(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("<h1>", status=503, headers={"Retry-After": "30"})

    response = ApiErrorsMiddleware(away)(RequestFactory().get("/api/v1/tips"))

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert json.loads(response.content)["code"] == "unavailable"


def test_unknown_address_leads_on(client: Client, city: City) -> None:
    response = client.get("/nothing-here/")

    page = soup(response)
    assert response.status_code == 404
    assert [link["href"] for link in page.select(".lines a")] == ["/report/", "/status/", "tel:12350"]
    assert page.select_one(".sos") is not None
    assert page.select_one("meta[name=robots][content=noindex]") is not None
    assert not response.cookies


def test_unknown_address_in_english(client: Client, city: City) -> None:
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"

    page = soup(client.get("/nothing-here/"))

    assert one(page, "h1").get_text() == "There is no such page"
    assert page.html is not None
    assert page.html["lang"] == "en"


def test_page_without_signal_names_the_telephones(client: Client, city: City) -> None:
    page = soup(client.get("/offline/"))

    calls = {str(link["href"]) for link in page.select(".sos a")}
    assert one(page, "h1").get_text() == "这里没有信号"
    assert calls == {"tel:119", "tel:120", "tel:110", "tel:12350"}


def test_service_worker_touches_nothing_secret(client: Client, db: None) -> None:
    response = client.get("/sw.js")

    text = response.content.decode()
    kept = text[text.index("const KEPT") : text.index("];")]
    assert response.headers["Content-Type"] == "text/javascript"
    assert "/offline/" in text
    assert not any(door in text for door in ("/report", "/status", "/admin", "/api"))
    assert kept.count("/static/") == 7
    assert 'request.method !== "GET"' in text
