"""Figures and odd histories: dissolved and split units, changed clocks, leap days, year ends, one tip, purged ones."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from complaints.enums import Result, Role
from complaints.models import Period, Tip
from complaints.rules.spans import span_of
from complaints.services.day_cells import refresh
from complaints.services.freezing import freeze
from complaints.stats.frozen import closed_report
from complaints.stats.inputs import inputs_digest
from complaints.stats.public import public_report
from tests.complaints.staff.conftest import People, at_desk
from tests.complaints.stats.rows import conclude, sign, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City
from tests.home.bulletin_steps import same_number, sheets
from tests.signin import staff

pytestmark = pytest.mark.django_db
MARCH = span_of("2026-03")
AT = noon(date(2026, 4, 10))
DAY = date(2026, 3, 9)


def dashboard(user: User, period: str = "2026-03") -> dict[str, list[str]]:
    """Return the rows of the comparison of units by their names."""
    page = at_desk(user).get("/admin/statistics/dashboard/", {"period": period}).content.decode()
    body = page.partition('id="db-units"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]
    return {row[0].removesuffix(" *"): row[1:] for row in rows}


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_dissolved_unit_keeps_what_it_did(people: People, city: City, is_kept: bool) -> None:
    conclude(tips(25, unit=city.lianhu, day=DAY), started=DAY, days=3)
    city.lianhu.is_active = False
    city.lianhu.save()
    if is_kept:
        refresh()

    assert dashboard(people.city_officer)["莲湖区应急管理局"][:3] == ["25", "25", "100.0%"]


@pytest.mark.parametrize("is_kept", [True, False])
def test_of_a_split_unit_each_part_has_the_tips_it_took_over(
    people: People, city: City, is_kept: bool
) -> None:
    """In mid-year some go to another unit: their whole life counts there, and nothing counts twice."""
    rows = tips(30, unit=city.yanta, day=DAY)
    conclude(rows, started=DAY, days=3)
    refresh()
    Tip.objects.filter(pk__in=[row.pk for row in rows[:12]]).update(handling_unit=city.zone)
    if is_kept:
        refresh()

    found = dashboard(people.city_officer)
    assert (found["雁塔区应急管理局"][:2], found["高新区应急局"][:2]) == (["18", "18"], ["12", "12"])


def test_a_clock_changed_after_closing_moves_figures_and_no_report(city: City) -> None:
    conclude(tips(30, unit=city.yanta, day=DAY), started=DAY, days=10)
    row = freeze(span=MARCH, at=AT)
    Period.objects.update(due_date=DAY)

    kept = closed_report(code="2026-03")
    assert kept is not None
    assert kept.figures["whole"]["on_time"] == 30
    assert inputs_digest(span=MARCH) != row.inputs_digest
    again = freeze(span=MARCH, at=AT, reason="期限更正")
    assert (again.figures["whole"]["on_time"], again.version) == (0, 2)
    assert again.inputs_digest == inputs_digest(span=MARCH)


def test_a_month_without_tips_shows_no_broken_chart(people: People, city: City, client: Client) -> None:
    tips(1, unit=city.yanta, day=date(2026, 1, 9))
    freeze(span=MARCH, at=AT)

    page = client.get("/figures/", {"period": "2026-03"}).content.decode()
    desk = at_desk(people.city_officer).get("/admin/statistics/", {"period": "2026-03"}).content.decode()

    for text in (page, desk):
        assert "NaN" not in text
        assert not re.search(r'(?:width|height|[xy])="-', text)
    assert "少于 5" in page
    assert dashboard(people.city_officer) == {}


def test_one_tip_in_a_district_is_told_to_staff_alone(people: People, city: City, client: Client) -> None:
    tips(1, unit=city.lianhu, day=DAY, district_id=LIANHU)
    tips(60, unit=city.yanta, day=DAY, district_id=YANTA)
    freeze(span=MARCH, at=AT)

    report = public_report(code="2026-03")
    assert report is not None
    cells = {cell.code: cell for cell in report.rows["district"]}
    assert (cells[LIANHU].value, cells[YANTA].value) == (None, None)
    assert dashboard(people.city_officer)["莲湖区应急管理局"][0] == "1"
    page = client.get("/figures/", {"period": "2026-03"}).content.decode()
    assert ">60<" not in page
    assert ">61<" in page


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2024, 2, 29), "2024-02"), (date(2024, 2, 29), "2024Q1"), (date(2024, 12, 31), "2024"),
        (date(2025, 1, 1), "2025"), (date(2025, 1, 1), "2025H1"),
    ],
)  # fmt: skip
def test_days_at_the_edge_lie_in_their_period(city: City, day: date, period: str) -> None:
    tips(30, unit=city.yanta, day=day)

    row = freeze(span=span_of(period), at=AT)

    assert row.figures["whole"]["received"] == 30
    assert row.figures["by"]["month"][f"{day:%Y-%m}"]["received"] == 30


def test_a_result_signed_at_midnight_of_new_year_counts_for_the_new_year(people: People, city: City) -> None:
    rows = tips(2, unit=city.yanta, day=date(2025, 12, 1))
    midnight = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
    sign(rows[:1], at=midnight, result=Result.TRUE)
    sign(rows[1:], at=midnight - timedelta(seconds=1), result=Result.TRUE)

    years = [freeze(span=span_of(code), at=noon(date(2027, 1, 10))) for code in ("2025", "2026")]

    assert [row.figures["whole"]["conclusions"] for row in years] == [1, 1]


def test_a_purged_tip_is_gone_from_the_dashboard_and_not_from_the_report(people: People, city: City) -> None:
    rows = tips(30, unit=city.yanta, day=DAY)
    freeze(span=MARCH, at=AT)
    refresh()
    Tip.objects.filter(pk=rows[0].pk).delete()

    assert dashboard(people.city_officer)["雁塔区应急管理局"][0] == "29"
    refresh()
    assert dashboard(people.city_officer)["雁塔区应急管理局"][0] == "29"
    kept = closed_report(code="2026-03")
    assert kept is not None
    assert kept.figures["whole"]["received"] == 30


# --- the workbook, read by another library than the one that wrote it ---------------------------------------------


@pytest.mark.parametrize("by", ["unit", "kind", "district"])
def test_the_workbook_says_what_the_page_says(people: People, city: City, by: str) -> None:
    rows = tips(34, unit=city.yanta, day=DAY, district_id=YANTA, kind="violation")
    conclude(rows[:30], started=date(2026, 3, 1), days=12)
    tips(21, unit=city.lianhu, day=DAY, district_id=LIANHU)
    tips(8, unit=city.yanta, day=date(2025, 3, 9))
    client, asked = at_desk(people.city_officer), {"period": "2026-03", "by": by}

    page = client.get("/admin/statistics/", asked).content.decode()
    book = sheets(client.get("/admin/statistics/figures.xlsx", asked).content)

    whole = {row[0]: row[1:3] for row in book["统计"][2:]}
    for name, now, before in _whole(page):
        assert same_number(whole[name][0] or "—", now.rstrip("%")), name
        assert same_number(whole[name][1] or "—", before.rstrip("%")), name
    split = list(book.values())[2]
    received = split[0].index("收到")
    shown = _split(page)
    assert len(shown) == len(split) - 1
    for row in split[1:]:
        assert same_number(row[received], shown[row[0]]), row[0]


# A number may lead to its list.
LINK = re.compile(r'<a href="[^"]*figure=[^"]*">|</a>(?=</td>)')


def _whole(page: str) -> list[tuple[str, str, str]]:
    table = page.partition('aria-labelledby="stats-whole"')[2].partition("</table>")[0]
    found: list[Any] = re.findall(
        r'<th scope="row"><\w+[^>]* title="[^"]*">(.*?)</\w+>.*?</th>'
        r'<td class="n"[^>]*>(.*?)</td><td class="n"[^>]*>(.*?)</td>',
        LINK.sub("", table),
    )
    assert found
    return found


def _split(page: str) -> dict[str, str]:
    table = page.partition('id="stats-split"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return {
        name.removesuffix(" *"): first
        for name, first in re.findall(
            r'<th scope="row">(.*?)</th><td class="n"[^>]*>(.*?)</td>', LINK.sub("", table)
        )
    }


def test_only_who_leads_the_city_closes_a_year_and_not_before_it_is_over(city: City) -> None:
    boss = staff(Role.LEADER, office=city.city)
    client = at_desk(boss)

    answer = client.post("/admin/statistics/close/", {"period": "2099"})

    assert answer.status_code in {302, 404}
    assert closed_report(code="2099") is None
