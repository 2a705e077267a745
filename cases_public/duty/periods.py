"""Periods in which cases are owed: quarters and pairs of months, by their codes (2026-Q4, 2026-B6)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from cases_public.enums import DutyRhythm

_CODE = re.compile(r"(20\d\d)-([QB])([1-6])\Z")
_MARKS = {DutyRhythm.QUARTER: "Q", DutyRhythm.TWO_MONTHS: "B"}
_MONTHS = {DutyRhythm.QUARTER: 3, DutyRhythm.TWO_MONTHS: 2}


@dataclass(frozen=True, kw_only=True, order=True)
class DutyPeriod:
    """One period; `end_date` is its last day, on which the duty is due."""

    start_date: date
    end_date: date
    rhythm: DutyRhythm
    code: str

    @property
    def number(self) -> int:
        """Which period of its year it is, from 1."""
        return int(self.code[-1])


def period_at(*, day: date, rhythm: DutyRhythm) -> DutyPeriod:
    """Return the period a day lies in. Legal basis: 92号 (city every quarter, county every two months)."""
    return _period(year=day.year, number=(day.month - 1) // _MONTHS[rhythm] + 1, rhythm=rhythm)


def period_of_code(code: str) -> DutyPeriod:
    """Return the period of a code; raises ValueError for anything else, 2026-Q5 included."""
    found = _CODE.match(code)
    if found is None:
        raise ValueError(f"no period: {code[:20]}")
    year, mark, number = int(found[1]), found[2], int(found[3])
    rhythm = next(one for one, known in _MARKS.items() if known == mark)
    if number > 12 // _MONTHS[rhythm]:
        raise ValueError(f"no period: {code}")
    return _period(year=year, number=number, rhythm=rhythm)


def period_after(period: DutyPeriod) -> DutyPeriod:
    """Return the next period of the same rhythm."""
    last = 12 // _MONTHS[period.rhythm]
    year = period.start_date.year
    if period.number == last:
        return _period(year=year + 1, number=1, rhythm=period.rhythm)
    return _period(year=year, number=period.number + 1, rhythm=period.rhythm)


def periods_since(*, after: DutyPeriod | None, today: date, rhythm: DutyRhythm) -> list[DutyPeriod]:
    """Return the periods that have begun after a known one; only the running one where none is known."""
    now = period_at(day=today, rhythm=rhythm)
    if after is None:
        return [now]
    found = []
    following = period_after(after)
    while following <= now:
        found.append(following)
        following = period_after(following)
    return found


def _period(*, year: int, number: int, rhythm: DutyRhythm) -> DutyPeriod:
    months = _MONTHS[rhythm]
    last = number * months
    return DutyPeriod(
        start_date=date(year, last - months + 1, 1),
        end_date=date(year, last, monthrange(year, last)[1]),
        rhythm=rhythm,
        code=f"{year}-{_MARKS[rhythm]}{number}",
    )
