"""Tables and files of the desk from one answer: order, marks of small numbers, and every cell the same in each form."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.http import Http404, QueryDict
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Role
from complaints.rules.small_cells import LEAST_RANKED
from complaints.rules.spans import span_of
from complaints.staff.statistics import files, tables
from complaints.staff.statistics.asked import (
    YEARS_BACK,
    Answer,
    Asked,
    may_close,
    period_choices,
    read_asked,
    split_choices,
    unit_choices,
)
from complaints.stats.counting import By, Counts, Table
from complaints.stats.definitions import FIGURE, FIGURES, STAGES, Unit
from complaints.stats.report import Report, value_of
from complaints.stats.stages import Spread
from tests.complaints.stats.rows import tips
from tests.fixtures import YANTA, City, city, vault
from tests.home.bulletin_steps import typed_sheets
from tests.signin import staff

__all__ = ["city", "vault"]
TODAY = date(2026, 11, 29)
MARCH = span_of("2026-03")
COUNTED = sorted(
    {one.code for one in FIGURES if one.of is None}
    | {part for one in FIGURES if one.of for part in (*one.of[0], one.of[1])}
)
MONEY = {one.code for one in FIGURES if one.unit == Unit.YUAN}
numbers = st.integers(0, 5000)
every_count = st.fixed_dictionaries(
    {code: st.decimals(0, 10**7, places=2) if code in MONEY else numbers for code in COUNTED}
)


def answer(
    rows: dict[str, Counts] | None = None,
    *,
    whole: Counts | None = None,
    stages: dict[str, Spread] | None = None,
    spreads: dict[str, Spread] | None = None,
    names: dict[str, str] | None = None,
) -> Answer:
    """Return an answer as the page gets it; counts that are not named are nothing."""
    nothing: Counts = {code: Decimal(0) if code in MONEY else 0 for code in COUNTED}
    filled = {key: {**nothing, **counts} for key, counts in (rows or {}).items()}
    return Answer(
        asked=Asked(span=MARCH, unit_id=None, by=By.KIND, is_live=False),
        report=Report(
            span=MARCH,
            table=Table(whole={**nothing, **(whole or {})}, rows=filled),
            year_before=nothing,
            stages=stages or {},
            spreads=spreads or {},
            months=(),
        ),
        names=names or {key: f"名{key}" for key in filled},
        unit_name="全市",
        closed=None,
        last=nothing,
    )


# --- how numbers are written -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (None, Unit.TIPS, "—"),
        (None, Unit.YUAN, "—"),
        (0, Unit.TIPS, "0"),
        (1133, Unit.TIPS, "1,133"),
        (Decimal("1234567.8"), Unit.YUAN, "1,234,567.80"),
        (0, Unit.YUAN, "0.00"),
        (Decimal("97.6"), Unit.PERCENT, "97.6%"),
        (Decimal("4.3"), Unit.SCORE, "4.3"),
        (12, Unit.DAYS, "12"),
    ],
)
def test_how_a_number_is_written(number: Any, unit: Unit, text: str) -> None:
    assert tables.number_text(number, unit=unit) == text


@given(numbers)
def test_a_written_number_reads_back(number: int) -> None:
    assert int(tables.number_text(number, unit=Unit.TIPS).replace(",", "")) == number


def test_every_figure_has_its_row_in_the_order_of_the_definitions() -> None:
    rows = tables.figure_rows(answer(whole={"received": 1133}))

    assert [row.figure for row in rows] == list(FIGURES)
    assert (rows[0].now, rows[0].before) == ("1,133", "0")


@pytest.mark.parametrize(
    ("stages", "expected"),
    [({}, ("—", "—", 0)), ({"whole": Spread(count=30, median=12, p90=58)}, ("12", "58", 30))],
)
def test_a_stage_without_cases_has_dashes(stages: dict[str, Spread], expected: tuple[str, str, int]) -> None:
    rows = {row.figure.code: row for row in tables.stage_rows(answer(stages=stages))}

    assert list(rows) == [stage.code for stage in STAGES]
    assert (rows["whole"].median, rows["whole"].p90, rows["whole"].count) == expected


# --- what is compared -------------------------------------------------------------------------------------------


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 60), max_size=9))
def test_rows_are_ranked_from_twenty_on_and_the_others_stand_by_their_keys(received: dict[str, int]) -> None:
    rows = tables.split_rows(answer({key: {"received": many} for key, many in received.items()}))

    order = [row.name.removeprefix("名") for row in rows]
    assert sorted(order) == sorted(received)
    large = [key for key in order if received[key] >= LEAST_RANKED]
    assert order[: len(large)] == large
    assert [received[key] for key in large] == sorted((received[key] for key in large), reverse=True)
    assert order[len(large) :] == sorted(set(received) - set(large))


@given(st.integers(0, 60))
def test_shares_of_few_are_marked(concluded: int) -> None:
    (row,) = tables.split_rows(answer({"a": {"concluded": concluded, "on_time": concluded}}))

    assert row.is_small == (concluded < LEAST_RANKED)


def test_a_row_has_a_cell_for_each_head_and_its_own_days() -> None:
    spreads = {"a": Spread(count=25, median=9, p90=31)}

    first, second = tables.split_rows(answer({"a": {"received": 40}, "b": {"received": 3}}, spreads=spreads))

    assert len(first.cells) == len(second.cells) == len(tables.split_heads())
    assert first.cells[0] == "40"
    assert (first.median, first.p90, second.median, second.p90) == ("9", "31", "—", "—")


# --- files ------------------------------------------------------------------------------------------------------


def csv_rows(found: Answer) -> list[dict[str, str]]:
    text = files.table(found)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


@given(every_count, every_count)
def test_the_table_tells_every_figure_of_every_row(whole: Counts, row: Counts) -> None:
    found = csv_rows(answer({"a": row}, whole=whole))

    assert len(found) == 2 * len(FIGURES)
    for place, counts in ((0, whole), (len(FIGURES), row)):
        for figure, line in zip(FIGURES, found[place : place + len(FIGURES)], strict=True):
            value = value_of(figure=figure, counts=counts)
            assert (Decimal(line["数值"]) if line["数值"] else None) == value, figure.code
            assert (line["指标"], line["单位"], line["口径"]) == (
                str(figure.name), str(figure.unit.label), str(figure.definition),
            )  # fmt: skip
            assert "," not in line["数值"]


@given(every_count)
def test_the_workbook_holds_numbers(whole: Counts) -> None:
    book = typed_sheets(files.workbook(answer(whole=whole)))

    rows = {str(line[0]): line for line in book["统计"][2:]}
    for figure in FIGURES:
        value = value_of(figure=figure, counts=whole)
        cell = rows[str(figure.name)][1]
        if value is None:
            assert cell == ""
        else:
            assert isinstance(cell, Decimal), figure.code
            assert abs(cell - Decimal(value)) < Decimal("0.005"), figure.code


@pytest.mark.parametrize("name", ["=1+1", "+86", "-2", "@x", "\t=1"])
def test_a_name_is_never_run(name: str) -> None:
    found = answer({"a": {"received": 40}}, names={"a": name})

    assert {row["分组项"] for row in csv_rows(found)} == {"合计", f"'{name}"}
    cells = [cell for rows in typed_sheets(files.workbook(found)).values() for row in rows for cell in row]
    assert f"'{name}" in cells or f"'{name}".replace("\t", " ") in cells


def test_sheets_follow_each_other_and_define_everything() -> None:
    book = typed_sheets(files.workbook(answer({"a": {"received": 40}})))

    assert len(book) == 4
    assert [row[0] for row in list(book.values())[3][1:]] == [str(one.name) for one in (*FIGURES, *STAGES)]


# --- what may be asked ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "code", "by", "is_live"),
    [
        ("", "2026-10", By.UNIT, False),
        ("period=2026Q1&by=district", "2026Q1", By.DISTRICT, False),
        ("period=2026&by=identity&live=1", "2026", By.IDENTITY, True),
        ("period=2026-11&unit=", "2026-11", By.UNIT, False),
    ],
)
def test_what_a_query_asks_for(city: City, query: str, code: str, by: By, is_live: bool) -> None:
    leader = staff(Role.LEADER, office=city.city)

    found = read_asked(query=QueryDict(query), user=leader, today=TODAY)

    assert (found.span.code, found.by, found.is_live, found.unit_id) == (code, by, is_live, None)
    assert read_asked(query=QueryDict(found.query), user=leader, today=TODAY) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "period=x",
        "period=2026-13",
        "period=2026-12",
        "period=2027",
        "by=x",
        "unit=x",
        "unit=-1",
        "unit=99999999",
    ],
)
def test_what_cannot_be_asked(city: City, query: str) -> None:
    with pytest.raises(Http404):
        read_asked(query=QueryDict(query), user=staff(Role.LEADER, office=city.city), today=TODAY)


@pytest.mark.django_db
def test_who_has_one_unit_is_not_asked_to_compare_units(city: City) -> None:
    officer = staff(Role.OFFICER, office=city.town)

    assert read_asked(query=QueryDict(""), user=officer, today=TODAY).by == By.KIND
    assert [one.value for one in unit_choices(user=officer, chosen=None)] == [str(city.town.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["2026-03", "2025Q4", "2024"])
def test_periods_to_choose_have_begun_and_one_is_chosen(city: City, chosen: str) -> None:
    tips(1, unit=city.yanta, day=date(2026 - YEARS_BACK, 1, 2), district_id=YANTA)

    groups = period_choices(chosen=span_of(chosen), today=TODAY)

    assert [year for year, _choices in groups] == [str(2026 - back) for back in range(YEARS_BACK + 1)]
    every = [one for _year, choices in groups for one in choices]
    assert [one.value for one in every if one.is_chosen] == [chosen]
    assert all(span_of(one.value).start <= TODAY for one in every)
    assert len({one.value for one in every}) == len(every)


@pytest.mark.parametrize("by", By)
def test_one_split_is_chosen(by: By) -> None:
    choices = split_choices(chosen=by)

    assert [one.value for one in choices if one.is_chosen] == [by.value]
    assert {one.value for one in choices} == set(By)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "code", "may"),
    [
        (Role.LEADER, "2026-10", True),
        (Role.LEADER, "2026-11", False),
        (Role.LEADER, "2026", False),
        (Role.OFFICER, "2026-10", False),
        (Role.AUDITOR, "2026-10", False),
    ],
)
def test_who_may_close_what(city: City, role: Role, code: str, may: bool) -> None:
    tips(1, unit=city.yanta, day=date(2026, 1, 2), district_id=YANTA)

    assert may_close(user=staff(role, office=city.city), span=span_of(code), today=TODAY) == may


@pytest.mark.django_db
def test_a_leader_of_a_district_closes_nothing(city: City) -> None:
    boss = staff(Role.LEADER, office=city.yanta)

    assert not may_close(user=boss, span=span_of("2026-10"), today=TODAY)


def test_every_figure_that_stands_side_by_side_is_defined() -> None:
    assert [one.code for one in tables.split_heads()] == list(tables.SIDE_BY_SIDE)
    assert set(tables.SIDE_BY_SIDE) <= set(FIGURE)
