"""Who is asked by a supervision goes on seeing the tip, wherever it has gone meanwhile."""

from datetime import date

from complaints.enums import UnitPart
from complaints.models import Office, Tip, TipUnit
from complaints.selectors.joint import asking_supervisions


def keep_in_sight(*, tip: Tip, office: Office, today: date) -> None:
    """Let a unit that owes an answer take part in the tip, and in those merged into it, as co-unit.

    The caller holds the tip's lock; a unit that takes part already stays what it is.
    """
    for row in asking_supervisions(tip=tip, office_id=office.pk):
        TipUnit.objects.get_or_create(
            tip_id=row.tip_id,
            office=office,
            ended_date=None,
            defaults={"part": UnitPart.CO_UNIT, "since_date": today},
        )
