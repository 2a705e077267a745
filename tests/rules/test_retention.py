"""Periods of keeping: which outcome counts, from which day, and the last day of the period."""

from datetime import date

import pytest

from complaints.enums import Action, KeepFrom, KeepUnit, Outcome, Result
from complaints.rules.retention import Act, Term, first_day, is_over, last_day, latest_receipt, outcome_of

A = Action
RECEIVED, CLOSED, ARCHIVED = date(2026, 3, 10), date(2026, 5, 20), date(2026, 6, 30)


def acts(*actions: A) -> list[Act]:
    return [Act(action=action, day=CLOSED) for action in actions]


def years(count: int, since: KeepFrom = KeepFrom.CLOSED) -> Term:
    return Term(count=count, unit=KeepUnit.YEARS, since=since)


def days(count: int) -> Term:
    return Term(count=count, unit=KeepUnit.DAYS, since=KeepFrom.CLOSED)


@pytest.mark.parametrize(
    ("taken", "result", "expected"),
    [
        ((A.DECLINE, A.CLOSE), "", Outcome.DECLINED),
        ((A.TRANSFER_OUT, A.CLOSE), "", Outcome.TRANSFERRED),
        ((A.ACCEPT, A.REPLY, A.CLOSE), Result.TRUE, Outcome.FOUNDED),
        ((A.ACCEPT, A.REPLY, A.CLOSE), Result.PARTLY_TRUE, Outcome.FOUNDED),
        ((A.ACCEPT, A.REPLY, A.CLOSE), Result.FALSE, Outcome.UNFOUNDED),
        ((A.ACCEPT, A.REPLY, A.CLOSE), Result.UNVERIFIABLE, Outcome.UNFOUNDED),
        ((A.DECLINE, A.OBJECT, A.REOPEN, A.REPLY, A.CLOSE), Result.TRUE, Outcome.FOUNDED),
        ((A.ACCEPT, A.HAND_TO_POLICE, A.REPLY, A.CLOSE), Result.TRUE, Outcome.REFERRED),
        ((A.REFER, A.DROP_REFERRAL, A.REPLY, A.CLOSE), Result.TRUE, Outcome.FOUNDED),
    ],
)
def test_the_gravest_outcome_counts(taken: tuple[A, ...], result: str, expected: Outcome) -> None:
    assert outcome_of(acts=acts(*taken), result=result) == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [(KeepFrom.RECEIVED, RECEIVED), (KeepFrom.CLOSED, CLOSED), (KeepFrom.ARCHIVED, ARCHIVED)],
)
def test_a_period_counts_from_its_day(since: KeepFrom, expected: date) -> None:
    history = [Act(action=A.CLOSE, day=CLOSED), Act(action=A.ARCHIVE, day=ARCHIVED)]

    assert first_day(acts=history, received=RECEIVED, since=since) == expected


def test_a_case_closed_twice_counts_from_the_last_time() -> None:
    history = [Act(action=A.CLOSE, day=day) for day in (date(2026, 4, 1), CLOSED)]

    assert first_day(acts=history, received=RECEIVED, since=KeepFrom.CLOSED) == CLOSED


def test_what_has_not_come_begins_no_period() -> None:
    term = years(1, since=KeepFrom.ARCHIVED)

    assert not is_over(acts=acts(A.CLOSE), received=RECEIVED, term=term, today=date(2099, 1, 1))


@pytest.mark.parametrize(
    ("start", "term", "expected"),
    [
        (date(2026, 5, 20), years(3), date(2029, 5, 20)),
        (date(2026, 5, 20), years(10), date(2036, 5, 20)),
        (date(2024, 2, 29), years(1), date(2025, 2, 28)),
        (date(2024, 2, 29), years(4), date(2028, 2, 29)),
        (date(2026, 12, 31), days(60), date(2027, 3, 1)),
        (date(2025, 10, 1), days(365), date(2026, 10, 1)),
    ],
)
def test_mfd201_202_the_last_day_of_a_period(start: date, term: Term, expected: date) -> None:
    assert last_day(start=start, term=term) == expected


@pytest.mark.parametrize(("today", "over"), [(date(2029, 5, 20), False), (date(2029, 5, 21), True)])
def test_the_last_day_still_belongs_to_the_period(today: date, over: bool) -> None:
    assert is_over(acts=acts(A.CLOSE), received=RECEIVED, term=years(3), today=today) is over


def test_no_tip_younger_than_the_shortest_period_is_looked_at() -> None:
    assert latest_receipt(terms=[years(10), days(90), years(3)], today=date(2026, 5, 1)) == date(2026, 1, 31)
    assert latest_receipt(terms=[years(1)], today=date(2025, 3, 1)) == date(2024, 3, 1)
    assert latest_receipt(terms=[], today=date(2026, 5, 1)) is None


@pytest.mark.parametrize("year", range(2023, 2029))
@pytest.mark.parametrize("count", [1, 3, 10])
def test_whatever_is_over_was_received_before_that_day(year: int, count: int) -> None:
    start = date(year, 2, 28)
    first_after = date(year + count, 3, 1)

    assert is_over(
        acts=[Act(action=A.CLOSE, day=start)], received=start, term=years(count), today=first_after
    )
    assert start <= (latest_receipt(terms=[years(count)], today=first_after) or date.min)
