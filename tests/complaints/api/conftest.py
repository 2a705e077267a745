"""A client of the API and the ways it sends things."""

import json
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.factories import jpeg

ROOT = "/api/v1/"
Send = Callable[..., HttpResponse]


@pytest.fixture
def api() -> Client:
    """Return a client that, like a real one, gets a 500 instead of a traceback."""
    return Client(raise_request_exception=False)


@pytest.fixture
def send_tip(api: Client) -> Send:
    """Return a function that posts a tip: fields as keywords, `photos` a number or a list of files."""

    def send(
        *, photos: int | list[bytes] = 0, key: str | None = None, language: str = "", **fields: Any
    ) -> HttpResponse:
        tip = {"description": "冲床没有防护罩", "address": "科技路 18 号", **fields}
        parts: dict[str, Any] = {
            "tip": json.dumps({name: one for name, one in tip.items() if one is not ...})
        }
        parts["photos"] = [SimpleUploadedFile("a.jpg", data, "image/jpeg") for data in files(photos)]
        headers = {"Idempotency-Key": token_hex(16) if key is None else key, "Accept-Language": language}
        return api.post(f"{ROOT}tips", parts, headers={name: one for name, one in headers.items() if one})

    return send


def files(photos: int | list[bytes]) -> list[bytes]:
    """Return the photos meant."""
    return [jpeg(shade=30 + number) for number in range(photos)] if isinstance(photos, int) else photos


def post(api: Client, path: str, body: object, **headers: str) -> HttpResponse:
    """Post JSON to an address of the API."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return api.post(f"{ROOT}{path}", text, content_type="application/json", headers=headers)


def problems(response: HttpResponse) -> dict[str, list[str]]:
    """Return the codes of all problems by field, after checking the shape of the error."""
    body = response.json()
    assert set(body) == {"code", "message", "fields"}
    assert body["message"]
    return {name: [one["code"] for one in found] for name, found in body["fields"].items()}
