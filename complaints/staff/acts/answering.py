"""答复 and what comes after: the reply page, closing, the archive."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action
from complaints.services.handling import record_step

from .forms import Act, note_if_liked
from .sent import Sent


def _plain(sent: Sent, action: Action) -> object:
    return record_step(**sent.basics, action=action, texts=sent.texts("note"))


REPLY = Act(
    slug=Action.REPLY,
    actions=frozenset({Action.REPLY}),
    label=_("Write the reply"),
    icon="mail",
    take=lambda sent: _plain(sent, Action.REPLY),
)
ACTS = (
    REPLY,
    Act(
        slug=Action.CLOSE,
        actions=frozenset({Action.CLOSE}),
        label=_("Close the case"),
        icon="circle-check",
        lede=_("No period runs any more, and the reporter cannot write any more."),
        submit=_("Close this case"),
        fields=(note_if_liked(),),
        take=lambda sent: _plain(sent, Action.CLOSE),
    ),
    Act(
        slug=Action.ARCHIVE,
        actions=frozenset({Action.ARCHIVE}),
        label=_("Archive"),
        icon="folder",
        lede=_("The case goes to the archive. Notes and re-checks may still be added."),
        submit=_("Archive this case"),
        take=lambda sent: _plain(sent, Action.ARCHIVE),
    ),
)
