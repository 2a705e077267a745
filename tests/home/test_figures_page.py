"""The page of figures: closed periods alone, hidden cells in words, charts with tables, one table to take along."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from complaints.stats.definitions import FIGURE
from home.models import FiguresPage
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City, city, vault

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db
AT = noon(date(2026, 4, 10))


@pytest.fixture
def quarter(city: City) -> City:
    """Return a city whose first quarter is closed."""
    for month in (1, 2, 3):
        rows = tips(
            30 + month,
            unit=city.yanta,
            day=date(2026, month, 9),
            district_id=YANTA,
            operations=["dust", "gas"],
        )
        tips(20 + month, unit=city.lianhu, day=date(2026, month, 20), district_id=LIANHU)
        conclude(rows[:25], started=date(2026, month, 5), days=12)
        conclude(rows[25:], started=date(2026, month, 5), days=12, result="false")  # type: ignore[arg-type]
    freeze(span=span_of("2026Q1"), at=AT)
    return city


def read(client: Client, **query: str) -> str:
    response = client.get("/figures/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_before_anything_is_closed(db: None, client: Client) -> None:
    page = read(client)

    assert "还没有定稿的统计期" in page
    assert "怎样读这些数" in page
    assert '<svg class="g-w"' not in page


def test_the_page_is_in_the_menu(db: None, client: Client) -> None:
    assert '<a href="/figures/">公开数据</a>' in client.get("/").content.decode()
    assert FiguresPage.objects.get().slug == "figures"


def test_the_latest_period_is_shown(quarter: City, client: Client) -> None:
    page = read(client)

    assert "2026 年第一季度。" in page
    assert "4月10日" in page.replace(" ", "")
    assert "此后不再改动" in page
    assert re.search(r"<dd>162<small>件</small></dd>", page)
    assert "中位数" in page


def test_another_period_can_be_chosen(quarter: City, client: Client) -> None:
    page = read(client, period="2026-02")

    assert '<option value="2026-02" selected>2026 年 2 月</option>' in page
    assert re.search(r"<dd>54<small>件</small></dd>", page)


@pytest.mark.parametrize("code", ["2026-04", "x", "2026", "<script>"])
def test_a_period_that_is_not_closed_is_not_there(quarter: City, client: Client, code: str) -> None:
    assert client.get("/figures/", {"period": code}).status_code == 404
    assert client.get("/figures/", {"period": code, "format": "csv"}).status_code == 404


@pytest.mark.parametrize("more", [{}, {"format": "csv"}])
@pytest.mark.parametrize("code", ["2026-04", "2199", "x", "<script>alert(1)</script>", "2026Q1\0"])
def test_a_period_that_is_not_closed_leads_to_those_that_are(
    quarter: City, client: Client, code: str, more: dict[str, str]
) -> None:
    answer = client.get("/figures/", {"period": code, **more})
    page = answer.content.decode()

    assert answer.status_code == 404
    assert "还没有定稿，也可能没有这个统计期" in page
    links = re.findall(r'<a class="tag" href="(/figures/\?period=[^"]+)">([^<]+)</a>', page)
    assert ("/figures/?period=2026Q1", "2026 年第一季度") in links
    assert len(links) == 4
    assert all(client.get(url).status_code == 200 for url, _name in links)
    assert "noindex" in page
    assert "alert(1)" not in page


def test_before_anything_is_closed_a_period_is_not_there_either(city: City, client: Client) -> None:
    answer = client.get("/figures/", {"period": "2026-03"})

    assert answer.status_code == 404
    assert "目前还没有定稿的统计期" in answer.content.decode()


def test_that_page_is_never_kept_for_a_period_that_is_closed_later(city: City, client: Client) -> None:
    tips(30, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA)
    for _time in range(3):
        assert client.get("/figures/", {"period": "2026-03"}).status_code == 404
    freeze(span=span_of("2026-03"), at=AT)

    assert client.get("/figures/", {"period": "2026-03"}).status_code == 200


def test_every_chart_has_its_table(quarter: City, client: Client) -> None:
    page = read(client)

    charts = re.findall(r'<figure class="chart.*?</figure>', page, re.DOTALL)
    assert len(charts) == 5
    assert all("<table" in chart and "aria-label" in chart for chart in charts)
    assert "style=" not in page.partition("<main")[2]


def test_districts_are_ranked_with_their_map(quarter: City, client: Client) -> None:
    page = read(client)

    ranking = re.findall(r'<th scope="row">([^<]+区)</th>', page)
    assert ranking[:2] == ["雁塔区", "莲湖区"]
    assert '<svg class="mapv"' in page
    assert "雁塔区 96" in page


def test_small_numbers_are_words(city: City, client: Client) -> None:
    tips(40, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA)
    tips(3, unit=city.lianhu, day=date(2026, 3, 9), district_id=LIANHU)
    freeze(span=span_of("2026-03"), at=AT)

    page = read(client)
    assert "少于 5" in page
    assert "不单列" in page
    assert '<td class="n">40</td>' not in page
    assert "莲湖区 3" not in page


def test_a_month_without_tips_is_told_in_words(city: City, client: Client) -> None:
    tips(1, unit=city.yanta, day=date(2026, 2, 9))
    freeze(span=span_of("2026-03"), at=AT)

    page = read(client)

    assert "少于 5" in page
    assert "None" not in page
    assert "nan" not in page.lower().partition("<main")[2].partition("</main>")[0]


def test_a_correction_says_why(quarter: City, client: Client) -> None:
    freeze(span=span_of("2026-03"), at=AT, reason="补录两件信访转来的举报")

    page = read(client, period="2026-03")
    assert "第 2 版，更正理由：补录两件信访转来的举报" in page


def test_nearly_all_in_time_does_not_tell_the_few(city: City, client: Client) -> None:
    """With 2 of 100 late the page says how high the share is at least, from the total alone."""
    rows = tips(100, unit=city.yanta, day=date(2026, 1, 5), district_id=YANTA)
    conclude(rows[:98], started=date(2026, 1, 5), days=60)
    conclude(rows[98:], started=date(2026, 1, 4), days=61)
    freeze(span=span_of("2026-03"), at=AT)

    page = read(client)
    assert "高于 96.0" in page
    assert "98.0" not in page


def test_english(quarter: City, client: Client) -> None:
    client.cookies["lang"] = "en"

    page = read(client)

    assert "First quarter of 2026" in page
    assert "How to read these figures" in page
    assert "See the table" in page


def test_every_figure_has_its_definition_on_the_page(quarter: City, client: Client) -> None:
    page = read(client)

    assert str(FIGURE["hazards_removed"].definition) in page
    assert str(FIGURE["received"].definition) in page


def test_notes_of_editors(quarter: City, client: Client) -> None:
    page: Any = FiguresPage.objects.get()
    page.notes = "高新区自 2026 年 1 月起单独办理。"
    page.save()

    assert "高新区自 2026 年 1 月起单独办理。" in read(client)


def test_a_fixed_number_of_queries(
    quarter: City, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    read(client)  # the site is known from here on

    with django_assert_max_num_queries(14) as asked:
        read(client, period="2026-01")
    few = len(asked)
    tips(1, unit=quarter.yanta, day=date(2025, 1, 9))
    freeze(span=span_of("2025"), at=AT)

    with django_assert_max_num_queries(few):
        read(client, period="2026-01")
