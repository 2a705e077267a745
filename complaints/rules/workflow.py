"""The workflow as one table: who may move a tip from which state to which, what that requires and what follows.

A row reads: from `sources`, people on `side` holding one of `roles` may take `action`; the state becomes `target`
(None: it stays). `texts` are required words, `memo` an internal reason, `coded` a coded reason, `towards` another unit.
`stops` and `starts` name the periods. `needs` and `bars` are facts that must or must not hold; `sets` and `clears` are
the facts an act leaves behind, so that the facts of a tip follow from its history alone. `not_by` names the acts whose
last author may not take this one: two people, always; `not_team` keeps those out who looked into the referral that is
decided on, `not_workers` the tip's handler and whoever recorded an inspection.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from complaints.enums import HINDRANCES, Action, Clock, Fact, Role, Side, TipStatus
from complaints.errors import ActHindered, IllegalMove, NotAllowed, OwnProposal, OwnWork

from .move import Move
from .move import row as _row

REPLY_ITEMS = ("conclusion", "findings", "decision", "reward")

S, A, F, C = TipStatus, Action, Fact, Clock
_LEADERS = frozenset({Role.LEADER})
_NOBODY: frozenset[Role] = frozenset()

# Whether the bureau takes a tip is still to be decided.
UNDECIDED = frozenset({S.REGISTERED, S.SCREENING})
_IN_WORK = frozenset({S.ACCEPTED, S.VERIFYING})
_UNANSWERED = UNDECIDED | _IN_WORK | {S.VERIFIED, S.DISPOSED}
_FOUND = frozenset({S.VERIFYING, S.VERIFIED, S.DISPOSED})
# A result was signed, or a decision is reviewed: a death may still come to light. What a unit below county level
# signed about it is void then.
SIGNED_STATES = frozenset({S.VERIFIED, S.DISPOSED, S.REPLIED, S.REVIEW})
# Nobody looks into the tip any more: a death that comes to light then is verified whoever ended it.
ENDED_STATES = frozenset({S.DECLINED, S.TRANSFERRED_OUT, S.CLOSED})
_BEFORE_POLICE = _FOUND | {S.REPLIED, S.REVIEW, S.CLOSED}
_ANSWERED = frozenset({S.DECLINED, S.REPLIED, S.CLOSED})
# What a tip may be merged into: the answer is still to come, so that everybody gets it.
MERGE_TARGETS = _UNANSWERED
OPEN_STATES = _UNANSWERED | {S.DECLINED, S.TRANSFERRED_OUT, S.REPLIED, S.REVIEW}
DONE_STATES = frozenset(TipStatus) - OPEN_STATES
_ALL_CLOCKS = frozenset(Clock) - {C.NONE}
# A supervision outlives the work on a tip: who is asked still answers, who asked still ends it.
_SUPERVISABLE = OPEN_STATES | {S.MERGED, S.CLOSED}
# The period for conclusion runs from acceptance until something was done about the danger.
_TO_CONCLUDE = _IN_WORK | {S.VERIFIED}


_REPORTER: dict[str, Any] = {"side": Side.REPORTER, "roles": _NOBODY}
_MACHINE: dict[str, Any] = {"side": Side.SYSTEM, "roles": _NOBODY}
_ABOVE: dict[str, Any] = {"side": Side.ABOVE, "roles": _LEADERS}
_POLICE = (F.REFERRAL_PROPOSED, F.REFERRAL_DECIDED, F.WITH_POLICE)
_RESULT = (F.RESULT_PROPOSED, F.UNFOUNDED_PROPOSED)
_WHISTLE = (F.WHISTLED, F.EXPECTED)
# What ends a case that is not ours before anybody took it on, and a whistle on it.
_AWAY: dict[str, Any] = {
    "stops": (C.DECIDE, C.PASS_ON, C.CLOSE),
    "texts": ("body", "note"),
    "clears": (F.PAUSED, *_WHISTLE),
}
_AWAY_BARS = (F.DEATH, F.EXTENSION_ASKED, *_RESULT, *_POLICE)
_TAKE_BACK: dict[str, Any] = {"side": Side.TOWN, "memo": True, "clears": _WHISTLE}
_SUPERVISE: dict[str, Any] = {
    "memo": True,
    "bars": (F.SUPERVISED, F.SUPERVISION_ANSWERED),
    "sets": (F.SUPERVISED,),
    **_ABOVE,
}
# What somebody still owes an act when a case is to be closed.
_WAITING = (F.SUPERVISED, F.EXTENSION_ASKED, F.MEASURE_PROPOSED)
# Who answered, or signed the result or the measure that the answer tells, does not review it.
_ANSWERERS = (A.REPLY, A.DECLINE, A.APPROVE_RESULT, A.APPROVE_UNFOUNDED, A.DISPOSE)
_FOUNDED: dict[str, Any] = {
    "roles": _LEADERS,
    "not_by": (A.CONCLUDE,),
    "not_workers": True,
    "sets": (F.FOUNDED,),
    "clears": (F.RESULT_PROPOSED, F.TO_SIGN, F.UNFOUNDED),
}
_UNFOUNDED: dict[str, Any] = {
    "roles": _LEADERS,
    "not_by": (A.CONCLUDE_UNFOUNDED,),
    "not_workers": True,
    "sets": (F.UNFOUNDED,),
    "clears": (F.UNFOUNDED_PROPOSED, F.TO_SIGN, F.FOUNDED),
    "stops": (C.CLOSE,),
}
# Signed as a result is: neither by who proposed it nor by who handles the tip or was on the spot.
_MEASURE: dict[str, Any] = {
    "roles": _LEADERS,
    "needs": (F.FOUNDED, F.MEASURE_PROPOSED),
    "not_by": (A.PROPOSE_MEASURE,),
    "not_workers": True,
    "clears": (F.MEASURE_PROPOSED,),
}
# 移送规定 5: neither who proposed it nor the team decides.
_ON_REFERRAL: dict[str, Any] = {
    "roles": _LEADERS,
    "needs": (F.REFERRAL_PROPOSED,),
    "not_by": (A.REFER,),
    "not_team": True,
    "clears": (F.REFERRAL_PROPOSED,),
}
# What a void result takes along: a new handling period begins, with an extension of its own (19号: once), and the
# answer to come may be rated.
_VOID = (F.FOUNDED, F.UNFOUNDED, F.MEASURE_PROPOSED, F.EXTENDED, F.RATED)
# An answer may be objected to once; the next answer, after a review, once more.
_REPLY: dict[str, Any] = {"stops": (C.REPLY, C.CLOSE), "clears": (F.OBJECTED,)}
_OBJECT: dict[str, Any] = {
    "needs": (F.OBJECTION_OPEN,),
    "bars": (F.WITHDRAWN, F.OBJECTED),
    "sets": (F.OBJECTED,),
    **_REPORTER,
}
_UPHOLD: dict[str, Any] = {"texts": ("note",), "stops": (C.REVIEW,), "not_by": _ANSWERERS, **_ABOVE}
_PROPOSALS = frozenset({A.CONCLUDE, A.CONCLUDE_UNFOUNDED, A.PROPOSE_MEASURE, A.REFER, A.ASK_EXTENSION})
_CLOSE: dict[str, Any] = {"target": S.CLOSED, "stops": tuple(_ALL_CLOCKS), "sets": (F.WAS_CLOSED,)}

# fmt: off
MOVES: tuple[Move, ...] = (
    # 受理审查: seven working days to decide; what is another body's goes on within three (安全生产法 73).
    _row(A.SCREEN, {S.REGISTERED}, S.SCREENING),
    _row(A.ACCEPT, UNDECIDED, S.ACCEPTED, stops=(C.DECIDE, C.PASS_ON), starts=C.CLOSE),
    # Before anybody took it on a whistle does not keep it here: it ends with the move (services.whistles).
    _row(A.DECLINE, UNDECIDED, S.DECLINED, texts=("note",), coded=True, stops=(C.DECIDE, C.PASS_ON),
         sets=(F.WAS_DECLINED,), clears=_WHISTLE),
    _row(A.TRANSFER_OUT, UNDECIDED, S.TRANSFERRED_OUT, bars=_AWAY_BARS, **_AWAY),
    # An industry of another body may have been accepted by mistake: until a result is proposed that can be mended.
    _row(A.TRANSFER_OUT, _IN_WORK, S.TRANSFERRED_OUT, bars=(*_AWAY_BARS, *_WHISTLE), **_AWAY),
    _row(A.MERGE, UNDECIDED | _IN_WORK, S.MERGED, stops=tuple(_ALL_CLOCKS), clears=(F.PAUSED,),
         bars=(F.EXTENSION_ASKED, *_RESULT, *_WHISTLE, *_POLICE)),
    # 承办: who works on it. A death stays at county level or above: services.assignment asks the level of the unit,
    # because the city may well give one to a district (安全生产法 73). A tip goes back to whoever dispatched it last.
    # Whoever is called by a whistle answers it first: the tip does not slip away meanwhile. Nor does it while an
    # extension is asked for: whoever asked would stand above the new unit and grant it.
    _row(A.DISPATCH, UNDECIDED | _IN_WORK, towards=True, memo=True, bars=(F.EXTENSION_ASKED, *_RESULT, *_WHISTLE),
         sets=(F.HANDED_DOWN,)),
    _row(A.HAND_BACK, UNDECIDED | _IN_WORK, memo=True, needs=(F.HANDED_DOWN,),
         bars=(F.EXTENSION_ASKED, *_RESULT, *_WHISTLE), clears=(F.HANDED_DOWN,)),
    _row(A.ESCALATE, UNDECIDED | _IN_WORK | SIGNED_STATES, memo=True, sets=(F.DEATH,), clears=(F.HANDED_DOWN,)),
    # Once: a case that ended with its death known was looked into at the level the law asks for.
    _row(A.ESCALATE, ENDED_STATES, memo=True, bars=(F.DEATH,), sets=(F.DEATH,), clears=(F.HANDED_DOWN,)),
    # What a unit below county level found out about a death is void; services.assignment asks the level.
    _row(A.VERIFY_AGAIN, SIGNED_STATES | ENDED_STATES, S.VERIFYING, memo=True, needs=(F.DEATH,),
         stops=(C.CLOSE, C.REPLY, C.REVIEW), starts=C.CLOSE, clears=(F.WAS_DECLINED, F.WAS_CLOSED, *_VOID), **_MACHINE),
    _row(A.ASSIGN, OPEN_STATES),
    _row(A.JOIN, _UNANSWERED, towards=True, memo=True),
    _row(A.LEAVE, OPEN_STATES, towards=True),
    # 镇街吹哨、区县报到 (要点 4).
    _row(A.WHISTLE, UNDECIDED | _IN_WORK, side=Side.TOWN, memo=True, bars=(*_WHISTLE, *_RESULT),
         sets=(F.WHISTLED,)),
    # Who takes the lead by answering does not hand back what was handed down to the town before.
    # The level above may answer or return what the called unit leaves lying; it does not show up in its name.
    _row(A.ANSWER_WHISTLE, UNDECIDED | _IN_WORK, side=Side.CALLED_LEVEL, needs=(F.WHISTLED,),
         clears=(F.WHISTLED, F.HANDED_DOWN), sets=(F.EXPECTED,)),
    _row(A.ARRIVE, _UNANSWERED, side=Side.CALLED, memo=True, needs=(F.EXPECTED,), clears=(F.EXPECTED,)),
    _row(A.RETURN_WHISTLE, UNDECIDED | _IN_WORK, side=Side.CALLED_LEVEL, memo=True, needs=(F.WHISTLED,),
         clears=(F.WHISTLED,)),
    _row(A.WITHDRAW_WHISTLE, UNDECIDED | _IN_WORK, needs=(F.WHISTLED,), **_TAKE_BACK),
    _row(A.WITHDRAW_WHISTLE, _UNANSWERED, needs=(F.EXPECTED,), **_TAKE_BACK),
    _row(A.END_WHISTLE, UNDECIDED, needs=(F.WHISTLED,), memo=True, clears=_WHISTLE, **_MACHINE),
    _row(A.END_WHISTLE, UNDECIDED, needs=(F.EXPECTED,), memo=True, clears=_WHISTLE, **_MACHINE),
    # 核查 and 结论: who proposes a result, handles the tip or was on the spot does not confirm it.
    _row(A.VERIFY, {S.ACCEPTED}, S.VERIFYING),
    _row(A.INSPECT, _IN_WORK, S.VERIFYING, side=Side.SITE, bars=_RESULT),
    # Whoever reviews an answer may have somebody look on the spot before deciding: the review goes on.
    _row(A.INSPECT, {S.REVIEW}, side=Side.SITE),
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
    # One proposes a measure, a leader signs it; only then it is taken. A penalty may be decided after the answer: it is
    # recorded all the same, and what was proposed by then is decided on during a review too.
    _row(A.PROPOSE_MEASURE, {S.VERIFIED, S.DISPOSED, S.REPLIED, S.CLOSED}, needs=(F.FOUNDED,),
         bars=(F.MEASURE_PROPOSED,), sets=(F.MEASURE_PROPOSED,)),
    _row(A.DISPOSE, {S.VERIFIED, S.DISPOSED}, S.DISPOSED, stops=(C.CLOSE,), **_MEASURE),
    _row(A.DISPOSE, {S.REPLIED, S.REVIEW, S.CLOSED}, **_MEASURE),
    _row(A.RETURN_MEASURE, {S.VERIFIED, S.DISPOSED, S.REPLIED, S.REVIEW, S.CLOSED}, roles=_LEADERS, memo=True,
         needs=(F.MEASURE_PROPOSED,), clears=(F.MEASURE_PROPOSED,)),
    # What was ordered is looked at again however far the case has come, during a review too; nothing is filed before.
    _row(A.RECHECK, {S.DISPOSED, S.REPLIED, S.REVIEW, S.CLOSED, S.ARCHIVED}, side=Side.SITE, needs=(F.FOUNDED,)),
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
    # 督办 by the level above; the machine raises it when something is late. Whoever was asked answers and whoever asked
    # ends it, wherever the tip has gone meanwhile. Of a closed case only an order to rectify can still be late.
    _row(A.SUPERVISE, OPEN_STATES, **_SUPERVISE),
    _row(A.SUPERVISE, {S.CLOSED}, needs=(F.RECTIFICATION_OPEN,), **_SUPERVISE),
    _row(A.ANSWER_SUPERVISION, _SUPERVISABLE, side=Side.ASKED, memo=True, needs=(F.SUPERVISED,),
         clears=(F.SUPERVISED,), sets=(F.SUPERVISION_ANSWERED,)),
    _row(A.LIFT_SUPERVISION, _SUPERVISABLE, side=Side.OVERSEER, roles=_LEADERS, memo=True,
         needs=(F.SUPERVISION_ANSWERED,), not_by=(A.ANSWER_SUPERVISION,), clears=(F.SUPERVISION_ANSWERED,)),
    # The machine says that something is late that no unit of ours owes an act: the police, or a unit asked before.
    _row(A.REMIND, _SUPERVISABLE, memo=True, **_MACHINE),
    # 答复, 异议, 复查 (106号: four items; ten days to object; thirty to review, by the level above).
    # The answer tells what was decided: a measure that waits for its signature is decided on first.
    _row(A.REPLY, {S.DISPOSED}, S.REPLIED, texts=REPLY_ITEMS, bars=(F.WITHDRAWN, F.MEASURE_PROPOSED, *_POLICE[:2]),
         **_REPLY),
    _row(A.REPLY, {S.VERIFIED}, S.REPLIED, texts=REPLY_ITEMS, needs=(F.UNFOUNDED,), bars=(F.WITHDRAWN, *_POLICE[:2]),
         **_REPLY),
    # Once to each answer, each reporter of a merged tip for himself or herself (selectors.history.history_for): who
    # objects while another's objection is looked into joins that review.
    _row(A.OBJECT, _ANSWERED, S.REVIEW, starts=C.REVIEW, **_OBJECT),
    _row(A.OBJECT, {S.REVIEW}, **_OBJECT),
    # An answer that stands leads back to what was objected to: closed, declined or answered.
    _row(A.UPHOLD, {S.REVIEW}, S.CLOSED, needs=(F.WAS_CLOSED,), **_UPHOLD),
    _row(A.UPHOLD, {S.REVIEW}, S.DECLINED, needs=(F.WAS_DECLINED,), bars=(F.WAS_CLOSED,), **_UPHOLD),
    _row(A.UPHOLD, {S.REVIEW}, S.REPLIED, bars=(F.WAS_DECLINED, F.WAS_CLOSED), **_UPHOLD),
    _row(A.REOPEN, {S.REVIEW}, S.VERIFYING, texts=("note",), stops=(C.REVIEW,), starts=C.CLOSE, not_by=_ANSWERERS,
         clears=(F.WAS_DECLINED, F.WAS_CLOSED, *_VOID), **_ABOVE),
    _row(A.WITHDRAW, _UNANSWERED, bars=(F.WITHDRAWN,), sets=(F.WITHDRAWN,), stops=(C.REPLY,), **_REPORTER),
    _row(A.RATE, _ANSWERED, bars=(F.RATED, F.WITHDRAWN), sets=(F.RATED,), **_REPORTER),
    _row(A.CLOSE, {S.DECLINED, S.TRANSFERRED_OUT, S.REPLIED}, bars=_WAITING, **_CLOSE),
    _row(A.CLOSE, {S.DISPOSED}, needs=(F.WITHDRAWN,), bars=(*_WAITING, *_POLICE[:2]), **_CLOSE),
    _row(A.CLOSE, {S.VERIFIED}, needs=(F.WITHDRAWN, F.UNFOUNDED), bars=(*_WAITING, *_POLICE[:2]), **_CLOSE),
    _row(A.ARCHIVE, {S.CLOSED}, S.ARCHIVED,
         bars=(F.OBJECTION_OPEN, F.RECTIFICATION_OPEN, F.MEASURE_PROPOSED, F.SUPERVISED, F.SUPERVISION_ANSWERED,
               F.WITH_POLICE)),
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

    `team` are the people who looked into the criminal referral that waits for a decision; `handler_id` is who works on
    the tip now.
    """

    acts: tuple[Taken, ...] = ()
    beside: frozenset[Fact] = frozenset()
    team: frozenset[int] = frozenset()
    handler_id: int | None = None

    @property
    def facts(self) -> frozenset[Fact]:
        """What is true of the tip now."""
        return facts_after(act.action for act in self.acts) | self.beside

    @property
    def workers(self) -> frozenset[int | None]:
        """Who works on the tip now, and everybody who recorded an inspection of it."""
        return frozenset(
            {self.handler_id, *(act.actor_id for act in self.acts if act.action == Action.INSPECT)}
        )

    @property
    def is_inspected(self) -> bool:
        """Whether somebody was on the spot since the last answer, or since what was found before became void."""
        anew = max((at for at, act in enumerate(self.acts) if act.action in _ANEW), default=-1)
        return any(act.action == Action.INSPECT for act in self.acts[anew + 1 :])

    def last_actor(self, action: Action) -> int | None:
        """Return who last took this act, None when nobody did."""
        return next((act.actor_id for act in reversed(self.acts) if act.action == action), None)


NO_HISTORY = History()
# A verification after these needs a visit, or its reason for none, of its own; one made in a review counts.
_ANEW = frozenset({A.REPLY, A.VERIFY_AGAIN})


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
        IllegalMove: the table has none that fits; ActHindered where one of HINDRANCES stands in the way.
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
        and own_part(move=move, history=history, actor_id=actor_id) is None
    ]


def kept_apart(
    *, status: TipStatus, held: Mapping[Side, frozenset[Role]], history: History, actor_id: int
) -> dict[Action, type[NotAllowed]]:
    """Return the acts that only the person's own part in the case keeps from them, each with the refusal."""
    facts = history.facts
    return {
        move.action: part
        for move in MOVES
        if fits(move=move, status=status, facts=facts)
        and move.roles & held.get(move.side, frozenset())
        and (part := own_part(move=move, history=history, actor_id=actor_id))
    }


def own_part(*, move: Move, history: History, actor_id: int) -> type[NotAllowed] | None:
    """Return the refusal for somebody who would judge an own act or an own case, None for everybody else."""
    own = {action for action in move.not_by if history.last_actor(action) == actor_id}
    if own & _PROPOSALS:
        return OwnProposal
    is_of_team = move.not_team and actor_id in history.team
    is_worker = move.not_workers and actor_id in history.workers
    return OwnWork if own or is_of_team or is_worker else None


def actions_of(moves: Sequence[Move]) -> list[Action]:
    """Return the acts of some rows, in order."""
    return [move.action for move in moves]
