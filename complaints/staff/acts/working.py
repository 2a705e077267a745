"""承办: who works on a tip, dispatching, handing back, escalating, units called in and released."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action
from complaints.services import assignment

from .forms import Act, Field, Kind, Option, Situation, memo
from .sent import Sent, with_memo


def _units(situation: Situation) -> list[Option]:
    return [(str(row.pk), row.name) for row in situation.choices.dispatchable]


def _joinable(situation: Situation) -> list[Option]:
    return [(str(row.pk), row.name) for row in situation.choices.joinable]


def _taking_part(situation: Situation) -> list[Option]:
    return [(str(row.pk), row.name) for row in situation.choices.taking_part]


def _colleagues(situation: Situation) -> list[Option]:
    return [(str(row.pk), row.get_full_name() or row.get_username()) for row in situation.choices.colleagues]


def _handler_now(situation: Situation) -> str:
    return str(situation.tip.handler_id or "")


def _dispatch(sent: Sent) -> object:
    office = sent.whole("office")
    sent.check()
    return assignment.dispatch(**sent.basics, office_id=office, memo=sent.text("memo"))


def _assign(sent: Sent) -> object:
    handler = sent.whole("handler")
    sent.check()
    return assignment.assign(**sent.basics, handler_id=handler, memo=sent.text("memo"))


def _join(sent: Sent) -> object:
    office = sent.whole("office")
    sent.check()
    return assignment.join_unit(**sent.basics, office_id=office, memo=sent.text("memo"))


def _release(sent: Sent) -> object:
    office = sent.whole("office")
    sent.check()
    return assignment.release_unit(**sent.basics, office_id=office)


ACTS = (
    Act(
        slug=Action.DISPATCH,
        actions=frozenset({Action.DISPATCH}),
        label=_("Dispatch to another unit"),
        icon="arrow-right-full",
        lede=_("That unit leads from now on. The period goes on and does not start anew."),
        submit=_("Dispatch this tip"),
        fields=(
            Field(name="office", label=_("Unit"), kind=Kind.PICK, is_required=True, options=_units),
            memo(_("Why, and what to do first")),
        ),
        take=_dispatch,
        is_useful=lambda situation: bool(situation.choices.dispatchable),
    ),
    Act(
        slug=Action.ASSIGN,
        actions=frozenset({Action.ASSIGN}),
        label=_("Assign to an officer"),
        icon="user",
        lede=_("The officer finds the tip under “mine”. Nothing else changes."),
        submit=_("Assign this tip"),
        fields=(
            Field(
                name="handler",
                label=_("Officer"),
                kind=Kind.PICK,
                is_required=True,
                options=_colleagues,
                usual=_handler_now,
            ),
            Field(
                name="memo",
                label=_("Words along with it, if you like"),
                hint=_("For colleagues only."),
                rows=2,
            ),
        ),
        take=_assign,
        is_useful=lambda situation: bool(situation.choices.colleagues),
    ),
    Act(
        slug=Action.HAND_BACK,
        actions=frozenset({Action.HAND_BACK}),
        label=_("Hand back"),
        icon="arrow-left",
        lede=_("The tip returns to the unit that dispatched it. The period goes on."),
        submit=_("Hand this tip back"),
        fields=(memo(_("Why it is not yours")),),
        take=with_memo(assignment.hand_back),
        is_primary=False,
    ),
    Act(
        slug=Action.ESCALATE,
        actions=frozenset({Action.ESCALATE}),
        label=_("Escalate: a death is involved"),
        icon="warning",
        lede=_(
            "A government at county level or above must verify it from now on. It can no longer be handed down. "
            "A tip that had ended is verified anew."
        ),
        submit=_("Escalate this tip"),
        fields=(memo(_("What is known of the death")),),
        take=with_memo(assignment.escalate),
        is_primary=False,
    ),
    Act(
        slug=Action.JOIN,
        actions=frozenset({Action.JOIN}),
        label=_("Call in a co-unit"),
        icon="group",
        lede=_("That unit sees the tip and may record inspections. Your unit stays in charge."),
        submit=_("Call this unit in"),
        fields=(
            Field(name="office", label=_("Unit"), kind=Kind.PICK, is_required=True, options=_joinable),
            memo(_("What it is to do")),
        ),
        take=_join,
        is_primary=False,
        is_useful=lambda situation: bool(situation.choices.joinable),
    ),
    Act(
        slug=Action.LEAVE,
        actions=frozenset({Action.LEAVE}),
        label=_("Release a co-unit"),
        icon="logout",
        lede=_("That unit no longer sees the tip. What it recorded stays."),
        submit=_("Release this unit"),
        fields=(
            Field(name="office", label=_("Unit"), kind=Kind.PICK, is_required=True, options=_taking_part),
        ),
        take=_release,
        is_primary=False,
        is_useful=lambda situation: bool(situation.choices.taking_part),
    ),
)
