"""GET /api/v1/cases: the filters of the page, strictly read, and a description that tells the truth."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases_public.models import CaseIndexPage
from cases_public.selectors.catalogue import FACETS
from cases_public.selectors.listing import PER_PAGE
from tests.cases_public.factories import add_case, days_ago

pytestmark = pytest.mark.django_db
URL = "/api/v1/cases"


def ask(client: Client, query: str = "", status: int = 200) -> Any:
    """Return the answer as JSON."""
    response = client.get(f"{URL}{query}")
    assert response.status_code == status, response.content
    return json.loads(response.content)


def test_an_empty_list_is_an_answer(client: Client) -> None:
    found = ask(client)

    assert (found["count"], found["page"], found["pages"], found["cases"]) == (0, 1, 1, [])
    assert set(found["facets"]) == set(FACETS)


def test_a_case_says_what_the_page_says(client: Client, index: CaseIndexPage) -> None:
    page = add_case(
        index, title="某公司案", lead="案情", industry="chemical", operations=["hot_work", "height"],
        values=["warning"], district="610112", decided_month="2026-03", major_hazard_text="判定",
        unit_penalty_amount=Decimal("50000.50"), published_at=days_ago(1), disclosure="exposed",
        person_penalty_text="主要负责人李某某", handling_unit="某局",
    )  # fmt: skip

    (case,) = ask(client)["cases"]

    assert case.pop("published_date") == timezone.localdate(days_ago(1)).isoformat()
    assert case == {
        "title": "某公司案",
        "url": f"http://testserver{page.url}",
        "lead": "案情",
        "kind": "enforcement",
        "industry": "chemical",
        "operations": ["hot_work", "height"],
        "values": ["warning"],
        "district": "610112",
        "disclosure": "exposed",
        "is_major_hazard": True,
        "unit_penalty_amount": "50000.50",
        "person_penalty_amount": None,
        "decided_month": "2026-03",
    }


def test_filters_search_order_and_pages_are_those_of_the_list(client: Client, index: CaseIndexPage) -> None:
    for number in range(PER_PAGE + 2):
        add_case(
            index, title=f"第 {number} 件", lead="除尘器停用", industry="chemical",
            unit_penalty_amount=Decimal(number), published_at=days_ago(number),
        )  # fmt: skip
    add_case(index, lead="除尘器停用", industry="machinery")

    first = ask(client, "?q=除尘器&industry=chemical&sort=amount")
    second = ask(client, "?q=除尘器&industry=chemical&sort=amount&page=2")

    assert (first["count"], first["pages"], second["page"]) == (PER_PAGE + 2, 2, 2)
    assert first["cases"][0]["title"] == f"第 {PER_PAGE + 1} 件"
    assert [case["title"] for case in second["cases"]] == ["第 1 件", "第 0 件"]
    assert {one["code"]: one["count"] for one in first["facets"]["industry"]} == {
        "chemical": PER_PAGE + 2,
        "machinery": 1,
    }


def test_several_codes_of_a_facet_add_up(client: Client, index: CaseIndexPage) -> None:
    for industry in ("chemical", "machinery", "textile"):
        add_case(index, industry=industry)

    assert ask(client, "?industry=chemical&industry=textile")["count"] == 2


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("?colour=red", "colour", "unknown_field"),
        ("?industry=nonsense", "industry", "unknown_code"),
        ("?industry=chemical&industry=x", "industry", "unknown_code"),
        ("?year=26", "year", "unknown_code"),
        ("?district=x", "district", "unknown_code"),
        ("?sort=best", "sort", "unknown_code"),
        ("?page=0", "page", "bad_number"),
        ("?page=x", "page", "bad_number"),
        ("?page=" + "9" * 50, "page", "bad_number"),
        ("?page=1&page=2", "page", "wrong_type"),
        ("?q=a1&q=b2", "q", "wrong_type"),
        ("?q=火", "q", "search"),
        ("?q=%25", "q", "search"),
        ("?q=" + "焊" * 500, "q", "search"),
    ],
)
def test_what_is_wrong_is_named(client: Client, query: str, field: str, code: str) -> None:
    error = ask(client, query, status=422)

    assert set(error) == {"code", "message", "fields"}
    assert error["code"] == "invalid"
    assert [one["code"] for one in error["fields"][field]] == [code]
    assert error["fields"][field][0]["message"]


def test_a_page_past_the_end_is_not_there(client: Client, index: CaseIndexPage) -> None:
    add_case(index)

    assert ask(client, "?page=2", status=404)["code"] == "not_found"


def test_errors_and_labels_are_english_when_asked(client: Client, index: CaseIndexPage) -> None:
    add_case(index, title_en="A mill", industry="chemical")
    english = {"Accept-Language": "en"}

    error = client.get(f"{URL}?q=x", headers=english).json()
    found = client.get(URL, headers=english).json()

    assert "One character finds too much" in error["fields"]["q"][0]["message"]
    assert found["cases"][0]["title"] == "A mill"
    assert found["facets"]["industry"][0]["label"] == "Chemicals"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client: Client, method: str) -> None:
    response = getattr(client, method)(URL)

    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"


def test_the_description_names_every_parameter(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/cases"]["get"]

    assert {one["name"] for one in described["parameters"]} == {"q", "sort", "page", *FACETS}


def test_nothing_but_the_public_facts_leaves(client: Client, index: CaseIndexPage) -> None:
    add_case(index, legal_basis="绝密依据", entity_name="某公司", facts=[("paragraph", "<p>全文</p>")])

    text = client.get(URL).content.decode()

    assert "绝密依据" not in text
    assert "全文" not in text


def test_queries_do_not_grow(client: Client, index: CaseIndexPage) -> None:
    def cost() -> int:
        ask(client)
        with CaptureQueriesContext(connection) as queries:
            ask(client)
        return len(queries)

    add_case(index)
    one = cost()
    for _ in range(9):
        add_case(index)

    assert cost() == one
    assert one <= 8
