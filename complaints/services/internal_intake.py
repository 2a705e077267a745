"""Where an internal tip begins: a stored tip the bureau does not see, with its inside and its first clock."""

from django.core.exceptions import ObjectDoesNotExist

from complaints.enums import Clock, InsideClock, InsideState
from complaints.models import InsidePolicy, InternalTip, RewardScale, Tip
from complaints.rules.internal import clock_after
from complaints.rules.internal_draft import InsideDraft
from complaints.selectors.deadlines import day_overlay

from .kept_out import keep_from_named, texts_of


def keep_inside(*, tip: Tip) -> None:
    """Mark a tip that is not stored yet as one inside a company: no legal period runs."""
    tip.is_internal = True
    tip.show_clock(clock=Clock.NONE, started=None, due=None)


def begin(*, tip: Tip, inside: InsideDraft) -> None:
    """Store the inside of a tip in the caller's transaction; nothing of it is logged, routed or told to an office.

    Whom of the managers its words name never sees it.
    """
    day = tip.received_date
    clock, due = clock_after(
        state=InsideState.RECEIVED,
        day=day,
        running=(InsideClock.NONE, None),
        terms=InsidePolicy.terms_on(day=day),
        overlay=day_overlay(),
    )
    row = InternalTip(
        tip=tip,
        enterprise_id=inside.enterprise_id,
        clock=clock,
        due_date=due,
        received_date=day,
        head=inside.head,
        on_duty=inside.on_duty,
        promised=_promised(inside.enterprise_id),
    )
    row.workshop, row.post, row.suggestion = inside.workshop, inside.post, inside.suggestion
    row.is_name_checked = True
    row.save(force_insert=True)
    keep_from_named(row, texts=texts_of(row))


def _promised(enterprise_id: int) -> dict[str, list[int]]:
    rows = RewardScale.objects.filter(enterprise=enterprise_id)
    return {row.grade: [row.inside_yuan, row.outside_yuan] for row in rows}


def inside_of(*, tip: Tip) -> InternalTip | None:
    """Return the inside of a tip; None for one that was never in a company."""
    try:
        return tip.inside
    except ObjectDoesNotExist:
        return None
