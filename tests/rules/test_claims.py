"""The way of an approved reward: which act leads where, the term, the extension, what must come before it lapses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from complaints.enums import ClaimAct, ClaimState, IdentityMode, RewardFault
from complaints.errors import RewardRefused
from complaints.rules import claims as rules
from complaints.rules.deadlines import DayOverlay

NOTICED = date(2025, 8, 4)
TERM = rules.Term(noticed=NOTICED, days=60, extra=0, due=date(2025, 10, 9), reminded=None)


def fault(act: ClaimAct, state: ClaimState) -> RewardFault:
    with pytest.raises(RewardRefused) as refused:
        rules.state_after(act=act, state=state)
    return refused.value.fault


def test_every_act_of_the_table_leads_to_a_state() -> None:
    assert {act for act in ClaimAct if act not in rules.TABLE} == {ClaimAct.NOTICE}
    for act, line in rules.TABLE.items():
        for state in ClaimState:
            if state in line:
                assert rules.state_after(act=act, state=state) == line[state]
            else:
                assert fault(act, state)


@pytest.mark.parametrize("state", [ClaimState.FORFEITED, ClaimState.RELEASED])
def test_nothing_follows_an_end(state: ClaimState) -> None:
    assert [act for act, line in rules.TABLE.items() if state in line] == []


@pytest.mark.parametrize(
    ("act", "state", "expected"),
    [
        (ClaimAct.CLAIM, ClaimState.CLAIMED, RewardFault.CLAIMED),
        (ClaimAct.CLAIM, ClaimState.FORFEITED, RewardFault.CLAIM_LATE),
        (ClaimAct.PAY, ClaimState.PAID, RewardFault.ENTERED),
        (ClaimAct.RELEASE, ClaimState.PAID, RewardFault.NOT_NOW),
    ],
)
def test_a_refusal_says_why(act: ClaimAct, state: ClaimState, expected: RewardFault) -> None:
    assert fault(act, state) == expected


def test_d7_sixty_days_end_on_a_working_day() -> None:
    assert rules.due_date(noticed=NOTICED, days=60) == date(2025, 10, 9)


def test_nothing_lapses_before_it_was_called_out() -> None:
    long_after = date(2027, 1, 1)

    assert rules.last_day(TERM) is None
    assert not rules.is_over(TERM, today=long_after)


def test_d7_forfeited_from_the_day_after_the_last() -> None:
    reminded = replace(TERM, reminded=date(2025, 9, 25))

    assert not rules.is_over(reminded, today=date(2025, 10, 9))
    assert rules.is_over(reminded, today=date(2025, 10, 10))


def test_a_late_reminder_leaves_seven_days() -> None:
    reminded = replace(TERM, reminded=date(2025, 12, 1))

    assert rules.last_day(reminded) == date(2025, 12, 8)
    assert not rules.is_over(reminded, today=date(2025, 12, 8))
    assert rules.is_over(reminded, today=date(2025, 12, 9))


def test_called_out_late_before_a_week_of_days_off_the_last_day_is_a_working_one() -> None:
    called = rules.called_out(replace(TERM, due=date(2025, 9, 30)), today=date(2025, 9, 30))

    assert (called.reminded, called.due) == (date(2025, 9, 30), date(2025, 10, 9))
    assert rules.last_day(called) == date(2025, 10, 9)
    assert rules.called_out(TERM, today=date(2025, 9, 25)).due == TERM.due, "in time nothing moves"


def test_reminded_fourteen_days_before_and_once() -> None:
    day = TERM.due - timedelta(days=14)

    assert not rules.is_reminded_now(TERM, today=day - timedelta(days=1))
    assert rules.is_reminded_now(TERM, today=day)
    assert rules.is_reminded_now(TERM, today=date(2026, 5, 1))
    assert not rules.is_reminded_now(replace(TERM, reminded=day), today=day)


def test_extended_from_the_beginning_and_called_out_anew() -> None:
    longer = rules.extended(replace(TERM, reminded=date(2025, 9, 25)), days=30, today=date(2025, 10, 8))

    assert (longer.extra, longer.due, longer.reminded) == (30, date(2025, 11, 3), None)


@pytest.mark.parametrize("days", [0, -1, 61, 10**6])
def test_not_by_nothing_and_not_by_more_than_it_was_long(days: int) -> None:
    with pytest.raises(RewardRefused) as refused:
        rules.extended(TERM, days=days, today=date(2025, 10, 1))

    assert refused.value.fault == RewardFault.TOO_LONG


def test_extensions_together_do_not_exceed_the_term() -> None:
    once = rules.extended(TERM, days=40, today=date(2025, 10, 1))

    with pytest.raises(RewardRefused):
        rules.extended(once, days=21, today=date(2025, 10, 1))
    assert rules.extended(once, days=20, today=date(2025, 10, 1)).extra == 60


def test_a_calendar_that_changes_never_takes_a_day_away() -> None:
    later = DayOverlay(off=frozenset({date(2025, 10, 9), date(2025, 10, 10), date(2025, 10, 11)}))
    earlier = DayOverlay(working=frozenset({date(2025, 10, 3), date(2025, 10, 4)}))

    assert rules.recounted(TERM, overlay=later) == date(2025, 10, 13)
    assert rules.recounted(TERM, overlay=earlier) == TERM.due


def test_who_claims_where_and_with_what() -> None:
    assert {mode for mode in IdentityMode if rules.claims_online(mode=mode)} == {
        IdentityMode.REAL_NAME,
        IdentityMode.ANONYMOUS_WITH_CODE,
    }
    assert [mode for mode in IdentityMode if not rules.needs_code(mode=mode)] == [IdentityMode.REAL_NAME]
