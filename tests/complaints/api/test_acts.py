"""Objection, withdrawal and rating by program: the same rules as on the page, refusals with their codes."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from complaints.models import Tip
from tests.complaints.api.conftest import post, problems
from tests.enterprise_steps import enterprise, tell_inside
from tests.factories import TipFactory
from tests.fixtures import City

pytestmark = pytest.mark.django_db


def receipt_of(tip: Tip) -> str:
    return str(tip.acknowledgement.receipt)


def test_an_objection_by_program(city: City, api: Client) -> None:
    tip = TipFactory(replied=True, today=timezone.localdate())

    body = post(api, "tips/objection", {"receipt": receipt_of(tip), "text": "没有整改"}).json()

    assert (body["status"], body["objection_until"]) == ("review", None)
    assert [one["action"] for one in body["milestones"] if one["is_now"]] == ["uphold"]


def test_a_late_objection_is_refused_with_its_last_day(city: City, api: Client) -> None:
    tip = TipFactory(replied=True, today=date(2025, 9, 25))

    answer = post(api, "tips/objection", {"receipt": receipt_of(tip), "text": "没有整改"})

    assert (answer.status_code, answer.json()["code"]) == (409, "objection_late")
    assert "2025年10月9日" in answer.json()["message"]


def test_a_withdrawal_by_program_must_be_sure(city: City, api: Client) -> None:
    receipt = {"receipt": receipt_of(TipFactory())}

    unsure = post(api, "tips/withdrawal", {**receipt, "sure": False})
    sure = post(api, "tips/withdrawal", {**receipt, "sure": True})

    assert (unsure.status_code, problems(unsure)) == (422, {"sure": ["missing"]})
    assert (sure.json()["is_withdrawn"], sure.json()["can_withdraw"]) == (True, False)


def test_a_receipt_of_an_internal_tip_is_told_where_it_is(city: City, api: Client) -> None:
    done = tell_inside(enterprise(city))

    answer = post(api, "tips/status", {"receipt": done.receipt})

    assert (answer.status_code, answer.json()["code"]) == (409, "inside_tip")
    told = api.get("/api/v1/openapi.json").json()["paths"]["/api/v1/tips/status"]
    assert "409" in told["post"]["responses"]


def test_a_rating_by_program(city: City, api: Client) -> None:
    receipt = {"receipt": receipt_of(TipFactory(replied=True))}

    wrong = post(api, "tips/rating", {**receipt, "score": 6})
    done = post(api, "tips/rating", {**receipt, "score": 5})

    assert problems(wrong) == {"score": ["unknown_code"]}
    assert (done.status_code, done.json()["can_rate"]) == (200, False)


@pytest.mark.parametrize(
    ("path", "values"),
    [("objection", {"text": "x"}), ("withdrawal", {"sure": True}), ("rating", {"score": 3})],
)
def test_unknown_receipts_answer_alike_at_every_act(
    city: City, api: Client, path: str, values: dict[str, object]
) -> None:
    answers = [
        post(api, f"tips/{path}", {"receipt": code, **values}) for code in ("x", "0000-0000-0000-0000-0000")
    ]

    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content
