"""期限: asking for more time and deciding on it, standing still while another body decides, going on."""

from django.utils.formats import date_format
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from complaints.enums import Action
from complaints.rules.deadlines import add_calendar_days
from complaints.selectors.deadlines import policy_on
from complaints.services import extensions

from ..clockface import marked
from .forms import Act, Field, Kind, Option, Situation, memo, note
from .sent import Sent, with_memo, with_note


def _days(situation: Situation) -> list[Option]:
    """Return a third, two thirds and all of what may be granted, each with the day it would lead to."""
    period = situation.closing
    most = policy_on(day=period.started_date if period else situation.today).extension_days
    steps = sorted({max(1, most // 3), max(1, most * 2 // 3), most})
    return [(str(days), _reaching(situation, days)) for days in steps]


def _still_runs(situation: Situation) -> bool:
    """What has run out cannot be extended any more."""
    return situation.closing is not None and situation.today <= situation.closing.due_date


def _reaching(situation: Situation, days: int) -> str:
    period = situation.closing
    if period is None:
        return say("%(days)d days") % {"days": days}
    total = period.days + period.extra_days + period.paused_days + days
    until = add_calendar_days(start=period.started_date, days=total, overlay=situation.overlay)
    day = marked(date_format(until, "DATE_FORMAT"), day=until, overlay=situation.overlay)
    return say("%(days)d days, until %(day)s") % {"days": days, "day": day}


def _ask(sent: Sent) -> object:
    days = sent.whole("days")
    sent.check()
    return extensions.ask_extension(**sent.basics, days=days, memo=sent.text("memo"))


def _pause(sent: Sent) -> object:
    return extensions.pause_period(**sent.basics, memo=sent.text("memo"), note=sent.text("note"))


ACTS = (
    Act(
        slug=Action.GRANT_EXTENSION,
        actions=frozenset({Action.GRANT_EXTENSION}),
        label=_("Grant the extension"),
        icon="check",
        lede=_("It can be granted once only, and the reason is told to the reporter."),
        submit=_("Grant the extension"),
        fields=(note(_("Reason, for the reporter"), _("Why it takes longer, and until when.")),),
        take=with_note(extensions.grant_extension),
    ),
    Act(
        slug=Action.REFUSE_EXTENSION,
        actions=frozenset({Action.REFUSE_EXTENSION}),
        label=_("Refuse the extension"),
        icon="arrow-left",
        lede=_("The last day stays as it is."),
        submit=_("Refuse the extension"),
        fields=(memo(_("Why not")),),
        take=with_memo(extensions.refuse_extension),
    ),
    Act(
        slug=Action.ASK_EXTENSION,
        actions=frozenset({Action.ASK_EXTENSION}),
        label=_("Ask for an extension"),
        icon="calendar-alt",
        lede=_(
            "Once in a handling period, %(extension_days)d days at most; after a review reopened the case, "
            "once more. "
            "The level above decides, and the reporter is told why."
        ),
        submit=_("Ask for the extension"),
        fields=(
            Field(name="days", label=_("Extend by"), kind=Kind.ONE, is_required=True, options=_days),
            memo(
                _("Why it takes longer"),
                _("For the level above. What the reporter reads is written by who grants it."),
            ),
        ),
        take=_ask,
        is_useful=_still_runs,
    ),
    Act(
        slug=Action.RESUME,
        actions=frozenset({Action.RESUME}),
        label=_("Resume the period"),
        icon="history",
        lede=_("The period goes on; the days it stood still do not count."),
        submit=_("Resume the period"),
        fields=(memo(_("What the other body decided")),),
        take=with_memo(extensions.resume_period),
    ),
    Act(
        slug=Action.PAUSE,
        actions=frozenset({Action.PAUSE}),
        label=_("Pause the period"),
        icon="time",
        lede=_("Only while another body must decide first. The period stands still until you resume it."),
        submit=_("Pause the period"),
        fields=(
            memo(_("Which body decides on what"), rows=3),
            note(_("Words to the reporter"), _("Why it stands still, and what it waits for."), rows=3),
        ),
        take=_pause,
        is_primary=False,
    ),
)
