"""暂缓销毁: keeping a file past its period, and letting go of it again."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action
from complaints.services import holds

from .forms import Act, memo
from .sent import with_memo

ACTS = (
    Act(
        slug=Action.HOLD,
        actions=frozenset({Action.HOLD}),
        label=_("Hold back from destruction"),
        icon="lock",
        lede=_("The whole file stays past its period of keeping until a leader lifts the hold."),
        submit=_("Hold this file back"),
        fields=(memo(_("Which case, audit or inquiry needs it"), rows=3),),
        take=with_memo(holds.place_hold),
        is_primary=False,
    ),
    Act(
        slug=Action.LIFT_HOLD,
        actions=frozenset({Action.LIFT_HOLD}),
        label=_("Lift the hold"),
        icon="lock-open",
        lede=_("If the period of keeping is over, the file is destroyed by the next daily task, for good."),
        submit=_("Lift the hold"),
        fields=(memo(_("Why it is not needed any more"), rows=3),),
        take=with_memo(holds.lift_hold),
        is_primary=False,
    ),
)
