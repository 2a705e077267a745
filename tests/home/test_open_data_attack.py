"""Whoever lays the open data of all periods beside each other, with their rates, amounts and last year's columns, and
subtracts whatever from whatever, computes no cell under five."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from complaints.models import PeriodReport
from complaints.rules.small_cells import LEAST_SHOWN, Hidden, Published, recoverable
from complaints.rules.spans import Span, span_of
from complaints.stats.definitions import FIGURE
from complaints.stats.frozen import digest_of
from complaints.stats.open_data import OPEN_RATES
from complaints.stats.publishing import TOTAL, shown
from complaints.stats.report import value_of
from tests.complaints.stats.test_publishing import DISTRICTS, attacker, counted, together
from tests.factories import noon
from tests.fixtures import City, city, vault
from tests.rules.test_small_cells import determined

from .bulletin_steps import typed_sheets

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db
AT = noon(date(2026, 7, 10))
YEARS = (2025, 2026)
HOMES = {"received": "district", "declined": "reason", "conclusions": "result", "concluded": "timing"}
SPLITS = ("district", "reason", "result", "timing", "operation")
# Where a number of open data stands among the cells of the reports: period, table, key.
Place = tuple[str, str, str]


@dataclass(kw_only=True)
class Told:
    """All that open data tell: `cells` whole numbers by place, `rates` in percent, `amounts` in yuan, by period."""

    cells: dict[Place, int] = field(default_factory=dict)
    rates: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def note(self, *, period: str, table: str, code: str, value: Any) -> None:
        """Keep one number; two forms that tell different ones are a fault of their own."""
        if value in {None, ""}:
            return
        number = round(Decimal(str(value)), 2)  # a workbook keeps sixteen digits
        if table == "rates":
            assert self.rates.setdefault((period, code), number) == number
        elif table == "amounts":
            assert self.amounts.setdefault(period, number) == number
        elif (place := _place(period, table, code)) is not None:
            assert self.cells.setdefault(place, int(number)) == number, place


def _place(period: str, table: str, code: str) -> Place | None:
    if table == "figures":
        return period, HOMES.get(code, code), TOTAL
    if table.startswith("months_"):
        return code, HOMES[table.removeprefix("months_")], TOTAL
    return (period, table, code) if table in SPLITS else None


def a_year_before(code: str) -> str:
    return span_of(code).a_year_before.code


def read(client: Client, codes: list[str], told: Told) -> None:
    """Read every form of these periods, every column of it."""
    for code in codes:
        for table, at, value, before in (*_csv(client, code), *_xlsx(client, code), *_json(client, code)):
            told.note(period=code, table=table, code=at, value=value)
            told.note(period=a_year_before(code), table=table, code=at, value=before)


def _csv(client: Client, code: str) -> Iterator[tuple[str, str, Any, Any]]:
    content = client.get("/figures/", {"format": "csv", "period": code}).content.decode("utf-8-sig")
    for row in csv.DictReader(StringIO(content)):
        yield row["表代码"], row["代码"], row["数值"], row["上年同期数值"]


def _xlsx(client: Client, code: str) -> Iterator[tuple[str, str, Any, Any]]:
    head, *rows = typed_sheets(client.get("/figures/", {"format": "xlsx", "period": code}).content)["数据"]
    for row in rows:
        cells = dict(zip(head, row, strict=False))
        yield str(cells["表代码"]), str(cells["代码"]), cells["数值"], cells.get("上年同期数值")


def _json(client: Client, code: str) -> Iterator[tuple[str, str, Any, Any]]:
    body = client.get("/api/v1/figures", {"period": code}).json()
    for table in ("figures", "rates", "amounts", *body["tables"]):
        for one in body["tables"].get(table, body.get(table, ())):
            yield table, one["code"], one["value"], one["value_year_before"]
    for month in body["months"]:
        for name in ("received", "concluded"):
            yield f"months_{name}", month["code"], month[name]["value"], None
    if body["fine_amount"] is not None:
        yield "amounts", "fine_amount", body["fine_amount"], None


# --- what an attacker works out ---------------------------------------------------------------------------------


def told_by_rates(told: Told, done: dict[str, Any]) -> set[Place]:
    """Return the hidden cells a rate narrows down: whole and rate are told and one part is not, or the other way."""
    found = set()
    for (period, code), _rate in told.rates.items():
        parts, whole = FIGURE[code].of or ((), "")
        places = [next(iter(_places(period, one))) for one in (*parts, whole)]
        found |= {place for place in places if isinstance(done[place[0]][place[1]][place[2]], str)}
    return found


def _places(period: str, code: str) -> Iterator[Place]:
    if code.startswith("result_"):
        yield period, "result", code
    elif code == "on_time":
        yield period, "timing", code
    else:
        yield period, HOMES.get(code, code), TOTAL


def told_by_amounts(told: Told, done: dict[str, Any]) -> set[str]:
    """Return the periods whose amount of fines is told or follows by subtraction while their number is hidden."""
    known, grew = set(told.amounts), True
    while grew:
        grew = False
        for code in done:
            parts = [part.code for part in span_of(code).parts if part.code in done]
            family = [code, *parts]
            left = [one for one in family if one not in known]
            if parts and len(parts) == len(span_of(code).parts) and len(left) == 1:
                known.add(left[0])
                grew = True
    return {code for code in known if isinstance(done[code]["fines"][TOTAL], str)}


def recovered(told: Told, done: dict[str, Any]) -> set[Any]:
    """Return every small cell that follows from all of it; hidden cells that are told outright as well."""
    found: set[Any] = {
        place for place in told.cells if isinstance(done[place[0]][place[1]].get(place[2]), str)
    }
    found |= told_by_rates(told, done) | told_by_amounts(told, done)
    for year in YEARS:
        of_year = {code: cells for code, cells in done.items() if span_of(code).year == year}
        for name in next(iter(of_year.values()), {}):
            public: Published = attacker(of_year, name)
            small = {at for at, mark in public.hidden.items() if mark == Hidden.FEW}
            found |= determined(public) & small
            found |= recoverable(public)
    return found


# --- years of reports ------------------------------------------------------------------------------------------


def store(
    span: Span, public: dict[str, Any], *, months: list[Any], amount: str | None, version: int = 1
) -> None:
    row = PeriodReport(
        code=span.code,
        kind=span.kind.value,
        start_date=span.start,
        end_date=span.end,
        version=version,
        reason="更正" if version > 1 else "",
        frozen_at=AT,
        figures={},
        shown={"cells": public, "stages": {}, "fine_amount": amount, "months": months},
        inputs_digest="",
    )
    row.digest = digest_of(row)
    row.save()


def reports_of(code: str, chance: random.Random, *, scale: int) -> dict[str, Any]:
    """Store the reports of a period and those within, each as it would be closed; return their public cells."""
    whole = span_of(code)
    months = {month.code: counted(chance, scale=scale) for month in whole.months}
    done: dict[str, Any] = {}
    for span in (*whole.within, whole):
        own = together([months[month.code] for month in span.months])
        found = shown(own, span=span, districts=DISTRICTS, beside=done)
        done[span.code] = found["cells"]
        rows = [
            [one.code, done[one.code]["district"][TOTAL], done[one.code]["timing"][TOTAL]]
            for one in span.months
        ]
        store(span, found["cells"], months=rows, amount=found["fine_amount"])
    return done


@pytest.mark.parametrize(("seed", "scale", "part"), [(1, 4, "H1"), (3, 40, "Q1")])
def test_no_small_cell_follows_from_open_data(
    city: City, client: Client, seed: int, scale: int, part: str
) -> None:
    chance, told, done = random.Random(seed), Told(), {}
    for year in YEARS:
        done |= reports_of(f"{year}{part}", chance, scale=scale)

    read(client, list(done), told)

    assert told.cells
    assert all(number >= LEAST_SHOWN for number in told.cells.values())
    assert recovered(told, done) == set()


def test_what_a_correction_hides_is_told_by_no_column(city: City, client: Client) -> None:
    """The report of the year before is corrected and hides more: the columns of last year hide it as well."""
    chance, told = random.Random(6), Told()
    done = reports_of("2025Q1", chance, scale=40)
    reports_of("2026Q1", chance, scale=40)
    own = counted(chance, scale=3)
    found = shown(own, span=span_of("2025-03"), districts=DISTRICTS, beside={}, before=[done["2025-03"]])
    store(span_of("2025-03"), found["cells"], months=[], amount=None, version=2)

    read(client, ["2026-03"], told)

    of_last_year = {place: number for place, number in told.cells.items() if place[0] == "2025-03"}
    assert all(found["cells"][table][key] == number for (_code, table, key), number in of_last_year.items())
    assert "2025-03" not in told.amounts


def test_every_rate_is_that_of_told_numbers(city: City, client: Client) -> None:
    chance, told, done = random.Random(3), Told(), {}
    for year in YEARS:
        done |= reports_of(f"{year}Q1", chance, scale=60)

    read(client, list(done), told)

    assert {code for _period, code in told.rates} == set(OPEN_RATES)
    for (period, code), rate in told.rates.items():
        parts, whole = FIGURE[code].of or ((), "")
        counts = {one: told.cells[next(_places(period, one))] for one in (*parts, whole)}
        assert value_of(figure=FIGURE[code], counts=counts) == rate


# --- the attack would notice ------------------------------------------------------------------------------------


@pytest.fixture
def small() -> dict[str, Any]:
    """Return the cells of two months of a small city, whose tables hide much."""
    chance = random.Random(2)
    return {
        code: shown(counted(chance, scale=4), span=span_of(code), districts=DISTRICTS, beside={})["cells"]
        for code in ("2026-01", "2026-02")
    }


def hidden_in(cells: dict[str, Any], table: str) -> str:
    return next(key for key, cell in cells[table].items() if isinstance(cell, str))


def test_it_notices_a_number_told_in_a_column_of_last_year(small: dict[str, Any]) -> None:
    told = Told()
    told.note(
        period=a_year_before("2027-01"),
        table="district",
        code=hidden_in(small["2026-01"], "district"),
        value=3,
    )

    assert recovered(told, small)


def test_it_notices_a_rate_of_a_hidden_part(small: dict[str, Any]) -> None:
    told = Told()
    small["2026-01"]["timing"] = {"on_time": "apart", "late": "few", TOTAL: 40}
    told.note(period="2026-01", table="rates", code="on_time_share", value="95.0")

    assert ("2026-01", "timing", "on_time") in recovered(told, small)


def test_it_notices_an_amount_whose_number_is_hidden(small: dict[str, Any]) -> None:
    told = Told()
    small["2026-02"]["fines"] = {TOTAL: "few"}
    told.note(period="2026-02", table="amounts", code="fine_amount", value="3000.00")

    assert "2026-02" in recovered(told, small)


def test_it_notices_an_amount_that_follows_from_the_quarter() -> None:
    told = Told()
    cells = {code: {"fines": {TOTAL: 30}} for code in ("2026-01", "2026-02", "2026Q1")}
    cells["2026-03"] = {"fines": {TOTAL: "few"}}  # type: ignore[dict-item]  # a mark
    for code in ("2026-01", "2026-02", "2026Q1"):
        told.note(period=code, table="amounts", code="fine_amount", value="90000")

    assert told_by_amounts(told, cells) == {"2026-03"}


def test_it_notices_two_forms_that_differ() -> None:
    told = Told()
    told.note(period="2026-01", table="figures", code="received", value="40")

    with pytest.raises(AssertionError):
        told.note(period="2026-01", table="figures", code="received", value=41)
