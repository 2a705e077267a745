"""Every address of the API under bodies made from its own description: never a fault, always an answer in shape."""

import json
import string
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.complaints.api.conftest import ROOT
from tests.fixtures import City

pytestmark = pytest.mark.django_db
Schema = dict[str, Any]
BROKEN = 500
KNOWN = {200, 201, 304, 400, 404, 405, 409, 413, 415, 422, 429, 503}
ODD_WORDS = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "\ud800",
        "x" * 5000,
        "'; DROP TABLE x; --",
        "{{7*7}}",
        "../../etc/passwd",
        "１２３",
        "NaN",
        "\u202e",
    ]
)
WORDS = st.text(max_size=40) | ODD_WORDS
ODD = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | WORDS
ANYTHING = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6
)
QUIET = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def document() -> Schema:
    """Return the description of the API as it serves it."""
    found: Schema = Client().get(f"{ROOT}openapi.json").json()
    return found


def values(schema: Schema, *, whole: Schema) -> st.SearchStrategy[Any]:
    """Return what fits a schema of the description, and now and then something else."""
    if "$ref" in schema:
        return values(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], whole=whole)
    if "anyOf" in schema:
        return st.one_of(*(values(one, whole=whole) for one in schema["anyOf"]))
    if schema.get("type") == "object":
        parts = {name: values(one, whole=whole) for name, one in schema.get("properties", {}).items()}
        fitting = st.fixed_dictionaries({}, optional=parts)
        return fitting | st.builds(
            lambda one, more: {**one, **more}, fitting, st.dictionaries(WORDS, ODD, max_size=2)
        )
    if schema.get("type") == "array":
        return st.lists(values(schema.get("items", {}), whole=whole), max_size=4) | ODD
    fitting = {
        "string": st.sampled_from(schema["enum"]) if "enum" in schema else WORDS,
        "integer": st.integers(-5, 500),
        "number": st.floats(-400, 400),
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return fitting.get(schema.get("type", ""), ANYTHING) | ODD


def body_of(operation: Schema) -> tuple[str, Schema]:
    """Return the kind of body an operation takes, and its schema; empty where it takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    return next(((kind, one.get("schema", {})) for kind, one in content.items()), ("", {}))


def doors() -> list[tuple[str, str]]:
    """Return method and path of every door of the API, as its own router has them."""
    from complaints.api.api import api

    schema = api.get_openapi_schema()
    return sorted((method, path) for path, ways in schema["paths"].items() for method in ways)


def in_shape(answer: HttpResponse) -> None:
    """A good answer is JSON; a refusal has code, message and fields, and tells nothing of the inside."""
    assert answer.status_code in KNOWN, answer.status_code
    if answer.status_code >= 400:
        told = answer.json()
        assert set(told) == {"code", "message", "fields"}
        assert "Traceback" not in answer.content.decode()


@QUIET
@given(data=st.data())
def test_no_body_of_any_shape_makes_a_door_fail(city: City, data: st.DataObject) -> None:
    whole = document()
    method, path = data.draw(st.sampled_from(doors()))
    kind, schema = body_of(whole["paths"][path][method])
    body = data.draw(values(schema, whole=whole) if schema else ANYTHING)
    client = Client(raise_request_exception=False)

    if "multipart" in kind and isinstance(body, dict):
        parts = {
            name: json.dumps(one)
            for name, one in body.items()
            if name and set(name) <= set(string.ascii_letters + "_")
        }
        answer = getattr(client, method)(path, parts)
    else:
        sent = json.dumps(body).encode("utf-8", errors="surrogatepass")
        answer = (
            getattr(client, method)(path, sent, content_type="application/json")
            if method == "post"
            else client.get(path)
        )

    in_shape(answer)


@QUIET
@given(
    data=st.data(),
    asked=st.dictionaries(st.text(string.ascii_lowercase + "_", max_size=12), WORDS, max_size=4),
)
def test_no_question_makes_a_reading_door_fail(
    city: City, data: st.DataObject, asked: dict[str, str]
) -> None:
    path = data.draw(st.sampled_from([path for method, path in doors() if method == "get"]))
    known = {"kind", "fine", "page", "industry", "year", "span", "q", "district"}
    asked = {data.draw(st.sampled_from(sorted(known | set(asked)))): value for value in asked.values()}
    clean = {name: value.encode(errors="replace").decode() for name, value in asked.items() if name}

    in_shape(Client(raise_request_exception=False).get(path, clean))


@QUIET
@given(
    names=st.lists(
        st.sampled_from(
            ["Idempotency-Key", "Accept-Language", "Accept", "If-None-Match", "X-Forwarded-For", "Range"]
        ),
        unique=True,
        max_size=4,
    ),
    words=st.lists(
        st.text(string.printable.replace("\r", "").replace("\n", ""), max_size=60), min_size=4, max_size=4
    ),
    door=st.sampled_from(doors()),
)
def test_no_header_makes_a_door_fail(
    city: City, names: list[str], words: list[str], door: tuple[str, str]
) -> None:
    method, path = door
    client = Client(raise_request_exception=False, headers=dict(zip(names, words, strict=False)))

    in_shape(
        getattr(client, method)(path, *([b"{}"] if method == "post" else []))
        if method == "get"
        else client.post(path, b"{}", content_type="application/json")
    )


def test_every_door_of_the_description_is_tried() -> None:
    found = doors()

    assert len(found) >= 19
    assert {method for method, _path in found} == {"get", "post"}
    assert all(path.startswith(ROOT) for _method, path in found)


@pytest.mark.parametrize("status", [500, 502, 302])
def test_guard_notices_a_fault(status: int) -> None:
    with pytest.raises(AssertionError):
        in_shape(HttpResponse(b"{}", status=status))
