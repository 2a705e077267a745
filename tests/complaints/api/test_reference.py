"""The API without a person behind it: the vault's key, codes with their names, challenges, places."""

import base64

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from complaints.crypto.envelope import PUBLIC_KEY_BYTES, SUITE, fingerprint, public_key_of
from complaints.enums import COMPETENT_BODIES, Industry, Operation, TipKind, Violation
from complaints.models import CompetentBody, Tip, Vault
from tests.complaints.api.conftest import ROOT, post, problems
from tests.factories import VAULT_FINGERPRINT
from tests.fixtures import IN_YANTA, LIANHU, OUTSIDE, YANTA, City

pytestmark = pytest.mark.django_db


# --- vault --------------------------------------------------------------------------------------------------------


def test_the_vaults_key_is_given_with_its_fingerprint(city: City, api: Client) -> None:
    body = api.get(f"{ROOT}vault").json()

    key = base64.b64decode(body["public_key"])
    assert (body["version"], body["suite"], len(key)) == (1, SUITE, PUBLIC_KEY_BYTES)
    assert body["fingerprint"] == fingerprint(key) == VAULT_FINGERPRINT


def test_a_swapped_key_is_given_to_nobody(city: City, api: Client) -> None:
    Vault.objects.update(public_key=public_key_of(bytes(32)))

    answer = api.get(f"{ROOT}vault")

    assert (answer.status_code, answer.json()["code"]) == (503, "vault_unavailable")
    assert "12350" in answer.json()["message"]
    assert "public_key" not in answer.content.decode()


@pytest.mark.parametrize("pinned", ["", "pending", VAULT_FINGERPRINT[:-1], VAULT_FINGERPRINT.upper()])
def test_only_the_exact_fingerprint_opens_the_door(
    city: City, api: Client, settings: Settings, pinned: str
) -> None:
    settings.VAULT_FINGERPRINT = pinned

    assert api.get(f"{ROOT}vault").status_code == 503


# --- codes --------------------------------------------------------------------------------------------------------


def test_codes_are_complete_and_named(city: City, api: Client) -> None:
    body = api.get(f"{ROOT}codes").json()

    codes = {
        name: [one["code"] for one in body[name]]
        for name in ("types", "violations", "industries", "operations")
    }
    assert codes == {
        "types": TipKind.values, "violations": Violation.values,
        "industries": Industry.values, "operations": Operation.values,
    }  # fmt: skip
    assert body["types"][0] == {"code": "major_hazard", "label": "重大事故隐患"}
    assert [one["code"] for one in body["divisions"]] == [LIANHU, YANTA]
    assert city.town_code in [town["code"] for town in body["divisions"][1]["towns"]]


def test_industries_of_others_name_the_competent_body(city: City, api: Client) -> None:
    named = {one["code"]: one["competent_body"] for one in api.get(f"{ROOT}codes").json()["industries"]}

    assert {code for code, body in named.items() if body} == {code.value for code in COMPETENT_BODIES}
    assert (
        named["fire_safety"] == "消防救援 96119"
    )  # the general name, until the back office knows a better one
    assert named["chemical"] is None


def test_the_competent_body_of_the_back_office_is_told_with_its_telephone(city: City, api: Client) -> None:
    CompetentBody.objects.create(
        industry="power", name="能源监管机构", name_en="Energy administration", phone="12398"
    )

    named = [
        next(
            one
            for one in api.get(f"{ROOT}codes", headers=headers).json()["industries"]
            if one["code"] == "power"
        )
        for headers in ({}, {"Accept-Language": "en"})
    ]

    assert [(one["competent_body"], one["competent_phone"]) for one in named] == [
        ("能源监管机构", "12398"),
        ("Energy administration", "12398"),
    ]


def test_codes_come_in_english_too(city: City, api: Client) -> None:
    body = api.get(f"{ROOT}codes", headers={"Accept-Language": "en"}).json()

    assert body["operations"][0] == {"code": "hot_work", "label": "Hot work"}


def test_unchanged_codes_are_not_sent_again(city: City, api: Client) -> None:
    first = api.get(f"{ROOT}codes")

    again = api.get(f"{ROOT}codes", headers={"If-None-Match": first.headers["ETag"]})
    english = api.get(
        f"{ROOT}codes", headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "en"}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert english.status_code == 200
    assert "max-age" in first.headers["Cache-Control"]
    assert "Accept-Language" in first.headers["Vary"]


def test_codes_cost_two_queries(
    city: City, api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        api.get(f"{ROOT}codes")


# --- challenge ----------------------------------------------------------------------------------------------------


def test_every_challenge_is_new_signed_and_not_kept(api: Client, db: None) -> None:
    one, two = (api.get(f"{ROOT}challenge") for _ in range(2))

    assert one.json()["parameters"]["nonce"] != two.json()["parameters"]["nonce"]
    assert len(one.json()["signature"]) == 64
    assert one.headers["Cache-Control"] == "no-store"


# --- place --------------------------------------------------------------------------------------------------------


def test_a_point_has_a_district(city: City, api: Client) -> None:
    answer = post(api, "place", {"lat": IN_YANTA[0], "lng": IN_YANTA[1]})

    assert answer.json() == {"district": YANTA, "name": "雁塔区"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_nothing_of_a_point_is_kept(city: City, api: Client) -> None:
    post(api, "place", {"lat": IN_YANTA[0], "lng": IN_YANTA[1], "datum": "GCJ02"})

    assert not Tip.objects.exists()
    assert "34.2183" not in repr(getattr(cache, "_cache", ""))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"lat": OUTSIDE[0], "lng": OUTSIDE[1]}, {"lat": ["outside_city"]}),
        ({"lat": 91, "lng": 108}, {"lat": ["bad_number"]}),
        ({"lat": 34, "lng": -181.5}, {"lng": ["bad_number"]}),
        ({"lat": "34.2", "lng": 108}, {"lat": ["wrong_type"]}),
        ({"lat": True, "lng": 108}, {"lat": ["wrong_type"]}),
        ({"lat": 34}, {"lng": ["missing"]}),
        ({"lat": 34, "lng": 108, "datum": "BD09"}, {"datum": ["unknown_code"]}),
        ({"lat": 34, "lng": 108, "who": "me"}, {"who": ["unknown_field"]}),
    ],
)
def test_a_point_that_is_none_is_refused(
    city: City, api: Client, body: dict[str, object], expected: dict[str, list[str]]
) -> None:
    answer = post(api, "place", body)

    assert (answer.status_code, problems(answer)) == (422, expected)


@pytest.mark.parametrize("body", ['{"lat": NaN, "lng": 108}', '{"lat": 1e999, "lng": 108}'])
def test_numbers_that_json_does_not_have_are_refused(city: City, api: Client, body: str) -> None:
    answer = post(api, "place", body)

    assert (answer.status_code, problems(answer)) == (422, {"lat": ["wrong_type"]})
