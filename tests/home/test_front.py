"""The parts of the home page: what they show, in whose order, and that nothing empty is shown."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from cases_public.models import CaseIndexPage
from home import front
from home.figures import Headline
from home.models import HomePage, OutreachIndexPage
from tests.cases_public.factories import add_case
from tests.home.factories import add_text

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
ORDER = [("outreach", {"number": 1, "heading": "本周读一篇"}), ("cases", {"number": 2})]


def page_text(client: Client) -> str:
    """Return the home page."""
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def headings(html: str) -> list[str]:
    """Return the headings of the second level."""
    return [re.sub(r"<[^>]+>", "", found) for found in re.findall(r"<h2[^>]*>(.*?)</h2>", html)]


def test_a_new_site_shows_no_empty_part(client: Client, home: HomePage) -> None:
    assert headings(page_text(client)) == ["您说了，我们这样做", "不让人知道是您"]


def test_newest_cases_and_how_many_there_are(client: Client, home: HomePage) -> None:
    for number in range(1, 7):
        add_case(CaseIndexPage.objects.get(), title=f"某公司第 {number} 案", slug=f"front-{number}")

    html = page_text(client)

    assert "典型案例" in headings(html)
    assert "全部 6 件" in html
    assert len(re.findall(r"某公司第 \d 案", re.sub(r"<wbr>", "", html))) == front.CASES


def test_newest_texts(client: Client, outreach: OutreachIndexPage) -> None:
    for number in range(1, 6):
        add_text(outreach, title=f"第 {number} 课", published_on=date(2026, 3, number))

    html = page_text(client)

    assert [f"第 {number} 课" in html for number in range(1, 6)] == [False, False, True, True, True]


def test_editors_choose_order_number_and_heading(
    client: Client, home: HomePage, outreach: OutreachIndexPage
) -> None:
    for number in range(1, 4):
        add_case(CaseIndexPage.objects.get(), title=f"某公司第 {number} 案", slug=f"front-{number}")
        add_text(outreach, title=f"第 {number} 课", published_on=date(2026, 3, number))
    home.parts = ORDER
    home.save()

    html = page_text(client)

    assert headings(html)[2:] == ["本周读一篇", "典型案例"]
    assert len(re.findall(r"第 \d 课", html)) == 1
    assert len(re.findall(r"某公司第 \d 案", re.sub(r"<wbr>", "", html))) == 2


def test_own_sections_stand_where_they_were_put(client: Client, home: HomePage) -> None:
    home.body = [("heading", "本月行动"), ("paragraph", "<p>冬季检查。</p>")]
    home.who_rows = [
        ("row", {"matter": "隐患", "authority": "应急管理局", "phone": "12350", "is_ours": True})
    ]
    home.parts = [("who", {}), ("own", None)]
    home.save()

    assert headings(page_text(client))[2:] == ["该找谁", "本月行动"]


def test_a_closed_site_part_is_left_out(client: Client, home: HomePage, outreach: OutreachIndexPage) -> None:
    add_text(outreach, title="看不见的一课")
    outreach.unpublish()

    assert "看不见的一课" not in page_text(client)


def shown_figures(monkeypatch: pytest.MonkeyPatch, *, told: int, codes: list[str]) -> list[str]:
    """Return the heading of the part of figures when so many numbers may be told, and which periods were asked for."""
    asked = []

    def report(*, code: str) -> object:
        asked.append(code)
        return object()

    class Period:
        def __init__(self, code: str) -> None:
            self.code, self.name = code, code

    lines = [Headline(words=f"数 {n}", number="9", unit="", is_told=n < told) for n in range(4)]
    monkeypatch.setattr(front, "public_periods_closed", lambda: [Period(code) for code in codes])
    monkeypatch.setattr(front, "public_report", report)
    monkeypatch.setattr(front, "headlines", lambda _report: lines)
    home = HomePage.objects.get()
    found = front.parts(
        page=home, sources=home._sources(), stream=home.parts, body=home.body, today=timezone.localdate()
    )
    return [*(part.heading for part in found if part.kind == "figures"), *asked]


@pytest.mark.parametrize(
    ("told", "codes", "expected"),
    [
        (4, ["2026-10", "2026Q3", "2026-09"], ["2026Q3办得怎样", "2026Q3"]),
        (2, ["2026-10"], ["2026-10办得怎样", "2026-10"]),
        (1, ["2026-10", "2026Q3"], ["2026Q3", "2026-10"]),
        (4, [], []),
    ],
    ids=["the quarter first", "else the month", "too few numbers to be told", "nothing closed"],
)
def test_which_period_is_shown(
    monkeypatch: pytest.MonkeyPatch, home: HomePage, told: int, codes: list[str], expected: list[str]
) -> None:
    assert shown_figures(monkeypatch, told=told, codes=codes) == expected


def test_queries_do_not_grow(
    client: Client, home: HomePage, outreach: OutreachIndexPage, settings: Settings
) -> None:
    settings.PAGE_CACHE_BYTES = 0
    counts = []
    for first in (1, 5):
        for number in range(first, first + 4):
            add_case(CaseIndexPage.objects.get(), title=f"某公司第 {number} 案", slug=f"front-{number}")
            add_text(outreach, title=f"第 {number} 课")
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES
