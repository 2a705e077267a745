"""The workflow table against a matrix written by hand, and what must hold on every way a tip can go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import pytest

from complaints.enums import HINDRANCES, Action, Clock, Fact, Role, Side, TipStatus
from complaints.errors import ActHindered, IllegalMove, NotAllowed, OwnProposal, OwnWork
from complaints.rules.move import Move
from complaints.rules.turns import first_turn
from complaints.rules.workflow import (
    DONE_STATES,
    MOVES,
    NO_HISTORY,
    OPEN_STATES,
    REPLY_ITEMS,
    History,
    Taken,
    actions_of,
    facts_after,
    find_move,
    fits,
    kept_apart,
    next_moves,
    own_part,
)

A, F = Action, Fact
# One letter for each state: found means that a leader has signed the result.
STATES = {
    "R": TipStatus.REGISTERED,
    "S": TipStatus.SCREENING,
    "A": TipStatus.ACCEPTED,
    "V": TipStatus.VERIFYING,
    "F": TipStatus.VERIFIED,
    "D": TipStatus.DISPOSED,
    "P": TipStatus.REPLIED,
    "O": TipStatus.REVIEW,
    "N": TipStatus.DECLINED,
    "T": TipStatus.TRANSFERRED_OUT,
    "C": TipStatus.CLOSED,
    "M": TipStatus.MERGED,
    "X": TipStatus.ARCHIVED,
}
LETTERS = {status: letter for letter, status in STATES.items()}
PEOPLE = {
    "staff": frozenset({Role.OFFICER, Role.LEADER}),
    "leader": frozenset({Role.LEADER}),
    "none": frozenset[Role](),
}
OPEN = "RSAVFDPONT"
POLICE = (F.REFERRAL_PROPOSED, F.REFERRAL_DECIDED, F.WITH_POLICE)
PROPOSED = (F.RESULT_PROPOSED, F.UNFOUNDED_PROPOSED)
CALLED = (F.WHISTLED, F.EXPECTED)
OWED = (F.SUPERVISED, F.EXTENSION_ASKED, F.MEASURE_PROPOSED)

# act · from · to ("=" stays) · side · people · facts that must hold · facts that must not
WRITTEN: tuple[tuple[Action, str, str, Side, str, tuple[Fact, ...], tuple[Fact, ...]], ...] = (
    (A.SCREEN, "R", "S", Side.LEAD, "staff", (), ()),
    (A.ACCEPT, "RS", "A", Side.LEAD, "staff", (), ()),
    (A.DECLINE, "RS", "N", Side.LEAD, "staff", (), ()),
    (A.TRANSFER_OUT, "RS", "T", Side.LEAD, "staff", (), (F.DEATH, F.EXTENSION_ASKED, *PROPOSED, *POLICE)),
    (A.TRANSFER_OUT, "AV", "T", Side.LEAD, "staff", (), (F.DEATH, F.EXTENSION_ASKED, *PROPOSED, *CALLED, *POLICE)),
    (A.MERGE, "RSAV", "M", Side.LEAD, "staff", (), (F.EXTENSION_ASKED, *PROPOSED, *CALLED, *POLICE)),
    (A.DISPATCH, "RSAV", "=", Side.LEAD, "staff", (), (F.EXTENSION_ASKED, *PROPOSED, *CALLED)),
    (A.HAND_BACK, "RSAV", "=", Side.LEAD, "staff", (F.HANDED_DOWN,), (F.EXTENSION_ASKED, *PROPOSED, *CALLED)),
    (A.ESCALATE, "RSAVFDPO", "=", Side.LEAD, "staff", (), ()),
    (A.ESCALATE, "NTC", "=", Side.LEAD, "staff", (), (F.DEATH,)),
    (A.VERIFY_AGAIN, "FDPONTC", "V", Side.SYSTEM, "none", (F.DEATH,), ()),
    (A.ASSIGN, OPEN, "=", Side.LEAD, "staff", (), ()),
    (A.JOIN, "RSAVFD", "=", Side.LEAD, "staff", (), ()),
    (A.LEAVE, OPEN, "=", Side.LEAD, "staff", (), ()),
    (A.WHISTLE, "RSAV", "=", Side.TOWN, "staff", (), (*CALLED, *PROPOSED)),
    (A.ANSWER_WHISTLE, "RSAV", "=", Side.CALLED_LEVEL, "staff", (F.WHISTLED,), ()),
    (A.ARRIVE, "RSAVFD", "=", Side.CALLED, "staff", (F.EXPECTED,), ()),
    (A.RETURN_WHISTLE, "RSAV", "=", Side.CALLED_LEVEL, "staff", (F.WHISTLED,), ()),
    (A.WITHDRAW_WHISTLE, "RSAV", "=", Side.TOWN, "staff", (F.WHISTLED,), ()),
    (A.WITHDRAW_WHISTLE, "FD", "=", Side.TOWN, "staff", (F.EXPECTED,), ()),
    (A.END_WHISTLE, "RS", "=", Side.SYSTEM, "none", (F.WHISTLED,), ()),
    (A.VERIFY, "A", "V", Side.LEAD, "staff", (), ()),
    (A.INSPECT, "AV", "V", Side.SITE, "staff", (), PROPOSED),
    (A.INSPECT, "O", "=", Side.SITE, "staff", (), ()),
    (A.CONCLUDE, "V", "=", Side.LEAD, "staff", (), (*PROPOSED, *CALLED, F.PAUSED)),
    (A.CONCLUDE_UNFOUNDED, "V", "=", Side.LEAD, "staff", (), (*PROPOSED, *CALLED, F.PAUSED)),
    (A.APPROVE_RESULT, "V", "F", Side.LEAD, "leader", (F.RESULT_PROPOSED,), ()),
    (A.APPROVE_UNFOUNDED, "V", "F", Side.LEAD, "leader", (F.UNFOUNDED_PROPOSED,), ()),
    (A.RETURN_RESULT, "V", "=", Side.LEAD, "leader", (F.TO_SIGN,), ()),
    (A.PROPOSE_MEASURE, "FDPC", "=", Side.LEAD, "staff", (F.FOUNDED,), (F.MEASURE_PROPOSED,)),
    (A.DISPOSE, "FD", "D", Side.LEAD, "leader", (F.FOUNDED, F.MEASURE_PROPOSED), ()),
    (A.DISPOSE, "POC", "=", Side.LEAD, "leader", (F.FOUNDED, F.MEASURE_PROPOSED), ()),
    (A.RETURN_MEASURE, "FDPOC", "=", Side.LEAD, "leader", (F.MEASURE_PROPOSED,), ()),
    (A.RECHECK, "DPOCX", "=", Side.SITE, "staff", (F.FOUNDED,), ()),
    (A.REFER, "VFD", "=", Side.LEAD, "staff", (), (*POLICE, F.POLICE_REFUSED, F.RECONSIDERED, F.UNFOUNDED)),
    (A.DECIDE_REFERRAL, "VFD", "=", Side.LEAD, "leader", (F.REFERRAL_PROPOSED,), ()),
    (A.DROP_REFERRAL, "VFD", "=", Side.LEAD, "leader", (F.REFERRAL_PROPOSED,), ()),
    (A.HAND_TO_POLICE, "VFD", "=", Side.LEAD, "staff", (F.REFERRAL_DECIDED,), ()),
    (A.POLICE_FILES, "VFDPOC", "=", Side.LEAD, "staff", (F.WITH_POLICE,), ()),
    (A.POLICE_REFUSES, "VFDPOC", "=", Side.LEAD, "staff", (F.WITH_POLICE,), ()),
    (A.RECONSIDER, "VFDPOC", "=", Side.LEAD, "staff", (F.POLICE_REFUSED,), (F.RECONSIDERED,)),
    (A.ASK_EXTENSION, "AVF", "=", Side.LEAD, "staff", (), (F.EXTENSION_ASKED, F.EXTENDED, F.PAUSED, F.UNFOUNDED)),
    (A.GRANT_EXTENSION, "AVF", "=", Side.ABOVE, "leader", (F.EXTENSION_ASKED,), (F.UNFOUNDED,)),
    (A.REFUSE_EXTENSION, OPEN, "=", Side.ABOVE, "leader", (F.EXTENSION_ASKED,), ()),
    (A.PAUSE, "AV", "=", Side.LEAD, "staff", (), (F.PAUSED, F.EXTENSION_ASKED, *PROPOSED)),
    (A.RESUME, "AV", "=", Side.LEAD, "staff", (F.PAUSED,), ()),
    (A.SUPERVISE, OPEN, "=", Side.ABOVE, "leader", (), (F.SUPERVISED, F.SUPERVISION_ANSWERED)),
    (A.SUPERVISE, "C", "=", Side.ABOVE, "leader", (F.RECTIFICATION_OPEN,), (F.SUPERVISED, F.SUPERVISION_ANSWERED)),
    (A.ANSWER_SUPERVISION, OPEN + "MC", "=", Side.ASKED, "staff", (F.SUPERVISED,), ()),
    (A.LIFT_SUPERVISION, OPEN + "MC", "=", Side.OVERSEER, "leader", (F.SUPERVISION_ANSWERED,), ()),
    (A.REMIND, OPEN + "MC", "=", Side.SYSTEM, "none", (), ()),
    (A.REPLY, "D", "P", Side.LEAD, "staff", (),
     (F.WITHDRAWN, F.MEASURE_PROPOSED, F.REFERRAL_PROPOSED, F.REFERRAL_DECIDED)),
    (A.REPLY, "F", "P", Side.LEAD, "staff", (F.UNFOUNDED,), (F.WITHDRAWN, F.REFERRAL_PROPOSED, F.REFERRAL_DECIDED)),
    (A.OBJECT, "PNC", "O", Side.REPORTER, "none", (F.OBJECTION_OPEN,), (F.WITHDRAWN, F.OBJECTED)),
    (A.OBJECT, "O", "=", Side.REPORTER, "none", (F.OBJECTION_OPEN,), (F.WITHDRAWN, F.OBJECTED)),
    (A.UPHOLD, "O", "P", Side.ABOVE, "leader", (), ()),
    (A.REOPEN, "O", "V", Side.ABOVE, "leader", (), ()),
    (A.WITHDRAW, "RSAVFD", "=", Side.REPORTER, "none", (), (F.WITHDRAWN,)),
    (A.RATE, "PNC", "=", Side.REPORTER, "none", (), (F.RATED, F.WITHDRAWN)),
    (A.CLOSE, "PNT", "C", Side.LEAD, "staff", (), OWED),
    (A.CLOSE, "D", "C", Side.LEAD, "staff", (F.WITHDRAWN,), (*OWED, F.REFERRAL_PROPOSED, F.REFERRAL_DECIDED)),
    (A.CLOSE, "F", "C", Side.LEAD, "staff", (F.WITHDRAWN, F.UNFOUNDED),
     (*OWED, F.REFERRAL_PROPOSED, F.REFERRAL_DECIDED)),
    (A.ARCHIVE, "C", "X", Side.LEAD, "staff", (),
     (F.OBJECTION_OPEN, F.RECTIFICATION_OPEN, F.MEASURE_PROPOSED, F.SUPERVISED, F.SUPERVISION_ANSWERED, F.WITH_POLICE)),
    (A.HOLD, "".join(STATES), "=", Side.LEAD, "leader", (), (F.HELD,)),
    (A.LIFT_HOLD, "".join(STATES), "=", Side.LEAD, "leader", (F.HELD,), ()),
)  # fmt: skip
# Where an upheld answer leads: to the state that was objected to, as the history tells it.
UPHELD: dict[str, tuple[Fact, ...]] = {"P": (), "N": (F.WAS_DECLINED,), "C": (F.WAS_CLOSED,)}
# Nobody judges what they proposed, and nobody reviews what they answered or signed.
JUDGES = {
    A.APPROVE_RESULT: {A.CONCLUDE},
    A.APPROVE_UNFOUNDED: {A.CONCLUDE_UNFOUNDED},
    A.DISPOSE: {A.PROPOSE_MEASURE},
    A.DECIDE_REFERRAL: {A.REFER},
    A.DROP_REFERRAL: {A.REFER},
    A.GRANT_EXTENSION: {A.ASK_EXTENSION},
    A.REFUSE_EXTENSION: {A.ASK_EXTENSION},
    A.LIFT_SUPERVISION: {A.ANSWER_SUPERVISION},
    A.UPHOLD: {A.REPLY, A.DECLINE, A.APPROVE_RESULT, A.APPROVE_UNFOUNDED, A.DISPOSE},
    A.REOPEN: {A.REPLY, A.DECLINE, A.APPROVE_RESULT, A.APPROVE_UNFOUNDED, A.DISPOSE},
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the matrix at one state."""

    action: Action
    status: TipStatus
    target: TipStatus
    side: Side
    roles: frozenset[Role]
    needs: frozenset[Fact]
    bars: frozenset[Fact]


def written_rows() -> list[Row]:
    return [
        Row(
            action=action,
            status=STATES[letter],
            target=STATES[letter] if target == "=" else STATES[target],
            side=side,
            roles=PEOPLE[people],
            needs=frozenset(needs),
            bars=frozenset(bars),
        )
        for action, sources, target, side, people, needs, bars in WRITTEN
        for letter in sources
    ]


ROWS = {(row.status, row.action): row for row in written_rows()}
NAMES = [f"{status.value}-{action.value}" for status, action in ROWS]


def history(facts: Iterable[Fact] = (), *acts: Taken) -> History:
    return History(acts=acts, beside=frozenset(facts))


# --- every state with every act ---------------------------------------------------------------------------------


def test_the_matrix_names_each_pair_once_and_every_act_of_people() -> None:
    assert len(ROWS) == len(written_rows())
    assert {action for _status, action in ROWS} == set(Action) - {A.REGISTER}
    assert set(LETTERS) == set(TipStatus)


@pytest.mark.parametrize(("status", "action"), list(product(TipStatus, Action)))
def test_every_state_with_every_act(status: TipStatus, action: Action) -> None:
    row = ROWS.get((status, action))

    if row is None:
        for needs in every_need():
            with pytest.raises(IllegalMove):
                find_move(status=status, action=action, history=history(needs))
    else:
        move = find_move(status=status, action=action, history=history(row.needs))
        assert (move.target or status, move.side, move.roles) == (row.target, row.side, row.roles)


@lru_cache
def every_need() -> frozenset[frozenset[Fact]]:
    """Return each set of facts that some row asks for: no such set opens a pair the matrix does not name."""
    return frozenset(move.needs for move in MOVES)


@pytest.mark.parametrize("row", ROWS.values(), ids=NAMES)
def test_each_missing_fact_forbids_the_act(row: Row) -> None:
    for fact in row.needs:
        with pytest.raises(IllegalMove):
            find_move(status=row.status, action=row.action, history=history(row.needs - {fact}))


@pytest.mark.parametrize("row", ROWS.values(), ids=NAMES)
def test_each_barring_fact_forbids_the_act_and_no_other_does(row: Row) -> None:
    for fact in set(Fact) - row.needs:
        values = {
            "status": row.status,
            "action": row.action,
            "history": history(row.needs | {fact}),
        }
        if fact in row.bars:
            with pytest.raises(IllegalMove):
                find_move(**values)
        else:
            assert find_move(**values).action == row.action, fact


@pytest.mark.parametrize(("letter", "facts"), UPHELD.items())
def test_106_an_upheld_answer_leads_back_to_what_was_objected_to(
    letter: str, facts: tuple[Fact, ...]
) -> None:
    move = find_move(status=TipStatus.REVIEW, action=A.UPHOLD, history=history(facts))

    assert move.target == STATES[letter]


def test_a_declined_tip_that_was_closed_leads_back_to_closed() -> None:
    both = history((F.WAS_DECLINED, F.WAS_CLOSED))

    assert find_move(status=TipStatus.REVIEW, action=A.UPHOLD, history=both).target == TipStatus.CLOSED


HINDERED = {
    F.DEATH: (TipStatus.SCREENING, A.TRANSFER_OUT),
    F.RECTIFICATION_OPEN: (TipStatus.CLOSED, A.ARCHIVE),
    F.OBJECTION_OPEN: (TipStatus.CLOSED, A.ARCHIVE),
    F.WHISTLED: (TipStatus.ACCEPTED, A.DISPATCH),
    F.MEASURE_PROPOSED: (TipStatus.DISPOSED, A.REPLY),
    F.EXTENSION_ASKED: (TipStatus.ACCEPTED, A.PAUSE),
    F.PAUSED: (TipStatus.VERIFYING, A.CONCLUDE),
    F.SUPERVISED: (TipStatus.CLOSED, A.ARCHIVE),
}


def test_every_hindrance_is_tried() -> None:
    assert HINDERED.keys() == HINDRANCES.keys()


@pytest.mark.parametrize(("fact", "tried"), HINDERED.items())
def test_a_fact_that_hinders_an_act_says_so(fact: Fact, tried: tuple[TipStatus, Action]) -> None:
    status, action = tried
    with pytest.raises(ActHindered) as caught:
        find_move(status=status, action=action, history=history((fact,)))

    assert (caught.value.code, caught.value.public_message) == (fact.value, HINDRANCES[fact])


def test_what_several_facts_forbid_names_the_first_that_has_words() -> None:
    several = history((F.WITH_POLICE, F.RECTIFICATION_OPEN))

    with pytest.raises(ActHindered):
        find_move(status=TipStatus.CLOSED, action=A.ARCHIVE, history=several)


def test_from_a_state_without_such_a_row_nothing_hinders() -> None:
    with pytest.raises(IllegalMove) as caught:
        find_move(status=TipStatus.REPLIED, action=A.ARCHIVE, history=history((F.RECTIFICATION_OPEN,)))

    assert type(caught.value) is IllegalMove


# --- every side with every role -----------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS.values(), ids=NAMES)
def test_every_side_with_every_role(row: Row) -> None:
    for side, role in product(Side, Role):
        offered = next_moves(
            status=row.status, held={side: frozenset({role})}, history=history(row.needs), actor_id=1
        )

        is_offered = row.action in {move.action for move in offered}
        assert is_offered == (side == row.side and role in row.roles), f"{side} {role}"


@pytest.mark.parametrize("status", TipStatus)
def test_every_pair_of_states_with_every_side_and_role(status: TipStatus) -> None:
    upheld = {STATES[letter] for letter in UPHELD}
    written = {
        (target, row.side, role)
        for row in ROWS.values()
        if row.status == status
        for target in (upheld if row.action == A.UPHOLD else {row.target})
        for role in row.roles
    }

    led = {
        (move.target or status, side, role)
        for facts in (*every_need(), *map(frozenset, UPHELD.values()))
        for side, role in product(Side, Role)
        for move in next_moves(
            status=status, held={side: frozenset({role})}, history=history(facts), actor_id=1
        )
    }

    for target, side, role in product(TipStatus, Side, Role):
        pair = (target, side, role)
        assert (pair in led) == (pair in written), f"{status} to {target} by {role} of {side}"


def test_no_role_is_offered_nothing() -> None:
    assert next_moves(status=TipStatus.REGISTERED, held={}) == []
    assert next_moves(status=TipStatus.REGISTERED, held={Side.LEAD: frozenset()}) == []


def test_several_roles_are_offered_each_act_once() -> None:
    everybody = dict.fromkeys(Side, frozenset(Role))

    for status, facts in reachable():
        offered = [
            move.action
            for move in next_moves(status=status, held=everybody, history=history(facts), actor_id=1)
        ]
        assert len(offered) == len(set(offered)), f"{status} {facts}"


# --- two people ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judging", "proposing"), [(one, two) for one in JUDGES for two in sorted(JUDGES[one])]
)
def test_nobody_judges_an_own_act(judging: Action, proposing: Action) -> None:
    row = next(row for row in ROWS.values() if row.action == judging)
    past = history(row.needs, Taken(action=proposing, actor_id=7))
    held = {row.side: row.roles}

    own = next_moves(status=row.status, held=held, history=past, actor_id=7)
    other = next_moves(status=row.status, held=held, history=past, actor_id=8)

    assert judging not in {move.action for move in own}
    assert judging in {move.action for move in other}


def test_the_acts_that_need_a_second_person_are_these() -> None:
    assert {move.action: set(move.not_by) for move in MOVES if move.not_by} == JUDGES


def test_only_a_criminal_referral_keeps_its_team_out() -> None:
    assert {move.action for move in MOVES if move.not_team} == {A.DECIDE_REFERRAL, A.DROP_REFERRAL}


@pytest.mark.parametrize("action", [A.DECIDE_REFERRAL, A.DROP_REFERRAL])
def test_move_5_the_team_is_offered_no_decision(action: Action) -> None:
    past = History(beside=frozenset({F.REFERRAL_PROPOSED}), team=frozenset({7}))
    held = {Side.LEAD: frozenset({Role.LEADER})}

    offered = {
        actor: {
            move.action
            for move in next_moves(status=TipStatus.VERIFIED, held=held, history=past, actor_id=actor)
        }
        for actor in (7, 8)
    }

    assert (action in offered[7], action in offered[8]) == (False, True)


def test_only_the_last_proposal_counts() -> None:
    past = history(
        (),
        Taken(action=A.CONCLUDE, actor_id=7),
        Taken(action=A.RETURN_RESULT, actor_id=9),
        Taken(action=A.CONCLUDE, actor_id=8),
    )
    held = {Side.LEAD: frozenset({Role.LEADER})}

    def may_approve(actor: int) -> bool:
        moves = next_moves(status=TipStatus.VERIFYING, held=held, history=past, actor_id=actor)
        return A.APPROVE_RESULT in {move.action for move in moves}

    assert (may_approve(7), may_approve(8), may_approve(9)) == (True, False, True)


# --- facts --------------------------------------------------------------------------------------------------------

# Facts that no act sets: a day has not come, a wrong industry was chosen.
BESIDE = {F.OBJECTION_OPEN, F.OUT_OF_REMIT, F.RECTIFICATION_OPEN}
# Facts that stay: once only (reconsideration), or true for good (withdrawal, a death).
FOR_GOOD = {F.RECONSIDERED, F.WITHDRAWN, F.DEATH}


def test_each_fact_is_set_and_cleared_or_stays_for_good() -> None:
    sets = frozenset().union(*(move.sets for move in MOVES))
    clears = frozenset().union(*(move.clears for move in MOVES))

    assert sets == set(Fact) - BESIDE
    assert clears == set(Fact) - BESIDE - FOR_GOOD


def test_rows_of_one_act_leave_the_same_facts() -> None:
    traces: dict[Action, set[tuple[frozenset[Fact], frozenset[Fact]]]] = {}
    for move in MOVES:
        traces.setdefault(move.action, set()).add((move.sets, move.clears))

    assert [action for action, found in traces.items() if len(found) > 1] == []


@pytest.mark.parametrize(
    ("acts", "facts"),
    [
        ([], set()),
        ([A.REGISTER, A.ACCEPT, A.VERIFY], set()),
        ([A.CONCLUDE], {F.RESULT_PROPOSED, F.TO_SIGN, F.TO_SIGN}),
        ([A.CONCLUDE, A.RETURN_RESULT], set()),
        ([A.CONCLUDE, A.APPROVE_RESULT], {F.FOUNDED}),
        ([A.CONCLUDE_UNFOUNDED, A.APPROVE_UNFOUNDED], {F.UNFOUNDED}),
        ([A.CONCLUDE_UNFOUNDED, A.APPROVE_UNFOUNDED, A.REPLY, A.OBJECT], {F.UNFOUNDED, F.OBJECTED}),
        ([A.CONCLUDE_UNFOUNDED, A.APPROVE_UNFOUNDED, A.REPLY, A.OBJECT, A.REOPEN], {F.OBJECTED}),
        ([A.CONCLUDE, A.APPROVE_RESULT, A.OBJECT, A.REOPEN, A.CONCLUDE_UNFOUNDED, A.APPROVE_UNFOUNDED, A.REPLY],
         {F.UNFOUNDED}),
        ([A.OBJECT, A.REPLY], set()),
        ([A.CONCLUDE, A.APPROVE_RESULT, A.PROPOSE_MEASURE], {F.FOUNDED, F.MEASURE_PROPOSED}),
        ([A.CONCLUDE, A.APPROVE_RESULT, A.PROPOSE_MEASURE, A.DISPOSE], {F.FOUNDED}),
        ([A.CONCLUDE, A.APPROVE_RESULT, A.PROPOSE_MEASURE, A.RETURN_MEASURE], {F.FOUNDED}),
        ([A.CONCLUDE, A.APPROVE_RESULT, A.PROPOSE_MEASURE, A.OBJECT, A.REOPEN], {F.OBJECTED}),
        ([A.WHISTLE], {F.WHISTLED}),
        ([A.WHISTLE, A.ANSWER_WHISTLE], {F.EXPECTED}),
        ([A.WHISTLE, A.ANSWER_WHISTLE, A.ARRIVE], set()),
        ([A.WHISTLE, A.RETURN_WHISTLE], set()),
        ([A.WHISTLE, A.WITHDRAW_WHISTLE], set()),
        ([A.WHISTLE, A.END_WHISTLE], set()),
        ([A.WHISTLE, A.TRANSFER_OUT], set()),
        ([A.WHISTLE, A.ANSWER_WHISTLE, A.DECLINE], {F.WAS_DECLINED}),
        ([A.WHISTLE, A.ANSWER_WHISTLE, A.WITHDRAW_WHISTLE], set()),
        ([A.ASK_EXTENSION], {F.EXTENSION_ASKED}),
        ([A.ASK_EXTENSION, A.REFUSE_EXTENSION], set()),
        ([A.ASK_EXTENSION, A.GRANT_EXTENSION], {F.EXTENDED}),
        ([A.PAUSE], {F.PAUSED}),
        ([A.PAUSE, A.RESUME], set()),
        ([A.SUPERVISE, A.ANSWER_SUPERVISION], {F.SUPERVISION_ANSWERED}),
        ([A.SUPERVISE, A.ANSWER_SUPERVISION, A.LIFT_SUPERVISION], set()),
        ([A.REFER, A.DROP_REFERRAL], set()),
        ([A.REFER, A.DECIDE_REFERRAL, A.HAND_TO_POLICE], {F.WITH_POLICE}),
        ([A.REFER, A.DECIDE_REFERRAL, A.HAND_TO_POLICE, A.POLICE_FILES], set()),
        ([A.HAND_TO_POLICE, A.POLICE_REFUSES], {F.POLICE_REFUSED}),
        ([A.HAND_TO_POLICE, A.POLICE_REFUSES, A.RECONSIDER], {F.RECONSIDERED, F.WITH_POLICE}),
        ([A.DISPATCH], {F.HANDED_DOWN}),
        ([A.DISPATCH, A.HAND_BACK], set()),
        ([A.DISPATCH, A.ESCALATE], {F.DEATH}),
        ([A.CONCLUDE, A.APPROVE_RESULT, A.ESCALATE, A.VERIFY_AGAIN], {F.DEATH}),
        ([A.CONCLUDE_UNFOUNDED, A.APPROVE_UNFOUNDED, A.REPLY, A.RATE, A.ESCALATE, A.VERIFY_AGAIN], {F.DEATH}),
        ([A.ASK_EXTENSION, A.GRANT_EXTENSION, A.OBJECT, A.REOPEN], {F.OBJECTED}),
        ([A.DECLINE], {F.WAS_DECLINED}),
        ([A.DECLINE, A.CLOSE, A.OBJECT], {F.WAS_DECLINED, F.WAS_CLOSED, F.OBJECTED}),
        ([A.DECLINE, A.CLOSE, A.OBJECT, A.REOPEN], {F.OBJECTED}),
        ([A.DECLINE, A.CLOSE, A.ESCALATE, A.VERIFY_AGAIN], {F.DEATH}),
        ([A.WITHDRAW], {F.WITHDRAWN}),
        ([A.RATE], {F.RATED}),
        ([A.RATE, A.OBJECT, A.REOPEN], {F.OBJECTED}),
    ],
)  # fmt: skip
def test_facts_follow_from_the_acts(acts: list[Action], facts: set[Fact]) -> None:
    assert facts_after(acts) == facts


def test_facts_beside_add_to_those_of_the_acts() -> None:
    past = History(acts=(Taken(action=A.WHISTLE),), beside=frozenset({F.DEATH}))

    assert past.facts == {F.WHISTLED, F.DEATH}
    assert NO_HISTORY.facts == set()


def test_who_last_took_an_act() -> None:
    past = history(
        (), Taken(action=A.PAUSE, actor_id=1), Taken(action=A.RESUME), Taken(action=A.PAUSE, actor_id=2)
    )

    assert (past.last_actor(A.PAUSE), past.last_actor(A.RESUME), past.last_actor(A.CLOSE)) == (2, None, None)


# --- every way a tip can go ---------------------------------------------------------------------------------------

# Acts that change neither state nor what others may do next: leaving them out keeps the walk short.
ASIDE = {A.RATE, A.ASSIGN, A.JOIN, A.LEAVE, A.DISPATCH, A.HAND_BACK, A.REMIND}
WAYS = [move for move in MOVES if move.action not in ASIDE]
# A fact that waits for somebody, so that an act must be open that ends it.
WAITS = {
    *PROPOSED, *CALLED, *POLICE, F.MEASURE_PROPOSED, F.PAUSED, F.EXTENSION_ASKED, F.SUPERVISED, F.SUPERVISION_ANSWERED,
}  # fmt: skip
Place = tuple[TipStatus, frozenset[Fact]]
Walk = tuple[TipStatus, frozenset[Fact], frozenset[Clock]]


def after(place: Place) -> Iterator[tuple[Move, Place]]:
    """Yield each act open at a place, inside and outside the time for objections, with the place it leads to."""
    status, facts = place
    for move in WAYS:
        if any(
            fits(move=move, status=status, facts=facts | beside)
            for beside in (frozenset[Fact](), frozenset({F.OBJECTION_OPEN}))
        ):
            yield move, (move.target or status, (facts - move.clears) | move.sets)


@lru_cache
def reachable() -> frozenset[Place]:
    return frozenset((status, facts) for status, facts, _clocks in walks())


@lru_cache
def walks() -> frozenset[Walk]:
    """Return every combination of state, facts and running periods a tip can come to."""
    start: Walk = (TipStatus.REGISTERED, frozenset(), frozenset({Clock.DECIDE, Clock.PASS_ON}))
    found, queue = {start}, [start]
    while queue:
        status, facts, clocks = queue.pop()
        for move, (target, then) in after((status, facts)):
            running = (clocks - move.stops) | ({move.starts} - {Clock.NONE})
            walk = (target, then, running)
            if walk not in found:
                found.add(walk)
                queue.append(walk)
    return frozenset(found)


def test_every_state_is_reached() -> None:
    assert {status for status, _facts in reachable()} == set(TipStatus)


def test_from_everywhere_a_tip_can_be_brought_to_an_end() -> None:
    before: dict[Place, set[Place]] = {}
    for place in reachable():
        for _move, then in after(place):
            before.setdefault(then, set()).add(place)
    ended = {place for place in reachable() if place[0] in DONE_STATES}
    queue = list(ended)
    while queue:
        fresh = before.get(queue.pop(), set()) - ended
        ended |= fresh
        queue.extend(fresh)

    assert reachable() - ended == set()


def test_nothing_waits_for_an_act_that_is_not_open() -> None:
    stuck = {
        (status.value, fact.value)
        for status, facts in reachable()
        for fact in facts & WAITS
        if not any(fact in move.clears for move, _then in after((status, facts)))
    }

    assert stuck == set()


def test_at_most_one_row_fits() -> None:
    for status, facts in reachable():
        found = [move.action for move in MOVES if fits(move=move, status=status, facts=facts)]
        assert len(found) == len(set(found)), f"{status} {facts}"


def test_open_and_done_states() -> None:
    assert {LETTERS[status] for status in OPEN_STATES} == set(OPEN)
    assert {LETTERS[status] for status in DONE_STATES} == set("CMX")


# --- periods ------------------------------------------------------------------------------------------------------


def test_no_period_runs_once_a_tip_is_done() -> None:
    assert {clocks for status, _facts, clocks in walks() if status in DONE_STATES} == {frozenset()}


def test_19_the_period_for_conclusion_runs_from_acceptance_to_the_first_measure() -> None:
    for status, facts, clocks in walks():
        expected = LETTERS[status] in "AV" or (LETTERS[status] == "F" and F.FOUNDED in facts)
        assert (Clock.CLOSE in clocks) == expected, f"{status} {facts}"


def test_the_period_for_the_decision_runs_until_there_is_one() -> None:
    for status, _facts, clocks in walks():
        assert (Clock.DECIDE in clocks) == (Clock.PASS_ON in clocks) == (LETTERS[status] in "RS"), status


def test_the_period_for_the_answer_runs_while_somebody_waits_for_it() -> None:
    for status, facts, clocks in walks():
        assert (Clock.REPLY in clocks) == (LETTERS[status] in "FD" and F.WITHDRAWN not in facts), status


def test_106_the_period_for_the_review_runs_during_the_review() -> None:
    for status, _facts, clocks in walks():
        assert (Clock.REVIEW in clocks) == (status == TipStatus.REVIEW), status


# --- words --------------------------------------------------------------------------------------------------------


def words_of(action: Action) -> set[tuple[tuple[str, ...], bool, bool, bool]]:
    return {(move.texts, move.memo, move.coded, move.towards) for move in MOVES if move.action == action}


def test_106_a_reply_needs_four_items() -> None:
    assert REPLY_ITEMS == ("conclusion", "findings", "decision", "reward")
    assert words_of(A.REPLY) == {(REPLY_ITEMS, False, False, False)}


def test_106_declining_needs_a_coded_reason_and_words() -> None:
    assert words_of(A.DECLINE) == {(("note",), False, True, False)}


def test_73_a_transfer_names_the_body_and_tells_the_reporter() -> None:
    assert words_of(A.TRANSFER_OUT) == {(("body", "note"), False, False, False)}


def test_19_the_reporter_is_told_why_more_time_was_granted_or_the_period_stands_still() -> None:
    assert words_of(A.GRANT_EXTENSION) == {(("note",), False, False, False)}
    assert words_of(A.PAUSE) == {(("note",), True, False, False)}


def test_106_a_review_tells_the_reporter_its_outcome() -> None:
    assert words_of(A.UPHOLD) == words_of(A.REOPEN) == {(("note",), False, False, False)}


@pytest.mark.parametrize(
    "action",
    [
        A.DISPATCH, A.HAND_BACK, A.ESCALATE, A.JOIN, A.WHISTLE, A.ARRIVE, A.RETURN_WHISTLE, A.RETURN_RESULT,
        A.RETURN_MEASURE,
        A.WITHDRAW_WHISTLE, A.END_WHISTLE, A.VERIFY_AGAIN, A.REMIND,
        A.DROP_REFERRAL, A.POLICE_REFUSES, A.RECONSIDER, A.ASK_EXTENSION, A.REFUSE_EXTENSION, A.RESUME, A.SUPERVISE,
        A.ANSWER_SUPERVISION, A.LIFT_SUPERVISION,
    ],
)  # fmt: skip
def test_acts_among_officers_give_their_reason(action: Action) -> None:
    assert {(texts, memo) for texts, memo, _coded, _towards in words_of(action)} == {((), True)}


def test_73_a_death_is_not_given_away() -> None:
    """Whether it may go to another unit hangs on that unit's level: tests/rules/test_assignment.py."""
    barred = {move.action for move in MOVES if F.DEATH in move.bars}

    # A case that ended is taken up again for a death that was not known, once.
    assert barred == {A.TRANSFER_OUT, A.ESCALATE}


# --- who judges what ----------------------------------------------------------------------------------------------

PROPOSER, HANDLER, INSPECTOR, STRANGER = 1, 2, 3, 4


@pytest.mark.parametrize(
    ("person", "refusal"),
    [(PROPOSER, OwnProposal), (HANDLER, OwnWork), (INSPECTOR, OwnWork), (STRANGER, None)],
)
@pytest.mark.parametrize(
    ("before", "proposal", "signature", "status"),
    [
        ((), A.CONCLUDE, A.APPROVE_RESULT, TipStatus.VERIFYING),
        ((), A.CONCLUDE_UNFOUNDED, A.APPROVE_UNFOUNDED, TipStatus.VERIFYING),
        ((A.APPROVE_RESULT,), A.PROPOSE_MEASURE, A.DISPOSE, TipStatus.VERIFIED),
        ((A.APPROVE_RESULT,), A.PROPOSE_MEASURE, A.DISPOSE, TipStatus.REPLIED),
    ],
)
def test_19_a_result_or_measure_is_signed_by_nobody_who_worked_on_it(
    person: int,
    refusal: type[NotAllowed] | None,
    before: tuple[Action, ...],
    proposal: Action,
    signature: Action,
    status: TipStatus,
) -> None:
    acts = [
        Taken(action=A.INSPECT, actor_id=INSPECTOR),
        Taken(action=A.INSPECT, actor_id=STRANGER + 1),
        *(Taken(action=action, actor_id=STRANGER) for action in before),
        Taken(action=proposal, actor_id=PROPOSER),
    ]
    known = History(acts=tuple(acts), handler_id=HANDLER)
    held = {Side.LEAD: frozenset({Role.LEADER})}

    move = find_move(status=status, action=signature, history=known)
    offered = next_moves(status=status, held=held, history=known, actor_id=person)
    apart = kept_apart(status=status, held=held, history=known, actor_id=person)

    assert own_part(move=move, history=known, actor_id=person) is refusal
    assert (signature in actions_of(offered)) == (refusal is None)
    assert apart.get(signature) is refusal


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([], False),
        ([A.VERIFY, A.CONCLUDE], False),
        ([A.INSPECT], True),
        ([A.INSPECT, A.CONCLUDE, A.RETURN_RESULT], True),
        ([A.INSPECT, A.APPROVE_RESULT, A.REPLY, A.OBJECT, A.REOPEN], False),
        ([A.INSPECT, A.APPROVE_RESULT, A.REPLY, A.OBJECT, A.INSPECT, A.REOPEN], True),
        ([A.INSPECT, A.APPROVE_RESULT, A.ESCALATE, A.VERIFY_AGAIN], False),
        ([A.DECLINE, A.OBJECT, A.INSPECT, A.REOPEN], True),
    ],
)
def test_a_visit_counts_for_the_verification_it_was_made_for(acts: list[Action], expected: bool) -> None:
    assert History(acts=tuple(Taken(action=action) for action in acts)).is_inspected is expected


@pytest.mark.parametrize(
    ("since", "turn"),
    [
        ([], None),
        ([(A.WHISTLE, TipStatus.REGISTERED), (A.SUPERVISE, TipStatus.REGISTERED)], None),
        ([(A.WHISTLE, TipStatus.REGISTERED), (A.ANSWER_WHISTLE, TipStatus.REGISTERED)], 1),
        ([(A.DISPATCH, TipStatus.REGISTERED), (A.ASSIGN, TipStatus.REGISTERED)], 0),
        ([(A.HAND_BACK, TipStatus.REGISTERED)], 0),
        ([(A.ESCALATE, TipStatus.REGISTERED)], 0),
        ([(A.ASSIGN, TipStatus.REGISTERED), (A.SCREEN, TipStatus.SCREENING)], 1),
    ],
)  # fmt: skip
def test_a_page_is_stale_once_state_or_unit_in_charge_changed(
    since: list[tuple[Action, TipStatus]], turn: int | None
) -> None:
    assert first_turn(shown=TipStatus.REGISTERED, since=since) == turn
