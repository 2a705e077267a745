"""处置: measures about a confirmed danger, proposed by one and signed by another."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action, Measure
from complaints.selectors.referrals import is_with_police
from complaints.services import measures

from ..clockface import far_days_words
from .forms import Act, Field, Kind, Option, Situation, memo, today_of
from .sent import Sent, as_it_is, with_memo


def _measures(situation: Situation) -> list[Option]:
    """A referral goes its own way with its own clocks; it is a measure once the police have the case."""
    is_open = is_with_police(tip=situation.tip)
    return [(value, label) for value, label in Measure.choices if is_open or value != Measure.REFERRAL]


def _far_days(situation: Situation) -> str:
    return far_days_words(today=situation.today, overlay=situation.overlay)


def _propose(sent: Sent) -> object:
    draft = measures.MeasureDraft(
        measure=sent.code("measure", Measure),
        decided_date=sent.day("decided_date"),
        words=sent.text("words"),
        decision_number=sent.text("decision_number"),
        fine_amount=sent.money_or_none("fine_amount"),
        rectify_by=sent.day_or_none("rectify_by"),
    )
    sent.check()
    return measures.propose_measure(**sent.basics, draft=draft)


ACTS = (
    Act(
        slug=Action.DISPOSE,
        actions=frozenset({Action.DISPOSE}),
        label=_("Sign the measure"),
        icon="check",
        lede=_(
            "You stand for it as the responsible leader. The period for conclusion ends with the first signed measure. "
            "A penalty is to be published within %(publish_working_days)d working days of its decision."
        ),
        submit=_("Sign the measure"),
        take=as_it_is(measures.confirm_measure),
    ),
    Act(
        slug=Action.RETURN_MEASURE,
        actions=frozenset({Action.RETURN_MEASURE}),
        label=_("Return the measure"),
        icon="arrow-left",
        lede=_("The measure is not taken; the officer reads what is missing and may propose it anew."),
        submit=_("Return the measure"),
        fields=(memo(_("What is missing")),),
        take=with_memo(measures.return_measure),
    ),
    Act(
        slug=Action.PROPOSE_MEASURE,
        actions=frozenset({Action.PROPOSE_MEASURE}),
        label=_("Propose a measure"),
        icon="form",
        lede=_("A leader signs it next; only then it counts, and the period for conclusion ends."),
        submit=_("Hand in the measure"),
        fields=(
            Field(
                name="measure",
                label=_("Measure"),
                kind=Kind.ONE,
                is_required=True,
                options=_measures,
            ),
            Field(name="words", label=_("What was decided"), is_required=True, rows=3),
            Field(
                name="decided_date",
                label=_("Day of the decision"),
                kind=Kind.DAY,
                is_required=True,
                usual=today_of,
            ),
            Field(
                name="rectify_by",
                label=_("Rectify by"),
                kind=Kind.DAY,
                hint=_("Needed with an order to rectify."),
                warning=_far_days,
                only_with="measure=rectify,penalty",
            ),
            Field(
                name="decision_number",
                label=_("Decision number"),
                kind=Kind.LINE,
                hint=_("Needed with a penalty."),
                longest=60,
                only_with="measure=penalty",
            ),
            Field(
                name="fine_amount",
                label=_("Fine (yuan)"),
                kind=Kind.NUMBER,
                hint=_("With a penalty; leave empty if there is none."),
                longest=16,
                only_with="measure=penalty",
            ),
        ),
        take=_propose,
    ),
)
