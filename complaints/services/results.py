"""The result of a verification: proposed by one person, confirmed by a responsible leader."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action, Problem, Result
from complaints.errors import IllegalMove
from complaints.models import Conclusion, Tip

from . import steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

UNFOUNDED = frozenset({Result.FALSE, Result.UNVERIFIABLE})


def proposing(result: Result) -> Action:
    """Return the act that proposes this result."""
    return Action.CONCLUDE_UNFOUNDED if result in UNFOUNDED else Action.CONCLUDE


def propose_result(
    *, tip_id: int, actor: User, at: datetime, result: Result, texts: Mapping[str, str]
) -> Conclusion:
    """Propose the result of the verification with `findings` and `measures`; a leader confirms or returns it.

    There is no result without a verification (核查): a visit is recorded, or `basis` says how it was verified without.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `findings` is missing, `measures` where the danger is confirmed, or `basis` without a visit.

    Legal basis: 106号 (简要核查情况 is part of every answer).
    """
    return _propose(tip_id=tip_id, actor=actor, at=at, action=proposing(result), result=result, texts=texts)


@refusals_are_logged()
@storage_faults_as_refusals()
@transaction.atomic
def _propose(
    *, tip_id: int, actor: User, at: datetime, action: Action, result: Result, texts: Mapping[str, str]
) -> Conclusion:
    taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    if result not in Result.values:
        steps.refuse("result", Problem.UNKNOWN_CODE)
    required = {
        "findings": True,
        "measures": result not in UNFOUNDED,
        "basis": not taking.history.is_inspected,
    }
    words = steps.cleaned(
        texts, names=required, required={name for name, needed in required.items() if needed}
    )
    steps.finish(taking)
    row = Conclusion(tip=taking.tip, result=result, proposed_by=actor, proposed_at=steps.to_minute(at))
    row.findings, row.measures, row.basis = words["findings"], words["measures"], words["basis"]
    row.save(force_insert=True)
    return row


def confirm_result(*, tip_id: int, actor: User, at: datetime) -> Conclusion:
    """Sign the proposed result as the responsible leader; nobody signs an own proposal.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove when no result is proposed.
    """
    # Read before the lock, which is safe: the table asks under the lock whether this very kind of result is proposed,
    # so that one exchanged meanwhile is an IllegalMove and never signed as the other.
    open_row = _open_conclusion(tip_id=tip_id)
    unfounded = open_row is not None and open_row.result in UNFOUNDED
    action = Action.APPROVE_UNFOUNDED if unfounded else Action.APPROVE_RESULT
    return _decide(tip_id=tip_id, actor=actor, at=at, action=action, memo="")


def return_result(*, tip_id: int, actor: User, at: datetime, memo: str) -> Conclusion:
    """Send the proposed result back with the reason.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing.
    """
    return _decide(tip_id=tip_id, actor=actor, at=at, action=Action.RETURN_RESULT, memo=memo)


@refusals_are_logged()
@storage_faults_as_refusals()
@transaction.atomic
def _decide(*, tip_id: int, actor: User, at: datetime, action: Action, memo: str) -> Conclusion:
    taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    row = _open_conclusion(tip_id=tip_id)
    if row is None:
        raise IllegalMove("no result is proposed")
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    steps.finish(taking, memo=words["memo"])
    row.is_confirmed = action != Action.RETURN_RESULT
    row.decided_by, row.decided_at = actor, steps.to_minute(at)
    row.save(update_fields=["is_confirmed", "decided_by", "decided_at"])
    if row.is_confirmed:
        _note_result(tip=taking.tip, result=row.result)
    return row


def _note_result(*, tip: Tip, result: str) -> None:
    tip.result = result
    tip.save(update_fields=["result"])


def _open_conclusion(*, tip_id: int) -> Conclusion | None:
    return Conclusion.objects.filter(tip_id=tip_id, decided_at=None).first()
