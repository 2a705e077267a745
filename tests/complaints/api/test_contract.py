"""The API keeps what openapi.json says, and no body whatever makes it fail."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.api.schemas import MessageIn, TipIn
from complaints.enums import IdentityMode
from complaints.rules.intake import FIELDS
from portal.shared import captcha
from tests.claim_steps import approved, sealed_details
from tests.complaints.api.conftest import ROOT, Send, post
from tests.enterprise_steps import enterprise, lead_to, manager, tell_inside
from tests.factories import TipFactory
from tests.fixtures import IN_YANTA, City
from tests.reward_steps import three

pytestmark = pytest.mark.django_db
CONTRACT = {
    ("post", "tips"), ("post", "tips/status"), ("post", "tips/messages"), ("post", "tips/objection"),
    ("post", "tips/withdrawal"), ("post", "tips/rating"), ("post", "tips/claim"), ("post", "tips/claim-code"),
    ("post", "tips/inside/status"), ("post", "tips/inside/messages"), ("post", "tips/inside/confirmation"),
    ("post", "tips/inside/acceptance"), ("post", "tips/inside/turn"),
    ("get", "vault"), ("get", "codes"), ("get", "challenge"), ("get", "figures"), ("post", "place"),
    ("get", "reward-estimate"), ("get", "cases"),
}  # fmt: skip


@pytest.fixture
def document(api: Client) -> dict[str, Any]:
    return dict(api.get(f"{ROOT}openapi.json").json())


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return dict(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    return schema


def fits(document: dict[str, Any], value: object, schema: dict[str, Any]) -> bool:
    """Tell whether a value is what a schema of this document says; the few keywords it uses."""
    schema = resolve(document, schema)
    if "anyOf" in schema:
        return any(fits(document, value, one) for one in schema["anyOf"])
    kind = schema.get("type")
    if kind == "object":
        return isinstance(value, dict) and fits_object(document, value, schema)
    if kind == "array":
        return isinstance(value, list) and all(fits(document, one, schema["items"]) for one in value)
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    return isinstance(value, kinds[kind]) if kind else True  # type: ignore[arg-type]  # tuple or class


def fits_object(document: dict[str, Any], value: dict[str, object], schema: dict[str, Any]) -> bool:
    known, extra = schema.get("properties", {}), schema.get("additionalProperties", False)
    if set(schema.get("required", ())) - set(value):
        return False
    if isinstance(extra, dict) and not known:
        return all(fits(document, one, extra) for one in value.values())
    return bool(extra) or (
        set(value) <= set(known) and all(fits(document, value[one], known[one]) for one in value)
    )


def check(document: dict[str, Any], answer: Any, *, method: str, path: str) -> None:
    operation = document["paths"][f"{ROOT}{path}"][method]
    told = operation["responses"][str(answer.status_code)]
    schema = told["content"]["application/json"]["schema"]
    assert fits(document, answer.json(), schema), (path, answer.status_code, answer.json())


def test_every_address_of_the_contract_is_there_and_no_other(document: dict[str, Any]) -> None:
    found = {(method, path.removeprefix(ROOT)) for path, item in document["paths"].items() for method in item}

    assert found == CONTRACT


def test_every_answer_to_a_good_request_is_as_described(
    city: City, api: Client, send_tip: Send, document: dict[str, Any]
) -> None:
    answered = timezone.localdate()
    tip, open_tip = TipFactory(replied=True, today=answered), TipFactory()
    receipt = {"receipt": tip.acknowledgement.receipt}
    withdrawal = {"receipt": open_tip.acknowledgement.receipt, "sure": True}
    named, coded = (
        approved(city, three(city), mode=mode, fine=20000)
        for mode in (IdentityMode.REAL_NAME, IdentityMode.ANONYMOUS_WITH_CODE)
    )
    details = {"receipt": named.receipt, "identity_envelope": sealed_details(named.tip)}

    answers = {
        ("post", "tips"): send_tip(photos=1),
        ("post", "tips/status"): post(api, "tips/status", receipt),
        ("post", "tips/messages"): post(api, "tips/messages", {**receipt, "text": "x"}),
        ("post", "tips/rating"): post(api, "tips/rating", {**receipt, "score": 4}),
        ("post", "tips/objection"): post(api, "tips/objection", {**receipt, "text": "x"}),
        ("post", "tips/withdrawal"): post(api, "tips/withdrawal", withdrawal),
        ("post", "tips/claim"): post(api, "tips/claim", details),
        ("post", "tips/claim-code"): post(api, "tips/claim-code", {"receipt": coded.receipt}),
        **inside_answers(city, api),
        ("post", "place"): post(api, "place", {"lat": IN_YANTA[0], "lng": IN_YANTA[1]}),
        ("get", "reward-estimate"): api.get(
            f"{ROOT}reward-estimate", {"kind": "violation", "fine": "100000"}
        ),
        **{
            ("get", path): api.get(f"{ROOT}{path}")
            for path in ("vault", "codes", "challenge", "figures", "cases")
        },
    }

    assert set(answers) == CONTRACT
    for (method, path), answer in answers.items():
        assert answer.status_code in {200, 201}
        check(document, answer, method=method, path=path)


def inside_answers(city: City, api: Client) -> dict[tuple[str, str], Any]:
    """Take every act of a reporter on tips inside a company."""
    today = timezone.localdate()
    entry = enterprise(city)
    boss, other = manager(entry), manager(entry, username="second")
    paid, late = tell_inside(entry, today=today), tell_inside(entry, today=today - timedelta(days=30))
    lead_to(paid.number, "paid", boss, other=other, day=today)
    alone = enterprise(city, number=2)
    fixed = tell_inside(alone, today=today)
    lead_to(fixed.number, "fixed", manager(alone, username="alone"), day=today)
    receipt = {"receipt": paid.receipt}
    return {
        ("post", "tips/inside/status"): post(api, "tips/inside/status", receipt),
        ("post", "tips/inside/messages"): post(api, "tips/inside/messages", {**receipt, "text": "x"}),
        ("post", "tips/inside/confirmation"): post(
            api, "tips/inside/confirmation", {**receipt, "is_received": True}
        ),
        ("post", "tips/inside/acceptance"): post(
            api, "tips/inside/acceptance", {"receipt": fixed.receipt, "is_fixed": True}
        ),
        ("post", "tips/inside/turn"): post(api, "tips/inside/turn", {"receipt": late.receipt, "sure": True}),
    }


def test_every_refusal_is_as_described(
    city: City, api: Client, send_tip: Send, document: dict[str, Any]
) -> None:
    closed = {"receipt": TipFactory(closed=True).acknowledgement.receipt}
    refusals = [
        ("tips", send_tip(kind="x", photos=[b"x"])),
        ("tips", api.post(f"{ROOT}tips", {"tip": "{"})),
        ("tips", post(api, "tips", {})),
        ("tips/status", post(api, "tips/status", {"receipt": "x"})),
        ("tips/status", post(api, "tips/status", "{")),
        ("tips/messages", post(api, "tips/messages", {**closed, "text": "x"})),
        ("tips/objection", post(api, "tips/objection", {**closed, "text": ""})),
        ("tips/objection", post(api, "tips/objection", {**closed, "text": "x"})),
        ("tips/withdrawal", post(api, "tips/withdrawal", {**closed, "sure": True})),
        ("tips/withdrawal", post(api, "tips/withdrawal", {**closed, "sure": False})),
        ("tips/rating", post(api, "tips/rating", {**closed, "score": 6})),
        ("tips/rating", post(api, "tips/rating", {"receipt": "x", "score": 5})),
        ("tips/claim", post(api, "tips/claim", {**closed, "identity_envelope": "{}"})),
        ("tips/claim", post(api, "tips/claim", {**closed, "identity_envelope": "{}", "account": "1"})),
        ("tips/claim-code", post(api, "tips/claim-code", closed)),
        ("tips/inside/status", post(api, "tips/inside/status", closed)),
        ("tips/inside/messages", post(api, "tips/inside/messages", {**closed, "text": "x"})),
        ("tips/inside/confirmation", post(api, "tips/inside/confirmation", {**closed, "is_received": 1})),
        ("tips/inside/acceptance", post(api, "tips/inside/acceptance", {**closed, "is_fixed": True})),
        ("tips/inside/turn", post(api, "tips/inside/turn", {**closed, "sure": False})),
        ("place", post(api, "place", {"lat": 1.0, "lng": 1.0})),
    ]

    for path, answer in refusals:
        assert answer.status_code >= 400
        check(document, answer, method="post", path=path)


def test_the_checker_of_this_test_notices_a_break(document: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/ErrorOut"}
    good = {"code": "x", "message": "y", "fields": {"a": [{"code": "x", "message": "y"}]}}

    assert fits(document, good, schema)
    for bad in (
        {**good, "more": 1},
        {"code": "x"},
        {**good, "code": 1},
        {**good, "fields": {"a": [{"code": 1}]}},
        [],
    ):
        assert not fits(document, bad, schema)


def test_the_tip_part_has_the_names_of_the_form(document: dict[str, Any]) -> None:
    assert set(TipIn.model_fields) == (FIELDS - {"photos"}) | captcha.PROOF_FIELDS
    body = document["paths"][f"{ROOT}tips"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(body["properties"]) == {"tip", "photos"}
    assert set(body["properties"]["tip"]["properties"]) == set(TipIn.model_fields)
    assert body["properties"]["tip"]["additionalProperties"] is False


def test_the_document_asks_for_the_key(document: dict[str, Any]) -> None:
    (parameter,) = document["paths"][f"{ROOT}tips"]["post"]["parameters"]

    assert (parameter["name"], parameter["in"], parameter["required"]) == ("Idempotency-Key", "header", True)


# --- anything at all -----------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["real_name", "dust"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted(TipIn.model_fields) + sorted(MessageIn.model_fields)) | st.text(max_size=10)
PATHS = ["tips/status", "tips/messages", "tips/objection", "tips/withdrawal", "tips/rating", "place"]
PATHS += ["tips/claim", "tips/claim-code"]
PATHS += [f"tips/inside/{name}" for name in ("status", "messages", "confirmation", "turn")]
BODIES = st.dictionaries(NAMES, VALUES, max_size=8) | VALUES
FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the fixtures hold nothing an example changes


@FUZZ
@given(body=BODIES)
def test_no_tip_makes_it_fail(city: City, api: Client, body: object) -> None:
    answer = api.post(f"{ROOT}tips", {"tip": json.dumps(body)}, headers={"Idempotency-Key": "0" * 32})

    assert answer.status_code in {201, 400, 422}
    assert set(answer.json()) - {"notice"} in (
        {"number", "receipt", "accept_by", "accept_by_is_provisional"},
        {"code", "message", "fields"},
    )


@FUZZ
@given(body=BODIES, path=st.sampled_from(PATHS))
def test_no_json_makes_it_fail(city: City, api: Client, body: object, path: str) -> None:
    answer = post(api, path, body)

    assert answer.status_code in {200, 400, 404, 415, 422, 429}  # an empty body has no content type


@FUZZ
@given(body=st.binary(max_size=400), boundary=st.sampled_from(["b", "--", "x" * 70]))
def test_no_bytes_make_it_fail(city: City, api: Client, body: bytes, boundary: str) -> None:
    framed = f"--{boundary}\r\nContent-Disposition: form-data; name=".encode() + body

    answer = api.post(f"{ROOT}tips", framed, content_type=f"multipart/form-data; boundary={boundary}")

    assert answer.status_code in {400, 413, 422}
    assert set(answer.json()) == {"code", "message", "fields"}
