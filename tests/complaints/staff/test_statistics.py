"""Statistics at the desk: one's own units alone, the same numbers on page, in files and on paper; closing a period."""

import csv
import json
import re
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from complaints.enums import Role
from complaints.models import AuditRow, PeriodReport, Tip
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from complaints.staff.statistics import asked, panel
from complaints.stats import frozen
from complaints.stats.definitions import FIGURES, STAGES
from complaints.stats.report import Month
from tests.complaints.staff.conftest import People, at_desk, once_more, stale
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/statistics/"
MARCH = {"period": "2026-03"}


@pytest.fixture
def work(people: People, city: City) -> City:
    """Return a city with work in two districts."""
    rows = tips(34, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA, kind="major_hazard")
    conclude(rows[:30], started=date(2026, 3, 1), days=12)
    tips(8, unit=city.yanta, day=date(2025, 3, 9), district_id=YANTA)
    tips(21, unit=city.lianhu, day=date(2026, 3, 10), district_id=LIANHU)
    tips(3, unit=city.town, day=date(2026, 3, 10), district_id=YANTA)
    return city


@pytest.fixture
def boss(city: City) -> User:
    """Return who leads the city's unit."""
    return staff(Role.LEADER, office=city.city, username="juzhang")


def get(user: User, path: str = "", **query: Any) -> HttpResponse:
    answer: HttpResponse = at_desk(user).get(PAGE + path, {**MARCH, **query})
    return answer


def figure(page: str, name: str) -> list[str]:
    """Return the cells of one figure: now, a year before, change, the period before, change."""
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells(page, name)]


def cells(page: str, name: str) -> list[str]:
    """Return the same cells with their links."""
    row = re.search(rf'<th scope="row"><(\w+)[^>]* title="[^"]*">{name}</\1>.*?</th>(.*?)</tr>', page)
    assert row is not None, name
    return re.findall(r'<td class="n"[^>]*>(.*?)</td>', row[2])


def text(user: User, **query: Any) -> str:
    answer = get(user, **query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_figures_of_the_own_unit_with_those_below(work: City, people: People) -> None:
    page = text(people.officer)

    assert figure(page, "收到") == ["37", "8", "+362.5%", "0", ""]
    assert figure(page, "办结")[0] == "30"
    assert figure(page, "按期办结率")[0] == "100.0%"


def test_another_unit_counts_its_own(work: City, people: People) -> None:
    assert figure(text(people.foreign), "收到")[0] == "21"
    assert figure(text(people.town_officer), "收到")[0] == "3"


def test_the_city_counts_everything_or_one_unit(work: City, people: People) -> None:
    assert figure(text(people.city_officer), "收到")[0] == "58"
    assert figure(text(people.city_officer, unit=work.lianhu.pk), "收到")[0] == "21"
    assert figure(text(people.city_officer, unit=work.yanta.pk), "收到")[0] == "37"


@pytest.mark.parametrize("role", ["administrator", "editor"])
def test_others_find_nothing_here(work: City, people: People, role: str) -> None:
    for path in ("", "print/", "figures.csv", "figures.xlsx"):
        assert get(getattr(people, role), path).status_code in {302, 404}


@pytest.mark.parametrize(
    "query",
    [
        {"period": "2026-13"},
        {"period": "x"},
        {"period": "2199"},
        {"by": "name"},
        {"unit": "x"},
        {"unit": "999999"},
    ],
)
def test_what_cannot_be_asked_is_not_there(work: City, people: People, query: dict[str, str]) -> None:
    for path in ("", "print/", "figures.csv", "figures.xlsx"):
        assert get(people.officer, path, **query).status_code == 404


@pytest.mark.parametrize(
    ("path", "query", "leads_to"),
    [
        ("", {"period": "2026-13"}, "/admin/statistics/?period="),
        ("print/", {"period": "x"}, "/admin/statistics/?period="),
        ("figures.xlsx", {"period": "2199"}, "/admin/statistics/?period="),
        ("dashboard/", {"period": "2199-01"}, "/admin/statistics/dashboard/?period="),
        ("dashboard/tips/", {"period": "x", "figure": "late"}, "/admin/statistics/dashboard/?period="),
        ("where-to-look/", {"period": "x"}, "/admin/statistics/where-to-look/?period="),
        ("evaluation/", {"year": "2026-03"}, "/admin/statistics/evaluation/?year="),
        ("evaluation/", {"year": "<b>"}, "/admin/statistics/evaluation/?year="),
    ],
)
def test_a_period_that_is_not_there_leads_to_those_that_are(
    work: City, people: People, path: str, query: dict[str, str], leads_to: str
) -> None:
    """At the desk, in words, with the status it has to have; what was typed is not repeated."""
    answer = get(people.officer, path, **query)
    page = answer.content.decode()

    assert answer.status_code == 404
    assert "没有这个统计期" in page
    assert "data-wagtail-sidebar" in page or "wagtail-sidebar" in page
    links = re.findall(rf'href="{re.escape(leads_to)}([^"]+)"', page)
    assert str(timezone.localdate().year) in links
    assert at_desk(people.officer).get(f"{leads_to}{links[-1]}").status_code == 200
    assert "<b>" not in page.partition('class="as-stats"')[2].partition("</main>")[0]


def test_a_period_to_come_is_named(work: City, people: People) -> None:
    assert "2199 年全年还没有开始" in get(people.officer, period="2199").content.decode()


def test_a_foreign_unit_is_out_of_reach(work: City, people: People) -> None:
    for path in ("", "print/", "figures.csv", "figures.xlsx"):
        assert get(people.officer, path, unit=work.lianhu.pk).status_code == 404


@pytest.mark.parametrize(
    "by", ["unit", "district", "kind", "industry", "operation", "channel", "identity", "month"]
)
def test_every_split(work: City, people: People, by: str) -> None:
    page = text(people.city_officer, by=by)

    assert f'<option value="{by}" selected>' in page


def test_units_are_compared_from_twenty_on(work: City, people: People) -> None:
    page = text(people.city_officer, by="unit").partition('id="stats-split"')[2]

    names = re.findall(r'<tr><th scope="row">([^<]+)</th>', page)[:3]
    assert names == ["雁塔区应急管理局", "莲湖区应急管理局 *", "街道应急办 *"]


def test_definitions_stand_on_the_page_and_at_the_numbers(work: City, people: People) -> None:
    page = text(people.officer)

    assert 'title="本期内收到的举报，不论后来怎样办理。 工作要点 第7条"' in page
    assert all(f"<dd>{one.definition} <small>" in page for one in (*FIGURES, *STAGES))


def test_the_chart_has_its_table_and_no_style(work: City, people: People) -> None:
    page = text(people.officer)

    assert (
        '<svg class="as-columns as-columns--wide" viewBox="0 0 1120 300" role="img" aria-label="每月收到和办结的件数'
        in page
    )
    assert '<th scope="row">2026 年 3 月</th><td class="n">37</td><td class="n">30</td>' in page
    assert "style=" not in page.partition("as-stats")[2].partition("</main>")[0]


def test_without_any_tip(people: People, city: City) -> None:
    page = text(people.officer)

    assert figure(page, "收到") == ["0", "0", "", "0", ""]
    assert figure(page, "查实率")[0] == "—"
    assert "本期没有数据可分组" in page


# --- from a number to its tips -----------------------------------------------------------------------------------


def listed(user: User, cell: str) -> int:
    """Return how many tips the list behind a cell says it has."""
    link = re.search(r'href="([^"]+)"', cell)
    assert link is not None, cell
    found = re.search(r"共 ([\d,]+) 件", at_desk(user).get(link[1].replace("&amp;", "&")).content.decode())
    assert found is not None
    return int(found[1].replace(",", ""))


def test_numbers_lead_to_as_many_tips_as_they_count(work: City, people: People) -> None:
    page = text(people.officer)

    for name in ("收到", "办结", "按期办结"):
        for cell in cells(page, name)[:2]:
            many = int(re.sub(r"<[^>]+>", "", cell))
            assert ("<a " in cell) == (many > 0), name
            assert not many or listed(people.officer, cell) == many, name
    assert listed(people.officer, cells(page, "按期办结率")[0]) == 0
    assert "<a " not in cells(page, "查实率")[0]


@pytest.mark.parametrize("by", ["unit", "district", "kind", "industry", "channel", "identity", "month"])
def test_rows_of_a_split_lead_to_their_own_tips(work: City, people: People, by: str) -> None:
    table = text(people.city_officer, by=by).partition('id="stats-split"')[2].partition("</table>")[0]

    firsts = re.findall(r'<th scope="row">[^<]+</th><td class="n">(<a .*?</a>)</td>', table)

    assert sum(listed(people.city_officer, cell) for cell in firsts) == 58
    assert all(listed(people.city_officer, cell) == int(re.sub(r"<[^>]+>", "", cell)) for cell in firsts)


def test_a_list_leads_back_to_the_statistics(work: City, people: People) -> None:
    link = re.search(r'href="([^"]+)"', cells(text(people.officer), "收到")[0])
    assert link is not None

    page = at_desk(people.officer).get(link[1].replace("&amp;", "&")).content.decode()

    assert 'href="/admin/statistics/?period=2026-03&amp;unit="' in page


# --- files -----------------------------------------------------------------------------------------------------------


def csv_rows(user: User, **query: Any) -> list[dict[str, str]]:
    content = get(user, "figures.csv", **query).content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(content)))


def test_the_table_says_what_the_page_says(work: City, people: People) -> None:
    rows = csv_rows(people.city_officer, by="unit")

    whole = {row["指标"]: row for row in rows if row["分组项"] == "合计"}
    assert whole["收到"]["数值"] == "58"
    assert whole["收到"]["口径"] == "本期内收到的举报，不论后来怎样办理。"
    assert [row["数值"] for row in rows if row["分组项"] == "莲湖区应急管理局" and row["指标"] == "收到"] == [
        "21"
    ]


def test_the_workbook_is_read_by_a_library(work: City, people: People) -> None:
    answer = get(people.city_officer, "figures.xlsx", by="unit")
    book = load_workbook(BytesIO(answer.content), read_only=True)

    whole, stages, split, words = (list(sheet.values) for sheet in book.worksheets)
    assert ["收到", 58, 8, 625, "件", None, 0, None, None] in [list(row) for row in whole]
    assert ["受理到办结", 12, 12, 30, "天"] in [list(row) for row in stages]
    assert "莲湖区应急管理局" in [row[0] for row in split]
    assert len(words) == 1 + len(FIGURES) + len(STAGES)
    assert book.sheetnames == ["统计", "办理阶段", "承办单位", "统计口径"]


def test_a_name_that_is_a_formula_stays_text(work: City, people: People) -> None:
    work.lianhu.name = "=HYPERLINK(A1)"
    work.lianhu.save()

    assert any(row["分组项"] == "'=HYPERLINK(A1)" for row in csv_rows(people.city_officer, by="unit"))
    book = load_workbook(BytesIO(get(people.city_officer, "figures.xlsx", by="unit").content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(cell.value == "'=HYPERLINK(A1)" for cell in cells)


def test_the_bulletin(work: City, people: People) -> None:
    page = get(people.city_officer, "print/").content.decode()

    assert "<h1>2026 年 3 月举报办理统计</h1>" in page
    assert '<th scope="row">收到</th><td>58</td>' in page
    assert "本期内收到的举报，不论后来怎样办理。" in page
    assert "未定稿，打印时统计" in page


def test_looking_and_taking_along_is_in_the_log(work: City, people: People) -> None:
    get(people.officer)

    assert AuditRow.objects.filter(action="read.statistics", actor=people.officer).exists()


# --- closing a period --------------------------------------------------------------------------------------------


def close(user: User, reason: str = "", period: str = "2026-03") -> HttpResponse:
    sent = {"period": period, "reason": reason}
    answer: HttpResponse = at_desk(user).post(f"{PAGE}close/", sent, follow=True)
    return answer


def test_the_leader_of_the_city_closes_a_period(work: City, boss: User) -> None:
    page = close(boss).content.decode()

    assert "已定稿，报表编号 2026-03-1" in page
    assert "数据来自已定稿的报表 2026-03-1" in page
    assert figure(page, "收到")[0] == "58"


def test_a_closed_period_stays_and_can_be_counted_anew(work: City, boss: User) -> None:
    close(boss)
    tips(5, unit=work.yanta, day=date(2026, 3, 30))

    assert figure(text(boss), "收到")[0] == "58"
    assert figure(text(boss, live=1), "收到")[0] == "63"
    assert "与已定稿的报表 2026-03-1 可能不同" in text(boss, live=1)


@pytest.mark.parametrize("by", ["unit", "kind", "month"])
def test_a_closed_period_equals_the_export(work: City, boss: User, by: str) -> None:
    live = csv_rows(boss, by=by)
    close(boss)

    assert csv_rows(boss, by=by) == live


def test_a_correction_needs_a_reason(work: City, boss: User) -> None:
    close(boss)

    assert "要更正，请写明理由" in close(boss).content.decode()
    assert "更正理由：补录" in close(boss, reason="补录").content.decode()
    assert list(PeriodReport.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize("role", ["officer", "leader", "city_officer", "auditor"])
def test_nobody_else_closes(work: City, people: People, role: str) -> None:
    person = getattr(people, role)

    assert "本期定稿" not in text(person)
    close(person)
    assert not PeriodReport.objects.exists()


def test_closing_is_asked_once_more_on_a_page_that_says_what_follows(work: City, boss: User) -> None:
    client = at_desk(boss)
    link = re.search(r'href="(/admin/statistics/close/[^"]+)">本期定稿', text(boss, period="2026Q1"))
    assert link is not None

    page = client.get(link[1]).content.decode()

    assert "立即向社会公开" in page
    assert "不能撤回，也不能删除" in page
    assert "一并定稿并公开：2026 年 1 月、2026 年 2 月、2026 年 3 月。" in page
    assert '<input type="hidden" name="period" value="2026Q1">' in page
    assert not PeriodReport.objects.exists()


def test_a_correction_is_asked_once_more_with_its_reason(work: City, boss: User) -> None:
    close(boss)

    page = at_desk(boss).get(f"{PAGE}close/", MARCH).content.decode()

    assert "保存为新的版本，立即向社会公开" in page
    assert 'name="reason" required' in page


@pytest.mark.parametrize("query", ["", "?period=2026-03"])
@pytest.mark.parametrize("sent", [{}, {"period": ""}, {"period": "x"}, {"period": "2026-13"}])
def test_nothing_is_closed_that_the_form_does_not_name(
    work: City, boss: User, query: str, sent: dict[str, str]
) -> None:
    page = at_desk(boss).post(f"{PAGE}close/{query}", {**sent, "reason": "补录"}, follow=True)

    assert "没有定稿：提交的内容里没有写明统计期" in page.content.decode()
    assert not PeriodReport.objects.exists()


def test_the_period_of_the_form_is_closed_whatever_the_address_says(work: City, boss: User) -> None:
    at_desk(boss).post(f"{PAGE}close/?period=2026-02", MARCH)

    assert PeriodReport.objects.get().code == "2026-03"


def test_closing_wants_password_and_code_once_more(work: City, boss: User) -> None:
    client = stale(boss)
    sent = {**MARCH, "reason": ""}

    asked_again = client.post(f"{PAGE}close/", sent)

    assert asked_again.status_code == 401
    assert 'name="period" value="2026-03"' in asked_again.content.decode()
    assert not PeriodReport.objects.exists()
    client.post(f"{PAGE}close/", {**sent, **once_more(boss)})
    assert PeriodReport.objects.get().code == "2026-03"


@pytest.mark.parametrize("role", ["officer", "leader", "city_officer", "auditor"])
def test_nobody_else_is_asked(work: City, people: People, role: str) -> None:
    client = at_desk(getattr(people, role))

    assert client.get(f"{PAGE}close/", MARCH).status_code == 404


@pytest.mark.parametrize("period", ["", "x", "2024-05", "2199"])
def test_what_cannot_be_closed_is_not_asked(work: City, boss: User, period: str) -> None:
    assert at_desk(boss).get(f"{PAGE}close/", {"period": period}).status_code == 404


def test_the_menu_leads_there(work: City, people: People) -> None:
    assert PAGE in at_desk(people.officer).get("/admin/").content.decode()
    assert PAGE not in at_desk(people.editor).get("/admin/").content.decode()


# --- what it costs -----------------------------------------------------------------------------------------------


def test_a_fixed_number_of_queries(work: City, people: People) -> None:
    client = at_desk(people.city_officer)

    def cost() -> int:
        client.get(PAGE, {**MARCH, "by": "unit"})
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {**MARCH, "by": "unit"})
        return len(queries)

    few = cost()
    for day in range(1, 28):
        rows = tips(20, unit=work.lianhu, day=date(2026, 3, day), operations=["dust"])
        conclude(rows, started=date(2026, 3, 1), days=day)

    assert cost() == few <= 60


def test_the_list_of_periods_ends_today(people: People) -> None:
    tips(1, unit=people.officer.memberships.get().office, day=date(2023, 5, 5))

    codes = offered(chosen="2026-03", today=date(2026, 3, 10))

    assert codes[:5] == ["2026", "2026H1", "2026Q1", "2026-01", "2026-02"]
    assert "2026-03" in codes
    assert "2026-04" not in codes
    assert codes[-1] == "2024-12"


def offered(*, chosen: str, today: date) -> list[str]:
    """Return the codes of the periods one can choose."""
    groups = asked.period_choices(chosen=span_of(chosen), today=today)
    return [one.value for _year, choices in groups for one in choices]


def test_the_list_of_periods_begins_with_the_first_tip(city: City) -> None:
    tips(1, unit=city.yanta, day=date(2025, 8, 20))

    codes = offered(chosen="2026-01", today=date(2026, 2, 10))

    assert codes[:5] == ["2026", "2026H1", "2026Q1", "2026-01", "2026-02"]
    assert codes[5:] == [
        "2025",
        "2025H2",
        "2025Q3",
        "2025Q4",
        *(f"2025-{month:02d}" for month in range(8, 13)),
    ]


def test_before_there_is_any_tip_the_periods_are_those_of_today(db: None) -> None:
    codes = offered(chosen="2026-01", today=date(2026, 2, 10))

    assert codes == ["2026", "2026H1", "2026Q1", "2026-01", "2026-02"]


def test_a_period_before_the_first_tip_is_not_offered_for_closing(work: City, boss: User) -> None:
    page = text(boss, period="2024-05")

    assert "本期定稿" not in page
    assert "在收到第一件举报之前就已结束" in close(boss, period="2024-05").content.decode()
    assert not PeriodReport.objects.exists()


# --- how figures changed -------------------------------------------------------------------------------------------


@pytest.fixture
def rates(work: City) -> City:
    """Return the city with shares to compare: 30 of 30 on time now, 20 of 25 a year before, 19 in the month before."""
    year_before = tips(25, unit=work.yanta, day=date(2025, 3, 9))
    conclude(year_before[:20], started=date(2025, 3, 1), days=12)
    conclude(year_before[20:], started=date(2025, 1, 1), days=70)
    conclude(tips(19, unit=work.yanta, day=date(2026, 2, 9)), started=date(2026, 2, 1), days=12)
    return work


def test_a_share_changes_by_percentage_points(rates: City, people: People) -> None:
    cells = figure(text(people.officer), "按期办结率")

    assert cells[:3] == ["100.0%", "80.0%", "+20.0 个百分点"]


def test_a_share_of_fewer_than_twenty_is_not_compared(rates: City, people: People) -> None:
    page = text(people.officer)

    assert figure(page, "按期办结率")[3:] == ["100.0%", ""]
    assert "基数不足 20 的比例不作比较" in page
    conclude(tips(1, unit=rates.yanta, day=date(2026, 2, 9)), started=date(2026, 2, 1), days=12)
    assert figure(text(people.officer), "按期办结率")[3:] == ["100.0%", "+0.0 个百分点"]


def test_the_workbook_holds_percentage_points_as_numbers(rates: City, people: People) -> None:
    book = load_workbook(BytesIO(get(people.officer, "figures.xlsx").content), read_only=True)

    rows = {row[0]: row for row in book.worksheets[0].values}
    head = rows["指标"]
    assert head[5] == head[8] == "变化（百分点）"
    assert rows["按期办结率"][1:6] == (100, 80, None, "%", 20)
    assert rows["收到"][6:] == (19, pytest.approx(94.7), None)


def test_a_closed_period_is_compared_with_the_closed_one_before(rates: City, boss: User) -> None:
    close(boss, period="2026-02")
    close(boss)
    tips(5, unit=rates.yanta, day=date(2026, 2, 9))

    assert figure(text(boss), "收到")[3] == "19"
    assert figure(text(boss, live=1), "收到")[3] == "24"


@pytest.fixture
def closed(work: City) -> City:
    """Return the city with its March closed by the machine."""
    freeze(span=span_of("2026-03"), at=noon(date(2026, 4, 10)))
    return work


def test_a_unit_reads_its_own_numbers_of_a_closed_period(closed: City, people: People) -> None:
    """A closed report is that of the city: a district counts its own now, and nothing of the city shows."""
    page = text(people.officer)

    assert figure(page, "收到")[0] == "37"
    assert "2026-03-1" not in page


def test_one_unit_of_a_closed_period_is_not_said_to_be_open(closed: City, people: People) -> None:
    """No report holds the figures of one unit; that the period is closed is true all the same."""
    for user, query in ((people.officer, {}), (people.city_officer, {"unit": closed.yanta.pk})):
        page = text(user, **query)

        assert "还没有定稿" not in page
        assert "本期全市数据已定稿" in page
        assert "全市已定稿" in get(user, "print/", **query).content.decode()
    assert 'href="?period=2026-03&amp;by=kind">看全市的定稿数据' in page
    assert "看全市的定稿数据" not in text(people.officer)
    assert "还没有定稿" in text(people.city_officer, unit=closed.yanta.pk, period="2026-02")


@pytest.mark.parametrize("by", ["operation", "month"])
def test_rows_of_every_split_say_how_long_it_took(closed: City, people: People, by: str) -> None:
    Tip.objects.filter(handling_unit=closed.yanta.pk).update(operations=["dust"])

    for query in ({}, {"live": 1}):
        page = text(people.city_officer, by=by, **query).partition('id="stats-split"')[2]
        days = re.findall(r'<td class="n">([^<]*)</td><td class="n">([^<]*)</td></tr>', page)
        assert by == "operation" or days == [("12", "12")]
    assert ("12", "12") in days


def test_an_older_report_says_why_it_has_no_days(closed: City, people: People) -> None:
    row = PeriodReport.objects.get()
    del row.figures["spreads"]["month"]
    row.digest = frozen.digest_of(row)
    QuerySet(PeriodReport).filter(pk=row.pk).update(figures=row.figures, digest=row.digest)

    assert "定稿时还没有保存这种分组的用时" in text(people.city_officer, by="month")
    assert "定稿时还没有保存这种分组的用时" not in text(people.city_officer, by="month", live=1)
    assert "定稿时还没有保存这种分组的用时" not in text(people.city_officer, by="unit")


def test_a_client_without_a_session_is_sent_to_the_entrance(work: City) -> None:
    assert Client().get(PAGE).status_code == 302


# --- the first page -----------------------------------------------------------------------------------------------


def home_of(user: User) -> str:
    page: str = at_desk(user).get("/admin/").content.decode()
    return page


def test_two_charts_with_their_table_on_the_first_page(people: People, city: City) -> None:
    today = timezone.localdate()
    rows = tips(4, unit=city.yanta, day=today)
    conclude(rows, started=today, days=0)
    tips(9, unit=city.lianhu, day=today)

    page = home_of(people.officer)

    for width in ("wide", "narrow"):
        assert page.count(f'<svg class="as-columns as-columns--{width}"') == 2
    number = '<td class="n">([^<]*)</td>'
    last = re.findall(f'<th scope="row">[^<]*月</th>{number}{number}{number}', page)[-1]
    assert last == ("4", "4", "100")


def test_charts_are_counted_once_an_hour_for_each_reach(people: People, city: City) -> None:
    today = timezone.localdate()
    tips(4, unit=city.yanta, day=today)

    first = panel.kept_months(user=people.officer, today=today)
    tips(5, unit=city.yanta, day=today)

    assert panel.kept_months(user=people.officer, today=today) == first
    assert panel.kept_months(user=people.foreign, today=today)[-1].received == 0
    cache.clear()
    assert panel.kept_months(user=people.officer, today=today)[-1].received == 9


def test_a_month_without_a_conclusion_has_no_share() -> None:
    month = Month(span=span_of("2026-03"), received=3, concluded=0, on_time=0)

    assert panel.share_of(month) is None


def test_the_menu_says_statistics_once(city: City) -> None:
    user = staff(Role.OFFICER, Role.EDITOR, office=city.lianhu)

    html = at_desk(user).get("/admin/").content.decode()

    labels = re.findall(r'"label": ("[^"]*")', html)
    assert [json.loads(label) for label in labels].count("统计") == 1
