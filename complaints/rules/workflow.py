"""The workflow as one table: who may move a tip from which state to which, and what that requires."""

from collections.abc import Iterable
from dataclasses import dataclass

from complaints.enums import Action, Clock, Role, TipStatus
from complaints.errors import IllegalMove

REPLY_ITEMS = ("conclusion", "findings", "decision", "reward")


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row: `texts` are required, `clock` starts (Clock.NONE stops the running one)."""

    action: Action
    sources: frozenset[TipStatus]
    target: TipStatus
    roles: frozenset[Role]
    texts: tuple[str, ...] = ()
    reason: bool = False
    clock: Clock = Clock.NONE


_HANDLERS = frozenset({Role.OFFICER, Role.LEADER})

# 106号: every tip is decided on, answered with four items, and only then closed.
MOVES: tuple[Move, ...] = (
    Move(
        action=Action.ACCEPT,
        sources=frozenset({TipStatus.REGISTERED}),
        target=TipStatus.ACCEPTED,
        roles=_HANDLERS,
        clock=Clock.CLOSE,
    ),
    Move(
        action=Action.DECLINE,
        sources=frozenset({TipStatus.REGISTERED}),
        target=TipStatus.DECLINED,
        roles=_HANDLERS,
        texts=("note",),
        reason=True,
    ),
    Move(
        action=Action.REPLY,
        sources=frozenset({TipStatus.ACCEPTED}),
        target=TipStatus.REPLIED,
        roles=_HANDLERS,
        texts=REPLY_ITEMS,
    ),
    Move(
        action=Action.CLOSE,
        sources=frozenset({TipStatus.DECLINED, TipStatus.REPLIED}),
        target=TipStatus.CLOSED,
        roles=_HANDLERS,
    ),
)


def find_move(*, status: TipStatus, action: Action) -> Move:
    """Return the row for this action from this state; raises IllegalMove when the table has none."""
    for move in MOVES:
        if move.action == action and status in move.sources:
            return move
    raise IllegalMove(f"{status} -> {action}")


def next_moves(*, status: TipStatus, roles: Iterable[Role]) -> list[Move]:
    """Return the moves these roles may make from this state, in the order of the table."""
    held = frozenset(roles)
    return [move for move in MOVES if status in move.sources and move.roles & held]
