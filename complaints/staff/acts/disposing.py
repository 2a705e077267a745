"""处置: measures about a confirmed danger."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action, Measure
from complaints.selectors.referrals import is_with_police
from complaints.services import results

from .forms import Act, Field, Kind, Option, Situation, today_of
from .sent import Sent


def _measures(situation: Situation) -> list[Option]:
    """A referral goes its own way with its own clocks; it is a measure once the police have the case."""
    is_open = is_with_police(tip=situation.tip)
    return [(value, label) for value, label in Measure.choices if is_open or value != Measure.REFERRAL]


def _dispose(sent: Sent) -> object:
    draft = results.MeasureDraft(
        measure=sent.code("measure", Measure),
        decided_date=sent.day("decided_date"),
        words=sent.text("words"),
        decision_number=sent.text("decision_number"),
        fine_amount=sent.money_or_none("fine_amount"),
        rectify_by=sent.day_or_none("rectify_by"),
    )
    sent.check()
    return results.record_measure(**sent.basics, draft=draft)


ACTS = (
    Act(
        slug=Action.DISPOSE,
        actions=frozenset({Action.DISPOSE}),
        label=_("Record a measure"),
        icon="form",
        lede=_(
            "The period for conclusion ends with the first measure. "
            "A penalty is to be published within %(publish_working_days)d working days."
        ),
        submit=_("Record this measure"),
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
        take=_dispose,
    ),
)
