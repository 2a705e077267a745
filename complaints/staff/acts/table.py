"""All acts by their address, in the order in which they are offered: what waits for a decision comes first."""

from collections.abc import Iterable, Sequence

from complaints.enums import Action, Fact
from complaints.rules.workflow import Move

from . import (
    answering,
    deciding,
    disposing,
    finding,
    keeping,
    lasting,
    overseeing,
    police,
    reviewing,
    whistling,
    working,
)
from .forms import Act, Situation

_GROUPS = (
    whistling, finding, lasting, police, overseeing, reviewing, answering, deciding, disposing, working, keeping,
)  # fmt: skip
_FIRST = (
    Action.ANSWER_WHISTLE, Action.ARRIVE, Action.APPROVE_RESULT, Action.RETURN_RESULT,
    Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION, Action.DECIDE_REFERRAL, Action.DROP_REFERRAL,
    Action.REOPEN, Action.UPHOLD, Action.HAND_TO_POLICE, Action.ANSWER_SUPERVISION, Action.LIFT_SUPERVISION,
    Action.ACCEPT, Action.DECLINE, Action.CONCLUDE, Action.INSPECT, Action.DISPOSE, Action.REPLY, Action.VERIFY,
    Action.CLOSE, Action.ARCHIVE, Action.POLICE_FILES, Action.POLICE_REFUSES, Action.RESUME, Action.RECONSIDER,
    Action.WHISTLE, Action.DISPATCH, Action.ASK_EXTENSION, Action.ASSIGN,
)  # fmt: skip
MOST_BUTTONS = 4

ACTS: dict[str, Act] = {act.slug: act for group in _GROUPS for act in group.ACTS}


def open_acts(*, moves: Iterable[Move], situation: Situation) -> list[Act]:
    """Return the acts behind these moves that make sense now, each once, in the order in which they are offered."""
    open_now = {move.action for move in moves}
    found = [act for act in ACTS.values() if act.actions & open_now and act.is_useful(situation)]
    return sorted(found, key=lambda act: _rank(act, situation=situation))


def _rank(act: Act, *, situation: Situation) -> int:
    """What is another body's is passed on before anything else; acts nobody ranked come last, as they stand."""
    if act.slug == Action.TRANSFER_OUT and Fact.OUT_OF_REMIT in situation.facts:
        return -1
    return _FIRST.index(Action(act.slug)) if act.slug in _FIRST else len(_FIRST)


def buttons_and_rest(acts: Sequence[Act]) -> tuple[list[Act], list[Act]]:
    """Return what becomes a button with a number of its own, and what waits behind the three dots."""
    buttons = [act for act in acts if act.is_primary][:MOST_BUTTONS]
    return buttons, [act for act in acts if act not in buttons]
