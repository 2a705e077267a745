"""What is stored of a report comes back as it was; its digest covers every part and tells every change."""

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.models import PeriodReport, ReportDamaged
from complaints.rules.spans import SpanKind, month_row, span_of
from complaints.stats.counting import By, Table
from complaints.stats.definitions import Stage
from complaints.stats.frozen import MONEY, checked, corrected_within, counts_of, digest_of, packed, unpacked
from complaints.stats.report import SPREAD_BY, Month, Report
from complaints.stats.stages import Spread

CODES = ("received", "concluded", "on_time", "fines")
counts = st.fixed_dictionaries(
    {
        **dict.fromkeys(CODES, st.integers(0, 10**6)),
        **dict.fromkeys(sorted(MONEY), st.decimals(0, 10**9, places=2, allow_nan=False)),
    }
)
spread = st.builds(Spread, count=st.integers(1, 10**5), median=st.integers(0, 400), p90=st.integers(0, 400))
rows = st.dictionaries(st.text("0123456789ab", min_size=1, max_size=6), counts, max_size=4)


@st.composite
def reports(draw: st.DrawFn) -> tuple[Report, dict[str, Table], dict[str, dict[str, Spread]]]:
    span = span_of(draw(st.sampled_from(["2026-03", "2026Q1", "2025H2", "2024"])))
    whole, splits = draw(counts), {by.value: draw(rows) for by in By}
    months = tuple(
        Month(span=month, received=draw(st.integers(0, 99)), concluded=9, on_time=draw(st.integers(0, 9)))
        for month in month_row(last=span.end)
    )
    spreads = {
        by.value: draw(st.dictionaries(st.text("ab", max_size=2), spread, max_size=3)) for by in SPREAD_BY
    }
    report = Report(
        span=span,
        table=Table(whole=whole, rows={}),
        year_before=draw(counts),
        stages=draw(st.dictionaries(st.sampled_from([one.value for one in Stage]), spread)),
        spreads={},
        months=months,
    )
    return report, {by: Table(whole=whole, rows=found) for by, found in splits.items()}, spreads


def row_of(figures: Any, *, code: str = "2026-03") -> PeriodReport:
    span = span_of(code)
    row = PeriodReport(
        code=code,
        kind=span.kind.value,
        start_date=span.start,
        end_date=span.end,
        version=1,
        frozen_at=datetime(2026, 4, 10, tzinfo=UTC),
        figures=figures,
        shown={"cells": {"district": {"total": 40}}, "stages": {}, "fine_amount": None, "months": []},
        inputs_digest="a" * 64,
    )
    row.digest = digest_of(row)
    return row


@given(reports())
def test_a_report_comes_back_from_json_as_it_was(
    made: tuple[Report, dict[str, Table], dict[str, dict[str, Spread]]],
) -> None:
    report, splits, spreads = made
    stored = json.loads(json.dumps(packed(report=report, splits=splits, spreads=spreads)))
    row = row_of(stored, code=report.span.code)

    for by in By:
        found = unpacked(row=row, by=by.value)
        assert found.table.whole == report.table.whole
        assert found.table.rows == splits[by.value].rows
        assert found.spreads == spreads.get(by.value, {})
        assert (found.span, found.year_before) == (report.span, report.year_before)
        assert (found.stages, found.months) == (report.stages, report.months)
    assert unpacked(row=row, by=None).table.rows == {}


@given(counts)
def test_money_keeps_every_cent(found: dict[str, Any]) -> None:
    stored = {code: str(number) if code in MONEY else number for code, number in found.items()}

    again = counts_of(json.loads(json.dumps(stored)))

    assert again == found
    assert all(isinstance(again[code], Decimal) for code in MONEY)


FIGURES = {
    "whole": {"received": 40},
    "by": {"unit": {"1": {"received": 40}}},
    "months": [["2026-03", 40, 3, 2]],
}
CHANGES = {
    "code": lambda row: setattr(row, "code", "2026-02"),
    "version": lambda row: setattr(row, "version", 2),
    "reason": lambda row: setattr(row, "reason", "补录"),
    "inputs": lambda row: setattr(row, "inputs_digest", "b" * 64),
    "a count": lambda row: row.figures["whole"].update(received=41),
    "a row": lambda row: row.figures["by"]["unit"]["1"].update(received=39),
    "a row that comes": lambda row: row.figures["by"]["unit"].update({"2": {"received": 0}}),
    "a month": lambda row: row.figures["months"][0].__setitem__(1, 41),
    "what is public": lambda row: row.shown["cells"]["district"].update(total="few"),
    "an amount": lambda row: row.shown.update(fine_amount="1.00"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_found_out(change: str) -> None:
    row = row_of(copy.deepcopy(FIGURES))
    assert checked(row) is row

    CHANGES[change](row)

    assert digest_of(row) != row.digest
    with pytest.raises(ReportDamaged):
        checked(row)


def test_who_closed_it_and_when_is_no_part_of_the_digest() -> None:
    row = row_of(copy.deepcopy(FIGURES))

    row.frozen_at = datetime(2027, 1, 1, tzinfo=UTC)

    assert digest_of(row) == row.digest


def test_the_order_in_which_a_database_keeps_keys_changes_nothing() -> None:
    row = row_of(copy.deepcopy(FIGURES))
    row.figures = dict(reversed(list(row.figures.items())))

    assert digest_of(row) == row.digest


# --- what was corrected within ----------------------------------------------------------------------------------


def version_of(code: str, *, pk: int, version: int = 1) -> PeriodReport:
    row = row_of({}, code=code)
    row.pk, row.version = pk, version
    return row


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ([], []),
        ([("2026-01", 2, 1)], []),
        ([("2026-01", 11, 2)], ["2026-01"]),
        ([("2026-01", 9, 2)], []),
        ([("2026-03", 12, 2), ("2026-01", 11, 3)], ["2026-01", "2026-03"]),
        ([("2026Q2", 12, 2), ("2025-03", 13, 2)], []),
    ],
)
def test_only_what_was_corrected_later_and_lies_within(
    around: list[tuple[str, int, int]], expected: list[str]
) -> None:
    row = version_of("2026Q1", pk=10)
    others = {code: version_of(code, pk=pk, version=version) for code, pk, version in around}

    assert [span.code for span in corrected_within(row, around=others)] == expected


@pytest.mark.parametrize("code", ["2026Q1", "2026H1", "2026"])
def test_a_longer_period_is_named_after_those_within(code: str) -> None:
    row = version_of(code, pk=1)
    others = {one.code: version_of(one.code, pk=100, version=2) for one in span_of(code).within}

    found = corrected_within(row, around=others)

    assert found == list(span_of(code).within)
    assert found[0].kind == SpanKind.MONTH
    assert all(isinstance(one.start, date) for one in found)
