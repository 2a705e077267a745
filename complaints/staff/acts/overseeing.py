"""督办: the level above looks in, the unit answers, the level above is satisfied."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action
from complaints.services import supervision

from .forms import Act, memo
from .sent import with_memo

ACTS = (
    Act(
        slug=Action.ANSWER_SUPERVISION,
        actions=frozenset({Action.ANSWER_SUPERVISION}),
        label=_("Answer the supervision"),
        icon="comment",
        lede=_("The level above reads it and ends the supervision when it is satisfied."),
        submit=_("Hand in the answer"),
        fields=(memo(_("What was done, and by when the rest will be")),),
        take=with_memo(supervision.answer_supervision),
    ),
    Act(
        slug=Action.LIFT_SUPERVISION,
        actions=frozenset({Action.LIFT_SUPERVISION}),
        label=_("End the supervision"),
        icon="check",
        lede=_("The unit goes on by itself."),
        submit=_("End the supervision"),
        fields=(memo(_("What you found in order"), rows=3),),
        take=with_memo(supervision.lift_supervision),
    ),
    Act(
        slug=Action.SUPERVISE,
        actions=frozenset({Action.SUPERVISE}),
        label=_("Supervise"),
        icon="glasses",
        lede=_("The unit in charge must answer within %(supervision_working_days)d working days."),
        submit=_("Supervise this tip"),
        fields=(memo(_("What you want to know, and what must be done")),),
        take=with_memo(supervision.supervise),
        is_primary=False,
    ),
)
