"""The way of an internal tip: states, acts, clocks, turning."""

from datetime import date

import pytest

from complaints.enums import Addressee, InsideAct, InsideClock, InsideState
from complaints.rules.deadlines import NO_OVERLAY
from complaints.rules.internal import (
    NOT_TURNED,
    TARGETS,
    Terms,
    acts_open,
    clock_after,
    counted_grade,
    deadline_holds,
    goes_to,
    is_stuck,
    may_turn,
    needs_photo_of_fix,
    reporter_may_accept,
    target_of,
    turns_by_itself,
)

TERMS = Terms(acknowledge_working_days=1, verify_working_days=3, fix_days=30, pay_days=30)
MONDAY = date(2025, 3, 10)
NOTHING = (InsideClock.NONE, None)


@pytest.mark.parametrize("state", list(InsideState))
@pytest.mark.parametrize("act", list(InsideAct))
def test_what_the_table_does_not_name_is_refused(state: InsideState, act: InsideAct) -> None:
    target = target_of(state=state, act=act)

    beside = act in (InsideAct.REPLY, InsideAct.CIRCULATE)
    assert (target is None) == ((state, act) not in TARGETS and not (beside and target == state))


def test_whoever_fixed_it_neither_accepts_nor_sends_back() -> None:
    own = acts_open(state=InsideState.FIXED, is_own=True)
    other = acts_open(state=InsideState.FIXED, is_own=False)

    assert own == [InsideAct.REPLY]
    assert other == [InsideAct.SEND_BACK, InsideAct.ACCEPT, InsideAct.REPLY]


def test_managers_never_act_for_the_reporter_or_the_calendar() -> None:
    every = {act for state in InsideState for act in acts_open(state=state, is_own=False)}

    assert not every & {
        InsideAct.CONFIRM, InsideAct.DENY, InsideAct.SEEN_FIXED, InsideAct.NOT_FIXED, InsideAct.TURN,
        InsideAct.TURN_BY_ITSELF, InsideAct.REMIND,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "running", "expected"),
    [
        (InsideState.RECEIVED, NOTHING, (InsideClock.ACKNOWLEDGE, date(2025, 3, 11))),
        (InsideState.ACKNOWLEDGED, NOTHING, (InsideClock.VERIFY, date(2025, 3, 13))),
        (InsideState.VERIFIED, NOTHING, (InsideClock.FIX, date(2025, 4, 9))),
        (InsideState.FIXED, (InsideClock.FIX, date(2025, 4, 1)), (InsideClock.FIX, date(2025, 4, 1))),
        (InsideState.VERIFIED, (InsideClock.FIX, date(2025, 4, 1)), (InsideClock.FIX, date(2025, 4, 1))),
        (InsideState.ACCEPTED, (InsideClock.FIX, date(2025, 4, 1)), (InsideClock.PAY, date(2025, 4, 9))),
        (InsideState.PAID, (InsideClock.PAY, date(2025, 4, 9)), NOTHING),
        (InsideState.UNTRUE, (InsideClock.VERIFY, date(2025, 3, 13)), NOTHING),
    ],
)
def test_each_state_has_its_clock(
    state: InsideState, running: tuple[InsideClock, date | None], expected: tuple[InsideClock, date | None]
) -> None:
    found = clock_after(state=state, day=MONDAY, running=running, terms=TERMS, overlay=NO_OVERLAY)

    assert found == expected


def test_the_day_of_the_plan_counts() -> None:
    found = clock_after(
        state=InsideState.PLANNED,
        day=MONDAY,
        running=(InsideClock.FIX, date(2025, 4, 9)),
        terms=TERMS,
        overlay=NO_OVERLAY,
        deadline=date(2025, 6, 1),
    )

    assert found == (InsideClock.FIX, date(2025, 6, 1))


def test_a_plan_does_not_put_off_a_period_that_has_run_out() -> None:
    found = clock_after(
        state=InsideState.PLANNED,
        day=MONDAY,
        running=(InsideClock.FIX, date(2025, 3, 9)),
        terms=TERMS,
        overlay=NO_OVERLAY,
        deadline=date(2026, 3, 1),
    )

    assert found == (InsideClock.FIX, date(2025, 3, 9))


@pytest.mark.parametrize(
    ("deadline", "earlier", "holds"),
    [
        (date(2025, 3, 20), date(2025, 3, 20), True),
        (date(2025, 3, 21), date(2025, 3, 20), False),
        # The day of the earlier plan has passed: today, or it cannot be.
        (MONDAY, date(2025, 3, 1), True),
        (date(2025, 3, 11), date(2025, 3, 1), False),
    ],
)
def test_a_second_plan_goes_no_further_than_the_first(deadline: date, earlier: date, holds: bool) -> None:
    assert deadline_holds(deadline=deadline, today=MONDAY, most_days=365, earlier=earlier) is holds


@pytest.mark.parametrize(
    ("state", "due", "allowed"),
    [
        (InsideState.RECEIVED, MONDAY, False),
        (InsideState.RECEIVED, date(2025, 3, 9), True),
        (InsideState.ACCEPTED, date(2025, 3, 9), True),
        (InsideState.UNTRUE, None, True),
        (InsideState.PAID, None, False),
        (InsideState.CLOSED, None, False),
        (InsideState.TURNED, date(2025, 3, 9), False),
    ],
)
def test_turning_is_open_once_overdue_or_contested(
    state: InsideState, due: date | None, allowed: bool
) -> None:
    assert may_turn(state=state, due=due, today=MONDAY) is allowed


@pytest.mark.parametrize(
    ("state", "grade", "kind", "due", "goes"),
    [
        (InsideState.PLANNED, "major", "", date(2025, 3, 9), True),
        (InsideState.RECEIVED, "", "major_hazard", date(2025, 3, 9), True),
        (InsideState.PLANNED, "major", "", MONDAY, False),
        # Whatever the company made of it: the graver of mark and grade counts until another person accepted the fix.
        (InsideState.VERIFIED, "general", "major_hazard", date(2025, 3, 9), True),
        (InsideState.PLANNED, "larger", "major_hazard", date(2025, 3, 9), True),
        (InsideState.FIXED, "general", "major_hazard", date(2025, 3, 9), True),
        (InsideState.FIXED, "general", "major_hazard", MONDAY, False),
        (InsideState.FIXED, "general", "general_hazard", date(2025, 3, 9), False),
        (InsideState.ACCEPTED, "general", "major_hazard", date(2025, 3, 9), False),
        (InsideState.ACCEPTED, "major", "", date(2025, 3, 9), False),
        (InsideState.TURNED, "major", "", date(2025, 3, 9), False),
    ],
)
def test_an_overdue_major_hazard_goes_by_itself(
    state: InsideState, grade: str, kind: str, due: date, goes: bool
) -> None:
    assert turns_by_itself(state=state, grade=grade, kind=kind, due=due, today=MONDAY) is goes


@pytest.mark.parametrize(
    ("grade", "kind", "counts"),
    [
        ("", "", ""),
        ("general", "", "general"),
        ("larger", "general_hazard", "larger"),
        ("major", "general_hazard", "major"),
        ("", "major_hazard", "major"),
        ("general", "major_hazard", "major"),
    ],
)
def test_the_graver_of_mark_and_grade_counts(grade: str, kind: str, counts: str) -> None:
    assert counted_grade(grade=grade, kind=kind) == counts


@pytest.mark.parametrize(
    ("chosen", "kind", "managers", "to"),
    [
        ("unit", "", True, Addressee.UNIT),
        ("unit", "general_hazard", True, Addressee.UNIT),
        ("unit", "retaliation", True, Addressee.BUREAU),
        ("unit", "concealed_accident", True, Addressee.BUREAU),
        ("unit", "", False, Addressee.BUREAU),
        ("bureau", "", True, Addressee.BUREAU),
    ],
)
def test_retaliation_and_what_nobody_would_read_go_past_the_company(
    chosen: str, kind: str, managers: bool, to: Addressee
) -> None:
    assert goes_to(chosen=chosen, kind=kind, has_managers=managers) == to


def test_larger_and_planned_fixes_are_shown() -> None:
    assert [needs_photo_of_fix(grade=grade, is_planned=False) for grade in ("general", "larger", "major")] == [
        False, True, True,
    ]  # fmt: skip
    assert needs_photo_of_fix(grade="general", is_planned=True)


def test_a_deadline_lies_ahead_and_within_a_year() -> None:
    days = [date(2025, 3, 9), MONDAY, date(2026, 3, 10), date(2026, 3, 11)]

    assert [deadline_holds(deadline=day, today=MONDAY, most_days=365) for day in days] == [
        False,
        True,
        True,
        False,
    ]


def test_nothing_that_ended_is_turned() -> None:
    assert {InsideState.CLOSED, InsideState.TURNED} == NOT_TURNED


@pytest.mark.parametrize(
    ("state", "grade", "kind", "has_second", "accepts", "stuck"),
    [
        (InsideState.FIXED, "general", "", False, True, False),
        (InsideState.FIXED, "larger", "violation", False, True, False),
        (InsideState.FIXED, "general", "", True, False, False),
        (InsideState.FIXED, "major", "", False, False, True),
        (InsideState.FIXED, "general", "major_hazard", False, False, True),
        (InsideState.FIXED, "major", "", True, False, False),
        (InsideState.VERIFIED, "general", "", False, False, False),
        (InsideState.ACCEPTED, "general", "", False, False, False),
        (InsideState.VERIFIED, "major", "", False, False, False),
    ],
)
def test_the_reporter_accepts_only_what_nobody_else_could_and_no_major_hazard(
    state: InsideState, grade: str, kind: str, has_second: bool, accepts: bool, stuck: bool
) -> None:
    assert reporter_may_accept(state=state, grade=grade, kind=kind, has_second=has_second) is accepts
    assert is_stuck(state=state, grade=grade, kind=kind, has_second=has_second) is stuck


def test_what_nobody_inside_can_end_is_turned_without_waiting() -> None:
    assert may_turn(state=InsideState.FIXED, due=MONDAY, today=MONDAY, is_stuck=True)
    assert not may_turn(state=InsideState.FIXED, due=MONDAY, today=MONDAY, is_stuck=False)
