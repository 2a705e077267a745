"""The workflow table: every state with every act and every role, and what each move asks for."""

from itertools import product

import pytest

from complaints.enums import Action, Clock, Role, TipStatus
from complaints.errors import IllegalMove
from complaints.rules.workflow import MOVES, REPLY_ITEMS, find_move, next_moves

HANDLERS = {Role.OFFICER, Role.LEADER}
# The whole law of this table: from where, by which act, to where. Everything else is refused.
ALLOWED = {
    (TipStatus.REGISTERED, Action.ACCEPT): TipStatus.ACCEPTED,
    (TipStatus.REGISTERED, Action.DECLINE): TipStatus.DECLINED,
    (TipStatus.ACCEPTED, Action.REPLY): TipStatus.REPLIED,
    (TipStatus.DECLINED, Action.CLOSE): TipStatus.CLOSED,
    (TipStatus.REPLIED, Action.CLOSE): TipStatus.CLOSED,
}


@pytest.mark.parametrize(("status", "action"), list(product(TipStatus, Action)))
def test_every_state_with_every_act(status: TipStatus, action: Action) -> None:
    expected = ALLOWED.get((status, action))

    if expected is None:
        with pytest.raises(IllegalMove):
            find_move(status=status, action=action)
    else:
        assert find_move(status=status, action=action).target == expected


@pytest.mark.parametrize(("status", "role"), list(product(TipStatus, Role)))
def test_every_state_with_every_role(status: TipStatus, role: Role) -> None:
    expected = [action for (source, action) in ALLOWED if source == status] if role in HANDLERS else []

    offered = [move.action for move in next_moves(status=status, roles={role})]

    assert offered == expected


@pytest.mark.parametrize(("status", "action", "role"), list(product(TipStatus, Action, Role)))
def test_an_offered_move_is_a_found_move(status: TipStatus, action: Action, role: Role) -> None:
    offered = [move for move in next_moves(status=status, roles=[role]) if move.action == action]

    assert offered == ([find_move(status=status, action=action)] if offered else [])
    assert bool(offered) == ((status, action) in ALLOWED and role in HANDLERS)


def test_several_roles_are_offered_each_move_once() -> None:
    moves = next_moves(status=TipStatus.REGISTERED, roles=[Role.AUDITOR, Role.OFFICER, Role.LEADER])

    assert [move.action for move in moves] == [Action.ACCEPT, Action.DECLINE]


def test_no_role_is_offered_nothing() -> None:
    assert next_moves(status=TipStatus.REGISTERED, roles=[]) == []


def test_106_reply_needs_four_items() -> None:
    move = find_move(status=TipStatus.ACCEPTED, action=Action.REPLY)

    assert move.texts == REPLY_ITEMS == ("conclusion", "findings", "decision", "reward")


def test_106_decline_needs_a_coded_reason_and_words() -> None:
    move = find_move(status=TipStatus.REGISTERED, action=Action.DECLINE)

    assert (move.reason, move.texts) == (True, ("note",))


def test_19_acceptance_starts_the_period_and_every_other_move_stops_it() -> None:
    assert {move.action for move in MOVES if move.clock != Clock.NONE} == {Action.ACCEPT}
    assert find_move(status=TipStatus.REGISTERED, action=Action.ACCEPT).clock == Clock.CLOSE


def test_nothing_leads_out_of_closed_and_everything_leads_there() -> None:
    reached = {move.target for move in MOVES}
    sources = {source for move in MOVES for source in move.sources}

    assert TipStatus.CLOSED not in sources
    assert reached | {TipStatus.REGISTERED} == set(TipStatus)
    assert sources | {TipStatus.CLOSED} == set(TipStatus)


def test_no_state_has_two_rows_for_one_act() -> None:
    pairs = [(source, move.action) for move in MOVES for source in move.sources]

    assert len(pairs) == len(set(pairs))
