"""Objections: the reporter disagrees within ten days, the level above upholds the answer or reopens the case."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action, Clock
from complaints.errors import IllegalMove, ObjectionLate, ObjectionPending
from complaints.models import Objection, Tip
from complaints.selectors.assignment import office_above
from complaints.selectors.history import objection_until
from complaints.selectors.objections import has_objected, objections_of

from . import messages, receipts, steps, voiding
from .refusals import refusals_are_logged, reporter_refusals_are_logged
from .reporter import Progress, progress_of
from .storage_faults import storage_faults_as_refusals


@reporter_refusals_are_logged(Action.OBJECT)
def object_to_answer(*, typed: str, text: str, today: date) -> Progress:
    """Take an objection to the answer, or to the decision not to take the tip; the same words again change nothing.

    Raises:
        ReceiptUnknown, TooBusy: as for reading.
        DraftInvalid: no words, too many, or some that cannot be shown.
        ObjectionLate: the last day was before `today`.
        ObjectionPending: this reporter raised an objection to this answer before.
        IllegalMove: there is no answer yet, or the reporter withdrew.

    Legal basis: 106号 (ten days from the answer; review within thirty, by the level above).
    """
    access = receipts.open_receipt(typed=typed)
    words = messages.checked_words(text)
    _object(own_id=access.tip.pk, words=words, today=today)
    return progress_of(access=receipts.refreshed(access=access))


@storage_faults_as_refusals()
@transaction.atomic
def _object(*, own_id: int, words: str, today: date) -> Objection:
    tip, lead = messages.locked_with_lead(tip_id=own_id)
    pending = objections_of(tip=tip, lead=lead).filter(reviewed_date=None).first()
    if pending is not None and pending.words == words:
        return pending
    _check_time(tip=tip, lead=lead, today=today)
    taking = steps.begin_by_reporter(tip=lead, action=Action.OBJECT, today=today, reporter=tip)
    steps.finish(taking)
    row = Objection(
        tip=lead,
        raised_on=tip,
        # Nobody in the system is above the top unit: there another leader reviews.
        office=office_above(office=lead.handling_unit),
        filed_date=today,
        review_by=lead.periods.running().get(clock=Clock.REVIEW).due_date,
    )
    row.words = words
    row.save(force_insert=True)
    return row


def _check_time(*, tip: Tip, lead: Tip, today: date) -> None:
    if tip.withdrawn_date is not None:
        raise IllegalMove("withdrawn")
    if has_objected(tip=tip, lead=lead):
        raise ObjectionPending
    until = objection_until(tip=lead)
    if until is not None and today > until:
        raise ObjectionLate(until)


def uphold(*, tip_id: int, actor: User, at: datetime, note: str) -> list[Objection]:
    """Let the answer stand and tell the reporters why; nobody reviews an own answer.

    Every objection that waits is decided by it: of tips put together several reporters may have objected.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `note` is missing.
    """
    return _review(tip_id=tip_id, action=Action.UPHOLD, actor=actor, at=at, note=note)


def reopen(*, tip_id: int, actor: User, at: datetime, note: str) -> list[Objection]:
    """Have the case looked into anew and tell the reporters why; the result and the answer are void.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `note` is missing.
    """
    return _review(tip_id=tip_id, action=Action.REOPEN, actor=actor, at=at, note=note)


@refusals_are_logged()
@storage_faults_as_refusals()
@transaction.atomic
def _review(*, tip_id: int, action: Action, actor: User, at: datetime, note: str) -> list[Objection]:
    taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    rows = list(Objection.objects.filter(tip=taking.tip, reviewed_date=None))
    if not rows:
        raise IllegalMove("no objection waits")
    words = steps.checked_words(move=taking.move, texts={"note": note})
    steps.finish(taking)
    is_upheld = action == Action.UPHOLD
    for row in rows:
        row.reviewed_by, row.reviewed_date, row.is_upheld = actor, taking.today, is_upheld
    Objection.objects.bulk_update(rows, ["reviewed_by", "reviewed_date", "is_upheld"])
    if not is_upheld:
        voiding.void_result(tip=taking.tip, at=at)
    messages.seal_to_reporter(tip=taking.tip, text=words["note"], author=actor, at=at, is_reply=is_upheld)
    return rows
