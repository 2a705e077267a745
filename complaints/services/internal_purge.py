"""Destroying internal tips whose period of keeping is over: rows, receipts, envelope and files; the number is left."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from complaints.enums import InsideState, KeepFrom, Outcome
from complaints.models import Evidence, InternalTip, Leftover, LegalHold, PurgedNumber, Tip
from complaints.rules import retention as rules
from complaints.selectors.retention import Terms, terms_in_force

from . import audit

# An internal tip is kept as long as one of the bureau with the same end.
OUTCOMES = {InsideState.CLOSED: Outcome.FOUNDED, InsideState.UNTRUE: Outcome.UNFOUNDED}


def purge_internal(*, as_of: date, at: datetime) -> int:
    """Destroy every internal tip whose period ended before `as_of`; the next purge removes the files.

    One that was never finished or confirmed has no end and stays: it is somebody's open claim.
    Legal basis: PIPL 47; the periods are `RetentionRule` rows.
    """
    terms = terms_in_force(day=as_of)
    rows = InternalTip.objects.filter(state__in=OUTCOMES, tip__is_internal=True)
    ends = rows.annotate(ended=Max("steps__taken_date")).values_list("pk", "state", "received_date", "ended")
    over = [pk for pk, *facts in ends if _is_over(*facts, terms=terms, as_of=as_of)]
    return sum(_destroy(pk, at=at) for pk in over)


def _is_over(state: str, received: date, ended: date | None, *, terms: Terms, as_of: date) -> bool:
    term = terms.get(OUTCOMES[InsideState(state)])
    if term is None:
        return False
    start = received if term.since == KeepFrom.RECEIVED else ended
    return start is not None and rules.last_day(start=start, term=term) < as_of


@transaction.atomic
def _destroy(pk: int, *, at: datetime) -> int:
    tip = Tip.everywhere.select_for_update().filter(inside=pk, is_internal=True).first()
    if tip is None or LegalHold.objects.open().filter(tip=tip).exists():
        return 0
    names = [path for photo in Evidence.objects.filter(tip=tip) for path in photo.every_path()]
    # The empty name stands for the traces in the database's own files.
    Leftover.objects.bulk_create([Leftover(name=name) for name in ("", *names)], ignore_conflicts=True)
    PurgedNumber.objects.create(number=tip.number)
    audit.record(action="inside.purged", at=at, subject=tip.number)
    tip.delete()
    return 1
