"""The API of a reporter: a tip in, a receipt out, progress and messages with it; the same rules as the form."""

import json
from secrets import token_hex

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from complaints.crypto.envelope import public_key_of, seal_fields
from complaints.enums import IdentityMode, SealedBy
from complaints.models import Evidence, Message, Tip
from complaints.services.receipts import open_receipt
from portal.shared import captcha, throttle
from tests.complaints.api.conftest import ROOT, Send, post, problems
from tests.factories import VAULT_SEED, TipFactory, jpeg
from tests.fixtures import IN_YANTA, OUTSIDE, YANTA, City
from tests.portal.test_captcha import solve

pytestmark = pytest.mark.django_db


def receipt_of(tip: Tip) -> str:
    return str(tip.acknowledgement.receipt)


# --- sending ------------------------------------------------------------------------------------------------------


def test_a_tip_with_photos_gets_number_receipt_and_day(city: City, send_tip: Send) -> None:
    answer = send_tip(
        photos=2, in_danger=True, operations=["dust", "hot_work"], lat=IN_YANTA[0], lng=IN_YANTA[1]
    )

    assert answer.status_code == 201
    assert set(answer.json()) == {"number", "receipt", "accept_by", "accept_by_is_provisional"}
    tip = open_receipt(typed=answer.json()["receipt"]).tip
    assert (tip.number, tip.photo_count, tip.in_danger) == (answer.json()["number"], 2, True)
    assert (tip.operations, tip.district_id, tip.handling_unit) == (["dust", "hot_work"], YANTA, city.yanta)
    assert tip.due_date.isoformat() == answer.json()["accept_by"]


def test_a_point_outside_beside_a_district_is_dropped_with_a_notice(city: City, send_tip: Send) -> None:
    answer = send_tip(lat=OUTSIDE[0], lng=OUTSIDE[1], district=YANTA, language="en")

    assert (answer.status_code, Tip.objects.get().point) == (201, "")
    assert "was not kept" in answer.json()["notice"]


def test_the_answer_is_kept_nowhere_and_sets_no_cookie(city: City, send_tip: Send) -> None:
    answer = send_tip()

    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies
    assert answer.json()["receipt"] not in str(answer.headers)


def test_a_browsers_json_blob_arrives_as_a_file_and_will_do(city: City, api: Client) -> None:
    tip = {"description": "粉尘", "address": "某路"}
    blob = SimpleUploadedFile("blob", json.dumps(tip).encode(), "application/json")

    answer = api.post(f"{ROOT}tips", {"tip": blob}, headers={"Idempotency-Key": token_hex(16)})

    assert answer.status_code == 201


def test_nulls_are_as_good_as_nothing(city: City, send_tip: Send) -> None:
    assert send_tip(kind=None, lat=None, lng=None, in_danger=None, operations=None).status_code == 201


@pytest.mark.parametrize("where", ["header", "body", "both"])
def test_the_key_may_stand_in_header_or_body(city: City, send_tip: Send, where: str) -> None:
    key = token_hex(16)

    answer = send_tip(
        key=key if where != "body" else "", **({"idempotency_key": key} if where != "header" else {})
    )

    assert answer.status_code == 201
    assert Tip.objects.get().idempotency_key == key


def test_two_different_keys_are_refused(city: City, send_tip: Send) -> None:
    answer = send_tip(key=token_hex(16), idempotency_key=token_hex(16))

    assert (answer.status_code, problems(answer)) == (422, {"idempotency_key": ["bad_key"]})


@pytest.mark.parametrize("key", ["", "x", "8e03978e-40d5-43e8-bc93-6894a57f9324", "g" * 32])
def test_without_a_proper_key_nothing_is_stored(city: City, send_tip: Send, key: str) -> None:
    answer = send_tip(key=key)

    assert (answer.status_code, problems(answer)) == (422, {"idempotency_key": ["bad_key"]})
    assert not Tip.objects.exists()


def test_the_same_key_makes_one_tip(city: City, send_tip: Send) -> None:
    key = token_hex(16)

    one, two = send_tip(key=key, photos=1), send_tip(key=key, photos=1)

    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json()["number"] == two.json()["number"]
    assert (Tip.objects.count(), Evidence.objects.count()) == (1, 1)


def test_the_same_key_with_other_content_is_refused(city: City, send_tip: Send) -> None:
    key = token_hex(16)
    send_tip(key=key)

    answer = send_tip(key=key, description="另一件事")

    assert (answer.status_code, problems(answer)) == (422, {"idempotency_key": ["key_used"]})


@pytest.mark.parametrize("as_object", [True, False])
def test_a_sealed_name_is_kept_as_it_came(city: City, send_tip: Send, as_object: bool) -> None:
    key = token_hex(16)
    envelope = seal_fields(
        public_key=public_key_of(VAULT_SEED), vault=1, binding=key, field="identity", fields={"name": "王"}
    ).to_json()

    answer = send_tip(
        key=key,
        identity_mode="real_name",
        identity_envelope=json.loads(envelope) if as_object else envelope,
    )

    assert answer.status_code == 201
    sealed = Tip.objects.get().sealed_identity
    assert (sealed.envelope, sealed.sealed_by) == (envelope, SealedBy.BROWSER)


def test_a_typed_name_is_sealed_here(city: City, send_tip: Send) -> None:
    answer = send_tip(identity_mode="real_name", name="张三", phone="13800001234", is_employee=True)

    assert answer.status_code == 201
    assert Tip.objects.get().identity_mode == IdentityMode.REAL_NAME


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"description": ..., "address": ...}, {"photos": ["needs_matter"], "address": ["needs_place"]}),
        ({"unknown": 1}, {"unknown": ["unknown_field"]}),
        ({"photos_": []}, {"photos_": ["unknown_field"]}),
        ({"in_danger": "yes"}, {"in_danger": ["wrong_type"]}),
        ({"in_danger": 1}, {"in_danger": ["wrong_type"]}),
        ({"operations": "dust"}, {"operations": ["wrong_type"]}),
        ({"operations": ["dust", 1]}, {"operations": ["wrong_type"]}),
        ({"operations": ["nonsense"]}, {"operations": ["unknown_code"]}),
        ({"description": 17}, {"description": ["wrong_type"]}),
        ({"description": ["x"]}, {"description": ["wrong_type"]}),
        ({"description": "\ud800"}, {"description": ["bad_characters"]}),
        ({"description": "\x00"}, {"description": ["bad_characters"]}),
        ({"description": "字" * 5001}, {"description": ["too_long"]}),
        ({"lat": "34.2", "lng": "108.9"}, {"lat": ["wrong_type"], "lng": ["wrong_type"]}),
        ({"lat": 34.2}, {"lat": ["bad_number"]}),
        ({"lat": OUTSIDE[0], "lng": OUTSIDE[1]}, {"address": ["outside_city"]}),
        (
            {"kind": "x", "occurred_on": "2999-01-01"},
            {"kind": ["unknown_code"], "occurred_on": ["future_date"]},
        ),
        ({"occurred_on": 20260310}, {"occurred_on": ["wrong_type"]}),
        ({"identity_mode": "real_name", "identity_envelope": {"v": 1}}, {"name": ["bad_envelope"]}),
        ({"identity_mode": "real_name", "identity_envelope": []}, {"identity_envelope": ["wrong_type"]}),
    ],
)
def test_each_fault_is_named_and_nothing_is_stored(
    city: City, send_tip: Send, fields: dict[str, object], expected: dict[str, list[str]]
) -> None:
    answer = send_tip(**fields)

    assert (answer.status_code, answer.json()["code"], problems(answer)) == (422, "invalid", expected)
    assert not Tip.objects.exists()


def test_refused_photos_are_counted_from_zero(city: City, send_tip: Send) -> None:
    answer = send_tip(photos=[jpeg(), b"<html>", b""])

    found = answer.json()["fields"]["photos"]
    assert [(one["code"], one["index"]) for one in found] == [("photo_not_image", 1), ("photo_empty", 2)]


def test_ten_photos_are_refused_in_words(city: City, send_tip: Send) -> None:
    answer = send_tip(photos=[b"x"] * 10)

    assert (answer.status_code, problems(answer)) == (422, {"photos": ["too_many_photos"]})


@pytest.mark.parametrize("size", [2001, 9 * 2**20])
def test_a_photo_cut_off_on_the_way_is_named(
    city: City, send_tip: Send, settings: Settings, size: int
) -> None:
    settings.PHOTO_MAX_BYTES = settings.PHOTOS_MAX_BYTES = 2000

    answer = send_tip(photos=[b"x" * size])

    assert answer.json()["fields"]["photos"][0]["code"] == "photo_too_large"
    assert not Tip.objects.exists()


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("extra", "1", "unknown_field"),
        ("idempotency_key", "0" * 32, "unknown_field"),
        ("evil", SimpleUploadedFile("x.jpg", b"x"), "unknown_field"),
    ],
)
def test_parts_that_do_not_belong_are_refused(
    city: City, api: Client, part: str, value: object, code: str
) -> None:
    tip = json.dumps({"description": "x", "address": "y"})

    answer = api.post(f"{ROOT}tips", {"tip": tip, part: value}, headers={"Idempotency-Key": token_hex(16)})

    assert (answer.status_code, problems(answer)) == (422, {part: [code]})


def test_without_the_part_tip_it_is_asked_for(city: City, api: Client) -> None:
    answer = api.post(f"{ROOT}tips", {"photos": SimpleUploadedFile("a.jpg", jpeg())})

    assert (answer.status_code, problems(answer)) == (422, {"tip": ["missing"]})


@pytest.mark.parametrize("tip", ["[]", "1", '"x"', "null"])
def test_a_tip_that_is_no_object_is_refused(city: City, api: Client, tip: str) -> None:
    answer = api.post(f"{ROOT}tips", {"tip": tip}, headers={"Idempotency-Key": token_hex(16)})

    assert (answer.status_code, problems(answer)) == (422, {"tip": ["wrong_type"]})


# --- the check against machines and the throttle -----------------------------------------------------------------


def test_the_check_is_asked_for_last_and_holds_for_a_retry(
    city: City, send_tip: Send, settings: Settings
) -> None:
    settings.CAPTCHA_BACKEND = "altcha"
    question, key = captcha.new_question(), token_hex(16)
    right = {"captcha_token": question.token, "captcha_answer": answer_to(question)}

    assert problems(send_tip(key=key)) == {"captcha": ["captcha"]}
    assert problems(send_tip(key=key, kind="x", **right)) == {"kind": ["unknown_code"]}
    first, again = send_tip(key=key, **right), send_tip(key=key, **right)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["number"] == again.json()["number"]
    assert problems(send_tip(**right)) == {"captcha": ["captcha"]}


def answer_to(question: captcha.Question) -> str:
    digits = [captcha._DIGITS["zh"].index(one) for one in question.text if one in captcha._DIGITS["zh"]]
    return str(sum(digits))


def test_a_machine_without_a_proof_is_slowed_down_in_words(
    city: City, send_tip: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "allow", lambda **values: values["budget"] is not throttle.SUBMIT)

    answer = send_tip()

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert not Tip.objects.exists()


def test_whoever_worked_for_it_is_not_refused_for_what_others_send(
    city: City, send_tip: Send, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CAPTCHA_BACKEND = "altcha"
    monkeypatch.setattr(throttle, "allow", lambda **values: values["budget"] is not throttle.SUBMIT)
    proof, question = solve(captcha.new_challenge(at=timezone.now())), captcha.new_question()

    worked = send_tip(captcha=proof)
    answered = send_tip(captcha_token=question.token, captcha_answer=answer_to(question))

    assert (worked.status_code, answered.status_code) == (201, 429)


def test_the_more_are_asked_for_the_harder_they_get(
    city: City, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "OF_ONE", (3, 5))

    costs = [api.get(f"{ROOT}challenge").json()["parameters"]["cost"] for _time in range(6)]

    assert costs == [1000, 1000, 2000, 2000, 4000, 4000]


@pytest.mark.parametrize(
    ("budget", "path", "body"),
    [
        (throttle.STATUS, "tips/status", {"receipt": "x"}),
        (throttle.MESSAGE, "tips/messages", {"receipt": "x", "text": "y"}),
        (throttle.PLACE, "place", {"lat": 34.2, "lng": 108.9}),
    ],
)
def test_a_machine_is_slowed_down_in_words(
    city: City, api: Client, monkeypatch: pytest.MonkeyPatch, budget: throttle.Budget, path: str, body: object
) -> None:
    monkeypatch.setattr(throttle, "allow", lambda **values: values["budget"] is not budget)

    answer = post(api, path, body)

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert "十分钟" in answer.json()["message"]


# --- progress -----------------------------------------------------------------------------------------------------


def test_a_receipt_shows_the_progress(city: City, api: Client) -> None:
    tip = TipFactory(replied=True, district=YANTA, photos=1)

    answer = post(api, "tips/status", {"receipt": receipt_of(tip).lower().replace("-", " ")})

    body = answer.json()
    assert answer.status_code == 200
    assert (body["number"], body["status"], body["status_label"]) == (tip.number, "replied", "已答复")
    assert [one["action"] for one in body["milestones"]] == [
        "register",
        "accept",
        "approve_result",
        "dispose",
        "reply",
        "close",
    ]
    assert "举报属实" in body["replies"][0]["text"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_unknown_malformed_and_purged_receipts_get_the_same_answer(city: City, api: Client) -> None:
    purged = TipFactory()
    Tip.objects.filter(pk=purged.pk).delete()
    TipFactory()
    known = ["0000-0000-0000-0000-0000", "not a receipt", "", "x" * 10_000, receipt_of(purged)]

    answers = [post(api, "tips/status", {"receipt": typed}) for typed in known]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in map(_timeless, answers)}) == 1


def _timeless(answer: object) -> object:
    del answer.headers["Expires"]  # type: ignore[attr-defined]  # the second it was sent
    return answer


@pytest.mark.parametrize(
    "body", [{}, {"receipt": None}, {"receipt": 1}, {"receipt": "x", "more": 1}, [], '"x"', None]
)
def test_a_malformed_question_is_refused(city: City, api: Client, body: object) -> None:
    assert post(api, "tips/status", body).status_code == 422


def test_the_language_of_the_answer_is_the_askers(city: City, api: Client) -> None:
    tip = TipFactory()

    english = post(api, "tips/status", {"receipt": receipt_of(tip)}, **{"Accept-Language": "en-GB,en;q=0.9"})

    assert english.json()["status_label"] == "Registered"
    assert english.headers["Content-Language"] == "en"
    assert "Accept-Language" in english.headers["Vary"]


# --- messages -----------------------------------------------------------------------------------------------------


def test_words_as_json_reach_the_officers(city: City, api: Client, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    answer = post(api, "tips/messages", {"receipt": receipt_of(tip), "text": "又看到一次"})

    assert answer.status_code == 200
    assert [(one["is_mine"], one["text"]) for one in answer.json()["messages"]] == [(True, "又看到一次")]
    assert Message.objects.get(tip=tip).body == "又看到一次"


def test_words_and_photos_as_multipart(city: City, api: Client) -> None:
    tip = TipFactory()
    parts = {"receipt": receipt_of(tip), "text": "照片", "photos": [SimpleUploadedFile("a.jpg", jpeg())]}

    answer = api.post(f"{ROOT}tips/messages", parts)

    assert (answer.status_code, answer.json()["messages"][0]["photo_count"]) == (200, 1)


def test_a_photo_alone_will_do(city: City, api: Client) -> None:
    tip = TipFactory()
    parts = {"receipt": receipt_of(tip), "photos": [SimpleUploadedFile("a.jpg", jpeg())]}

    assert api.post(f"{ROOT}tips/messages", parts).status_code == 200


def test_the_same_key_makes_one_message(city: City, api: Client) -> None:
    tip, key = TipFactory(), token_hex(16)

    for _ in range(2):
        post(
            api,
            "tips/messages",
            {"receipt": receipt_of(tip), "text": "一次"},
            **{"Idempotency-Key": key.upper()},
        )

    assert Message.objects.filter(tip=tip).count() == 1


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({"text": ""}, 422, {"text": ["needs_text"]}),
        ({"text": "字" * 2001}, 422, {"text": ["too_long"]}),
        ({"text": 1}, 422, {"text": ["wrong_type"]}),
        ({"text": "x", "more": 1}, 422, {"more": ["unknown_field"]}),
        ({"text": "x", "receipt": "0000-0000-0000-0000-0000"}, 404, {}),
    ],
)
def test_unfit_words_are_refused(
    city: City, api: Client, body: dict[str, object], status: int, expected: dict[str, list[str]]
) -> None:
    tip = TipFactory()

    answer = post(api, "tips/messages", {"receipt": receipt_of(tip), **body})

    assert (answer.status_code, problems(answer)) == (status, expected)
    assert not Message.objects.exists()


def test_a_closed_tip_takes_no_words(city: City, api: Client) -> None:
    answer = post(api, "tips/messages", {"receipt": receipt_of(TipFactory(closed=True)), "text": "x"})

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")


def test_other_files_do_not_belong_in_a_message(city: City, api: Client) -> None:
    parts = {"receipt": receipt_of(TipFactory()), "text": "x", "other": SimpleUploadedFile("a.jpg", jpeg())}

    answer = api.post(f"{ROOT}tips/messages", parts)

    assert (answer.status_code, problems(answer)) == (422, {"other": ["unknown_field"]})
