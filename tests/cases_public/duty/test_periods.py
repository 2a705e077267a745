"""Quarters and pairs of months: ends of months, leap years, the turn of the year, days off of the daily task."""

from datetime import date
from itertools import pairwise

import pytest

from cases_public.duty.periods import period_after, period_at, period_of_code, periods_since
from cases_public.enums import DutyRhythm

Q, B = DutyRhythm.QUARTER, DutyRhythm.TWO_MONTHS


@pytest.mark.parametrize(
    ("day", "rhythm", "code", "first", "last"),
    [
        ("2026-01-01", Q, "2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-03-31", Q, "2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-04-01", Q, "2026-Q2", "2026-04-01", "2026-06-30"),
        ("2026-12-31", Q, "2026-Q4", "2026-10-01", "2026-12-31"),
        ("2027-01-01", Q, "2027-Q1", "2027-01-01", "2027-03-31"),
        ("2026-02-28", B, "2026-B1", "2026-01-01", "2026-02-28"),
        ("2028-02-29", B, "2028-B1", "2028-01-01", "2028-02-29"),
        ("2028-03-01", B, "2028-B2", "2028-03-01", "2028-04-30"),
        ("2026-03-01", B, "2026-B2", "2026-03-01", "2026-04-30"),
        ("2026-08-31", B, "2026-B4", "2026-07-01", "2026-08-31"),
        ("2026-11-29", B, "2026-B6", "2026-11-01", "2026-12-31"),
    ],
)
def test_92_a_day_lies_in_one_period(day: str, rhythm: DutyRhythm, code: str, first: str, last: str) -> None:
    found = period_at(day=date.fromisoformat(day), rhythm=rhythm)

    assert (found.code, str(found.start_date), str(found.end_date)) == (code, first, last)
    assert period_of_code(code) == found


@pytest.mark.parametrize("year", [2026, 2028, 2100])
@pytest.mark.parametrize(("rhythm", "count"), [(Q, 4), (B, 6)])
def test_periods_of_a_year_meet_without_gap_and_fill_it(year: int, rhythm: DutyRhythm, count: int) -> None:
    periods = [period_at(day=date(year, 1, 1), rhythm=rhythm)]
    for _number in range(count - 1):
        periods.append(period_after(periods[-1]))

    gaps = [(b.start_date - a.end_date).days for a, b in pairwise(periods)]
    assert gaps == [1] * (count - 1)
    assert (periods[0].start_date, periods[-1].end_date) == (date(year, 1, 1), date(year, 12, 31))
    assert period_after(periods[-1]).start_date == date(year + 1, 1, 1)


@pytest.mark.parametrize(
    "code",
    ["", "2026", "2026-Q0", "2026-Q5", "2026-B0", "2026-B7", "2026-q1", "26-Q1", "1999-Q1", "2026-Q1 ", "2026-Q11",
     "2026-Q1\n", "../2026-Q1", "２０２６-Q1", "2026-Q１"],
)  # fmt: skip
def test_no_other_code_is_a_period(code: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        period_of_code(code)


def test_first_of_all_is_the_running_one_and_after_days_off_all_that_began() -> None:
    today = date(2027, 1, 1)

    assert [one.code for one in periods_since(after=None, today=today, rhythm=B)] == ["2027-B1"]
    known = period_of_code("2026-B4")
    assert [one.code for one in periods_since(after=known, today=today, rhythm=B)] == [
        "2026-B5",
        "2026-B6",
        "2027-B1",
    ]
    assert periods_since(after=period_of_code("2027-B1"), today=today, rhythm=B) == []
    assert [one.code for one in periods_since(after=period_of_code("2026-Q4"), today=today, rhythm=Q)] == [
        "2027-Q1"
    ]


def test_the_last_day_of_a_year_and_the_first_of_the_next_are_two_periods() -> None:
    last, first = date(2026, 12, 31), date(2027, 1, 1)

    for rhythm in (Q, B):
        assert period_at(day=last, rhythm=rhythm) < period_at(day=first, rhythm=rhythm)
