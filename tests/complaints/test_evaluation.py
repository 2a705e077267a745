"""The evaluation of a year: rates from the figures and reviews of that year, within one's units, by dated weights."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from complaints.enums import EvaluationLine, Measure, Role
from complaints.models import Disposal, EvaluationWeights, FileSample, SampledFile, Tip
from complaints.rules.evaluation import Evaluation
from complaints.rules.spans import span_of
from complaints.selectors.evaluation import evaluations
from complaints.selectors.file_review import results_of
from tests.complaints.staff.conftest import at_desk
from tests.complaints.stats.rows import conclude, tips
from tests.factories import MembershipFactory, noon
from tests.fixtures import City
from tests.signin import staff

pytestmark = pytest.mark.django_db
YEAR, DAY, TODAY = span_of("2026"), date(2026, 3, 9), date(2026, 5, 6)
PAGE = "/admin/statistics/evaluation/"


@pytest.fixture
def work(city: City) -> City:
    """Return a city: 41 of 42 on time in the first district, with twenty scored files of 21; three tips in the town."""
    rows = tips(42, unit=city.yanta, day=DAY)
    conclude(rows[:41], started=date(2026, 3, 1), days=12)
    conclude(rows[41:], started=date(2026, 1, 1), days=70)
    conclude(tips(3, unit=city.town, day=DAY), started=date(2026, 3, 1), days=12)
    boss = MembershipFactory(office=city.city, role=Role.LEADER).user
    sample = FileSample.objects.create(
        span_code="2026Q1", office=city.city, units=[city.yanta.pk], seed="x", per_unit=21, stock=42, stock_digest="x",
        sheet=[{"code": "all", "points": 50, "title": "x", "basis": "x"}], drawn_by=boss, drawn_at=noon(TODAY),
    )  # fmt: skip
    for place, points in [*((place, 45) for place in range(1, 21)), (21, None)]:
        SampledFile.objects.create(
            sample=sample, place=place, tip=rows[place], unit=city.yanta, points=points, wants_correction=place == 1,
            state="correction" if place == 1 else "drawn",
        )  # fmt: skip
    return city


def sheets(user: User, year: str = "2026") -> dict[str, Evaluation]:
    found = evaluations(user=user, span=span_of(year), today=TODAY)
    return {found.names[one.key]: one for one in found.sheets}


def test_each_line_rests_on_figures_and_reviews_of_the_year(work: City, city_officer: User) -> None:
    sheet = sheets(city_officer)["雁塔区应急管理局"]

    rates = {one.line: (one.rate.part, one.rate.whole) for one in sheet.lines if one.rate}
    assert rates[EvaluationLine.ON_TIME] == (41, 42)
    assert rates[EvaluationLine.FILES] == (900, 1000)
    assert rates[EvaluationLine.CORRECTIONS] == (0, 1)
    assert rates[EvaluationLine.WHISTLES] == (0, 0)
    # 30 × 41/42 and 20 × 0.9, out of 50: one correction is too few to count.
    assert sheet.total == ((Decimal(30) * 41 / 42 + 18) * 100 / 50).quantize(Decimal("0.1"))
    assert sheet.place == 1


def test_a_small_unit_is_told_and_not_placed(work: City, city_officer: User) -> None:
    town = sheets(city_officer)["街道应急办"]

    assert (town.concluded, town.place, town.total) == (3, 0, None)


def test_each_sees_the_own_units(
    work: City, officer: User, town_officer: User, foreign_officer: User
) -> None:
    assert list(sheets(officer)) == ["雁塔区应急管理局", "街道应急办"]
    assert list(sheets(town_officer)) == ["街道应急办"]
    assert sheets(foreign_officer) == {}


def test_a_place_is_that_among_all_units(work: City, officer: User, foreign_officer: User) -> None:
    conclude(tips(30, unit=work.lianhu, day=DAY), started=date(2026, 3, 1), days=12)

    found = evaluations(user=officer, span=YEAR, today=TODAY)

    assert {found.names[one.key]: one.place for one in found.sheets} == {
        "雁塔区应急管理局": 2,
        "街道应急办": 0,
    }
    assert found.placed == 2
    assert [one.place for one in sheets(foreign_officer).values()] == [1]
    leader = staff(Role.LEADER, office=work.yanta, username="quzhang")
    page = at_desk(leader).get(PAGE, {"year": "2026"}).content.decode()
    assert "全市 2 个排名单位中第 2 位" in page
    assert "莲湖" not in page.partition("as-look__list")[2].partition("</ol>")[0]


def order(tip: Tip, *, decided: date, by: date | None = None, removed: date | None = None) -> None:
    Disposal.objects.create(
        tip=tip, measure=Measure.RECTIFY, decided_date=decided, rectify_by=by, rectified_date=removed,
        recorded_at=noon(decided), decided_at=noon(decided), is_confirmed=True,
    )  # fmt: skip


def test_hazards_are_orders_of_the_year_and_what_became_of_them(work: City, city_officer: User) -> None:
    """Orders of the year before that were fulfilled in this one are no part of this year's orders."""
    rows = tips(6, unit=work.yanta, day=DAY)
    before, now, late = date(2025, 12, 9), date(2026, 4, 1), date(2026, 12, 1)
    order(rows[0], decided=before, by=now, removed=DAY)
    order(rows[1], decided=before, by=now, removed=DAY)
    order(rows[2], decided=DAY, by=now, removed=now)
    order(rows[3], decided=DAY, by=now)
    order(rows[4], decided=DAY, by=late, removed=now)
    order(rows[5], decided=DAY, by=late)  # has time yet: neither good nor bad

    found = {one.line: one.rate for one in sheets(city_officer)["雁塔区应急管理局"].lines}

    rate = found[EvaluationLine.HAZARDS]
    assert rate is not None
    assert (rate.part, rate.whole) == (2, 3)


def test_another_year_has_nothing(work: City, city_officer: User) -> None:
    assert sheets(city_officer, "2025") == {}


def test_the_weights_in_force_on_the_last_day_count(work: City, city_officer: User) -> None:
    only = {line.value: 0 for line in EvaluationLine} | {"files": 40}
    EvaluationWeights.objects.create(effective_from=date(2026, 5, 1), source="市局", **only)
    EvaluationWeights.objects.create(effective_from=date(2026, 12, 1), source="later", **{**only, "files": 1})

    sheet = sheets(city_officer)["雁塔区应急管理局"]

    assert [(one.line, one.weight) for one in sheet.lines] == [(EvaluationLine.FILES, 40)]
    assert sheet.total == Decimal("90.0")


def test_results_and_figures_agree_with_the_rows(work: City) -> None:
    row = results_of(SampledFile.objects.all())[0]

    assert (row.files, row.scored, row.points, row.corrections, row.corrections_done) == (21, 20, 900, 1, 0)


def test_the_number_of_queries_does_not_grow(work: City) -> None:
    costs = []
    for unit in (work.lianhu, work.zone):
        conclude(tips(30, unit=unit, day=DAY), started=date(2026, 3, 1), days=12)
        user = MembershipFactory(office=work.city).user
        with CaptureQueriesContext(connection) as asked:
            sheets(user)
        costs.append(len(asked))

    assert costs[0] == costs[1]
    assert costs[0] <= 23


def test_the_page_and_the_file_say_the_same_line_by_line(work: City) -> None:
    client = at_desk(staff(Role.LEADER, office=work.city, username="juzhang"))
    page = client.get(PAGE, {"year": "2026"}).content.decode()
    book = load_workbook(BytesIO(client.get(PAGE + "evaluation.xlsx", {"year": "2026"}).content))

    body = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    shown = [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for one in body
        for row in re.findall(r"<tr>.*?</tr>", one, re.DOTALL)
    ]
    assert shown[0] == ["按期办结", "41 / 42", "97.6%", "30", "29.3"]
    assert ["吹哨按时应答", "—", "—", "10", "—"] in shown
    told = [[str(cell.value or "") for cell in row][1:] for row in book.worksheets[1].iter_rows(min_row=2)]
    assert [[row[0] + row[5], row[2], row[1], row[3], row[4]] for row in told] == shown
    assert ["评查整改办结不足 20 件，不计", "0 / 1", "—", "5", "—"] in shown
    assert "按 7 项中的 2 项评价，占 100 分中的 50 分" in page
    assert book.worksheets[0]["E2"].value == "按 7 项中的 2 项评价，占 100 分中的 50 分"
    assert [cell.value for cell in book.worksheets[0][2]][1:3] == ["雁塔区应急管理局", sheet_total(page)]


def sheet_total(page: str) -> str:
    found = re.search(r"<b>([\d.]+)</b> / 100", page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("year", ["2026Q1", "2199", "x", "2026-03", "１９９９"])
def test_years_that_cannot_be_asked(work: City, year: str) -> None:
    client = at_desk(staff(Role.LEADER, office=work.city, username="juzhang"))

    for path in ("", "evaluation.xlsx"):
        assert client.get(PAGE + path, {"year": year}).status_code == 404


def test_others_find_nothing_here(work: City) -> None:
    client = at_desk(staff(Role.EDITOR, office=work.city, username="bianji"))

    for path in ("", "evaluation.xlsx"):
        assert client.get(PAGE + path).status_code == 404
