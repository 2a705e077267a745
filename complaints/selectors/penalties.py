"""Reads of penalties: what a case can be made of."""

from complaints.enums import Measure
from complaints.models import Disposal, Tip


def newest_penalty(*, tip: Tip) -> Disposal | None:
    """Return the newest penalty of a tip whose result a leader has signed, or None; one query."""
    signed = Disposal.objects.signed().filter(
        tip=tip, measure=Measure.PENALTY, tip__conclusions__is_confirmed=True
    )
    return signed.distinct().order_by("-decided_date", "-pk").first()
