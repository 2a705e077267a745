"""移交: everything a person has open in a unit goes to a colleague, for leave or for good."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from complaints.enums import Phase
from complaints.errors import ComplaintError, NotAllowed
from complaints.models import Tip
from complaints.selectors.handovers import led_offices

from . import assignment, audit


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """What came of it: the numbers handed over, and those refused with the refusal."""

    done: tuple[str, ...]
    refused: tuple[tuple[str, ComplaintError], ...]


def hand_over(
    *, holder_id: int, office_id: int, taker_id: int, actor: User, at: datetime, memo: str
) -> HandOver:
    """Assign every open tip a person has in a unit to a colleague of that unit, each for itself, each with its own row.

    What cannot be assigned stays as it is and is named. A second call finds nothing left.

    Args:
        memo: why, kept with each step; the officers read it.

    Raises:
        NotAllowed: the actor does not lead the unit; the attempt is logged.
    """
    if office_id not in led_offices(user=actor):
        data = {"act": "tip.handover", "code": NotAllowed.code, "office": office_id}
        audit.record(action="tip.refused", at=at, actor=actor, subject=f"user:{holder_id}", data=data)
        raise NotAllowed
    tips = Tip.objects.filter(handler=holder_id, handling_unit=office_id, phase=Phase.OPEN).order_by("pk")
    done: list[str] = []
    refused: list[tuple[str, ComplaintError]] = []
    for tip_id, number in list(tips.values_list("pk", "number")):
        try:
            assignment.assign(tip_id=tip_id, actor=actor, at=at, handler_id=taker_id, memo=memo)
        except ComplaintError as error:
            refused.append((number, error))
        else:
            done.append(number)
    return HandOver(done=tuple(done), refused=tuple(refused))
