"""The pages of where to look next: explained line by line, linked to their lists, the same on paper and in files."""

import csv
import re
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from complaints.enums import Result, Role, TipStatus
from complaints.models import AttentionWeights, AuditRow, Enterprise, InspectionCeiling, Tip
from complaints.services.duplicates import entity_keys, region_names
from tests.complaints.staff.conftest import People, at_desk
from tests.complaints.stats.rows import tips
from tests.complaints.test_attention import about
from tests.enterprise_steps import enterprise
from tests.factories import TODAY, TipFactory
from tests.fixtures import YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/statistics/where-to-look/"
YEAR = {"period": "2026"}


@pytest.fixture
def work(people: People, city: City) -> Enterprise:
    """Return an enterprise with three matters, one of them a major hazard, two retellings and one untrue tip."""
    entry = enterprise(city, risk_class="major")
    InspectionCeiling.objects.update_or_create(
        risk_class="major", effective_from=date(2020, 1, 1), defaults={"per_year": 4, "source": "x"}
    )
    lead = about(entry, many=2, unit=city.yanta, town_id=city.town_code)[0]
    about(entry, unit=city.yanta, kind="major_hazard")
    about(entry, many=2, unit=city.yanta, result="", status=TipStatus.MERGED, merged_into=lead)
    about(entry, unit=city.yanta, result=Result.FALSE)
    return entry


def get(user: User, path: str = "", **query: Any) -> HttpResponse:
    answer: HttpResponse = at_desk(user).get(PAGE + path, {**YEAR, **query})
    return answer


def text(user: User, path: str = "", **query: Any) -> str:
    answer = get(user, path, **query)
    assert answer.status_code == 200
    return answer.content.decode()


def lines(page: str) -> list[tuple[str, ...]]:
    """Return the cells of every line of every score, tags taken off."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert body is not None
    rows = re.findall(r"<tr.*?</tr>", body[1], re.DOTALL)
    return [
        tuple(re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)) for row in rows
    ]


def test_each_score_is_explained_line_by_line(work: Enterprise, people: People) -> None:
    page = text(people.officer)

    assert lines(page) == [
        ("查实的事项", "3", "10", "30"),
        ("其中重大事故隐患", "1", "10", "10"),
        ("同一单位再次查实", "2", "5", "10"),
        ("重复举报，已并案", "2", "不计分"),
        ("不属实或无法查证", "1", "不计分"),
    ]
    assert "<b>50</b> 分" in page
    assert "今年已检查 0 次，上限 4 次" in page
    assert f'href="/admin/enterprises/{work.pk}/"' in page


def test_every_line_leads_to_exactly_the_tips_it_counts(work: Enterprise, people: People) -> None:
    links = re.findall(
        r'href="(/admin/statistics/where-to-look/tips/[^"]+)">[^<]+</a></th><td class="n">(\d+)',
        text(people.officer),
    )

    assert len(links) == 5
    for url, count in links:
        shown = at_desk(people.officer).get(url.replace("&amp;", "&")).content.decode()
        expected = 3 if "line=repeat" in url else int(count)
        assert len(re.findall(r'<th scope="row"><a href="/admin/tips/', shown)) == expected, url
        assert f"共 {expected} 件" in shown


def test_the_lists_hold_what_lies_in_ones_scope_alone(work: Enterprise, people: People) -> None:
    asked = {"of": "enterprise", "key": str(work.pk), "line": "verified"}

    assert get(people.officer, "tips/", **asked).status_code == 200
    assert get(people.foreign, "tips/", **asked).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"period": "2026-13"}, {"period": "2199"}, {"of": "person"}, {"line": "inside_overdue"}, {"line": "nothing"},
        {"line": ""}, {"key": "999999"}, {"key": ""}, {"of": "industry", "key": "x"}, {"of": "town", "key": "x"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_not_there(work: Enterprise, people: People, query: dict[str, str]) -> None:
    whole = {"of": "enterprise", "key": str(work.pk), "line": "verified"}

    assert get(people.officer, "tips/", **{**whole, **query}).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "editor"])
def test_others_find_nothing_here(work: Enterprise, people: People, role: str) -> None:
    for path in ("", "print/", "tips/", "proposal.csv", "proposal.xlsx"):
        assert get(getattr(people, role), path).status_code in {302, 404}


@pytest.mark.parametrize("of", ["enterprise", "industry", "town"])
def test_each_subject_in_page_paper_and_files(work: Enterprise, people: People, of: str) -> None:
    for path in ("", "print/", "proposal.csv", "proposal.xlsx"):
        assert get(people.leader, path, of=of).status_code == 200


def test_an_empty_period_says_so(work: Enterprise, people: People) -> None:
    for path in ("", "print/"):
        assert "没有查实的事项" in text(people.officer, path, period="2025")


def test_the_files_say_what_the_page_says(work: Enterprise, people: People) -> None:
    rows = list(csv.reader(StringIO(get(people.officer, "proposal.csv").content.decode("utf-8-sig"))))
    book = load_workbook(BytesIO(get(people.officer, "proposal.xlsx").content))

    assert rows[2] == [
        "1", work.name, work.credit_code, "机械", "雁塔区", "", "重大风险", "今年已检查 0 次，上限 4 次", "50",
        "查实的事项 3、其中重大事故隐患 1、同一单位再次查实 2",
    ]  # fmt: skip
    first, second = book.worksheets
    assert [str(cell.value or "") for cell in first[3]] == rows[2]
    told = [tuple(str(cell.value) for cell in row[2:]) for row in second.iter_rows(min_row=2)]
    assert told[:3] == lines(text(people.officer))[:3]
    assert told[3:] == [("重复举报，已并案", "2", "0", "0"), ("不属实或无法查证", "1", "0", "0")]


def test_no_cell_is_run_as_a_formula(people: People, city: City) -> None:
    TipFactory(verified=True, entity_name='=HYPERLINK("http://x")', district=YANTA, town=city.town_code)

    rows = list(csv.reader(StringIO(get(people.officer, "proposal.csv").content.decode("utf-8-sig"))))
    book = load_workbook(BytesIO(get(people.officer, "proposal.xlsx").content))

    assert rows[2][1].startswith("'=")
    assert book.worksheets[0]["B3"].data_type == "s"
    assert book.worksheets[0]["B3"].value.startswith("'=")


def test_neither_page_nor_address_holds_a_blind_key(people: People, city: City) -> None:
    tip = TipFactory(verified=True, entity_name="无照作坊", district=YANTA, town=city.town_code)

    page = text(people.officer)

    assert f"key={tip.number}" in page
    assert bytes(tip.entity_key).hex() not in page
    assert bytes(entity_keys(name="无照作坊", code="", regions=region_names())[0]).hex() not in page


def test_a_look_and_an_export_are_logged(work: Enterprise, people: People) -> None:
    text(people.officer)

    assert AuditRow.objects.filter(actor=people.officer, action="read.attention").count() == 1


def test_the_page_costs_no_more_with_more_tips(work: Enterprise, people: People, city: City) -> None:
    client, costs = at_desk(people.leader), []
    for many in (1, 40):
        tips(
            many, unit=city.yanta, day=TODAY, result=Result.TRUE, industry="chemical",
            entity_key=str(many).encode().rjust(8), town_id=city.town_code,
        )  # fmt: skip
        client.get(PAGE, YEAR)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE, YEAR)
        costs.append(len(asked))

    assert costs[0] == costs[1]
    assert costs[0] <= 28


def test_weights_are_set_as_dated_rows_by_the_system_administrator_alone(people: People, city: City) -> None:
    values = {
        "effective_from": "2099-01-01", "source": "市局文件", "verified": "1", "major_hazard": "2", "concealed": "3",
        "death": "4", "repeat": "5", "inside_overdue": "6", "inside_turned": "7",
    }  # fmt: skip
    at_desk(people.administrator).post("/admin/attention_weights/new/", values)
    at_desk(people.leader).post("/admin/attention_weights/new/", {**values, "effective_from": "2099-02-01"})

    row = AttentionWeights.objects.get()
    assert list(row.weights.values()) == [1, 2, 3, 4, 5, 6, 7]
    assert AuditRow.objects.filter(action="attentionweights.added", actor=people.administrator).count() == 1


@pytest.mark.parametrize("wrong", [{"effective_from": "2026-01-01"}, {"verified": "101"}, {"verified": "-1"}])
def test_weights_that_cannot_be(people: People, wrong: dict[str, str]) -> None:
    values = {
        "effective_from": "2099-01-01", "source": "x", "verified": "1", "major_hazard": "2", "concealed": "3",
        "death": "4", "repeat": "5", "inside_overdue": "6", "inside_turned": "7",
    }  # fmt: skip
    answer = at_desk(people.administrator).post("/admin/attention_weights/new/", {**values, **wrong})

    assert answer.status_code == 200
    assert not AttentionWeights.objects.exists()


def test_a_score_sheet_that_cannot_be_read_is_refused_by_its_line(people: People, city: City) -> None:
    client = at_desk(people.administrator)
    assert "受理审查及时" in client.get("/admin/review_sheets/new/").content.decode()

    values = {"effective_from": "2099-01-01", "source": "x", "items": "a | 10 | 甲 | 乙\nb | 10 | 甲"}
    answer = client.post("/admin/review_sheets/new/", values)

    assert "第 2 行写法不对" in answer.content.decode()


def test_of_an_auditor(work: Enterprise, people: People, city: City) -> None:
    auditor = staff(Role.AUDITOR, office=city.yanta, username="shenji2")

    assert work.name in text(auditor)
    assert Tip.objects.count() == 6
