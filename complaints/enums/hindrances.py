"""What stands in the way of an act on a tip, and what to do about it, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .handling import Fact

# What stands in the way although nobody was faster, and what to do about it; the first that holds is told.
HINDRANCES: Mapping[Fact, str | Promise] = {
    Fact.DEATH: _(
        "Not passed on: a death is involved. Such a case stays with the emergency-management side at county level "
        "or above."
    ),
    Fact.RECTIFICATION_OPEN: _(
        "Not filed: what was ordered to be rectified has not been found rectified. "
        "Look again and record a re-check that finds the danger removed, then file the case."
    ),
    Fact.OBJECTION_OPEN: _(
        "Not filed: the reporter may still object to the answer. File the case after the last day for it."
    ),
    Fact.WHISTLED: _(
        "Nothing was recorded: a whistle waits for the unit it calls. That unit reports for duty or returns it first."
    ),
    Fact.MEASURE_PROPOSED: _(
        "Nothing was recorded: a measure waits for the leader's signature. It is signed or returned first."
    ),
    Fact.EXTENSION_ASKED: _(
        "Nothing was recorded: a request for an extension waits for the level above. It is granted or refused first."
    ),
    Fact.PAUSED: _("Nothing was recorded: the period is paused. Resume it first."),
    Fact.SUPERVISED: _(
        "Nothing was recorded: the tip is under supervision. The unit in charge answers the supervision first."
    ),
}
