"""Google's check where a city chose it: counts once, tells nobody's address, and survives whatever its host does."""

import io
import json
import ssl
from collections.abc import Callable
from http.client import IncompleteRead, RemoteDisconnected
from threading import Barrier, Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from complaints.services.budgets import WORKED
from portal.shared import captcha, recaptcha
from tests.fixtures import clean_cache

__all__ = ["clean_cache"]

TOKEN = "03AFcWeA" + "x" * 60
OTHER = "03AFcWeA" + "y" * 60


class Host:
    """Stands for the host: answers as it is told and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.answer: Callable[[], bytes] = lambda: json.dumps({"success": True}).encode()

    def __call__(self, params: bytes) -> Any:
        self.asked.append(parse_qs(params.decode(), keep_blank_values=True))
        return io.BytesIO(self.answer())


@pytest.fixture
def host(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Host:
    settings.CAPTCHA_BACKEND = "recaptcha"
    settings.RECAPTCHA_PUBLIC_KEY, settings.RECAPTCHA_PRIVATE_KEY = "public-key", "private-key"
    found = Host()
    monkeypatch.setattr("django_recaptcha.client.recaptcha_request", found)
    return found


def way(token: str, *, key: str = "tip-1") -> captcha.Way | None:
    return captcha.passed_by(values={recaptcha.RESPONSE_FIELD: token}, once_for=key)


def raising(error: Exception) -> Callable[[], bytes]:
    def answer() -> bytes:
        raise error

    return answer


def test_a_good_token_counts_once(host: Host) -> None:
    assert [way(TOKEN, key=key) for key in ("tip-1", "tip-2", "")] == [captcha.Way.WIDGET, None, None]


def test_a_second_try_of_the_same_tip_asks_nobody_again(host: Host) -> None:
    assert [way(TOKEN) for _ in range(3)] == [captcha.Way.WIDGET] * 3
    assert len(host.asked) == 1


def test_whoever_passed_it_has_the_larger_budget(host: Host) -> None:
    assert way(TOKEN) in WORKED


def test_the_host_learns_the_token_and_no_address(host: Host) -> None:
    way(TOKEN)

    assert host.asked == [{"secret": ["private-key"], "response": [TOKEN], "remoteip": [""]}]


def test_a_refused_token_does_not_count(host: Host) -> None:
    host.answer = lambda: json.dumps({"success": False, "error-codes": ["timeout-or-duplicate"]}).encode()

    assert way(TOKEN) is None


@pytest.mark.parametrize(
    "answer",
    [
        raising(URLError("no route")),
        raising(TimeoutError()),
        raising(ssl.SSLError("bad certificate")),
        raising(RemoteDisconnected("gone")),
        raising(IncompleteRead(b"")),
        raising(HTTPError("https://x", 503, "busy", {}, None)),  # type: ignore[arg-type]  # headers are not read
        lambda: b"<html>blocked</html>",
        lambda: b"",
        lambda: b"[]",
        lambda: b"null",
        lambda: b"{}",
        lambda: b"\xff\xfe",
    ],
)
def test_whatever_the_host_does_is_no_error_of_the_page(host: Host, answer: Callable[[], bytes]) -> None:
    host.answer = answer

    assert way(TOKEN) is None


def test_nobody_waits_again_for_a_host_that_is_away(host: Host) -> None:
    host.answer = raising(URLError("no route"))

    assert [way(TOKEN), way(OTHER), way(TOKEN, key="tip-2")] == [None, None, None]
    assert len(host.asked) == 1


def test_the_question_counts_while_the_host_is_away(host: Host) -> None:
    host.answer = raising(URLError("no route"))
    way(TOKEN)
    question = captcha.new_question()
    right = str(next(n for n in range(20) if is_right(question, n)))

    values = {"captcha_token": question.token, "captcha_answer": right, recaptcha.RESPONSE_FIELD: TOKEN}

    assert captcha.passed_by(values=values, once_for="tip-9") is captcha.Way.QUESTION


def is_right(question: captcha.Question, number: int) -> bool:
    from django.core import signing

    held = signing.loads(question.token, salt="captcha-question")
    return bool(held["s"] == captcha._digest(f"{held['n']}:{number}"))


@pytest.mark.parametrize("token", ["", "short", "x" * 8193, "a b" * 20, "\0" * 40, "汉" * 40, "<script>" * 9])
def test_what_is_no_token_asks_nobody(host: Host, token: str) -> None:
    assert way(token) is None
    assert host.asked == []


def test_few_ask_at_once_and_nobody_queues(host: Host) -> None:
    together, done = Barrier(recaptcha.AT_ONCE + 1, timeout=20), Barrier(recaptcha.AT_ONCE + 1, timeout=20)

    def held() -> bytes:
        together.wait()
        done.wait()
        return b'{"success": true}'

    host.answer = held
    found: list[bool] = []
    threads = [
        Thread(target=lambda n=n: found.append(recaptcha.verified(f"{TOKEN}{n}")))  # type: ignore[misc]
        for n in range(recaptcha.AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    together.wait()
    one_too_many = recaptcha.verified(OTHER)
    done.wait()
    for thread in threads:
        thread.join(timeout=20)

    assert one_too_many is False
    assert found == [True] * recaptcha.AT_ONCE


def test_elsewhere_a_token_of_google_is_worth_nothing(host: Host, settings: Settings) -> None:
    settings.CAPTCHA_BACKEND = "altcha"

    assert way(TOKEN) is None
    assert host.asked == []


def test_the_policy_is_widened_only_where_it_was_chosen(host: Host, settings: Settings) -> None:
    assert recaptcha.allow_widget(HttpResponse())._csp_update["frame-src"] == [  # type: ignore[attr-defined]
        "https://www.recaptcha.net/recaptcha/"
    ]
    settings.CAPTCHA_BACKEND = "altcha"
    assert not hasattr(recaptcha.allow_widget(HttpResponse()), "_csp_update")


@pytest.mark.django_db
def test_the_form_offers_it_beside_the_question_and_loads_nothing(host: Host, client: Client) -> None:
    answer = client.get("/report/")
    page = answer.content.decode()

    assert 'name="captcha_answer"' in page
    assert "data-show" in page
    assert 'data-widget="https://www.recaptcha.net/recaptcha/api.js?' in page
    assert '<script src="https' not in page
    assert 'data-captcha=""' in page
    assert "除您在表单里点按 reCAPTCHA 时会连接 www.recaptcha.net 外" in page
    assert "https://www.recaptcha.net/recaptcha/" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("backend", ["altcha", "none"])
def test_without_the_choice_no_page_names_it(
    host: Host, client: Client, settings: Settings, backend: str
) -> None:
    settings.CAPTCHA_BACKEND = backend
    answer = client.get("/report/")

    assert "recaptcha" not in answer.content.decode().lower()
    assert "本网站不向任何第三方发送请求" in answer.content.decode()
    assert "recaptcha" not in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_other_pages_keep_the_narrow_policy(host: Host, client: Client) -> None:
    assert "recaptcha" not in client.get("/status/").headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_domain_can_be_set(host: Host, client: Client, settings: Settings) -> None:
    settings.RECAPTCHA_DOMAIN = "www.google.com"

    answer = client.get("/report/")

    assert "https://www.google.com/recaptcha/api.js" in answer.content.decode()
    assert "https://www.google.com/recaptcha/" in answer.headers["Content-Security-Policy"]
