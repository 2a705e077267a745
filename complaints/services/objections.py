"""Objections: the reporter disagrees within ten days, the level above upholds the answer or reopens the case."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action, Clock
from complaints.errors import IllegalMove, ObjectionLate, ObjectionPending
from complaints.models import Objection, Tip
from complaints.selectors.assignment import office_above
from complaints.selectors.history import objection_until
from complaints.selectors.merging import lead_of

from . import messages, receipts, steps
from .refusals import refusals_are_logged
from .reporter import Progress, progress_of
from .storage_faults import storage_faults_as_refusals


def object_to_answer(*, typed: str, text: str, today: date) -> Progress:
    """Take an objection to the answer, or to the decision not to take the tip; the same words again change nothing.

    Raises:
        ReceiptUnknown, TooBusy: as for reading.
        DraftInvalid: no words, too many, or some that cannot be shown.
        ObjectionLate: the last day was before `today`.
        ObjectionPending: an objection to this answer was raised before.
        IllegalMove: there is no answer yet, or the reporter withdrew.

    Legal basis: 106号 (ten days from the answer; review within thirty, by the level above).
    """
    access = receipts.open_receipt(typed=typed)
    words = messages.checked_words(text)
    lead = lead_of(tip=access.tip)
    _object(
        tip_id=lead.pk, own_id=access.tip.pk, actor=None, at=steps.day_start(today), words=words, today=today
    )
    return progress_of(access=receipts.refreshed(access=access))


@refusals_are_logged(Action.OBJECT)
@storage_faults_as_refusals()
@transaction.atomic
def _object(
    *, tip_id: int, own_id: int, actor: User | None, at: datetime, words: str, today: date
) -> Objection:
    tip, lead = messages.locked_with_lead(tip_id=own_id)
    pending = Objection.objects.filter(tip=lead, reviewed_date=None).first()
    if pending is not None and _is_repeated(pending, tip=tip, words=words):
        return pending
    _check_time(tip=tip, lead=lead, today=today, is_pending=pending is not None)
    taking = steps.begin_by_reporter(tip=lead, action=Action.OBJECT, today=today)
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


def _is_repeated(pending: Objection, *, tip: Tip, words: str) -> bool:
    """Say whether the same reporter sends the same words again; another one must not learn what was guessed right."""
    return (pending.raised_on_id or pending.tip_id) == tip.pk and pending.words == words


def _check_time(*, tip: Tip, lead: Tip, today: date, is_pending: bool) -> None:
    if tip.withdrawn_date is not None:
        raise IllegalMove("withdrawn")
    if is_pending or _was_upheld(lead):
        raise ObjectionPending
    until = objection_until(tip=lead)
    if until is not None and today > until:
        raise ObjectionLate(until)


def _was_upheld(lead: Tip) -> bool:
    """Say whether this very answer was looked at again already."""
    if lead.answered_date is None:
        return False
    return lead.objections.filter(is_upheld=True, filed_date__gte=lead.answered_date).exists()


def uphold(*, tip_id: int, actor: User, at: datetime, note: str) -> Objection:
    """Let the answer stand and tell the reporter why; nobody reviews an own answer.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `note` is missing.
    """
    return _review(tip_id=tip_id, action=Action.UPHOLD, actor=actor, at=at, note=note)


def reopen(*, tip_id: int, actor: User, at: datetime, note: str) -> Objection:
    """Have the case looked into anew and tell the reporter why; the result and the answer are void.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `note` is missing.
    """
    return _review(tip_id=tip_id, action=Action.REOPEN, actor=actor, at=at, note=note)


@refusals_are_logged()
@storage_faults_as_refusals()
@transaction.atomic
def _review(*, tip_id: int, action: Action, actor: User, at: datetime, note: str) -> Objection:
    taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    row = Objection.objects.filter(tip=taking.tip, reviewed_date=None).first()
    if row is None:
        raise IllegalMove("no objection waits")
    words = steps.checked_words(move=taking.move, texts={"note": note})
    steps.finish(taking)
    is_upheld = action == Action.UPHOLD
    row.reviewed_by, row.reviewed_date, row.is_upheld = actor, taking.today, is_upheld
    row.save(update_fields=["reviewed_by", "reviewed_date", "is_upheld"])
    if not is_upheld:
        _void_answer(tip=taking.tip, today=taking.today)
    messages.seal_to_reporter(tip=taking.tip, text=words["note"], author=actor, at=at, is_reply=is_upheld)
    return row


def _void_answer(*, tip: Tip, today: date) -> None:
    """Forget result and answer; a tip that was declined counts as accepted from the day it is reopened, as do others
    merged into it.
    """
    tip.result, tip.answered_date = "", None
    tip.accepted_date = tip.accepted_date or today
    tip.save(update_fields=["result", "answered_date", "accepted_date"])
    tip.merged_tips.filter(accepted_date=None).update(accepted_date=today)
