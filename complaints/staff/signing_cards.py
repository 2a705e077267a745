"""Cards of what one proposes and another signs: a result, a measure, more time."""

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.enums import Action

from .card import Card, Seen
from .story import name_of
from .timeline import measure_text, without_visit


def result_card(seen: Seen) -> Card | None:
    """Return the result that waits for a leader, None when none does."""
    row = seen.record.open_conclusion
    if row is None:
        return None
    lines = (
        _("%(who)s proposes: %(result)s")
        % {"who": name_of(row.proposed_by), "result": row.get_result_display()},
        without_visit(row),
        row.findings,
        row.measures,
    )
    return Card(
        title=_("Result to be signed"),
        icon="check",
        tone="warn",
        lines=tuple(filter(None, lines)),
        small=seen.why_not(Action.APPROVE_RESULT, Action.APPROVE_UNFOUNDED),
        acts=seen.acts(Action.APPROVE_RESULT, Action.RETURN_RESULT, main=Action.APPROVE_RESULT),
        comes_first=True,
    )


def measure_card(seen: Seen) -> Card | None:
    """Return the measure that waits for a leader, None when none does."""
    row = seen.record.open_disposal
    if row is None:
        return None
    told = measure_text(row, today=timezone.localdate(seen.now), overlay=seen.overlay)
    return Card(
        title=_("Measure to be signed"),
        icon="form",
        tone="warn",
        lines=(
            _("%(who)s proposes: %(measure)s") % {"who": name_of(row.recorded_by), "measure": told},
            row.words,
        ),
        small=seen.why_not(Action.DISPOSE),
        acts=seen.acts(Action.DISPOSE, Action.RETURN_MEASURE, main=Action.DISPOSE),
        comes_first=True,
    )


def extension_card(seen: Seen) -> Card | None:
    """Return the request for more time that waits, or was granted for the period that runs."""
    row = seen.record.extension
    if row is None or (row.decided_at is not None and not row.is_granted):
        return None
    if row.decided_at is not None and row.period.ended_date is not None:
        return None  # it was the period before a review: the one that runs has not been extended
    values = {"who": name_of(row.asked_by), "days": row.days, "boss": name_of(row.decided_by)}
    if row.decided_at is not None:
        line = _("Extended by %(days)d days, granted by %(boss)s. It cannot be extended again.") % values
        return Card(title=_("Extended"), icon="calendar-alt", lines=(line,))
    return Card(
        title=_("Extension to be decided"),
        icon="calendar-alt",
        tone="warn",
        lines=(_("%(who)s asks for %(days)d more days; the level above decides.") % values,),
        small=seen.why_not(Action.GRANT_EXTENSION),
        acts=seen.acts(Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION, main=Action.GRANT_EXTENSION),
    )
