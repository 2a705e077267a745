"""复查: the level above reviews an objection and upholds the answer or reopens the case."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action
from complaints.services import objections

from .forms import Act, note
from .sent import with_note

ACTS = (
    Act(
        slug=Action.REOPEN,
        actions=frozenset({Action.REOPEN}),
        label=_("Reopen the case"),
        icon="rotate",
        lede=_(
            "The tip is verified anew and must be concluded within %(close_days)d days. This is a new handling period: "
            "it may be extended once, and the next answer may be rated."
        ),
        submit=_("Reopen the case"),
        fields=(
            note(
                _("Result of the review, for the reporter"),
                _("What the review found, and what happens next."),
            ),
        ),
        take=with_note(objections.reopen),
    ),
    Act(
        slug=Action.UPHOLD,
        actions=frozenset({Action.UPHOLD}),
        label=_("Uphold the answer"),
        icon="check",
        lede=_("The review ends with the answer as it was given."),
        submit=_("Uphold the answer"),
        fields=(
            note(_("Result of the review, for the reporter"), _("Why the answer stands, point by point.")),
        ),
        take=with_note(objections.uphold),
    ),
)
