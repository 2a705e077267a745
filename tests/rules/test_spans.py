"""Spans of figures: their days, codes, neighbours, parts and when they close."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.spans import (
    DAYS_TO_CLOSE,
    Span,
    SpanKind,
    closed_by,
    month_row,
    span_around,
    span_of,
)

days = st.dates(min_value=date(2001, 1, 1), max_value=date(2190, 12, 31))
kinds = st.sampled_from(SpanKind)


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2026-01", date(2026, 1, 1), date(2026, 1, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_the_days_of_a_code(code: str, start: date, end: date) -> None:
    span = span_of(code)

    assert (span.start, span.end) == (start, end)
    assert span.code == code


@pytest.mark.parametrize(
    "code",
    ["", "2026-13", "2026-00", "2026-1", "2026Q5", "2026Q0", "2026H3", "1999", "2200", "26", "2026 ", "2026Q1\n",
     "２０２６", "2026-Q1", "2026q1", "2026-01-01", "٢٠٢٦"],
)  # fmt: skip
def test_no_such_span(code: str) -> None:
    with pytest.raises(ValueError, match="no span"):
        span_of(code)


@given(days, kinds)
def test_a_day_lies_in_its_span(day: date, kind: SpanKind) -> None:
    span = span_around(day=day, kind=kind)

    assert span.start <= day <= span.end
    assert span_of(span.code) == span


@given(days, kinds)
def test_spans_follow_each_other_without_a_gap(day: date, kind: SpanKind) -> None:
    span = span_around(day=day, kind=kind)

    assert span.before.end + timedelta(days=1) == span.start
    assert span.before.kind == kind


@given(days, kinds)
def test_a_year_before(day: date, kind: SpanKind) -> None:
    span = span_around(day=day, kind=kind)

    before = span.a_year_before
    assert before.year == span.year - 1
    assert (before.start.month, before.start.day) == (span.start.month, span.start.day)
    assert before.end.month == span.end.month


@given(days, st.sampled_from([SpanKind.QUARTER, SpanKind.HALF, SpanKind.YEAR]))
def test_parts_fill_the_whole(day: date, kind: SpanKind) -> None:
    span = span_around(day=day, kind=kind)

    parts = span.parts
    assert parts[0].start == span.start
    assert parts[-1].end == span.end
    assert all(one.end + timedelta(days=1) == two.start for one, two in pairwise(parts))


def test_a_month_has_no_parts() -> None:
    month = span_of("2026-03")

    assert month.parts == ()
    assert month.months == (month,)


def test_the_months_of_a_year() -> None:
    assert [span.code for span in span_of("2026").months] == [f"2026-{n:02d}" for n in range(1, 13)]


def test_the_span_before_the_first_of_a_year() -> None:
    codes = ["2026-01", "2026Q1", "2026H1", "2026"]

    assert [span_of(code).before.code for code in codes] == ["2025-12", "2025Q4", "2025H2", "2025"]


def test_twelve_months_in_a_row() -> None:
    row = month_row(last=date(2026, 3, 31))

    assert (row[0].code, row[-1].code, len(row)) == ("2025-04", "2026-03", 12)


def test_nothing_is_closed_before_its_day() -> None:
    since = date(2026, 1, 1)

    assert closed_by(today=date(2026, 2, 9), since=since) == ()
    assert [span.code for span in closed_by(today=date(2026, 2, 10), since=since)] == ["2026-01"]


def test_the_turn_of_a_year_closes_four_spans_the_shorter_first() -> None:
    found = closed_by(today=date(2027, 1, 10), since=date(2026, 12, 20))

    assert [span.code for span in found] == ["2026-12", "2026Q4", "2026H2", "2026"]


def test_a_whole_year_closes_every_span_of_it() -> None:
    found = closed_by(today=date(2027, 1, 10), since=date(2026, 1, 1))

    assert len(found) == 12 + 4 + 2 + 1
    assert [span.code for span in found][-7:] == [
        *("2026Q1", "2026Q2", "2026Q3", "2026Q4"),
        *("2026H1", "2026H2", "2026"),
    ]


@given(days)
def test_what_is_closed_is_over(day: date) -> None:
    since = day - timedelta(days=800)

    found = closed_by(today=day, since=since)

    assert all(span.end + timedelta(days=DAYS_TO_CLOSE) <= day for span in found)
    assert all(part in found or part.end < since for span in found for part in span.parts)
    assert len(found) == len(set(found))


def test_spans_sort() -> None:
    assert sorted([span_of("2026-02"), span_of("2025-12")])[0] == Span(
        year=2025, place=12, kind=SpanKind.MONTH
    )
