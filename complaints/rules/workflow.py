"""The workflow as one table: who may move a tip from which state to which, what that requires and what follows.

A row reads: from `sources`, people on `side` holding one of `roles` may take `action`; the state becomes `target`
(None: it stays). `texts` are required words, `memo` an internal reason, `coded` a coded reason, `towards` another unit.
`stops` and `starts` name the periods. `needs` and `bars` are facts that must or must not hold; `sets` and `clears` are
the facts an act leaves behind, so that the facts of a tip follow from its history alone. `not_by` names the acts whose
last author may not take this one: two people, always; `not_team` keeps those out who looked into what is decided on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from complaints.enums import Action, Clock, Fact, Role, Side, TipStatus
from complaints.errors import HINDRANCES, ActHindered, IllegalMove

REPLY_ITEMS = ("conclusion", "findings", "decision", "reward")

S, A, F, C = TipStatus, Action, Fact, Clock
_HANDLERS = frozenset({Role.OFFICER, Role.LEADER})
_LEADERS = frozenset({Role.LEADER})
_NOBODY: frozenset[Role] = frozenset()

# Whether the bureau takes a tip is still to be decided.
UNDECIDED = frozenset({S.REGISTERED, S.SCREENING})
_IN_WORK = frozenset({S.ACCEPTED, S.VERIFYING})
_UNANSWERED = UNDECIDED | _IN_WORK | {S.VERIFIED, S.DISPOSED}
_FOUND = frozenset({S.VERIFYING, S.VERIFIED, S.DISPOSED})
_BEFORE_POLICE = _FOUND | {S.REPLIED, S.REVIEW, S.CLOSED}
_ANSWERED = frozenset({S.DECLINED, S.REPLIED, S.CLOSED})
# What a tip may be merged into: the answer is still to come, so that everybody gets it.
MERGE_TARGETS = _UNANSWERED
OPEN_STATES = _UNANSWERED | {S.DECLINED, S.TRANSFERRED_OUT, S.REPLIED, S.REVIEW}
DONE_STATES = frozenset(TipStatus) - OPEN_STATES
_ALL_CLOCKS = frozenset(Clock) - {C.NONE}
# The period for conclusion runs from acceptance until something was done about the danger.
_TO_CONCLUDE = _IN_WORK | {S.VERIFIED}


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row of the table; see the module for what each column means."""

    action: Action
    sources: frozenset[TipStatus]
    target: TipStatus | None = None
    side: Side = Side.LEAD
    roles: frozenset[Role] = _HANDLERS
    texts: tuple[str, ...] = ()
    memo: bool = False
    coded: bool = False
    towards: bool = False
    stops: frozenset[Clock] = frozenset()
    starts: Clock = C.NONE
    needs: frozenset[Fact] = frozenset()
    bars: frozenset[Fact] = frozenset()
    sets: frozenset[Fact] = frozenset()
    clears: frozenset[Fact] = frozenset()
    not_by: frozenset[Action] = frozenset()
    not_team: bool = False


def _row(action: Action, sources: Iterable[TipStatus], target: TipStatus | None = None, **more: Any) -> Move:
    """Write a row shortly: sets of facts and clocks may be given as tuples."""
    columns: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, tuple) and name != "texts" else value
        for name, value in more.items()
    }
    return Move(action=action, sources=frozenset(sources), target=target, **columns)


_REPORTER: dict[str, Any] = {"side": Side.REPORTER, "roles": _NOBODY}
_ABOVE: dict[str, Any] = {"side": Side.ABOVE, "roles": _LEADERS}
_POLICE = (F.REFERRAL_PROPOSED, F.REFERRAL_DECIDED, F.WITH_POLICE)
_RESULT = (F.RESULT_PROPOSED, F.UNFOUNDED_PROPOSED)
_WHISTLE = (F.WHISTLED, F.EXPECTED)
# What somebody still owes an act when a case is to be closed.
_WAITING = (F.SUPERVISED, F.EXTENSION_ASKED)
# Who answered, or signed the result that the answer tells, does not review it.
_ANSWERERS = (A.REPLY, A.DECLINE, A.APPROVE_RESULT, A.APPROVE_UNFOUNDED)
_FOUNDED: dict[str, Any] = {
    "roles": _LEADERS,
    "not_by": (A.CONCLUDE,),
    "sets": (F.FOUNDED,),
    "clears": (F.RESULT_PROPOSED, F.TO_SIGN, F.UNFOUNDED),
}
_UNFOUNDED: dict[str, Any] = {
    "roles": _LEADERS,
    "not_by": (A.CONCLUDE_UNFOUNDED,),
    "sets": (F.UNFOUNDED,),
    "clears": (F.UNFOUNDED_PROPOSED, F.TO_SIGN, F.FOUNDED),
    "stops": (C.CLOSE,),
}
# 移送规定 5: neither who proposed it nor the team decides.
_ON_REFERRAL: dict[str, Any] = {
    "roles": _LEADERS,
    "needs": (F.REFERRAL_PROPOSED,),
    "not_by": (A.REFER,),
    "not_team": True,
    "clears": (F.REFERRAL_PROPOSED,),
}
# An answer may be objected to once; the next answer, after a review, once more.
_REPLY: dict[str, Any] = {"stops": (C.REPLY, C.CLOSE), "clears": (F.OBJECTED,)}
_UPHOLD: dict[str, Any] = {"texts": ("note",), "stops": (C.REVIEW,), "not_by": _ANSWERERS, **_ABOVE}
_CLOSE: dict[str, Any] = {"target": S.CLOSED, "stops": tuple(_ALL_CLOCKS), "sets": (F.WAS_CLOSED,)}

# fmt: off
MOVES: tuple[Move, ...] = (
    # 受理审查: seven working days to decide; what is another body's goes on within three (安全生产法 73).
    _row(A.SCREEN, {S.REGISTERED}, S.SCREENING),
    _row(A.ACCEPT, UNDECIDED, S.ACCEPTED, stops=(C.DECIDE, C.PASS_ON), starts=C.CLOSE),
    _row(A.DECLINE, UNDECIDED, S.DECLINED, texts=("note",), coded=True, stops=(C.DECIDE, C.PASS_ON),
         bars=_WHISTLE, sets=(F.WAS_DECLINED,)),
    _row(A.TRANSFER_OUT, UNDECIDED, S.TRANSFERRED_OUT, texts=("body", "note"), stops=(C.DECIDE, C.PASS_ON),
         bars=(F.DEATH, *_WHISTLE)),
    _row(A.MERGE, UNDECIDED | _IN_WORK, S.MERGED, stops=tuple(_ALL_CLOCKS), clears=(F.PAUSED,),
         bars=(F.EXTENSION_ASKED, *_RESULT, *_WHISTLE, *_POLICE)),
    # 承办: who works on it. A death stays at county level or above: services.assignment asks the level of the unit,
    # because the city may well give one to a district (安全生产法 73). A tip goes back to whoever dispatched it last.
    # Whoever is called by a whistle answers it first: the tip does not slip away meanwhile.
    _row(A.DISPATCH, UNDECIDED | _IN_WORK, towards=True, memo=True, bars=(*_RESULT, *_WHISTLE), sets=(F.HANDED_DOWN,)),
    _row(A.HAND_BACK, UNDECIDED | _IN_WORK, memo=True, needs=(F.HANDED_DOWN,), bars=(*_RESULT, *_WHISTLE),
         clears=(F.HANDED_DOWN,)),
    _row(A.ESCALATE, UNDECIDED | _IN_WORK, memo=True, sets=(F.DEATH,), clears=(F.HANDED_DOWN,)),
    _row(A.ASSIGN, OPEN_STATES),
    _row(A.JOIN, _UNANSWERED, towards=True, memo=True),
    _row(A.LEAVE, OPEN_STATES, towards=True),
    # 镇街吹哨、区县报到 (要点 4).
    _row(A.WHISTLE, UNDECIDED | _IN_WORK, side=Side.TOWN, memo=True, bars=(*_WHISTLE, *_RESULT),
         sets=(F.WHISTLED,)),
    # Who takes the lead by answering does not hand back what was handed down to the town before.
    _row(A.ANSWER_WHISTLE, UNDECIDED | _IN_WORK, side=Side.CALLED, needs=(F.WHISTLED,),
         clears=(F.WHISTLED, F.HANDED_DOWN), sets=(F.EXPECTED,)),
    _row(A.ARRIVE, _UNANSWERED, side=Side.CALLED, memo=True, needs=(F.EXPECTED,), clears=(F.EXPECTED,)),
    _row(A.RETURN_WHISTLE, UNDECIDED | _IN_WORK, side=Side.CALLED, memo=True, needs=(F.WHISTLED,),
         clears=(F.WHISTLED,)),
    # 核查 and 结论: who proposes a result does not confirm it.
    _row(A.VERIFY, {S.ACCEPTED}, S.VERIFYING),
    _row(A.INSPECT, _IN_WORK, S.VERIFYING, side=Side.SITE, bars=_RESULT),
    _row(A.CONCLUDE, {S.VERIFYING}, bars=(*_RESULT, *_WHISTLE, F.PAUSED), sets=(F.RESULT_PROPOSED, F.TO_SIGN)),
    _row(A.CONCLUDE_UNFOUNDED, {S.VERIFYING}, bars=(*_RESULT, *_WHISTLE, F.PAUSED),
         sets=(F.UNFOUNDED_PROPOSED, F.TO_SIGN)),
    # Whoever withdrew gets no answer, so that no period for one begins.
    _row(A.APPROVE_RESULT, {S.VERIFYING}, S.VERIFIED, needs=(F.RESULT_PROPOSED,), bars=(F.WITHDRAWN,), starts=C.REPLY,
         **_FOUNDED),
    _row(A.APPROVE_RESULT, {S.VERIFYING}, S.VERIFIED, needs=(F.RESULT_PROPOSED, F.WITHDRAWN), **_FOUNDED),
    _row(A.APPROVE_UNFOUNDED, {S.VERIFYING}, S.VERIFIED, needs=(F.UNFOUNDED_PROPOSED,), bars=(F.WITHDRAWN,),
         starts=C.REPLY, **_UNFOUNDED),
    _row(A.APPROVE_UNFOUNDED, {S.VERIFYING}, S.VERIFIED, needs=(F.UNFOUNDED_PROPOSED, F.WITHDRAWN), **_UNFOUNDED),
    _row(A.RETURN_RESULT, {S.VERIFYING}, roles=_LEADERS, memo=True, needs=(F.TO_SIGN,), clears=(*_RESULT, F.TO_SIGN)),
    # 处置 and 行刑衔接 (54号, 移送规定: a decision in three days, the transfer within 24 hours).
    # A penalty may be decided after the answer: it is recorded all the same.
    _row(A.DISPOSE, {S.VERIFIED, S.DISPOSED}, S.DISPOSED, needs=(F.FOUNDED,), stops=(C.CLOSE,)),
    _row(A.DISPOSE, {S.REPLIED, S.CLOSED}, needs=(F.FOUNDED,)),
    # What was ordered is looked at again however far the case has come; nothing is filed before.
    _row(A.RECHECK, {S.DISPOSED, S.REPLIED, S.CLOSED, S.ARCHIVED}, side=Side.SITE, needs=(F.FOUNDED,)),
    _row(A.REFER, _FOUND, bars=(*_POLICE, F.POLICE_REFUSED, F.RECONSIDERED, F.UNFOUNDED), sets=(F.REFERRAL_PROPOSED,)),
    _row(A.DECIDE_REFERRAL, _FOUND, sets=(F.REFERRAL_DECIDED,), **_ON_REFERRAL),
    _row(A.DROP_REFERRAL, _FOUND, memo=True, **_ON_REFERRAL),
    _row(A.HAND_TO_POLICE, _FOUND, needs=(F.REFERRAL_DECIDED,), clears=(F.REFERRAL_DECIDED,), sets=(F.WITH_POLICE,)),
    _row(A.POLICE_FILES, _BEFORE_POLICE, needs=(F.WITH_POLICE,), clears=(F.WITH_POLICE,)),
    _row(A.POLICE_REFUSES, _BEFORE_POLICE, memo=True, needs=(F.WITH_POLICE,), clears=(F.WITH_POLICE,),
         sets=(F.POLICE_REFUSED,)),
    _row(A.RECONSIDER, _BEFORE_POLICE, memo=True, needs=(F.POLICE_REFUSED,), bars=(F.RECONSIDERED,),
         clears=(F.POLICE_REFUSED,), sets=(F.RECONSIDERED, F.WITH_POLICE)),
    # 延期 once, by the level above, the reason told to the reporter (19号); 中止 while another body decides.
    _row(A.ASK_EXTENSION, _TO_CONCLUDE, memo=True, bars=(F.EXTENSION_ASKED, F.EXTENDED, F.PAUSED, F.UNFOUNDED),
         sets=(F.EXTENSION_ASKED,)),
    _row(A.GRANT_EXTENSION, _TO_CONCLUDE, texts=("note",), needs=(F.EXTENSION_ASKED,), bars=(F.UNFOUNDED,),
         not_by=(A.ASK_EXTENSION,), clears=(F.EXTENSION_ASKED,), sets=(F.EXTENDED,), **_ABOVE),
    _row(A.REFUSE_EXTENSION, OPEN_STATES, memo=True, needs=(F.EXTENSION_ASKED,), not_by=(A.ASK_EXTENSION,),
         clears=(F.EXTENSION_ASKED,), **_ABOVE),
    _row(A.PAUSE, _IN_WORK, memo=True, texts=("note",), bars=(F.PAUSED, F.EXTENSION_ASKED, *_RESULT),
         sets=(F.PAUSED,)),
    _row(A.RESUME, _IN_WORK, memo=True, needs=(F.PAUSED,), clears=(F.PAUSED,)),
    # 督办 by the level above; the machine raises it when a period has run out.
    _row(A.SUPERVISE, OPEN_STATES, memo=True, bars=(F.SUPERVISED, F.SUPERVISION_ANSWERED), sets=(F.SUPERVISED,),
         **_ABOVE),
    _row(A.ANSWER_SUPERVISION, OPEN_STATES | {S.MERGED, S.CLOSED}, side=Side.OWN, memo=True, needs=(F.SUPERVISED,),
         clears=(F.SUPERVISED,), sets=(F.SUPERVISION_ANSWERED,)),
    _row(A.LIFT_SUPERVISION, OPEN_STATES | {S.MERGED, S.CLOSED}, memo=True, needs=(F.SUPERVISION_ANSWERED,),
         not_by=(A.ANSWER_SUPERVISION,), clears=(F.SUPERVISION_ANSWERED,), **_ABOVE),
    # 答复, 异议, 复查 (106号: four items; ten days to object; thirty to review, by the level above).
    _row(A.REPLY, {S.DISPOSED}, S.REPLIED, texts=REPLY_ITEMS, bars=(F.WITHDRAWN, *_POLICE[:2]), **_REPLY),
    _row(A.REPLY, {S.VERIFIED}, S.REPLIED, texts=REPLY_ITEMS, needs=(F.UNFOUNDED,), bars=(F.WITHDRAWN, *_POLICE[:2]),
         **_REPLY),
    _row(A.OBJECT, _ANSWERED, S.REVIEW, needs=(F.OBJECTION_OPEN,), bars=(F.WITHDRAWN, F.OBJECTED), sets=(F.OBJECTED,),
         starts=C.REVIEW, **_REPORTER),
    # An answer that stands leads back to what was objected to: closed, declined or answered.
    _row(A.UPHOLD, {S.REVIEW}, S.CLOSED, needs=(F.WAS_CLOSED,), **_UPHOLD),
    _row(A.UPHOLD, {S.REVIEW}, S.DECLINED, needs=(F.WAS_DECLINED,), bars=(F.WAS_CLOSED,), **_UPHOLD),
    _row(A.UPHOLD, {S.REVIEW}, S.REPLIED, bars=(F.WAS_DECLINED, F.WAS_CLOSED), **_UPHOLD),
    _row(A.REOPEN, {S.REVIEW}, S.VERIFYING, texts=("note",), stops=(C.REVIEW,), starts=C.CLOSE, not_by=_ANSWERERS,
         clears=(F.FOUNDED, F.UNFOUNDED, F.WAS_DECLINED, F.WAS_CLOSED), **_ABOVE),
    _row(A.WITHDRAW, _UNANSWERED, bars=(F.WITHDRAWN,), sets=(F.WITHDRAWN,), stops=(C.REPLY,), **_REPORTER),
    _row(A.RATE, _ANSWERED, bars=(F.RATED, F.WITHDRAWN), sets=(F.RATED,), **_REPORTER),
    _row(A.CLOSE, {S.DECLINED, S.TRANSFERRED_OUT, S.REPLIED}, bars=_WAITING, **_CLOSE),
    _row(A.CLOSE, {S.DISPOSED}, needs=(F.WITHDRAWN,), bars=(*_WAITING, *_POLICE[:2]), **_CLOSE),
    _row(A.CLOSE, {S.VERIFIED}, needs=(F.WITHDRAWN, F.UNFOUNDED), bars=(*_WAITING, *_POLICE[:2]), **_CLOSE),
    _row(A.ARCHIVE, {S.CLOSED}, S.ARCHIVED,
         bars=(F.OBJECTION_OPEN, F.RECTIFICATION_OPEN, F.SUPERVISED, F.SUPERVISION_ANSWERED, F.WITH_POLICE)),
    # 暂缓销毁: a court, an audit or an inquiry may need the file after its period of keeping.
    _row(A.HOLD, TipStatus, roles=_LEADERS, memo=True, bars=(F.HELD,), sets=(F.HELD,)),
    _row(A.LIFT_HOLD, TipStatus, roles=_LEADERS, memo=True, needs=(F.HELD,), clears=(F.HELD,)),
)
# fmt: on


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One act of the history: what it was and who took it (None: the reporter or the machine)."""

    action: Action
    actor_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class History:
    """The acts of a tip, oldest first, and facts that no act tells (a day has come, a body is competent).

    `team` are the people who looked into the criminal referral that waits for a decision.
    """

    acts: tuple[Taken, ...] = ()
    beside: frozenset[Fact] = frozenset()
    team: frozenset[int] = frozenset()

    @property
    def facts(self) -> frozenset[Fact]:
        """What is true of the tip now."""
        return facts_after(act.action for act in self.acts) | self.beside

    def last_actor(self, action: Action) -> int | None:
        """Return who last took this act, None when nobody did."""
        return next((act.actor_id for act in reversed(self.acts) if act.action == action), None)


NO_HISTORY = History()


def facts_after(actions: Iterable[Action]) -> frozenset[Fact]:
    """Return the facts a row of acts leaves behind."""
    facts: frozenset[Fact] = frozenset()
    for action in actions:
        sets, clears = _TRACES.get(action, (frozenset(), frozenset()))
        facts = (facts - clears) | sets
    return facts


_TRACES: Mapping[Action, tuple[frozenset[Fact], frozenset[Fact]]] = {
    move.action: (move.sets, move.clears) for move in MOVES
}


def find_move(*, status: TipStatus, action: Action, history: History = NO_HISTORY) -> Move:
    """Return the row for this act from this state.

    Raises:
        IllegalMove: the table has none that fits; ActHindered where a fact that no act tells stands in the way.
    """
    for move in MOVES:
        if move.action == action and fits(move=move, status=status, facts=history.facts):
            return move
    for fact in HINDRANCES:
        if fact in _barring(status=status, action=action, facts=history.facts):
            raise ActHindered(fact)
    raise IllegalMove(f"{status} -> {action}")


def _barring(*, status: TipStatus, action: Action, facts: frozenset[Fact]) -> frozenset[Fact]:
    """Return the facts that keep this act from a state whose row is there."""
    rows = (
        move for move in MOVES if move.action == action and status in move.sources and move.needs <= facts
    )
    return frozenset[Fact]().union(*(move.bars & facts for move in rows))


def fits(*, move: Move, status: TipStatus, facts: frozenset[Fact]) -> bool:
    """Say whether a row applies to a tip in this state of which these facts hold."""
    return status in move.sources and move.needs <= facts and not move.bars & facts


def next_moves(
    *,
    status: TipStatus,
    held: Mapping[Side, frozenset[Role]],
    history: History = NO_HISTORY,
    actor_id: int = 0,
) -> list[Move]:
    """Return the moves a person may make, in the order of the table.

    Args:
        held: the roles the person holds on each side of this tip.
        actor_id: who asks; nobody confirms what they proposed.
    """
    facts = history.facts
    return [
        move
        for move in MOVES
        if fits(move=move, status=status, facts=facts)
        and move.roles & held.get(move.side, frozenset())
        and not is_own_proposal(move=move, history=history, actor_id=actor_id)
    ]


def is_own_proposal(*, move: Move, history: History, actor_id: int) -> bool:
    """Say whether this person was the last to take an act that another must now judge, or helped to prepare it."""
    if move.not_team and actor_id in history.team:
        return True
    return any(history.last_actor(action) == actor_id for action in move.not_by)


def actions_of(moves: Sequence[Move]) -> list[Action]:
    """Return the acts of some rows, in order."""
    return [move.action for move in moves]
