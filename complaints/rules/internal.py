"""The way of a tip inside a company (7号): states, acts, clocks, and when it may leave the company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.enums import Addressee, HazardGrade, InsideAct, InsideClock, InsideState, TipKind

from .deadlines import DayOverlay, add_calendar_days, add_working_days
from .private_details import Detail, private_details

A, S = InsideAct, InsideState
TARGETS: Mapping[tuple[InsideState, InsideAct], InsideState] = {
    (S.RECEIVED, A.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, A.VERIFY): S.VERIFIED,
    (S.ACKNOWLEDGED, A.REFUTE): S.UNTRUE,
    (S.DOUBTED, A.CONFIRM_UNTRUE): S.UNTRUE,
    (S.DOUBTED, A.SEND_BACK): S.ACKNOWLEDGED,
    (S.VERIFIED, A.PLAN): S.PLANNED,
    (S.VERIFIED, A.FIX): S.FIXED,
    (S.PLANNED, A.FIX): S.FIXED,
    (S.FIXED, A.SEND_BACK): S.VERIFIED,
    (S.FIXED, A.ACCEPT): S.ACCEPTED,
    (S.FIXED, A.SEEN_FIXED): S.ACCEPTED,
    (S.FIXED, A.NOT_FIXED): S.VERIFIED,
    (S.ACCEPTED, A.PAY): S.PAID,
    (S.PAID, A.CONFIRM): S.CLOSED,
    (S.PAID, A.DENY): S.ACCEPTED,
}
# What does not move a tip: possible in every state where somebody still works on it, or after its end.
BESIDE: Mapping[InsideAct, frozenset[InsideState]] = {
    A.REPLY: frozenset(S) - {S.CLOSED, S.TURNED},
    A.CIRCULATE: frozenset({S.ACCEPTED, S.PAID, S.CLOSED}),
}
OF_THE_REPORTER = frozenset({A.CONFIRM, A.DENY, A.SEEN_FIXED, A.NOT_FIXED})
# What a company would hear of itself: a hidden accident, and who was punished for a report.
PAST_THE_COMPANY = frozenset({TipKind.RETALIATION, TipKind.CONCEALED_ACCIDENT})
FOUND_UNTRUE = frozenset({S.DOUBTED, S.UNTRUE})
# What a manager accepted as put right: the reporter walks past it and may see otherwise.
SAID_FIXED = frozenset({S.ACCEPTED, S.PAID})
# Nobody turns what is done or has left already.
NOT_TURNED = frozenset({S.CLOSED, S.TURNED})
# 7号: the fix of what is not ordinary is shown, not told.
NEEDS_PHOTO = frozenset({HazardGrade.LARGER, HazardGrade.MAJOR})
BEFORE_ACCEPTANCE = frozenset({S.RECEIVED, S.ACKNOWLEDGED, S.DOUBTED, S.VERIFIED, S.PLANNED, S.FIXED})
# What one person said and another has to confirm: the acts that the first of the two does not take.
OF_ANOTHER = frozenset({A.ACCEPT, A.SEND_BACK, A.CONFIRM_UNTRUE})
# Everybody who scans the code reads a circulated result.
NEVER_TOLD = frozenset({Detail.MOBILE, Detail.IDENTITY, Detail.NAME})
_CLOCKS = {
    S.RECEIVED: InsideClock.ACKNOWLEDGE,
    S.ACKNOWLEDGED: InsideClock.VERIFY,
    S.DOUBTED: InsideClock.VERIFY,
    S.VERIFIED: InsideClock.FIX,
    S.PLANNED: InsideClock.FIX,
    S.FIXED: InsideClock.FIX,
    S.ACCEPTED: InsideClock.PAY,
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Periods of one dated row: working days to take on and to verify, days to put right and to pay."""

    acknowledge_working_days: int
    verify_working_days: int
    fix_days: int
    pay_days: int


def target_of(*, state: InsideState, act: InsideAct, is_major: bool = False) -> InsideState | None:
    """Return where an act leads, the state itself for one beside the way; None when it is not possible now.

    Args:
        is_major: it counts as a major hazard: found untrue by one person, it waits for another.
    """
    if state in BESIDE.get(act, frozenset()):
        return state
    target = TARGETS.get((state, act))
    return S.DOUBTED if act == A.REFUTE and target and is_major else target


def acts_open(*, state: InsideState, is_own: bool) -> list[InsideAct]:
    """Return what a safety manager may do now.

    Args:
        is_own: the person reported it as put right, or found it untrue: another one accepts, confirms or sends back.
    """
    kept = OF_ANOTHER if is_own else frozenset()
    return [
        act
        for act in InsideAct
        if act not in OF_THE_REPORTER | kept and target_of(state=state, act=act) is not None
    ]


def reporter_may_write(state: InsideState) -> bool:
    """Whether what a reporter writes still reaches a manager, who can still answer."""
    return state in BESIDE[A.REPLY]


def clock_after(
    *,
    state: InsideState,
    day: date,
    running: tuple[InsideClock, date | None],
    terms: Terms,
    overlay: DayOverlay,
    deadline: date | None = None,
    is_major: bool = False,
) -> tuple[InsideClock, date | None]:
    """Return the clock that runs in a state entered on `day`, and its last day.

    Args:
        running: clock and last day before; the time to put right goes on through sending back and acceptance.
        deadline: the day of the plan; it counts in place of the period, unless that has run out: no plan takes the way
            outside away from the reporter again.
        is_major: of a major hazard a plan may only bring the day nearer: the district is not to hear of it a year late.
    """
    clock = _CLOCKS.get(state, InsideClock.NONE)
    if clock == InsideClock.NONE:
        return clock, None
    has_run_out = clock == running[0] and is_overdue(due=running[1], today=day)
    is_kept = has_run_out or (is_major and _puts_off(deadline, running=running[1]))
    if state == S.PLANNED and deadline is not None and not is_kept:
        return clock, deadline
    if clock == running[0]:
        return running
    if clock == InsideClock.ACKNOWLEDGE:
        return clock, add_working_days(start=day, days=terms.acknowledge_working_days, overlay=overlay)
    if clock == InsideClock.VERIFY:
        return clock, add_working_days(start=day, days=terms.verify_working_days, overlay=overlay)
    days = terms.fix_days if clock == InsideClock.FIX else terms.pay_days
    return clock, add_calendar_days(start=day, days=days, overlay=overlay)


def _puts_off(deadline: date | None, *, running: date | None) -> bool:
    return deadline is not None and running is not None and deadline > running


def is_overdue(*, due: date | None, today: date) -> bool:
    """Whether the last day of the running clock has passed."""
    return due is not None and today > due


def may_turn(
    *,
    state: InsideState,
    due: date | None,
    today: date,
    is_read: bool = True,
    is_stuck: bool = False,
    usual_end: date | None = None,
    is_contestable: bool = False,
) -> bool:
    """Whether the reporter may take the tip out of the company: overdue, found untrue, or the pay denied.

    Args:
        usual_end: the last day to put right without a plan. The company writes its plan itself: a day far ahead must
            not shut the way outside for as long.
        is_contestable: two managers say it is put right (`fix_is_contestable`), and two may be of one mind.
        is_read: a manager is there who may read it; what nobody reads need not wait for a clock.
        is_stuck: nobody inside can end it (`is_stuck`), so that waiting for the clock would lead nowhere.
    """
    is_late = is_overdue(due=due, today=today) or is_overdue(due=usual_end, today=today)
    return state not in NOT_TURNED and (
        state in FOUND_UNTRUE or is_contestable or is_late or is_stuck or not is_read
    )


def fix_is_contestable(*, state: InsideState, seen_by_reporter: bool) -> bool:
    """Whether only the company says that it is put right: a reporter who sees otherwise need not wait for a clock.

    Args:
        seen_by_reporter: the reporter was the one who accepted the fix.
    """
    return state in SAID_FIXED and not seen_by_reporter


def reporter_may_accept(*, state: InsideState, grade: str, kind: str, has_second: bool) -> bool:
    """Whether the reporter is the other person who accepts a fix (验收): nobody in the company could.

    Not of a major hazard: whether that is gone is no question for one pair of eyes, it goes to the district.
    Legal basis: 7号 asks for acceptance with photos and names nobody for it; the other person is our rule (ADR 0037).
    """
    is_major = counted_grade(grade=grade, kind=kind) == HazardGrade.MAJOR
    return state == S.FIXED and not has_second and not is_major


def is_stuck(*, state: InsideState, grade: str, kind: str, has_second: bool) -> bool:
    """Whether a fix waits that nobody may accept, neither a second manager nor the reporter: a major hazard's."""
    is_major = counted_grade(grade=grade, kind=kind) == HazardGrade.MAJOR
    return state == S.FIXED and not has_second and is_major


def counted_grade(*, grade: str, kind: str) -> str:
    """Return how grave a hazard counts until another person accepted that it is put right: the graver of two.

    Args:
        grade: what a manager found; empty before.
        kind: what the reporter marked. One manager's lower grade alone must not keep a major hazard from the district.
    """
    return HazardGrade.MAJOR if kind == TipKind.MAJOR_HAZARD else grade


def is_marked_graver(*, grade: str, kind: str) -> bool:
    """Whether a manager graded a hazard lower than its reporter marked it."""
    return bool(grade) and counted_grade(grade=grade, kind=kind) != grade


def turns_by_itself(*, state: InsideState, grade: str, kind: str, due: date | None, today: date) -> bool:
    """Whether an overdue tip goes to the district without being asked: a major hazard nobody else has accepted yet."""
    is_major = counted_grade(grade=grade, kind=kind) == HazardGrade.MAJOR
    return is_major and state in BEFORE_ACCEPTANCE and is_overdue(due=due, today=today)


def lacks_second(*, state: InsideState, has_second: bool) -> bool:
    """Whether a major hazard was found untrue by one person and nobody is there to confirm it: it goes by itself."""
    return state == S.DOUBTED and not has_second


def goes_to(*, chosen: str, kind: str, has_managers: bool) -> Addressee:
    """Return whom a tip from the poster goes to: some kinds go past the company, as does what nobody would read.

    Args:
        has_managers: somebody there reads it whom its words do not name.
    """
    if chosen == Addressee.UNIT and kind not in PAST_THE_COMPANY and has_managers:
        return Addressee.UNIT
    return Addressee.BUREAU


def needs_photo_of_fix(*, grade: str, is_planned: bool) -> bool:
    """Whether putting it right has to be shown: larger and major hazards, and whatever was done by a plan (五落实)."""
    return is_planned or grade in NEEDS_PHOTO


def points_at_somebody(*, text: str, number: str) -> bool:
    """Whether words for the whole staff hold the number of a tip, or what looks like a person's name or number."""
    bare = "".join(text.split()).replace("-", "")
    return number.replace("-", "") in bare or bool(private_details(text, kinds=NEVER_TOLD))


def deadline_holds(*, deadline: date, today: date, most_days: int, earlier: date | None = None) -> bool:
    """Whether the day of a plan is one that can be: not past, and no later than so many days ahead.

    Args:
        earlier: the day of the plan before this one, after it was sent back; a new plan puts it off no further.
    """
    last = today + timedelta(days=most_days)
    return today <= deadline <= (last if earlier is None else min(last, max(earlier, today)))
