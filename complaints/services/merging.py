"""Putting tips about the same thing together: one is worked on, every reporter keeps receipt, progress and answer."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from complaints import policies
from complaints.enums import Action, MergeFault, TipStatus
from complaints.errors import CannotMerge, NotAllowed, TipNotFound
from complaints.models import DuplicateHint, HandlingStep, Tip
from complaints.rules.texts import clean_text, text_problem
from complaints.rules.workflow import MERGE_TARGETS
from complaints.selectors.merging import waits_for_answer

from . import assignment, audit, reply_drafts, steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

LONGEST_NUMBER = 20


@refusals_are_logged(Action.MERGE)
@storage_faults_as_refusals()
@transaction.atomic
def merge(*, tip_id: int, into_number: str, actor: User, at: datetime, memo: str = "") -> HandlingStep:
    """Merge a tip into an earlier one of the same unit, which is worked on for both from now on.

    The later goes into the earlier, so that no clock starts anew and no circle can arise. What was merged into the
    tip before follows to the new lead. Words of officers from now on go to the receipts of all of them.

    Raises:
        TipNotFound: one of the two is unknown, or outside the actor's scope.
        IllegalMove, NotAllowed: as for every act.
        CannotMerge: the two do not go together; says why.
        DraftInvalid: `memo` cannot be shown.
    """
    lead_id = _visible_id(number=into_number, actor=actor)
    _lock(tip_id=tip_id, lead_id=lead_id)
    lead = steps.locked_tip(tip_id=lead_id, actor=actor)
    fault = merge_fault(tip=steps.locked_tip(tip_id=tip_id, actor=actor), lead=lead)
    if fault is not None:
        raise CannotMerge(fault)
    taking = steps.begin(tip_id=tip_id, action=Action.MERGE, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    step = steps.finish(taking, memo=words["memo"])
    _join(taking.tip, lead=lead, taking=taking)
    reply_drafts.forget_drafts(tip=taking.tip)
    audit.record(
        action="tip.takes_in", at=at, actor=actor, subject=lead.number, data={"tip": taking.tip.number}
    )
    return step


def _visible_id(*, number: str, actor: User) -> int:
    typed = clean_text(number).upper()
    is_sound = text_problem(typed, longest=LONGEST_NUMBER) is None
    tip = policies.tips_visible_to(actor).filter(number=typed).only("pk").first() if is_sound else None
    if tip is None:
        raise TipNotFound
    return tip.pk


def _lock(*, tip_id: int, lead_id: int) -> None:
    """Lock all that a merge touches, the later tips first: whoever locks two of them keeps this order."""
    joined = Tip.objects.filter(merged_into=tip_id).values_list("pk", flat=True)
    rows = Tip.objects.select_for_update().filter(pk__in=[tip_id, lead_id, *joined])
    list(rows.order_by("-received_date", "-pk").values_list("pk", flat=True))


def merge_fault(*, tip: Tip, lead: Tip) -> MergeFault | None:
    """Return why two tips do not go together, None when they do."""
    faults = {
        MergeFault.SAME_TIP: tip.pk == lead.pk,
        MergeFault.OTHER_UNIT: tip.handling_unit_id != lead.handling_unit_id,
        MergeFault.ALREADY_MERGED: lead.status == TipStatus.MERGED,
        MergeFault.ANSWERED: lead.status not in MERGE_TARGETS,
        MergeFault.LATER: (lead.received_date, lead.pk) > (tip.received_date, tip.pk),
        MergeFault.NOT_ACCEPTED: tip.accepted_date is not None and lead.accepted_date is None,
        MergeFault.WITHDRAWN: lead.withdrawn_date is not None and not waits_for_answer(tip=lead),
    }
    return next((fault for fault, holds in faults.items() if holds), None)


def _join(tip: Tip, *, lead: Tip, taking: steps.Taking) -> None:
    """Point the tip and all merged into it at the lead, which takes over what waits to be read, and a death."""
    followers = Tip.objects.filter(merged_into=tip)
    if lead.accepted_date is not None:
        followers.filter(accepted_date=None).update(accepted_date=taking.today)
    followers.update(merged_into=lead)
    Tip.objects.filter(pk=lead.pk).update(unread_count=F("unread_count") + tip.unread_count)
    tip.merged_into, tip.unread_count = lead, 0
    if tip.accepted_date is None and lead.accepted_date is not None:
        tip.accepted_date = taking.today
    tip.save(update_fields=["merged_into", "unread_count", "accepted_date"])
    if tip.involves_death and not lead.involves_death and taking.actor is not None:
        lead.refresh_from_db()
        assignment.escalate_joined(tip=lead, number=tip.number, actor=taking.actor, at=taking.at)


@storage_faults_as_refusals()
@transaction.atomic
def dismiss_hint(*, hint_id: int, actor: User, at: datetime) -> DuplicateHint:
    """Say that two tips are not about the same thing: the suggestion stays away for good.

    Raises:
        TipNotFound: unknown, or one of the tips lies outside the actor's scope.
        NotAllowed: no handler of the unit.
    """
    hint = (
        DuplicateHint.objects.select_for_update(of=("self",)).select_related("tip").filter(pk=hint_id).first()
    )
    if hint is None or _seen(hint, actor=actor) < 2:
        raise TipNotFound
    if not policies.may_write(actor, hint.tip):
        raise NotAllowed
    if hint.dismissed_at is None:
        hint.dismissed_by, hint.dismissed_at = actor, steps.to_minute(at)
        hint.save(update_fields=["dismissed_by", "dismissed_at"])
        audit.record(
            action="tip.hint_dismissed", at=at, actor=actor, subject=hint.tip.number, data={"hint": hint.pk}
        )
    return hint


def _seen(hint: DuplicateHint, *, actor: User) -> int:
    return policies.tips_visible_to(actor).filter(pk__in=(hint.tip_id, hint.earlier_id)).count()
