"""暂缓销毁: a leader keeps a tip past its period of keeping, and lets go of it again; both with a reason."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action
from complaints.models import LegalHold

from . import steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals


@refusals_are_logged(Action.HOLD)
@storage_faults_as_refusals()
@transaction.atomic
def place_hold(*, tip_id: int, actor: User, at: datetime, memo: str) -> LegalHold:
    """Keep a tip from being destroyed, and what is merged with it, until the hold is lifted.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove while it is held already.
        DraftInvalid: `memo` (which case or inquiry needs it) is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.HOLD, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    return LegalHold.objects.create(tip=taking.tip, placed=steps.finish(taking, memo=words["memo"]))


@refusals_are_logged(Action.LIFT_HOLD)
@storage_faults_as_refusals()
@transaction.atomic
def lift_hold(*, tip_id: int, actor: User, at: datetime, memo: str) -> LegalHold:
    """Let the period of keeping decide again; one that has run out ends with the next daily task.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove while it is not held.
        DraftInvalid: `memo` is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.LIFT_HOLD, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    hold = LegalHold.objects.open().get(tip=taking.tip)
    hold.lifted = steps.finish(taking, memo=words["memo"])
    hold.save(update_fields=["lifted"])
    return hold
