"""A form of an act that cannot be read: the right and the rule come first, then what is wrong with the form."""

from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action
from complaints.errors import DraftInvalid, FieldProblem

from . import steps
from .refusals import refusals_are_logged


@refusals_are_logged()
@transaction.atomic
def refuse_form(
    *, tip_id: int, action: Action, actor: User, at: datetime, problems: Sequence[FieldProblem]
) -> NoReturn:
    """Refuse an act whose form holds no value its service could take; one row in the log, like every refusal.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; they come first.
        DraftInvalid: with `problems`.
    """
    steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    raise DraftInvalid(problems)
