"""All acts by their address, in the order in which they are offered: what waits for a decision comes first."""

from collections.abc import Iterable, Sequence

from complaints.enums import Action, Fact, TipStatus
from complaints.rules.move import Move

from ..labels import is_for_another_body
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
    Action.DISPOSE, Action.RETURN_MEASURE,
    Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION, Action.DECIDE_REFERRAL, Action.DROP_REFERRAL,
    Action.REOPEN, Action.UPHOLD, Action.HAND_TO_POLICE, Action.ANSWER_SUPERVISION, Action.LIFT_SUPERVISION,
    Action.ACCEPT, Action.DECLINE, Action.CONCLUDE, Action.INSPECT, Action.PROPOSE_MEASURE, Action.REPLY, Action.VERIFY,
    Action.CLOSE, Action.ARCHIVE, Action.RECHECK, Action.POLICE_FILES, Action.POLICE_REFUSES, Action.RESUME,
    Action.RECONSIDER, Action.WHISTLE, Action.DISPATCH, Action.ASK_EXTENSION, Action.ASSIGN,
)  # fmt: skip
MOST_BUTTONS = 4
# Where a tip is another body's and nobody has decided to keep it: the first step and the last one.
_NOT_OURS = {Action.TRANSFER_OUT: -1, Action.ANSWER_WHISTLE: len(_FIRST) + 1}
_AFTER_MEASURES = frozenset({TipStatus.DISPOSED, TipStatus.REPLIED, TipStatus.CLOSED})

ACTS: dict[str, Act] = {act.slug: act for group in _GROUPS for act in group.ACTS}


def open_acts(*, moves: Iterable[Move], situation: Situation) -> list[Act]:
    """Return the acts behind these moves that make sense now, each once, in the order in which they are offered."""
    open_now = {move.action for move in moves}
    found = [act for act in ACTS.values() if act.actions & open_now and act.is_useful(situation)]
    ranked = sorted(found, key=lambda act: _rank(act, situation=situation))
    return _answered_by_reply(ranked) if Action.REPLY in open_now else ranked


def _answered_by_reply(acts: Sequence[Act]) -> list[Act]:
    """Put the answer to a supervision behind the reply where one is due: what the level above waits for is the reply.

    Before that stage it is the first thing an officer does.
    """
    rest = [act for act in acts if act.slug != Action.ANSWER_SUPERVISION]
    place = 1 + next((at for at, act in enumerate(rest) if act.slug == Action.REPLY), len(rest))
    return [*rest[:place], *(act for act in acts if act not in rest), *rest[place:]]


def _rank(act: Act, *, situation: Situation) -> int:
    """What is another body's is passed on before anything else, while nobody has decided to keep it, and reporting for
    duty there comes last; acts nobody ranked come after those that are, as they stand, and what may be added once more
    comes behind what is to be done.
    """
    if is_for_another_body(situation.tip) and act.slug in _NOT_OURS:
        return _NOT_OURS[Action(act.slug)]
    if act.slug == Action.PROPOSE_MEASURE and _is_further(situation):
        return _FIRST.index(Action.RECHECK)
    return _FIRST.index(Action(act.slug)) if act.slug in _FIRST else len(_FIRST)


def _is_further(situation: Situation) -> bool:
    """Say whether a measure was taken already: another one may follow, but the case does not wait for it."""
    return situation.tip.status in _AFTER_MEASURES


def is_next(*, act: Act, situation: Situation) -> bool:
    """Say whether the case waits for this act, so that it may be the one button that stands out.

    A further measure, a re-check nobody waits for and another officer are offered, but never urged.
    """
    if act.slug == Action.PROPOSE_MEASURE:
        return not _is_further(situation)
    if act.slug == Action.RECHECK:
        return Fact.RECTIFICATION_OPEN in situation.facts
    if act.slug == Action.ASSIGN:
        return situation.tip.handler_id is None
    return True


def buttons_and_rest(acts: Sequence[Act]) -> tuple[list[Act], list[Act]]:
    """Return what becomes a button with a number of its own, and what waits behind the three dots."""
    buttons = [act for act in acts if act.is_primary][:MOST_BUTTONS]
    return buttons, [act for act in acts if act not in buttons]
