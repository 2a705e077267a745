"""The dashboard: every number leads to its list within one's units, units side by side with care, alarms."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.enums import Result, TipStatus
from complaints.models import AlarmThresholds, AuditRow, Whistle
from complaints.rules.alarms import USUAL
from complaints.rules.spans import SpanKind, span_around
from complaints.selectors import dashboard as selectors
from complaints.selectors.inbox import Tab
from complaints.services.day_cells import refresh
from complaints.staff import behind
from complaints.staff.inbox import tab_url
from complaints.stats.cells import daily_sums
from complaints.stats.counting import count
from complaints.stats.sources import SOURCES
from tests.complaints.staff.conftest import People, at_desk
from tests.complaints.stats.rows import conclude, tips
from tests.complaints.test_attention import about
from tests.enterprise_steps import enterprise
from tests.factories import TipFactory
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
PAGE = "/admin/statistics/dashboard/"
MARCH = {"period": "2026-03"}
DAY = date(2026, 3, 9)


@pytest.fixture
def work(people: People, city: City) -> City:
    """Return a city in which one of 42 was late in the first district, and two of three in its town."""
    rows = tips(42, unit=city.yanta, day=DAY)
    conclude(rows[:41], started=date(2026, 3, 1), days=12)
    conclude(rows[41:], started=date(2026, 1, 1), days=70)
    town = tips(3, unit=city.town, day=DAY)
    conclude(town[:1], started=date(2026, 3, 1), days=12)
    conclude(town[1:], started=date(2026, 1, 1), days=70)
    conclude(tips(25, unit=city.lianhu, day=DAY), started=date(2026, 3, 1), days=12)
    return city


def get(user: User, path: str = "", **query: Any) -> HttpResponse:
    answer: HttpResponse = at_desk(user).get(PAGE + path, {**MARCH, **query})
    return answer


def text(user: User, path: str = "", **query: Any) -> str:
    answer = get(user, path, **query)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(user: User, url: str) -> int:
    """Return how many tips a list says it has."""
    found = re.search(r"共 (\d+) 件", at_desk(user).get(url.replace("&amp;", "&")).content.decode())
    assert found is not None
    return int(found[1])


def units(page: str) -> list[list[str]]:
    """Return the rows of the comparison, tags taken off."""
    body = page.partition('id="db-units"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_the_leader_gets_from_the_share_on_time_to_the_late_tips(work: City, people: People) -> None:
    page = text(people.leader, unit=work.yanta.pk)

    link = re.search(r'<a href="([^"]+)"><b>93.3%</b><small>本期办结中 (\d+) 件逾期', page)
    assert link is not None
    assert (int(link[2]), listed(people.leader, link[1])) == (3, 3)


def test_each_unit_has_its_own_late_tips_without_those_of_units_below(work: City, people: People) -> None:
    page = text(people.city_officer)

    assert [row[:4] for row in units(page)] == [
        ["莲湖区应急管理局", "25", "25", "100.0%"],
        ["雁塔区应急管理局", "42", "42", "97.6%"],
        ["街道应急办 *", "3", "3", "33.3%"],
    ]
    links = re.findall(r'<td class="n"><a href="([^"]+)">[\d.]+%</a>', page)
    assert [listed(people.city_officer, url) for url in links] == [0, 1, 2]


def test_a_small_unit_is_marked_and_comes_last_however_well_it_does(work: City, people: People) -> None:
    conclude(tips(19, unit=work.zone, day=DAY), started=date(2026, 3, 1), days=5)

    assert [row[0] for row in units(text(people.city_officer))][-2:] == ["街道应急办 *", "高新区应急局 *"]


def test_every_number_leads_to_as_many_tips_as_it_counts(work: City, people: People) -> None:
    page = text(people.city_officer)

    for code in ("received", "accepted", "concluded"):
        link = re.search(rf'<a href="([^"]*figure={code}[^"]*)"><b>([\d,]+)</b>', page)
        assert link is not None, code
        assert listed(people.city_officer, link[1]) == int(link[2]), code


def test_every_figure_with_records_has_its_list(work: City, people: People) -> None:
    span = span_around(day=DAY, kind=SpanKind.MONTH)
    counts = count(span=span, units=[work.yanta.pk]).whole

    for code in [code for source in SOURCES for code in source.counts]:
        found = selectors.counted_tips(user=people.officer, span=span, units=[work.yanta.pk], code=code)
        assert found is not None, code
        assert found.count() <= counts[code], code
        assert bool(found.count()) == bool(counts[code]), code


def test_each_sees_the_own_units_alone(work: City, people: People) -> None:
    assert [row[0] for row in units(text(people.officer))] == ["雁塔区应急管理局", "街道应急办 *"]
    assert [row[0] for row in units(text(people.foreign))] == ["莲湖区应急管理局"]
    assert [row[0] for row in units(text(people.town_officer))] == ["街道应急办 *"]


@pytest.mark.parametrize(
    "query",
    [
        {"figure": "nothing"}, {"figure": ""}, {"figure": "on_time_share"}, {"figure": "burst"},
        {"figure": "burst", "key": "AS-2026-AAAAAA"}, {"figure": "late", "unit": "999999"},
        {"figure": "late", "period": "2026-13"}, {"figure": "late", "unit": "x"},
        {"figure": "received", "by": "kind", "row": "<b>"}, {"figure": "received", "by": "district", "row": "1"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_not_there(work: City, people: People, query: dict[str, str]) -> None:
    assert get(people.officer, "tips/", **query).status_code == 404


def test_a_foreign_unit_is_out_of_reach(work: City, people: People) -> None:
    for path in ("", "tips/"):
        for only in ({}, {"only": "1"}):
            asked = {"unit": work.lianhu.pk, "figure": "late", **only}
            assert get(people.officer, path, **asked).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "editor"])
def test_others_find_nothing_here(work: City, people: People, role: str) -> None:
    for path in ("", "tips/"):
        assert get(getattr(people, role), path, figure="late").status_code in {302, 404}


def test_without_work_there_is_no_share_and_no_row(people: People, city: City) -> None:
    page = text(people.leader)

    assert "没有异常" in page
    assert units(page) == []
    assert "—" in page


# --- alarms -----------------------------------------------------------------------------------------------------


def alarms(user: User) -> list[tuple[str, str]]:
    page = text(user, period=timezone.localdate().strftime("%Y-%m"))
    return [
        (re.sub(r"<[^>]+>.*", "", one).strip(), re.search(r'href="([^"]+)"', one)[1])  # type: ignore[index]  # each has one
        for one in re.findall(r"<li>(.*?)</li>", page.partition("as-alarms")[2].partition("</ul>")[0])
    ]


def test_late_shares_on_the_rise(people: People, city: City) -> None:
    today = timezone.localdate()
    month = span_around(day=today, kind=SpanKind.MONTH)
    earlier = month.before.start
    conclude(tips(40, unit=city.yanta, day=earlier), started=earlier, days=1)
    now = tips(20, unit=city.yanta, day=month.start)
    conclude(now[:15], started=month.start, days=0)
    conclude(now[15:], started=month.start - timedelta(days=70), days=70)

    assert [words for words, _url in alarms(people.leader)] == [
        "雁塔区应急管理局：本月办结的有 25% 逾期，前三个月为 0%。"
    ]
    assert alarms(people.foreign) == []
    sums = daily_sums(first=selectors.first_before(month), last=month.end)
    rising = selectors.rising_units(units=None, month=month, sums=sums, at=USUAL)
    assert [(one.unit_id, one.now.late, one.before.concluded) for one in rising] == [(city.yanta.pk, 5, 40)]


def test_whistles_nobody_answered(people: People, city: City) -> None:
    now = timezone.now()
    late, fresh = tips(2, unit=city.yanta, day=timezone.localdate())
    for tip, by in ((late, now - timedelta(hours=1)), (fresh, now + timedelta(hours=1))):
        Whistle.objects.create(tip=tip, town=city.town, called=city.yanta, raised_at=by, answer_by=by)

    found = alarms(people.leader)

    assert [words for words, _url in found] == ["雁塔区应急管理局：1 个吹哨过时未应。"]
    assert listed(people.leader, found[0][1]) == 1


def test_the_dashboard_counts_unanswered_whistles_as_the_lists_mark_them(people: People, city: City) -> None:
    """A tip is marked as waiting for an answer; the number beside "unanswered now" is of the same tips."""
    now = timezone.now()
    rows = tips(4, unit=city.yanta, day=timezone.localdate(), called_unit=city.yanta)
    late, answered = now - timedelta(hours=1), {"answered_at": now, "arrive_by": timezone.localdate()}
    for tip, by, more in zip(
        rows,
        (late, now + timedelta(hours=1), now + timedelta(hours=2), late),
        ({}, {}, {}, answered),
        strict=True,
    ):
        Whistle.objects.create(
            tip=tip, town=city.town, called=city.yanta, raised_at=now, answer_by=by, **more
        )

    page = text(people.leader)
    link = re.search(r'<a href="([^"]*figure=unanswered[^"]*)"><b>(\d+)</b><small>([^<]*)</small>', page)

    assert link is not None
    assert (link[2], link[3]) == ("3", "其中 1 个已超时")
    assert listed(people.leader, link[1]) == 3
    inbox = at_desk(people.leader).get(tab_url(Tab.WHISTLES)).content.decode()
    assert inbox.count("吹哨未应") == 3


def test_one_enterprise_in_many_tips_at_once(people: People, city: City) -> None:
    today, entry = timezone.localdate(), enterprise(city)
    about(entry, many=6, unit=city.yanta, day=today, result="", status=TipStatus.REGISTERED)
    other = enterprise(city, number=2)
    about(other, many=5, unit=city.yanta, day=today, result=Result.FALSE)
    about(other, many=40, unit=city.yanta, day=today - timedelta(days=30), result=Result.FALSE)

    assert [
        one.recent for one in selectors.bursts(user=people.leader, units=None, today=today, at=USUAL)
    ] == [6]
    assert selectors.bursts(user=people.foreign, units=None, today=today, at=USUAL) == []


def test_the_alarm_of_a_burst_names_the_entity_and_leads_to_its_tips(people: People, city: City) -> None:
    for _one in range(5):
        TipFactory(entity_name="某化工厂", district=YANTA, today=timezone.localdate())

    found = alarms(people.leader)

    assert [words for words, _url in found] == ["某化工厂：14 天内被举报 5 次（含尚未核查的）。"]
    assert listed(people.leader, found[0][1]) == 5
    assert at_desk(people.foreign).get(found[0][1].replace("&amp;", "&")).status_code == 404


def test_what_is_overdue_now(people: People, city: City) -> None:
    tips(3, unit=city.yanta, day=DAY, order_date=timezone.localdate() - timedelta(days=1))
    tips(2, unit=city.yanta, day=DAY, order_date=timezone.localdate())

    link = re.search(r'<a href="([^"]*figure=overdue[^"]*)"><b>3</b>', text(people.leader))

    assert link is not None
    assert listed(people.leader, link[1]) == 3


def set_thresholds(*, since: date, **values: int) -> None:
    AlarmThresholds.objects.create(effective_from=since, source="市局", **values)


def test_a_whistle_or_two_may_be_borne_where_the_bureau_says_so(people: People, city: City) -> None:
    now, today = timezone.now(), timezone.localdate()
    for tip in tips(2, unit=city.yanta, day=today):
        Whistle.objects.create(
            tip=tip, town=city.town, called=city.yanta, raised_at=now, answer_by=now - timedelta(hours=1)
        )
    set_thresholds(since=today - timedelta(days=1), whistles_least=3)
    assert alarms(people.leader) == []
    set_thresholds(since=today, whistles_least=2)

    assert [words for words, _url in alarms(people.leader)] == ["雁塔区应急管理局：2 个吹哨过时未应。"]


def test_thresholds_of_tomorrow_do_not_count_today(people: People, city: City) -> None:
    set_thresholds(since=timezone.localdate() + timedelta(days=1), burst_least=2)
    for _one in range(2):
        TipFactory(entity_name="某化工厂", district=YANTA, today=timezone.localdate())

    assert alarms(people.leader) == []


def test_a_burst_by_other_thresholds_lists_the_tips_it_counted(people: People, city: City) -> None:
    today = timezone.localdate()
    set_thresholds(since=today, burst_least=3, burst_days=30)
    for days in (0, 20, 29, 30):
        TipFactory(entity_name="某化工厂", district=YANTA, today=today - timedelta(days=days))

    found = alarms(people.leader)

    assert [words for words, _url in found] == ["某化工厂：30 天内被举报 3 次（含尚未核查的）。"]
    assert listed(people.leader, found[0][1]) == 3


VALUES = {
    "effective_from": "2099-01-01", "source": "市局文件", "concluded_least": "30", "rise_points": "8",
    "whistles_least": "2", "burst_days": "10", "burst_least": "4", "burst_times": "3", "before_days": "60",
}  # fmt: skip


def test_thresholds_are_set_by_the_system_administrator_alone(people: People, city: City) -> None:
    start = at_desk(people.administrator).get("/admin/alarm_thresholds/new/").content.decode()
    at_desk(people.administrator).post("/admin/alarm_thresholds/new/", VALUES)
    at_desk(people.leader).post("/admin/alarm_thresholds/new/", {**VALUES, "effective_from": "2099-02-01"})

    assert 'name="rise_points" value="5"' in start
    row = AlarmThresholds.objects.get()
    assert (row.thresholds.rise_points, row.thresholds.before_days) == (8, 60)
    assert AuditRow.objects.filter(action="alarmthresholds.added", actor=people.administrator).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"effective_from": "2026-01-01"}, {"burst_days": "0"}, {"before_days": "366"}, {"rise_points": "x"}],
)
def test_thresholds_that_cannot_be(people: People, wrong: dict[str, str]) -> None:
    answer = at_desk(people.administrator).post("/admin/alarm_thresholds/new/", {**VALUES, **wrong})

    assert answer.status_code == 200
    assert not AlarmThresholds.objects.exists()


# --- daily sums --------------------------------------------------------------------------------------------------


def test_the_page_says_the_same_from_sums_and_from_records(
    work: City, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from complaints.stats import cells

    touched = text(people.city_officer)
    refresh()
    kept = text(people.city_officer)
    monkeypatch.setattr(cells, "digest_in_use", lambda: "another")
    counted = text(people.city_officer)

    def told(page: str) -> tuple[list[str], list[list[str]]]:
        return re.findall(r"<b>([\d,.%—]+)</b>", page), units(page)

    assert told(touched) == told(kept) == told(counted)
    assert "97.6%" in kept


def test_sums_show_each_unit_no_more_than_records_do(work: City, people: People) -> None:
    refresh()

    assert [row[0] for row in units(text(people.officer))] == ["雁塔区应急管理局", "街道应急办 *"]
    assert [row[0] for row in units(text(people.foreign))] == ["莲湖区应急管理局"]
    assert get(people.officer, unit=work.lianhu.pk).status_code == 404


def test_from_sums_the_page_reads_no_records_of_the_period(work: City, people: People) -> None:
    refresh()
    client = at_desk(people.leader)
    client.get(PAGE, MARCH)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE, MARCH)

    read = [query["sql"] for query in asked.captured_queries]
    assert not any('FROM "complaints_period"' in sql or "complaints_handlingstep" in sql for sql in read)
    assert len(asked) <= 28


# --- cost -------------------------------------------------------------------------------------------------------


def test_the_page_costs_no_more_with_more_work(work: City, people: People) -> None:
    client, costs = at_desk(people.leader), []
    for many in (1, 60):
        conclude(tips(many, unit=work.yanta, day=DAY), started=date(2026, 3, 1), days=9)
        client.get(PAGE, MARCH)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE, MARCH)
        costs.append(len(asked))

    assert costs[0] == costs[1]
    # Four of them for the first day of the list of periods, for whistles that wait, and for those past their hour.
    assert costs[0] <= 34


def test_a_list_costs_no_more_with_more_tips(work: City, people: People) -> None:
    client, costs = at_desk(people.leader), []
    for many in (1, 60):
        conclude(tips(many, unit=work.yanta, day=DAY), started=date(2026, 3, 1), days=9)
        client.get(PAGE + "tips/", {**MARCH, "figure": "concluded"})
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE + "tips/", {**MARCH, "figure": "concluded"})
        costs.append(len(asked))

    assert costs[0] == costs[1]
    assert costs[0] <= 19


def leafed(user: User, url: str, word: str) -> list[list[str]]:
    """Return the numbers on each page of a list, following one link until there is none."""
    client, pages = at_desk(user), []
    while url:
        page = client.get(url).content.decode()
        pages.append(re.findall(r'<th scope="row"><a href="/admin/tips/([^/]+)/"', page))
        links = re.findall(rf'href="([^"]+)">{word}</a>', page.partition("<nav class")[2])
        url = f"{PAGE}tips/{links[0].replace('&amp;', '&')}" if links else ""
        assert url or word != "较早" or "列表到此为止" in page
    return pages


def test_a_long_list_is_leafed_through_to_its_end(
    work: City, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips(520, unit=work.yanta, day=DAY)
    monkeypatch.setattr(behind, "PER_PAGE", 100)
    link = re.search(r'<a href="([^"]*figure=received[^"]*)"><b>565</b>', text(people.leader))
    assert link is not None
    url = link[1].replace("&amp;", "&")

    pages = leafed(people.leader, url, "较早")

    assert listed(people.leader, url) == 565
    assert [len(page) for page in pages] == [100] * 5 + [65]
    numbers = [number for page in pages for number in page]
    assert len(set(numbers)) == 565
    back = leafed(people.leader, f"{url}&oldest=1", "较新")
    assert [number for page in reversed(back) for number in page] == numbers
    assert "figure=received" in text(people.leader, "tips/", figure="received").partition("<nav class")[2]


def test_a_deep_page_skips_no_rows(work: City, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tips(520, unit=work.yanta, day=DAY)
    monkeypatch.setattr(behind, "PER_PAGE", 100)
    client = at_desk(people.leader)
    client.get(PAGE, MARCH)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE + "tips/", {**MARCH, "figure": "received", "older": rows[100].number})

    assert not any("OFFSET" in query["sql"] for query in asked.captured_queries)
    assert len(asked) <= 26


@pytest.mark.parametrize("place", [{"older": "AS-2026-AAAAAA"}, {"newer": "x\0"}, {"older": ""}])
def test_a_list_that_hangs_on_a_tip_that_is_gone_begins_anew(
    work: City, people: People, place: dict[str, str]
) -> None:
    numbers = re.compile(r'<th scope="row"><a href="/admin/tips/([^/]+)/"')

    asked = [text(people.leader, "tips/", figure="received", **query) for query in ({}, place)]

    assert numbers.findall(asked[0]) == numbers.findall(asked[1]) != []


def test_figures_of_money_are_counted_by_their_decisions() -> None:
    span = span_around(day=DAY, kind=SpanKind.MONTH)

    for code in [code for source in SOURCES for code in source.counts]:
        assert selectors.number_of(span=span, units=None, code=code) == 0, code


def test_definitions_are_reached_without_a_mouse(work: City, people: People) -> None:
    """A tooltip shows to a mouse alone: each name leads to its words, which stand on the page."""
    client, other = at_desk(people.leader), "/admin/statistics/"
    for path, table in (
        (PAGE, "as-figs"),
        (PAGE, "db-units"),
        (other, "stats-whole"),
        (other, "stats-stages"),
    ):
        page = client.get(path, MARCH).content.decode()
        terms = re.findall(
            r'<a class="as-term" href="#([^"]+)" title="[^"]+">[^<]+</a>', page.partition(table)[2]
        )

        assert len(terms) >= 4
        assert all(page.count(f'id="{one}"') == 1 for one in terms)
        assert "<span title=" not in page


def test_a_look_is_logged(work: City, people: People) -> None:
    text(people.leader)

    assert AuditRow.objects.filter(actor=people.leader, action="read.dashboard").count() == 1


# --- what the two numbers about lateness count -----------------------------------------------------------------------


def hint(page: str, name: str) -> str:
    """Return the second line below a number."""
    found = re.search(rf">{name}</a></span><a [^>]*><b>[^<]*</b><small>([^<]*)</small>", page)
    assert found is not None, name
    return found[1]


def test_late_in_the_period_and_overdue_now_name_what_they_count(people: People, city: City) -> None:
    """Nothing concluded late and two still open past their day are no contradiction, and do not read as one."""
    conclude(tips(20, unit=city.yanta, day=DAY), started=DAY, days=3)
    tips(2, unit=city.yanta, day=DAY, order_date=timezone.localdate() - timedelta(days=1))

    page = text(people.leader)

    assert hint(page, "按期办结率") == "本期办结的都没有逾期"
    assert hint(page, "目前超期") == "仍在办理，不限本期"


def test_without_a_conclusion_nothing_is_said_to_be_in_time(people: People, city: City) -> None:
    tips(2, unit=city.yanta, day=DAY)

    assert hint(text(people.leader), "按期办结率") == "本期没有办结"
