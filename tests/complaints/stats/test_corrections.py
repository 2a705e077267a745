"""A month corrected after its quarter was closed: the quarter says so and tells nothing that is hidden by now."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from complaints.enums import Role
from complaints.models import Period, PeriodReport, Tip
from complaints.rules.small_cells import recoverable
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from complaints.stats.frozen import closed_report, to_be_corrected
from complaints.stats.public import PublicReport, public_report
from tests.complaints.staff.conftest import at_desk
from tests.complaints.stats.rows import conclude, tips
from tests.complaints.stats.test_publishing import attacker
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
AT = noon(date(2026, 4, 10))
LATER = AT + timedelta(days=20)


@pytest.fixture
def quarter(city: City) -> City:
    """Return a city whose first quarter is closed, with 12 tips concluded in each month."""
    for month in (1, 2, 3):
        rows = tips(30 + month, unit=city.yanta, day=date(2026, month, 9), district_id=YANTA)
        tips(20 + month, unit=city.lianhu, day=date(2026, month, 20), district_id=LIANHU)
        conclude(rows[:12], started=date(2026, month, 9), days=12)
    freeze(span=span_of("2026Q1"), at=AT)
    return city


def shown(code: str, *, version: int | None = None) -> PublicReport:
    report = public_report(code=code, version=version)
    assert report is not None
    return report


def concluded(report: PublicReport) -> dict[str, str]:
    return {month.name: month.concluded.text for month in report.months}


def correct_march(*, keep: int) -> PeriodReport:
    """Correct March after all but so many of its conclusions turned out to be typed in by mistake."""
    rows = Period.objects.filter(ended_date__range=(date(2026, 3, 1), date(2026, 3, 31))).order_by("pk")
    Period.objects.filter(pk__in=[row.pk for row in rows[keep:]]).update(ended_date=None)
    return freeze(span=span_of("2026-03"), at=LATER, reason="误录")


def test_nothing_is_to_be_corrected_before_anything_was(quarter: City) -> None:
    closed = closed_report(code="2026Q1")
    assert closed is not None

    assert (to_be_corrected(closed), shown("2026Q1").corrected) == ([], ())
    assert concluded(shown("2026Q1")) == {"2026 年 1 月": "12", "2026 年 2 月": "12", "2026 年 3 月": "12"}


def test_a_quarter_tells_no_number_of_a_month_that_hides_it_now(quarter: City) -> None:
    assert correct_march(keep=3).shown["cells"]["timing"]["total"] == "few"

    report = shown("2026Q1")

    assert concluded(report)["2026 年 3 月"] == "不单列"
    assert concluded(report)["2026 年 2 月"] == "12"
    assert concluded(shown("2026Q1", version=1)) == concluded(report)


def test_a_quarter_says_that_a_month_within_was_corrected(quarter: City) -> None:
    correct_march(keep=11)

    closed = closed_report(code="2026Q1")
    assert closed is not None
    assert to_be_corrected(closed) == [span_of("2026-03")]
    assert shown("2026Q1").corrected == ("2026 年 3 月",)
    assert shown("2026-03").corrected == ()
    # Its own numbers are those that were closed together: they add up.
    assert concluded(shown("2026Q1"))["2026 年 3 月"] == "12"
    assert shown("2026Q1").figure("concluded").value == 36


def test_once_corrected_itself_the_quarter_says_no_more(quarter: City) -> None:
    correct_march(keep=11)

    freeze(span=span_of("2026Q1"), at=LATER, reason="三月更正")

    assert shown("2026Q1").corrected == ()
    assert shown("2026Q1").figure("concluded").value == 35
    assert shown("2026Q1", version=1).corrected == ("2026 年 3 月",)


def test_a_corrected_quarter_is_told_of_by_half_and_year(quarter: City) -> None:
    at = noon(date(2027, 1, 20))
    freeze(span=span_of("2026"), at=at)
    freeze(span=span_of("2026Q2"), at=at, reason="补录")
    freeze(span=span_of("2026-08"), at=at, reason="补录")

    assert shown("2026H1").corrected == ("2026 年第二季度",)
    assert shown("2026Q3").corrected == ("2026 年 8 月",)
    assert shown("2026").corrected == ("2026 年第二季度", "2026 年 8 月")
    assert shown("2026Q2").corrected == ()


def test_a_month_of_another_period_hides_alike(quarter: City) -> None:
    """Twelve months stand on the page of April as well; March is not within it, so nothing there is out of date."""
    tips(40, unit=quarter.yanta, day=date(2026, 4, 9), district_id=YANTA)
    freeze(span=span_of("2026-04"), at=noon(date(2026, 5, 10)))
    assert concluded(shown("2026-04"))["2026 年 3 月"] == "12"
    correct_march(keep=2)

    assert concluded(shown("2026-04"))["2026 年 3 月"] == "不单列"
    assert shown("2026-04").corrected == ()


@pytest.mark.parametrize("keep", range(12))
def test_with_both_versions_at_hand_no_small_cell_is_found_out(quarter: City, keep: int) -> None:
    """What the newest pages tell of every period, with all sums between them; the quarter before and after its turn."""
    correct_march(keep=keep)
    for _turn in range(2):
        done = {
            row.code: row.shown["cells"]
            for row in PeriodReport.objects.latest_versions()
            if not (row.code == "2026Q1" and to_be_corrected(row))
        }
        published = attacker(done, "timing")
        small = {at for at, mark in published.hidden.items() if mark == "few"}
        assert recoverable(published) & small == set()
        freeze(span=span_of("2026Q1"), at=LATER, reason="三月更正")


def test_the_desk_asks_the_leader_to_correct_the_quarter(quarter: City) -> None:
    leader: User = staff(Role.LEADER, office=quarter.city)
    correct_march(keep=11)
    client = at_desk(leader)

    def page(**query: str) -> str:
        return client.get("/admin/statistics/", query).content.decode()

    words = "第 2026Q1-1 号定稿之后，又更正了 2026 年 3 月"
    assert words in page(period="2026Q1")
    assert "定稿之后，又更正了" not in page(period="2026-03")
    freeze(span=span_of("2026Q1"), at=LATER, reason="三月更正")
    assert "定稿之后，又更正了" not in page(period="2026Q1")


def test_the_public_page_says_so(quarter: City, client: Client) -> None:
    correct_march(keep=11)

    page = client.get("/figures/", {"period": "2026Q1"}).content.decode()

    assert "本期定稿后又更正了 2026 年 3 月" in page
    assert "本期定稿后又更正了" not in client.get("/figures/", {"period": "2026-02"}).content.decode()


def test_a_purged_tip_leaves_the_closed_report_and_its_number(quarter: City) -> None:
    before: Any = closed_report(code="2026-03")
    Tip.objects.filter(received_date__range=(date(2026, 3, 1), date(2026, 3, 31))).delete()

    after: Any = closed_report(code="2026-03")
    assert (after.digest, after.figures) == (before.digest, before.figures)
    assert shown("2026-03").figure("received").value == 56
