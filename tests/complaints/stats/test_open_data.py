"""Rows of open data: every public number once with its codes, rates from told numbers alone, the year before beside."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import DeclineReason, Industry, Operation, Result, TipKind
from complaints.rules.small_cells import LEAST_SHOWN, Hidden
from complaints.stats.definitions import FIGURE, REASON_CODES, RESULT_CODES, Unit
from complaints.stats.open_data import (
    OPEN_RATES,
    OpenNumber,
    OpenRow,
    OpenTable,
    open_codes,
    open_figures,
    open_rows,
    rate_of,
)
from complaints.stats.publishing import ALONE
from complaints.stats.report import value_of
from tests.fixtures import LIANHU, YANTA, City, city, vault
from tests.home.bulletin_reports import APART, FEW, report

__all__ = ["city", "vault"]
TOLD = st.one_of(st.integers(LEAST_SHOWN, 5000), st.sampled_from([FEW, APART]))
NOT_TOLD = OpenNumber(hidden=Hidden.APART)


def told(value: Decimal) -> OpenNumber:
    return OpenNumber(value=value)


def by_place(rows: list[OpenRow]) -> dict[tuple[str, str], OpenRow]:
    return {(row.table.value, row.code): row for row in rows}


def rows_of(before: Any = None, **values: Any) -> dict[tuple[str, str], OpenRow]:
    return by_place(list(open_rows(report=report(**values), before=before)))


def test_the_rates_are_those_whose_every_number_is_public() -> None:
    told = {*ALONE, "concluded", "conclusions", "on_time", *RESULT_CODES.values(), *REASON_CODES.values()}

    assert {"on_time_share", "verified_share"} <= set(OPEN_RATES)
    for code in OPEN_RATES:
        figure = FIGURE[code]
        assert figure.unit == Unit.PERCENT
        assert figure.of is not None
        assert {*figure.of[0], figure.of[1]} <= told, code
    assert "satisfaction" not in OPEN_RATES  # nobody is told the points


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("on_time_share", {"concluded": 3000, "late": 8}, OpenNumber(value=Decimal("99.7"))),
        ("on_time_share", {"concluded": 2000, "late": APART}, NOT_TOLD),
        ("on_time_share", {"concluded": 120, "late": FEW}, NOT_TOLD),
        ("on_time_share", {"concluded": APART, "late": 7}, NOT_TOLD),
        ("verified_share", {"conclusions": 100, "results": (60, 15, 20, 5)}, OpenNumber(value=Decimal("75.0"))),
        ("verified_share", {"conclusions": 80, "results": (9, 8, 58, 5)}, OpenNumber(value=Decimal("21.3"))),
        ("verified_share", {"conclusions": 80, "results": (9, FEW, 58, 5)}, NOT_TOLD),
        ("verified_share", {"conclusions": FEW, "results": (FEW, FEW, FEW, FEW)}, NOT_TOLD),
    ],
)  # fmt: skip
def test_a_rate(code: str, values: dict[str, Any], expected: OpenNumber) -> None:
    assert rate_of(figure=FIGURE[code], report=report(**values)) == expected


@given(st.integers(10, 9999), st.data())
def test_a_rate_is_the_figure_of_what_is_told(total: int, data: st.DataObject) -> None:
    late = data.draw(st.integers(5, total - 5))
    found = rate_of(figure=FIGURE["on_time_share"], report=report(concluded=total, late=late))

    counts = {"on_time": total - late, "concluded": total}
    assert found == OpenNumber(value=value_of(figure=FIGURE["on_time_share"], counts=counts))
    assert abs(Decimal(found.value or 0) - Decimal(total - late) * 100 / total) <= Decimal("0.1")


@given(TOLD, TOLD, TOLD, TOLD, st.lists(TOLD, min_size=1, max_size=13), st.lists(TOLD, max_size=6))
def test_every_public_number_stands_there_once(
    received: Any, concluded: Any, fines: Any, orders: Any, districts: list[Any], operations: list[Any]
) -> None:
    told = report(
        received=received,
        concluded=concluded,
        fines=fines,
        orders=orders,
        districts={f"6101{n:02d}": one for n, one in enumerate(districts)},
        operations={f"op{n}": one for n, one in enumerate(operations)},
        stages={"whole": (9, 30), "verify": (4, 12)},
    )

    rows = list(open_rows(report=told, before=None))

    assert max(Counter((row.table, row.code) for row in rows).values()) == 1
    found = by_place(rows)
    for figure, cell in told.figures:
        assert found["figures", figure.code].now == OpenNumber(value=cell.value, hidden=cell.hidden)
    for table, cells in told.rows.items():
        for cell in cells:
            assert found[table, cell.code].now == OpenNumber(value=cell.value, hidden=cell.hidden)
    assert (found["median", "whole"].now.value, found["p90", "whole"].now.value) == (9, 30)
    assert found["median", "verify"].unit == Unit.DAYS
    for row in rows:
        assert (row.now.value is None) != (row.now.hidden is None), row
        assert row.before == OpenNumber(), row


def test_a_number_that_is_hidden_is_hidden_in_every_column() -> None:
    before = report("2025Q1", received=150, late=FEW, fines=FEW, districts={YANTA: FEW, LIANHU: 90})
    found = rows_of(before, received=FEW, late=9, fines=30, districts={YANTA: 60, LIANHU: APART})

    assert found["figures", "received"].now == OpenNumber(hidden=Hidden.FEW)
    assert found["figures", "received"].before == OpenNumber(value=150)
    assert found["figures", "fines"].before == OpenNumber(hidden=Hidden.FEW)
    assert found["rates", "on_time_share"].now == OpenNumber(value=Decimal("92.5"))
    assert found["rates", "on_time_share"].before == NOT_TOLD
    assert found["district", YANTA].before == OpenNumber(hidden=Hidden.FEW)
    assert found["district", LIANHU].now == OpenNumber(hidden=Hidden.APART)
    assert found["district", LIANHU].before == OpenNumber(value=90)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (Decimal("1234.50"), Decimal("99.00"), (told(Decimal("1234.50")), told(Decimal("99.00")))),
        (None, Decimal("99.00"), (NOT_TOLD, told(Decimal("99.00")))),
        (Decimal("1.00"), None, (told(Decimal("1.00")), NOT_TOLD)),
    ],
)
def test_the_amount_of_fines(now: Decimal | None, before: Decimal | None, expected: tuple[Any, Any]) -> None:
    found = rows_of(report("2025Q1", fine_amount=before), fine_amount=now)["amounts", "fine_amount"]

    assert (found.now, found.before) == expected
    assert found.unit == Unit.YUAN


def test_a_district_or_a_stage_that_was_not_there_a_year_before() -> None:
    before = report("2025Q1", districts={YANTA: 60}, stages={"whole": (8, 20)})
    found = rows_of(before, districts={YANTA: 60, LIANHU: 70}, stages={"whole": (9, 30), "verify": (4, 12)})

    assert found["district", LIANHU].before == OpenNumber()
    assert found["median", "whole"].before == OpenNumber(value=8)
    assert found["p90", "verify"].before == OpenNumber()


def test_every_row_of_a_figure_has_its_words() -> None:
    found = rows_of(districts={YANTA: 60}, operations={"dust": 30}, stages={"decide": (3, 5)})

    assert found["district", YANTA].definition == str(FIGURE["received"].definition)
    assert found["figures", "declined"].basis == FIGURE["declined"].basis
    assert found["median", "decide"].unit == Unit.WORKING_DAYS
    assert found["result", "result_true"].definition == str(FIGURE["result_true"].definition)
    assert (found["operation", "dust"].definition, found["operation", "dust"].unit) == ("", Unit.TIPS)


@pytest.mark.django_db
def test_every_code_has_its_name_in_its_list(city: City) -> None:
    lists: dict[str, dict[str, str]] = {}
    for one in open_codes():
        assert one.name, one
        assert one.title, one
        assert one.code not in lists.setdefault(one.table, {}), one
        lists[one.table][one.code] = one.name

    assert lists["district"][YANTA] == "雁塔区"
    assert set(lists["kind"]) == set(TipKind.values)
    assert set(lists["industry"]) == set(Industry.values)
    assert set(lists["operation"]) == set(Operation.values)
    assert set(lists["reason"]) == {f"declined_{one}" for one in DeclineReason}
    assert set(lists["result"]) == {f"result_{one}" for one in Result}
    assert set(lists["timing"]) == {"on_time", "late"}
    assert set(lists["table"]) == {one.value for one in OpenTable}
    assert set(lists["unit"]) == {one.value for one in Unit}


def test_a_definition_for_everything_told() -> None:
    codes = [str(figure.code) for figure in open_figures()]

    assert len(codes) == len(set(codes))
    assert {*ALONE, *OPEN_RATES, "fine_amount", "received", "whole"} <= set(codes)
    assert all(str(figure.definition) and figure.basis for figure in open_figures())
