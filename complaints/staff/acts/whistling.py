"""镇街吹哨、区县报到: raising a whistle, answering it, arriving, returning it."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action
from complaints.services import whistles

from .forms import Act, memo
from .sent import as_it_is, with_memo

ACTS = (
    Act(
        slug=Action.ANSWER_WHISTLE,
        actions=frozenset({Action.ANSWER_WHISTLE}),
        label=_("Report for duty and take the lead"),
        icon="check",
        lede=_(
            "Your unit leads from now on and comes within %(arrival_working_days)d working days; "
            "the town inspects."
        ),
        submit=_("Report for duty and take the lead"),
        take=as_it_is(whistles.answer_whistle),
    ),
    Act(
        slug=Action.RETURN_WHISTLE,
        actions=frozenset({Action.RETURN_WHISTLE}),
        label=_("Return the whistle"),
        icon="arrow-left",
        lede=_("The town goes on alone and reads why."),
        submit=_("Return the whistle"),
        fields=(memo(_("Why the district does not come")),),
        take=with_memo(whistles.return_whistle),
    ),
    Act(
        slug=Action.WITHDRAW_WHISTLE,
        actions=frozenset({Action.WITHDRAW_WHISTLE}),
        label=_("Take the whistle back"),
        icon="arrow-left",
        lede=_("The district need not come; whoever leads by now goes on leading."),
        submit=_("Take the whistle back"),
        fields=(memo(_("Why the district is not needed after all"), rows=3),),
        take=with_memo(whistles.withdraw_whistle),
        is_primary=False,
    ),
    Act(
        slug=Action.ARRIVE,
        actions=frozenset({Action.ARRIVE}),
        label=_("Arrive on site"),
        icon="pick",
        lede=_("The whistle ends. What was found is recorded as an inspection."),
        submit=_("Record the arrival"),
        fields=(memo(_("Who came, and what was agreed with the town"), rows=3),),
        take=with_memo(whistles.arrive),
    ),
    Act(
        slug=Action.WHISTLE,
        actions=frozenset({Action.WHISTLE}),
        label=_("Whistle for the district"),
        icon="warning",
        lede=_(
            "The district must answer within %(whistle_hours)d hours; the record shows who waited for whom."
        ),
        submit=_("Whistle for the district"),
        fields=(
            memo(
                _("What you need the district for"),
                _("The danger, what the town cannot do itself, how urgent it is."),
            ),
        ),
        take=with_memo(whistles.whistle),
    ),
)
