"""The result of a verification: proposed by one person, confirmed by a responsible leader, followed by measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action, Measure, Problem, Result
from complaints.errors import DraftInvalid, FieldProblem, IllegalMove
from complaints.models import Conclusion, Disposal, Tip
from complaints.rules.deadlines import add_working_days
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.referrals import is_with_police

from . import steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

UNFOUNDED = frozenset({Result.FALSE, Result.UNVERIFIABLE})
# No case stays open for ten years: an older or later day is a slip of the keyboard.
LONGEST_AGO = timedelta(days=3650)
LARGEST_FINE = Decimal("9999999999.99")
CENT = Decimal("0.01")
LONGEST_NUMBER = 60


@dataclass(frozen=True, kw_only=True)
class MeasureDraft:
    """One measure as an officer writes it down; `fine_amount` in yuan, only with a penalty."""

    measure: Measure
    decided_date: date
    words: str = ""
    decision_number: str = ""
    fine_amount: Decimal | None = None
    rectify_by: date | None = None


def proposing(result: Result) -> Action:
    """Return the act that proposes this result."""
    return Action.CONCLUDE_UNFOUNDED if result in UNFOUNDED else Action.CONCLUDE


def propose_result(
    *, tip_id: int, actor: User, at: datetime, result: Result, texts: Mapping[str, str]
) -> Conclusion:
    """Propose the result of the verification with `findings` and `measures`; a leader confirms or returns it.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `findings` is missing, or `measures` where the danger is confirmed.
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
        raise DraftInvalid([FieldProblem(field="result", problem=Problem.UNKNOWN_CODE)])
    required = {"findings"} if result in UNFOUNDED else {"findings", "measures"}
    words = steps.cleaned(texts, names=("findings", "measures"), required=required)
    steps.finish(taking)
    row = Conclusion(tip=taking.tip, result=result, proposed_by=actor, proposed_at=steps.to_minute(at))
    row.findings, row.measures = words["findings"], words["measures"]
    row.save(force_insert=True)
    return row


def confirm_result(*, tip_id: int, actor: User, at: datetime) -> Conclusion:
    """Sign the proposed result as the responsible leader; nobody signs an own proposal.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove when no result is proposed.
    """
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


@refusals_are_logged(Action.DISPOSE)
@storage_faults_as_refusals()
@transaction.atomic
def record_measure(*, tip_id: int, actor: User, at: datetime, draft: MeasureDraft) -> Disposal:
    """Record what was done about a confirmed danger; a penalty is to be published within seven working days.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: words, the number of a penalty, or the day to rectify is missing; a fine that is no amount of
            yuan, or stands with anything but a penalty; a wrong day; a referral that never reached the police.

    Legal basis: 安全生产法 78 (publication of penalties).
    """
    taking = steps.begin(tip_id=tip_id, action=Action.DISPOSE, actor=actor, at=at)
    words = clean_text(draft.words)
    problems = measure_problems(draft=draft, today=taking.today)
    if draft.measure == Measure.REFERRAL and not is_with_police(tip=taking.tip):
        problems.append(FieldProblem(field="measure", problem=Problem.UNKNOWN_CODE))
    if problems:
        raise DraftInvalid(problems)
    steps.finish(taking)
    row = Disposal(
        tip=taking.tip,
        measure=draft.measure,
        decision_number=draft.decision_number.strip(),
        decided_date=draft.decided_date,
        fine_amount=draft.fine_amount,
        rectify_by=draft.rectify_by,
        publish_by=_publish_by(draft),
        recorded_by=actor,
        recorded_at=steps.to_minute(at),
    )
    row.words = words
    row.save(force_insert=True)
    return row


def measure_problems(*, draft: MeasureDraft, today: date) -> list[FieldProblem]:
    """Return what is wrong with a measure: each kind needs its own particulars."""
    wrong = {
        "words": steps.word_problem(clean_text(draft.words), required=True),
        "decided_date": _decided_problem(draft, today=today),
        "decision_number": _number_problem(draft),
        "fine_amount": _fine_problem(draft),
        "rectify_by": _rectify_problem(draft),
    }
    return [FieldProblem(field=name, problem=problem) for name, problem in wrong.items() if problem]


def _decided_problem(draft: MeasureDraft, *, today: date) -> Problem | None:
    if draft.decided_date > today:
        return Problem.FUTURE_DATE
    return Problem.LONG_AGO if draft.decided_date < today - LONGEST_AGO else None


def _number_problem(draft: MeasureDraft) -> Problem | None:
    if draft.measure == Measure.PENALTY and not draft.decision_number.strip():
        return Problem.MISSING
    return text_problem(draft.decision_number.strip(), longest=LONGEST_NUMBER)


def _fine_problem(draft: MeasureDraft) -> Problem | None:
    fine = draft.fine_amount
    if fine is None:
        return None
    is_amount = fine.is_finite() and 0 <= fine <= LARGEST_FINE and fine == fine.quantize(CENT)
    return None if is_amount and draft.measure == Measure.PENALTY else Problem.BAD_NUMBER


def _rectify_problem(draft: MeasureDraft) -> Problem | None:
    if draft.rectify_by is None:
        return Problem.MISSING if draft.measure == Measure.RECTIFY else None
    last = draft.decided_date + LONGEST_AGO
    return None if draft.decided_date <= draft.rectify_by <= last else Problem.BAD_DATE


def _publish_by(draft: MeasureDraft) -> date | None:
    if draft.measure != Measure.PENALTY:
        return None
    days = policy_on(day=draft.decided_date).publish_working_days
    return add_working_days(start=draft.decided_date, days=days, overlay=day_overlay())
