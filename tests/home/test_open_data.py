"""Open data of a period: CSV, workbook and JSON say what the page says, in plain numbers, with a dictionary of all."""

import csv
import re
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from complaints.enums import Result
from complaints.models import Division, PeriodReport
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from complaints.stats.frozen import digest_of
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City, city, vault

from .bulletin_steps import close, typed_sheets, work

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db
AT = noon(date(2026, 4, 10))
HEAD = [
    "统计期", "表代码", "表格", "代码", "名称", "数值", "未列出", "至少", "至多", "单位代码", "单位",
    "上年同期报表", "上年同期数值", "上年同期未列出", "口径", "依据",
]  # fmt: skip


@pytest.fixture
def closed(city: City) -> City:
    """Return a city with the same month closed in two years."""
    rows = tips(61, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA, operations=["dust", "gas"])
    tips(32, unit=city.lianhu, day=date(2026, 3, 9), district_id=LIANHU)
    conclude(rows[:35], started=date(2026, 1, 10), days=60)
    conclude(rows[35:55], started=date(2026, 1, 10), days=61, result=Result.FALSE)
    tips(36, unit=city.yanta, day=date(2025, 3, 9), district_id=YANTA)
    close("2025-03", "2026-03")
    return city


def store_large_month() -> None:
    """Store the report of a month of a large city: more than a thousand tips, an amount with cents."""
    cells = PeriodReport.objects.get(code="2026-03").shown["cells"]
    cells |= {"district": {YANTA: 1101, LIANHU: 32, "total": 1133}, "fines": {"total": 1020}}
    row = PeriodReport(code="2026-04", kind="month", start_date=date(2026, 4, 1), end_date=date(2026, 4, 30))
    row.frozen_at, row.figures = noon(date(2026, 5, 10)), {}
    row.shown = {"cells": cells, "stages": {}, "fine_amount": "1234567.80", "months": []}
    row.digest = digest_of(row)
    row.save()


def fetch(client: Client, **query: str) -> Any:
    response = client.get("/figures/", query)
    assert response.status_code == 200
    return response


def rows_of(client: Client, **query: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows of the CSV by table and code."""
    response = fetch(client, format="csv", **query)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    table = csv.DictReader(StringIO(response.content.decode("utf-8-sig")))
    rows = list(table)
    assert table.fieldnames == HEAD
    found = {(row["表代码"], row["代码"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def json_rows(client: Client, period: str) -> dict[tuple[str, str], tuple[Any, Any, Any, Any]]:
    """Return what the interface tells by table and code: value, hidden, value and hidden a year before."""
    body = client.get("/api/v1/figures", {"period": period}).json()
    lists = {name: body[name] for name in ("figures", "rates", "amounts")} | body["tables"]
    found = {
        (table, one["code"]): (
            one["value"], one["hidden"], one["value_year_before"], one["hidden_year_before"]
        )
        for table, ones in lists.items()
        for one in ones
    }  # fmt: skip
    for one in body["stages"]:
        found |= {
            (name, one["code"]): (one[name], None, one[f"{name}_year_before"], None)
            for name in ("median", "p90")
        }
    for month in body["months"]:
        for name in ("received", "concluded"):
            cell = month[name]
            assert cell["code"] == month["code"]
            found[f"months_{name}", month["code"]] = (cell["value"], cell["hidden"], None, None)
    return found


def number(text: Any) -> Decimal | None:
    """Return what a cell says; a workbook keeps sixteen digits, of 97.1 it keeps 97.09999999999999."""
    return None if text in {"", None} else round(Decimal(str(text)), 2)


def test_numbers_have_no_separators(closed: City, client: Client) -> None:
    store_large_month()
    page = fetch(client, period="2026-04").content.decode()

    rows = rows_of(client, period="2026-04")

    assert "1,133" in page
    assert rows["figures", "received"]["数值"] == "1133"
    assert rows["district", YANTA]["数值"] == "1101"
    assert rows["amounts", "fine_amount"]["数值"] == "1234567.80"
    assert not [row for row in rows.values() if "," in row["数值"] + row["上年同期数值"]]


def test_rates_amount_and_the_year_before_are_there(closed: City, client: Client) -> None:
    rows = rows_of(client, period="2026-03")

    received = rows["figures", "received"]
    assert (received["统计期"], received["上年同期报表"], received["上年同期数值"]) == (
        "2026-03-1",
        "2025-03-1",
        "36",
    )
    assert received["口径"] == "本期内收到的举报，不论后来怎样办理。"
    share = rows["rates", "on_time_share"]
    assert (share["数值"], share["单位"], share["单位代码"]) == ("63.6", "%", "percent")
    assert (share["上年同期数值"], share["上年同期未列出"]) == ("", "apart")
    amount = rows["amounts", "fine_amount"]
    assert (amount["数值"], amount["未列出"], amount["单位"]) == ("", "apart", "元")


def test_before_a_year_is_closed_its_column_is_empty(city: City, client: Client) -> None:
    tips(40, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA)
    close("2026-03")

    rows = rows_of(client, period="2026-03")

    assert {(row["上年同期报表"], row["上年同期数值"], row["上年同期未列出"]) for row in rows.values()} == {
        ("", "", "")
    }


def test_a_hidden_number_has_its_mark_and_no_number(city: City, client: Client) -> None:
    tips(40, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA)
    tips(3, unit=city.lianhu, day=date(2026, 3, 9), district_id=LIANHU)
    tips(2, unit=city.lianhu, day=date(2025, 3, 9), district_id=LIANHU)
    close("2025-03", "2026-03")

    rows = rows_of(client, period="2026-03")

    assert (rows["district", LIANHU]["数值"], rows["district", LIANHU]["未列出"]) == ("", "few")
    assert (rows["district", YANTA]["数值"], rows["district", YANTA]["未列出"]) == ("", "apart")
    assert (rows["figures", "received"]["上年同期数值"], rows["figures", "received"]["上年同期未列出"]) == (
        "",
        "few",
    )
    for row in rows.values():
        assert (row["数值"] == "") == (row["未列出"] != ""), row


def test_table_workbook_and_interface_say_the_same(closed: City, client: Client) -> None:
    """Round trip: whatever is taken along tells the same numbers, hides the same ones."""
    rows, told = rows_of(client, period="2026-03"), json_rows(client, "2026-03")
    book = typed_sheets(fetch(client, format="xlsx", period="2026-03").content)
    head, *lines = book["数据"]
    sheet = {(line[1], line[3]): dict(zip(head, [*line, *[""] * len(head)], strict=False)) for line in lines}

    assert head == HEAD
    assert set(rows) == set(told) == set(sheet)
    for at, row in rows.items():
        value, hidden, before, hidden_before = told[at]
        assert number(row["数值"]) == number(value) == number(sheet[at]["数值"]), at
        assert number(row["上年同期数值"]) == number(before) == number(sheet[at]["上年同期数值"]), at
        assert (row["未列出"], row["上年同期未列出"]) == (hidden or "", hidden_before or ""), at
        assert row["未列出"] == sheet[at]["未列出"], at
        assert isinstance(sheet[at]["数值"], Decimal) == (value is not None), at


def test_the_page_says_what_is_taken_along(closed: City, client: Client) -> None:
    page = fetch(client, period="2026-03").content.decode()
    rows = rows_of(client, period="2026-03")

    table = page.partition('class="all-figs"')[2].partition("</table>")[0]
    shown = dict(re.findall(r'<th scope="row">([^<]*)</th><td class="n">([^<]*)</td>', table))
    figures = {row["名称"]: row for (name, _code), row in rows.items() if name == "figures"}
    assert set(figures) <= set(shown)
    for name, row in figures.items():
        words = {"": f"{int(row['数值'] or 0):,}", "few": "少于 5", "apart": "不单列"}[row["未列出"]]
        assert shown[name] == words, name
    assert f"{rows['rates', 'on_time_share']['数值']}<small>%" in page


def test_the_same_content_has_the_same_bytes(closed: City, client: Client) -> None:
    first = fetch(client, format="xlsx", period="2026-03")
    again = fetch(Client(), format="xlsx", period="2026-03")

    assert first.content == again.content
    assert first.headers["Content-Disposition"] == 'attachment; filename="figures-2026-03-1.xlsx"'
    assert first.headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_codes_are_the_same_in_english(closed: City, client: Client) -> None:
    chinese = rows_of(client, period="2026-03")
    client.cookies["lang"] = "en"
    rows = list(
        csv.DictReader(StringIO(fetch(client, format="csv", period="2026-03").content.decode("utf-8-sig")))
    )

    assert [(row["Table code"], row["Code"], row["Value"]) for row in rows] == [
        (*at, row["数值"]) for at, row in chinese.items()
    ]
    assert next(row["Name"] for row in rows if row["Code"] == "received") == "Received"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_name_runs_as_a_formula(closed: City, client: Client, kind: str) -> None:
    Division.objects.filter(code=YANTA).update(name="=HYPERLINK(1)")

    content = fetch(client, format=kind, period="2026-03").content

    if kind == "csv":
        cells = [cell for row in csv.reader(StringIO(content.decode("utf-8-sig"))) for cell in row]
    else:
        cells = [str(cell) for rows in typed_sheets(content).values() for row in rows for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("code", ["2026-04", "x", "", "2026", "%00"])
def test_a_period_that_is_not_closed_has_no_file(closed: City, client: Client, kind: str, code: str) -> None:
    assert client.get("/figures/", {"period": code, "format": kind}).status_code == 404


def test_the_page_leads_to_every_form(closed: City, client: Client) -> None:
    page = fetch(client).content.decode()
    part = page.partition('id="open-data"')[2].partition("</section>")[0]
    links = re.findall(r'<a [^>]*href="([^"]+)"', part)

    assert "CC BY 4.0" in page
    assert len(links) == 4
    kinds = set()
    for link in links:
        url = link.replace("&amp;", "&")
        answer = client.get(url if url.startswith("/") else f"/figures/{url}")
        assert answer.status_code == 200, url
        kinds.add(answer.headers["Content-Type"].partition(";")[0])
    assert kinds == {
        "text/csv", "application/json", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }  # fmt: skip


# --- the dictionary ---------------------------------------------------------------------------------------------


def explained(client: Client) -> dict[tuple[str, str], list[str]]:
    text = fetch(client, format="dictionary").content.decode("utf-8-sig")
    head, *rows = list(csv.reader(StringIO(text)))
    assert head == ["列表代码", "列表", "代码", "名称", "口径", "单位", "依据"]
    found = {(row[0], row[2]): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_the_dictionary_explains_every_code_of_table_and_interface(closed: City, client: Client) -> None:
    known, rows, told = explained(client), rows_of(client, period="2026-03"), json_rows(client, "2026-03")

    for table, code in {*rows, *told}:
        assert ("table", table) in known, table
        if table in {"figures", "rates", "amounts", "median", "p90"}:
            row = known["figure", code]
            assert row[4], code
            assert row[6], code
        elif not table.startswith("months"):
            assert known[table, code][3], (table, code)
    for row in rows.values():
        assert ("unit", row["单位代码"]) in known
        assert {("hidden", mark) for mark in (row["未列出"], row["上年同期未列出"]) if mark} <= set(known)


def test_the_dictionary_explains_every_column(closed: City, client: Client) -> None:
    columns = [row for (table, _code), row in explained(client).items() if table == "column"]

    assert [row[3] for row in columns] == HEAD
    assert all(row[4] for row in columns)


@pytest.mark.parametrize(
    ("table", "code", "name"),
    [
        ("district", LIANHU, "莲湖区"),
        ("kind", "major_hazard", "重大事故隐患"),
        ("industry", "chemical", "化工"),
        ("operation", "confined_space", "有限空间"),
        ("timing", "late", "超期办结"),
        ("figure", "fine_amount", "罚款金额"),
        ("figure", "verified_share", "查实率"),
        ("hidden", "few", "少于 5"),
        ("hidden", "withheld", "不单列"),
    ],
)
def test_what_the_dictionary_says(closed: City, client: Client, table: str, code: str, name: str) -> None:
    assert name in explained(client)[table, code][3]


def test_without_a_closed_period_there_is_a_dictionary_all_the_same(city: City, client: Client) -> None:
    assert 'id="open-data"' not in fetch(client).content.decode()
    assert ("figure", "received") in explained(client)


def test_a_correction_of_the_year_before_is_told_with_its_number(closed: City, client: Client) -> None:
    tips(4, unit=closed.yanta, day=date(2025, 3, 10), district_id=YANTA)
    freeze(span=span_of("2025-03"), at=AT, reason="补录四件")

    row = rows_of(client, period="2026-03")["figures", "received"]

    assert (row["上年同期报表"], row["上年同期数值"]) == ("2025-03-2", "40")


def test_the_quarter_adds_up_to_its_months(city: City, client: Client) -> None:
    work(city, year=2026)
    close("2026Q1")

    quarter = rows_of(client, period="2026Q1")
    months = [rows_of(client, period=f"2026-0{n}")["figures", "received"]["数值"] for n in (1, 2, 3)]

    assert int(quarter["figures", "received"]["数值"]) == sum(map(int, months))
    assert [quarter["months_received", f"2026-0{n}"]["数值"] for n in (1, 2, 3)] == months
