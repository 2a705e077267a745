"""处置: measures about a confirmed danger, proposed by one person and signed by a responsible leader."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action, Measure, Problem
from complaints.errors import DraftInvalid, FieldProblem, IllegalMove
from complaints.models import Disposal
from complaints.rules.deadlines import add_working_days
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.referrals import is_with_police

from . import steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

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


@refusals_are_logged(Action.PROPOSE_MEASURE)
@storage_faults_as_refusals()
@transaction.atomic
def propose_measure(*, tip_id: int, actor: User, at: datetime, draft: MeasureDraft) -> Disposal:
    """Write down what is to be done about a confirmed danger; it counts once a leader has signed it.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove while another measure waits.
        DraftInvalid: words, the number of a penalty, or the day to rectify is missing; a fine that is no amount of
            yuan, or stands with anything but a penalty; a wrong day; a referral that never reached the police.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.PROPOSE_MEASURE, actor=actor, at=at)
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
        recorded_by=actor,
        recorded_at=steps.to_minute(at),
    )
    row.words = words
    row.save(force_insert=True)
    return row


def confirm_measure(*, tip_id: int, actor: User, at: datetime) -> Disposal:
    """Sign the proposed measure as the responsible leader; a penalty is then published within seven working days.

    Raises:
        TipNotFound, IllegalMove: as for every act; IllegalMove when no measure is proposed.
        NotAllowed: no leader, or one who proposed it, handles the tip or was on the spot.

    Legal basis: 安全生产法 78 (publication of penalties, from the day of the decision).
    """
    return _decide(tip_id=tip_id, actor=actor, at=at, action=Action.DISPOSE, memo="")


def return_measure(*, tip_id: int, actor: User, at: datetime, memo: str) -> Disposal:
    """Send the proposed measure back with the reason; it stays on record and counts for nothing.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing.
    """
    return _decide(tip_id=tip_id, actor=actor, at=at, action=Action.RETURN_MEASURE, memo=memo)


@refusals_are_logged()
@storage_faults_as_refusals()
@transaction.atomic
def _decide(*, tip_id: int, actor: User, at: datetime, action: Action, memo: str) -> Disposal:
    taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    row = taking.tip.disposals.filter(decided_at=None).first()
    if row is None:
        raise IllegalMove("no measure is proposed")
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    steps.finish(taking, memo=words["memo"])
    row.is_confirmed = action == Action.DISPOSE
    row.decided_by, row.decided_at = actor, steps.to_minute(at)
    row.publish_by = _publish_by(row) if row.is_confirmed else None
    row.save(update_fields=["is_confirmed", "decided_by", "decided_at", "publish_by"])
    return row


def _publish_by(row: Disposal) -> date | None:
    if row.measure != Measure.PENALTY:
        return None
    days = policy_on(day=row.decided_date).publish_working_days
    return add_working_days(start=row.decided_date, days=days, overlay=day_overlay())


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
        return Problem.DAY_AHEAD
    return Problem.LONG_AGO if draft.decided_date < today - LONGEST_AGO else None


def _number_problem(draft: MeasureDraft) -> Problem | None:
    if draft.measure == Measure.PENALTY and not draft.decision_number.strip():
        return Problem.MISSING
    return text_problem(draft.decision_number.strip(), longest=LONGEST_NUMBER)


def _fine_problem(draft: MeasureDraft) -> Problem | None:
    fine = draft.fine_amount
    if fine is None:
        return None
    if fine.is_finite() and fine < 0:
        return Problem.NEGATIVE_FINE
    is_amount = fine.is_finite() and fine <= LARGEST_FINE and fine == fine.quantize(CENT)
    return None if is_amount and draft.measure == Measure.PENALTY else Problem.BAD_NUMBER


def _rectify_problem(draft: MeasureDraft) -> Problem | None:
    if draft.rectify_by is None:
        return Problem.MISSING if draft.measure == Measure.RECTIFY else None
    if draft.rectify_by < draft.decided_date:
        return Problem.RECTIFY_BEFORE
    return Problem.RECTIFY_FAR if draft.rectify_by > draft.decided_date + LONGEST_AGO else None
