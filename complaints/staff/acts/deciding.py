"""受理审查: screening, accepting, declining, passing on what is another body's, merging what was told twice."""

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from complaints.enums import Action, DeclineReason
from complaints.services import assignment, merging
from complaints.services.handling import record_step

from .forms import Act, Field, Kind, Situation, codes_of, note, note_if_liked
from .sent import Sent


def _body(situation: Situation) -> str:
    known = situation.choices.competent_body
    return known.name if known else ""


def _phone(situation: Situation) -> str:
    known = situation.choices.competent_body
    return known.phone if known else ""


def _why_it_goes_on(situation: Situation) -> str:
    """Return words for a tip of another body's industry, in Chinese like all words sealed to the receipt."""
    if situation.choices.competent_body is None:
        return ""
    with override("zh-hans"):
        return gettext(
            "This industry is theirs, not ours. We passed on what you wrote and your photos, nothing about you. "
            "From now on they answer for it; please ask there how it goes on."
        )


def _plain(sent: Sent, action: Action) -> object:
    return record_step(
        **sent.basics, action=action, texts=sent.texts("note", "memo"), reason=sent.text("reason")
    )


def _transfer(sent: Sent) -> object:
    words = sent.texts("body", "phone", "note")
    return assignment.transfer_out(**sent.basics, **words)


def _merge(sent: Sent) -> object:
    return merging.merge(**sent.basics, into_number=sent.text("into_number"), memo=sent.text("memo"))


ACTS = (
    Act(
        slug=Action.TRANSFER_OUT,
        actions=frozenset({Action.TRANSFER_OUT}),
        label=_("Transfer to the competent body"),
        icon="redirect",
        lede=_(
            "The tip leaves this bureau; the reporter reads which body goes on with it. "
            "A letter can be printed."
        ),
        submit=_("Transfer this tip"),
        fields=(
            Field(
                name="body",
                label=_("Competent body"),
                kind=Kind.LINE,
                is_required=True,
                usual=_body,
                longest=100,
            ),
            Field(
                name="phone",
                label=_("Its telephone"),
                kind=Kind.LINE,
                hint=_(
                    "The reporter is told it. From the list of competent bodies; look whether it is still right."
                ),
                usual=_phone,
                longest=30,
            ),
            note(
                _("Words to the reporter"),
                _("Why it goes on, and how to ask that body about it."),
                usual=_why_it_goes_on,
            ),
        ),
        take=_transfer,
    ),
    Act(
        slug=Action.ACCEPT,
        actions=frozenset({Action.ACCEPT}),
        label=_("Accept"),
        icon="check",
        lede=_(
            "The tip must then be concluded within %(close_days)d days. "
            "The reporter sees at once that it was accepted."
        ),
        submit=_("Accept this tip"),
        fields=(note_if_liked(),),
        take=lambda sent: _plain(sent, Action.ACCEPT),
    ),
    Act(
        slug=Action.DECLINE,
        actions=frozenset({Action.DECLINE}),
        label=_("Decline"),
        icon="circle-xmark",
        lede=_("The reporter reads the reason and your words. This cannot be taken back."),
        submit=_("Decline and tell the reporter"),
        fields=(
            Field(
                name="reason",
                label=_("Reason"),
                kind=Kind.ONE,
                is_required=True,
                options=codes_of(DeclineReason.choices),
            ),
            note(_("Words to the reporter"), _("Why it is not taken, and who is the right one to turn to.")),
        ),
        take=lambda sent: _plain(sent, Action.DECLINE),
    ),
    Act(
        slug=Action.SCREEN,
        actions=frozenset({Action.SCREEN}),
        label=_("Begin screening"),
        icon="view",
        lede=_("The tip is being screened from now on. The period for the decision goes on."),
        submit=_("Begin screening"),
        take=lambda sent: _plain(sent, Action.SCREEN),
        is_primary=False,
    ),
    Act(
        slug=Action.MERGE,
        actions=frozenset({Action.MERGE}),
        label=_("Merge into another tip"),
        icon="copy",
        lede=_(
            "The earlier tip goes on, this one ends. "
            "Both receipts stay alive, and the order of acceptance stays."
        ),
        submit=_("Merge this tip"),
        fields=(
            Field(
                name="into_number",
                label=_("Number of the tip that goes on"),
                kind=Kind.LINE,
                is_required=True,
                hint=_("Such as AS-2026-7K3M9Q. It must be in your reach and still open."),
                longest=20,
            ),
            Field(name="memo", label=_("Why it is the same thing"), hint=_("For colleagues only."), rows=3),
        ),
        take=_merge,
        is_primary=False,
    ),
)
