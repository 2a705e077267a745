"""The enforcement plan: lines read as pasted, progress against June and November, every update kept."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.models import EnforcementPlanPage, OutreachIndexPage, PlanUpdate
from home.plan_figures import WIDTH, Progress, Targets, progress
from home.plan_lines import LARGEST, MOST_LINES, PlannedLine, plan_lines
from home.services.plans import record_update
from tests.home.outreach_parts import PLANNED, add_plan

DUST, SPACE, LIANHU = (
    ("雁塔区应急管理局", "粉尘涉爆"),
    ("雁塔区应急管理局", "有限空间"),
    ("莲湖区应急管理局", "粉尘涉爆"),
)
TODAY = date(2026, 7, 1)
TARGETS = Targets(year=2026, half=60, full=100)


# --- lines ------------------------------------------------------------------------------------------------------


def test_lines_are_read_whatever_parts_them() -> None:
    read = plan_lines(text="甲局，粉尘，20\n\n乙局, 有限空间 ,3\n丙局\t动火\t1\n")

    assert read.problems == ()
    assert [(line.unit, line.kind, line.planned) for line in read.lines] == [
        ("甲局", "粉尘", 20),
        ("乙局", "有限空间", 3),
        ("丙局", "动火", 1),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("甲局，粉尘", "要写单位、类别和数量"),
        ("甲局，，20", "要写单位、类别和数量"),
        ("甲局，粉尘，20，多", "要写单位、类别和数量"),
        ("甲局，粉尘，零", "“零”不是从 1 起的整数"),
        ("甲局，粉尘，0", "不是从 1 起的整数"),
        ("甲局，粉尘，-5", "不是从 1 起的整数"),
        ("甲局，粉尘，1.5", "不是从 1 起的整数"),
        ("甲局，粉尘，" + str(LARGEST + 1), "不是从 1 起的整数"),
        ("长" * 81 + "，粉尘，1", "名称太长"),
        ("甲局，" + "长" * 41 + "，1", "名称太长"),
    ],
)
def test_a_fault_names_its_line(line: str, words: str) -> None:
    read = plan_lines(text=f"好局，粉尘，1\n{line}")

    assert len(read.lines) == 1
    assert read.problems[0].startswith("第 2 行：")
    assert words in read.problems[0]


def test_a_line_stands_once() -> None:
    assert plan_lines(text="甲局，粉尘，1\n甲局，粉尘，2").problems == ("第 2 行：甲局、粉尘写了两次。",)


def test_too_many_lines_are_refused() -> None:
    text = "\n".join(f"局{n}，粉尘，1" for n in range(MOST_LINES + 1))

    assert plan_lines(text=text).problems == (f"最多 {MOST_LINES} 行。",)


# --- figures ----------------------------------------------------------------------------------------------------


def figures(done: dict[tuple[str, str], int], *, today: date = TODAY) -> Progress:
    """Return the figures of the plan of the tests."""
    return progress(
        lines=plan_lines(text=PLANNED).lines, done=done, targets=TARGETS, today=today, as_of=today
    )


def test_sums_by_type_and_by_unit() -> None:
    found = figures({DUST: 10, SPACE: 15, LIANHU: 20})

    assert [(one.name, one.done, one.planned, one.percent) for one in found.kinds] == [
        ("粉尘涉爆", 30, 70, 42),
        ("有限空间", 15, 30, 50),
    ]
    assert [(one.name, one.done, one.planned) for one in found.units] == [
        ("雁塔区应急管理局", 25, 50),
        ("莲湖区应急管理局", 20, 50),
    ]
    assert (found.total.done, found.total.planned, found.total.percent) == (45, 100, 45)


@pytest.mark.parametrize(
    ("today", "due", "target"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), 60),
        (date(2026, 6, 30), date(2026, 6, 30), 60),
        (date(2026, 7, 1), date(2026, 11, 30), 100),
        (date(2026, 12, 31), date(2026, 11, 30), 100),
        (date(2027, 2, 1), date(2026, 11, 30), 100),
    ],
)
def test_target_that_counts(today: date, due: date, target: int) -> None:
    found = figures({}, today=today)

    assert (found.due, found.target) == (due, target)


@pytest.mark.parametrize(("done", "missing"), [(0, 30), (29, 1), (30, 0), (50, 0), (80, 0)])
def test_what_is_missing_until_june(done: int, missing: int) -> None:
    found = figures({LIANHU: done}, today=date(2026, 5, 1))

    assert next(one for one in found.units if one.name == LIANHU[0]).missing == missing


def test_missing_is_rounded_up() -> None:
    lines = (PlannedLine(unit="甲局", kind="粉尘", planned=7),)

    found = progress(lines=lines, done={}, targets=TARGETS, today=date(2026, 1, 1), as_of=None)

    assert found.total.missing == 5  # 60 % of 7 are 4.2


def test_hundred_percent_means_all_of_them() -> None:
    lines = (PlannedLine(unit="甲局", kind="粉尘", planned=1000),)

    found = progress(lines=lines, done={("甲局", "粉尘"): 999}, targets=TARGETS, today=TODAY, as_of=None)

    assert found.total.percent == 99


def test_a_number_without_a_line_does_not_count() -> None:
    assert figures({("撤销的局", "粉尘"): 50}).total.done == 0


def test_bars_stay_within_their_drawing() -> None:
    found = figures({DUST: 900, SPACE: 0})

    assert [float(bar.length) for bar in found.bars] == [WIDTH, 0]
    assert [bar.is_inside for bar in found.bars] == [True, False]
    assert found.bars[-1].y + 20 <= found.height
    assert found.target_x == "204"


# --- updates ----------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(outreach: OutreachIndexPage) -> EnforcementPlanPage:
    """Return a published plan."""
    return add_plan()


def update(
    plan: EnforcementPlanPage, day: date, done: dict[tuple[str, str], int], note: str = ""
) -> PlanUpdate:
    """Record one update, on a day in December."""
    return record_update(plan_id=plan.pk, day=day, done=done, note=note, today=date(2026, 12, 1))


def test_newest_update_counts(plan: EnforcementPlanPage) -> None:
    update(plan, date(2026, 3, 31), {DUST: 5})
    update(plan, date(2026, 6, 30), {DUST: 12, SPACE: 20})

    assert (plan.progress.as_of, plan.progress.total.done) == (date(2026, 6, 30), 32)


def test_second_update_of_a_day_counts(plan: EnforcementPlanPage) -> None:
    update(plan, date(2026, 3, 31), {DUST: 5})
    update(plan, date(2026, 3, 31), {DUST: 4}, note="更正")

    assert plan.progress.total.done == 4
    assert PlanUpdate.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 2), "还没有到"),
        (date(2025, 12, 31), "计划从 2026 年开始"),
        (date(2026, 6, 29), "已经有更晚日期的进度"),
    ],
)
@pytest.mark.django_db
def test_days_out_of_order_are_refused(plan: EnforcementPlanPage, day: date, words: str) -> None:
    update(plan, date(2026, 6, 30), {DUST: 5})

    with pytest.raises(ValidationError) as refused:
        update(plan, day, {DUST: 6})

    assert words in refused.value.messages[0]
    assert PlanUpdate.objects.count() == 1


@pytest.mark.parametrize("done", [{("别的局", "粉尘涉爆"): 1}, {DUST: -1}])
def test_numbers_that_fit_no_line_are_refused(
    plan: EnforcementPlanPage, done: dict[tuple[str, str], int]
) -> None:
    with pytest.raises(ValidationError):
        update(plan, date(2026, 3, 31), done)

    assert not PlanUpdate.objects.exists()


def test_changed_plan_keeps_the_numbers_of_what_stayed(plan: EnforcementPlanPage) -> None:
    update(plan, date(2026, 3, 31), {DUST: 5, SPACE: 6})
    plan.planned = "雁塔区应急管理局，粉尘涉爆，25\n新局，动火，10"
    plan.save()

    assert (plan.progress.total.done, plan.progress.total.planned) == (5, 35)


# --- the page ---------------------------------------------------------------------------------------------------


def read(client: Client) -> str:
    """Return the page as text."""
    response = client.get("/outreach/plan-2026/")
    assert response.status_code == 200
    return response.content.decode()


def test_page_without_numbers_says_so(client: Client, plan: EnforcementPlanPage) -> None:
    html = read(client)

    assert "还没有填报进度。" in html
    assert "0 / 70" in html


def test_page_draws_bars_and_tables(client: Client, plan: EnforcementPlanPage) -> None:
    update(plan, date(2026, 3, 31), {DUST: 10, LIANHU: 25, SPACE: 3})

    html = read(client)

    assert 'role="img" aria-label="粉尘涉爆 50%, 有限空间 10%"' in html
    assert '<rect class="c1" x="0" y="54" width="170.0" height="20"/>' in html
    assert html.count('<th scope="row">莲湖区应急管理局</th>') == 2
    assert "截至 2026 年 3 月 31 日。" in html


def test_page_keeps_the_history(client: Client, plan: EnforcementPlanPage) -> None:
    update(plan, date(2026, 3, 31), {DUST: 10})
    update(plan, date(2026, 5, 31), {DUST: 18}, note="补录")
    update(plan, date(2026, 6, 30), {DUST: 16}, note="更正上次多填的两家")

    history = read(client).split("历次更新", 1)[1]

    assert re.findall(r"累计 (\d+) 家", history) == ["16", "18", "10"]
    assert "更正：-2。" in history
    assert "比上次多 8 家。" in history
    assert "更正上次多填的两家" in history


def test_queries_do_not_grow(client: Client, plan: EnforcementPlanPage) -> None:
    update(plan, date(2026, 1, 31), {DUST: 1})
    read(client)
    with CaptureQueriesContext(connection) as few:
        read(client)
    for month in range(2, 12):
        update(plan, date(2026, month, 28), {DUST: month})
    with CaptureQueriesContext(connection) as many:
        read(client)

    assert len(few) == len(many) <= 15


def test_a_year_has_one_plan(plan: EnforcementPlanPage) -> None:
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        add_plan(slug="again")


def test_plan_that_cannot_be_read_is_refused_in_words(plan: EnforcementPlanPage) -> None:
    plan.planned = "甲局，粉尘"

    with pytest.raises(ValidationError) as refused:
        plan.full_clean()

    assert "第 1 行：" in refused.value.message_dict["planned"][0]


@pytest.mark.parametrize(("half", "full", "field"), [(70, 60, "full_percent"), (0, 100, "half_percent")])
def test_senseless_targets_are_refused(plan: EnforcementPlanPage, half: int, full: int, field: str) -> None:
    plan.half_percent, plan.full_percent = half, full

    with pytest.raises(ValidationError) as refused:
        plan.full_clean()

    assert field in refused.value.message_dict


def test_empty_plan_is_refused(plan: EnforcementPlanPage) -> None:
    plan.planned = " \n "

    with pytest.raises(ValidationError) as refused:
        plan.full_clean()

    assert "planned" in refused.value.message_dict
