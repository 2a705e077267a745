"""Errors of the API: one shape, Chinese by default, nothing of the inside, whatever went wrong and wherever."""

import json
from secrets import token_hex

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse, UnreadablePostError
from django.test import Client, RequestFactory
from pytest_django import Settings

from complaints.api import reading, reference, tips
from complaints.errors import StorageFull, TooBusy
from complaints.models import Tip
from portal.shared.api_errors import WORDS, plain_error
from tests.complaints.api.conftest import ROOT, Send, post, problems
from tests.fixtures import City

pytestmark = pytest.mark.django_db
INSIDE = ("Traceback", "/work", "site-packages", "complaints.", "django", "Exception", "pydantic", "Error:")


def check(answer: HttpResponse, *, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert problems(answer) is not None
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "no-store" in answer.headers["Cache-Control"]
    assert not any(word in answer.content.decode() for word in INSIDE)


@pytest.mark.parametrize(
    "body", [" ", "{", "{]", "nonsense", '{"a":', "\x00", "[" * 60_000, "9" * 10_000, b"\xff\xfe", "a=1&b=2"]
)
@pytest.mark.parametrize("path", ["tips/status", "tips/messages", "place"])
def test_what_is_no_json_is_malformed(api: Client, path: str, body: str | bytes) -> None:
    check(post(api, path, body), status=400, code="malformed")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", "x"]
)
@pytest.mark.parametrize("path", ["tips", "tips/status", "tips/messages", "place"])
def test_another_content_type_is_not_taken(api: Client, path: str, kind: str) -> None:
    check(api.post(f"{ROOT}{path}", b"{}", content_type=kind), status=415, code="unsupported_media_type")


@pytest.mark.parametrize(
    ("key", "fields", "where", "words"),
    [
        ("", {}, "idempotency_key", "Idempotency-Key"),
        ("x", {}, "idempotency_key", "Idempotency-Key"),
        (None, {"lat": 34.2}, "lat", "both"),
        (None, {"lat": 95, "lng": 108.9}, "lat", "-90"),
        (None, {"lat": "34.2", "lng": 108.9}, "lat", "number"),
    ],
)
def test_a_program_is_told_what_a_program_can_mend(
    city: City, send_tip: Send, key: str | None, fields: dict[str, object], where: str, words: str
) -> None:
    """The sentences of the form speak of a page that has expired: a program has none."""
    answer = send_tip(key=key, language="en", **fields)

    (found,) = answer.json()["fields"][where]
    assert words in found["message"]
    assert "form" not in found["message"]


def test_a_key_used_for_something_else_is_told_to_a_program(city: City, send_tip: Send) -> None:
    key = token_hex(16)
    send_tip(key=key)

    answer = send_tip(key=key, language="en", description="another")

    assert "Idempotency-Key" in answer.json()["fields"]["idempotency_key"][0]["message"]


def test_a_tip_as_plain_json_is_not_taken(api: Client) -> None:
    check(post(api, "tips", {"description": "x"}), status=415, code="unsupported_media_type")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=\xff", b"x"),
        ("multipart/form-data; boundary=" + "b" * 500, b"x"),
    ],
)
def test_a_broken_multipart_is_malformed(api: Client, kind: str, body: bytes) -> None:
    check(api.post(f"{ROOT}tips", body, content_type=kind), status=400, code="malformed")


def test_a_part_that_is_no_json_is_malformed(city: City, api: Client) -> None:
    check(api.post(f"{ROOT}tips", {"tip": "{oops"}), status=400, code="malformed")


def test_a_json_body_that_is_too_large_is_said_to_be(api: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    check(post(api, "tips/status", {"receipt": "x" * 2000}), status=413, code="too_large")


def test_text_parts_that_are_too_large_are_said_to_be(city: City, api: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    check(api.post(f"{ROOT}tips", {"tip": "x" * 2000}), status=413, code="too_large")


def test_a_body_beyond_the_bound_is_said_to_be_too_large(
    city: City, send_tip: Send, settings: Settings
) -> None:
    settings.BODY_MAX_BYTES = 5000

    check(send_tip(photos=[b"x" * 6000]), status=413, code="too_large")


def test_a_part_or_body_that_would_fill_the_memory_is_not_even_read(city: City, api: Client) -> None:
    """A hundred bytes of objects for each byte of JSON: a tip needs no more than 64 kB."""
    body = b"[" + b"{}," * 22_000 + b"{}]"

    answers = [
        api.post(f"{ROOT}tips", {"tip": SimpleUploadedFile("tip", body, "application/json")}),
        api.post(f"{ROOT}tips", {"tip": body.decode()}),
        *(post(api, path, body) for path in ("tips/status", "tips/messages", "place")),
    ]

    for answer in answers:
        check(answer, status=413, code="too_large")


@pytest.mark.parametrize(("size", "status", "code"), [(65_536, 400, "malformed"), (65_537, 413, "too_large")])
def test_the_bound_of_json(city: City, api: Client, size: int, status: int, code: str) -> None:
    body = b"x" * size

    for answer in (
        post(api, "tips/status", body),
        api.post(f"{ROOT}tips", {"tip": body.decode()}),
        api.post(f"{ROOT}tips", {"tip": SimpleUploadedFile("tip", body, "application/json")}),
    ):
        check(answer, status=status, code=code)


def test_a_thousand_parts_are_too_many(city: City, api: Client) -> None:
    check(
        api.post(f"{ROOT}tips", {f"f{number}": "x" for number in range(1500)}), status=413, code="too_large"
    )


def test_a_broken_connection_is_malformed(
    city: City, send_tip: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tips, "read_tip", _raising(UnreadablePostError("gone")))

    check(send_tip(), status=400, code="malformed")


def _raising(error: Exception) -> object:
    def call(*_args: object, **_kwargs: object) -> None:
        raise error

    return call


@pytest.mark.parametrize(
    "path", ["", "nope", "tips/", "tips/1", "a/b/c", "docs", "admin", "openapi.yaml", "%00", "..%2f"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
def test_an_unknown_address_is_not_found(api: Client, path: str, method: str) -> None:
    check(getattr(api, method)(f"{ROOT}{path}"), status=404, code="not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "tips"),
        ("put", "tips"),
        ("delete", "tips/status"),
        ("post", "vault"),
        ("patch", "codes"),
        ("get", "place"),
    ],
)
def test_another_method_is_not_taken(api: Client, method: str, path: str) -> None:
    answer = getattr(api, method)(f"{ROOT}{path}")

    check(answer, status=405, code="method_not_allowed")
    assert answer.headers["Allow"] in {"GET", "POST"}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ZeroDivisionError("MARKER-SECRET"), 500, "internal"),
        (OperationalError("MARKER-SECRET"), 503, "unavailable"),
        (StorageFull("MARKER-SECRET"), 503, "storage_full"),
        (TooBusy("MARKER-SECRET"), 503, "too_busy"),
        (RecursionError("MARKER-SECRET"), 500, "internal"),
    ],
)
def test_a_failure_inside_shows_nothing_of_it(
    city: City, send_tip: Send, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    monkeypatch.setattr(tips, "submit_tip", _raising(error))

    answer = send_tip()

    check(answer, status=status, code=code)
    assert "MARKER" not in answer.content.decode()
    assert "12350" in answer.json()["message"] or status == 503


def test_a_failure_in_a_plain_read_shows_nothing(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "division_choices", _raising(ValueError("MARKER")))

    check(api.get(f"{ROOT}codes"), status=500, code="internal")


def test_a_host_that_is_not_ours_is_answered_in_the_same_shape(api: Client) -> None:
    check(api.get(f"{ROOT}codes", headers={"Host": "evil.example"}), status=400, code="malformed")


@pytest.mark.parametrize(
    ("language", "english"),
    [("", False), ("zh-CN,zh;q=0.9,en;q=0.8", False), ("fr", False), ("en", True), ("EN-us,zh;q=0.5", True)],
)
def test_words_are_chinese_unless_english_is_asked_for(api: Client, language: str, english: bool) -> None:
    answer = api.get(f"{ROOT}nope", headers={"Accept-Language": language})

    assert answer.json()["message"].isascii() is english


def test_field_names_come_back_short_and_clean(city: City, send_tip: Send) -> None:
    answer = send_tip(**{"\u202e<script>" + "x" * 5000: 1})

    (name,) = answer.json()["fields"]
    assert (len(name), "\u202e" in name) == (40, False)


def test_no_documentation_page_loads_anything(api: Client) -> None:
    assert api.get(f"{ROOT}docs").status_code == 404
    assert "http" not in json.dumps(api.get(f"{ROOT}openapi.json").json().get("servers", []))


def test_pages_of_the_site_keep_their_own_errors(client: Client) -> None:
    answer = client.get("/nope-nope/")

    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (404, "text/html")


@pytest.mark.parametrize(("status", "code"), [(418, "malformed"), (502, "internal"), (404, "not_found")])
def test_every_status_has_words(status: int, code: str) -> None:
    answer = plain_error(status=status)

    assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code)
    assert set(WORDS) >= {400, 403, 404, 405, 413, 415, 500}


def test_a_file_part_named_tip_twice_is_read_once(city: City, api: Client) -> None:
    request = RequestFactory().post("/", {"tip": ['{"description": "a"}', '{"description": "b"}']})

    tip, uploads = reading.read_tip(request)

    assert (tip.description, uploads) == ("b", [])


def test_a_retry_key_in_the_error_is_not_echoed(city: City, send_tip: Send) -> None:
    key = token_hex(16)

    assert key not in send_tip(key=key, kind="x").content.decode()


@pytest.mark.parametrize("path", ["tips", "tips/status", "cases", "nowhere"])
def test_a_plain_request_of_a_program_is_refused(
    api: Client, settings: Settings, city: City, path: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^api/"]

    answer = api.post(f"{ROOT}{path}", {"tip": "{}"})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_encrypted")
    assert not Tip.objects.exists()


def test_the_same_request_under_tls_is_read(api: Client, settings: Settings, city: City) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^api/"]

    assert api.get(f"{ROOT}codes", secure=True).status_code == 200


def test_pages_are_sent_on_to_tls(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/report/")["Location"].startswith("https://")
