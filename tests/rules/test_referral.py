"""The clocks of a criminal referral, in calendar and in working days, and who may form a team."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from complaints.enums import Problem
from complaints.rules.deadlines import DayOverlay
from complaints.rules.referral import (
    answer_problem,
    decide_by,
    police_answer_by,
    reconsider_by,
    team_problem,
    transfer_by,
)
from tests.rules.test_deadlines import d


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The national defaults; the rule leaves open whether its days are working days."""

    referral_days: int = 3
    police_days: int = 3
    referral_in_working_days: bool = True
    transfer_hours: int = 24


WORKING, CALENDAR = Figures(), Figures(referral_in_working_days=False)


@pytest.mark.parametrize(
    ("start", "terms", "expected"),
    [
        ("2025-09-29", WORKING, "2025-10-10"),  # D6: over the golden week
        ("2025-09-29", CALENDAR, "2025-10-09"),  # 2 October is off and rolls
        ("2026-03-10", WORKING, "2026-03-13"),
        ("2026-03-12", WORKING, "2026-03-17"),  # over a weekend
        ("2026-03-12", CALENDAR, "2026-03-16"),  # Sunday rolls
    ],
)
def test_three_days_to_decide(start: str, terms: Figures, expected: str) -> None:
    assert decide_by(proposed=d(start), terms=terms) == d(expected)


@pytest.mark.parametrize("count", [police_answer_by, reconsider_by])
def test_police_and_reconsideration_have_three_days_each(count: object) -> None:
    name = "handed_over" if count is police_answer_by else "refused"

    found = [count(**{name: d("2025-09-29")}, terms=terms) for terms in (WORKING, CALENDAR)]  # type: ignore[operator]

    assert found == [d("2025-10-10"), d("2025-10-09")]


def test_a_special_day_moves_the_day() -> None:
    overlay = DayOverlay(off=frozenset({d("2026-03-13")}))

    assert decide_by(proposed=d("2026-03-10"), terms=WORKING, overlay=overlay) == d("2026-03-16")


def test_twenty_four_hours_are_hours_whatever_the_day() -> None:
    friday = datetime(2026, 3, 13, 9, 30, tzinfo=UTC)

    until = [transfer_by(decided_at=friday, terms=terms) for terms in (WORKING, Figures(transfer_hours=48))]

    assert until == [datetime(2026, 3, 14, 9, 30, tzinfo=UTC), datetime(2026, 3, 15, 9, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("officers", "expected"),
    [
        ([1, 2], None),
        ([1, 2, 3], None),
        ([], Problem.NEEDS_TWO_OFFICERS),
        ([1], Problem.NEEDS_TWO_OFFICERS),
        ([1, 1], Problem.NEEDS_TWO_OFFICERS),
        ([1, 9], Problem.NEEDS_TWO_OFFICERS),
    ],
)
def test_a_team_is_two_or_more_of_the_unit(officers: list[int], expected: Problem | None) -> None:
    assert team_problem(officers=officers, handlers={1, 2, 3}) == expected


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (date(2026, 3, 10), None),
        (date(2026, 3, 12), None),
        (date(2026, 3, 13), Problem.DAY_AHEAD),
        (date(2026, 3, 9), Problem.BEFORE_HAND_OVER),
    ],
)
def test_the_police_answer_neither_ahead_nor_before_the_hand_over(
    answered: date, expected: Problem | None
) -> None:
    assert answer_problem(answered=answered, since=date(2026, 3, 10), today=date(2026, 3, 12)) == expected
