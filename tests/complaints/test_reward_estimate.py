"""One question, one answer: the command, the API and the public page work out the same amount and refuse the same."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from complaints.models import AuditRow, RewardPolicy
from complaints.rules.reward_question import FIELDS
from tests.fixtures import City

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
API = "/api/v1/reward-estimate"
VECTORS: dict[str, tuple[dict[str, Any], str]] = {
    "R1": ({"kind": "violation", "fine": ["12000"]}, "3000.00"),
    "R2": ({"kind": "violation", "fine": ["20000"]}, "3000.00"),
    "R3": ({"kind": "major_hazard", "fine": ["100000"]}, "15000.00"),
    "R4": ({"kind": "violation", "fine": ["2000000", "150,000"]}, "300000.00"),
    "R5": ({"kind": "concealed_accident", "dead": "4", "concealed": "4"}, "160000.00"),
    "R6a": ({"kind": "concealed_accident", "dead": "2", "concealed": "2"}, "60000.00"),
    "R6b": ({"kind": "concealed_accident", "dead": "12", "concealed": "12"}, "300000.00"),
    "R7": ({"kind": "concealed_accident", "dead": "10", "concealed": "3"}, "150000.00"),
    "R8": ({"kind": "violation", "fine": ["2150000"], "employee": "1", "policy": "xiamen"}, "390000.00"),
    "R9a": ({"kind": "violation", "fine": ["100000"], "duty_related": "1"}, "0.00"),
    "R9b": ({"kind": "violation", "fine": ["100000"], "already_known": "1"}, "0.00"),
    "R10": ({"kind": "violation", "fine": ["100000"], "not_first": "1"}, "0.00"),
    "general": ({"kind": "general_hazard", "policy": "shenzhen"}, "500.00"),
    "second level": (
        {"kind": "violation", "fine": ["100000"], "level": "second", "policy": "mining"},
        "12000.00",
    ),
    "no fine": ({"kind": "violation"}, "3000.00"),
}
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no kind": ({"fine": ["1"]}, "kind", "missing"),
    "other kind": ({"kind": "murder"}, "kind", "unknown_code"),
    "negative": ({"kind": "violation", "fine": ["-1"]}, "fine", "negative_fine"),
    "not a number": ({"kind": "violation", "fine": ["NaN"]}, "fine", "bad_number"),
    "words": ({"kind": "violation", "fine": ["ten"]}, "fine", "bad_number"),
    "decimal comma": ({"kind": "violation", "fine": ["1,5"]}, "fine", "bad_number"),
    "absurd": ({"kind": "violation", "fine": ["1e40"]}, "fine", "absurd_amount"),
    "very long": ({"kind": "violation", "fine": ["9" * 5000]}, "fine", "bad_number"),
    "no concealed": ({"kind": "concealed_accident", "dead": "4", "concealed": "0"}, "concealed", "no_concealed"),
    "more concealed": ({"kind": "concealed_accident", "dead": "1", "concealed": "2"}, "concealed", "more_concealed"),
    "deaths of a breach": ({"kind": "violation", "dead": "1"}, "dead", "only_accident"),
    "half a death": ({"kind": "concealed_accident", "dead": "1.5", "concealed": "1"}, "dead", "bad_number"),
    "no level": ({"kind": "violation", "level": "second"}, "level", "level_not_set"),
    "no such rule": ({"kind": "violation", "policy": "atlantis"}, "policy", "unknown_policy"),
    "before any rule": ({"kind": "violation", "on": "2017-12-31"}, "on", "no_policy"),
    "before this rule": ({"kind": "violation", "on": "2019-01-01", "policy": "xiamen"}, "on", "no_policy"),
    "no day": ({"kind": "violation", "on": "yesterday"}, "on", "bad_date"),
    "nobody signed": ({"kind": "violation", "signatories": "0"}, "signatories", "bad_signatories"),
}  # fmt: skip


def printed(values: dict[str, Any]) -> list[str]:
    arguments = []
    for name, value in values.items():
        option = f"--{name.replace('_', '-')}"
        if name in {"employee", "duty_related", "already_known", "not_first"}:
            arguments.append(option)
        else:
            given_values = value if isinstance(value, list) else [value]
            arguments += [f"{option}={one}" for one in given_values]
    out = StringIO()
    call_command("reward", *arguments, stdout=out)
    return out.getvalue().splitlines()


def on_page(client: Client, values: dict[str, Any]) -> BeautifulSoup:
    answer = client.post("/reward/", values)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return BeautifulSoup(answer.content, "html.parser")


# --- the same amount ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS)
def test_command_api_and_page_answer_the_same(client: Client, city: City, vector: str) -> None:
    values, yuan = VECTORS[vector]

    told = client.get(API, values).json()
    page = on_page(client, values)

    assert printed(values)[0] == f"{yuan} 元"
    assert told["amount"] == yuan
    if told["reason"]:
        assert told["reason_text"] in page.select_one("#answer").get_text()
        assert not page.select(".reward-amount")
    else:
        assert page.select_one(".reward-amount b").get_text() == f"{Decimal(yuan):,.2f}"
        assert page.select("#answer tr.total td.num")[0].get_text() == f"{Decimal(yuan):,.2f}"


def test_the_last_line_is_the_amount_and_each_line_is_explained(client: Client) -> None:
    told = client.get(
        API, {"kind": "violation", "fine": ["86500", "9500"], "employee": "1", "policy": "xiamen"}
    ).json()

    assert [line["step"] for line in told["lines"]] == ["fines", "rate", "floor", "cap", "uplift", "total"]
    assert told["lines"][-1]["amount"] == told["amount"] == "18720.00"
    assert told["lines"][0]["how"] == "86,500 元 + 9,500 元，各项罚款合计"
    assert told["lines"][1]["how"] == "罚款的 15%"
    assert told["lines"][3]["how"] == "300,000 元，未触及"
    assert told["lines"][4]["source"] == "从业人员上浮 30%，先限额后上浮"
    assert (told["policy"]["code"], told["policy"]["name"], told["currency"]) == ("xiamen", "厦门市", "CNY")
    assert "不是承诺" in told["notice"]


@pytest.mark.parametrize(
    ("values", "how"),
    [
        ({"kind": "violation", "fine": ["1000"]}, "3,000 元，按此计"),
        ({"kind": "concealed_accident", "dead": "4", "concealed": "4"}, "查实瞒报谎报 4 人 × 40,000 元"),
        ({"kind": "general_hazard", "policy": "longhua"}, "每类每月最多 1,000 元，本月此前已奖 0 元"),
        ({"kind": "violation"}, "没有罚款，按规则为此定的金额"),
        ({"kind": "violation", "fine": ["100000"], "signatories": "2"}, "发给第一署名人：15,000.00 + 0.00 元"),
        ({"kind": "violation", "not_first": "1"}, "同一事项已有他人先举报"),
    ],
)  # fmt: skip
def test_lines_are_in_words(client: Client, values: dict[str, Any], how: str) -> None:
    lines = client.get(API, values).json()["lines"]

    assert how in [line["how"] for line in lines]


def test_it_is_told_in_english_as_well(client: Client) -> None:
    told = client.get(
        API, {"kind": "violation", "fine": ["100000"]}, headers={"Accept-Language": "en"}
    ).json()

    assert told["lines"][1]["how"] == "15 % of the fine"
    assert told["policy"]["name"] == "The whole country"


def test_the_rule_of_the_city_counts_where_none_is_named(client: Client, city: City) -> None:
    assert client.get(API, {"kind": "violation"}).json()["policy"]["code"] == "xian"
    assert client.get(API, {"kind": "violation", "on": "2019-06-01"}).json()["policy"]["code"] == "national"


# --- the same refusal ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", REFUSED)
def test_command_api_and_page_refuse_the_same(client: Client, case: str) -> None:
    values, field, code = REFUSED[case]

    told = client.get(API, values)
    page = client.post("/reward/", values)

    assert (told.status_code, page.status_code) == (422, 422)
    assert [one["code"] for one in told.json()["fields"][field]] == [code]
    sentence = told.json()["fields"][field][0]["message"]
    assert sentence in page.content.decode()
    assert 'class="reward-amount"' not in page.content.decode()
    if "kind" in values:
        with pytest.raises(CommandError) as refused:
            printed(values)
        assert sentence in str(refused.value)


@pytest.mark.parametrize("name", ["fines", "amount", "KIND", "x" * 300])
def test_unknown_names_are_refused(client: Client, name: str) -> None:
    told = client.get(API, {"kind": "violation", name: "1"})

    assert told.status_code == 422
    assert [one["code"] for found in told.json()["fields"].values() for one in found] == ["unknown_field"]
    assert client.post("/reward/", {"kind": "violation", name: "1"}).status_code == 422


def test_a_value_twice_is_refused(client: Client) -> None:
    told = client.get(API, {"kind": ["violation", "major_hazard"]})

    assert told.status_code == 422
    assert "kind" in told.json()["fields"]


def test_two_rules_at_once_give_no_amount(client: Client) -> None:
    row = RewardPolicy.objects.get(code="national")
    row.pk, row.code, row.effective_from = None, "twin", row.effective_from.replace(day=5)
    row.save()

    told = client.get(API, {"kind": "violation"})

    assert told.status_code == 422
    assert told.json()["fields"]["on"][0]["code"] == "policies_overlap"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from(sorted(FIELDS)) | st.text(max_size=8),
        st.lists(st.text(max_size=12) | st.sampled_from(["violation", "1", "true", "-5", "NaN"]), max_size=3),
        max_size=6,
    )
)
def test_nothing_makes_it_fail(client: Client, values: dict[str, Any]) -> None:
    from django.core.cache import cache

    cache.clear()
    told = client.get(API, values)
    page = client.post("/reward/", values)

    assert told.status_code in {200, 422}
    assert page.status_code in {200, 422}
    assert set(told.json()) >= ({"amount"} if told.status_code == 200 else {"code", "message", "fields"})


# --- the doors ----------------------------------------------------------------------------------------------------


def test_the_page_keeps_what_was_typed_and_stores_nothing(client: Client) -> None:
    before = AuditRow.objects.count()

    page = on_page(client, {"kind": "violation", "fine": ["100000", "", "250000.50"], "employee": "1"})

    fines = [one["value"] for one in page.select("input[name=fine]")]
    assert fines == ["100000", "250000.50", ""]
    assert page.select_one("input[name=kind][value=violation]").has_attr("checked")
    assert page.select_one("input[name=employee]").has_attr("checked")
    assert AuditRow.objects.count() == before
    assert not client.cookies


def test_what_is_wrong_is_named_at_its_field(client: Client) -> None:
    answer = client.post("/reward/", {"kind": "violation", "fine": "ten", "on": "x"})
    page = BeautifulSoup(answer.content, "html.parser")

    links = [one["href"] for one in page.select(".errors a")]
    assert links == ["#fine", "#on"]
    assert all(page.select_one(link) for link in links)
    assert page.select_one("#fine")["aria-describedby"] == "fine-e"
    assert page.select_one("details.fold").has_attr("open")


def test_the_page_is_linked_and_asks_nothing_of_a_forged_post(client: Client) -> None:
    assert client.get("/reward/").status_code == 200
    assert 'href="/reward/"' in client.get("/status/").content.decode()
    assert client.post("/reward/", {}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/reward/")["Cache-Control"] == "no-store, private"


def test_queries_do_not_grow_with_rules(
    client: Client, city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        client.get(API, {"kind": "violation"})


def test_a_machine_without_a_database_answers_by_the_shipped_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("complaints.models.RewardPolicy.objects.in_force", broken)

    lines = printed({"kind": "violation", "fine": ["100000"]})

    assert lines[0] == "15000.00 元"
    assert any("数据库读不到" in line for line in lines)


def test_an_empty_database_answers_as_well(tmp_path: Path) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings.dev"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "reward", "--kind", "violation", "--fine", "100000"]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.stdout.splitlines()[0] == "15000.00 元", done.stderr


def test_openapi_describes_every_name(client: Client) -> None:
    document = json.loads(client.get("/api/v1/openapi.json").content)

    parameters = document["paths"]["/api/v1/reward-estimate"]["get"]["parameters"]
    assert {one["name"] for one in parameters} == set(FIELDS)
    assert [one["name"] for one in parameters if one["required"]] == ["kind"]
