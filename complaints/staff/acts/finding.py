"""核查 and 结论: verification, inspections with photos, the result two people stand for."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action, Result
from complaints.services import inspections, results
from complaints.services.handling import record_step

from .forms import Act, Field, Kind, Situation, codes_of, memo, note_if_liked, today_of
from .sent import Sent, as_it_is, with_memo

YES, NO = "yes", "no"


def _verify(sent: Sent) -> object:
    return record_step(**sent.basics, action=Action.VERIFY, texts=sent.texts("note"))


def _who_inspects(situation: Situation) -> str:
    return situation.user.get_full_name()


def _nobody_went(situation: Situation) -> bool:
    """There is no result without a verification: what needs no visit says how it was verified (services.results)."""
    return not situation.is_inspected


def _record(sent: Sent, *, is_recheck: bool) -> object:
    draft = inspections.InspectionDraft(
        visited_date=sent.day("visited_date"),
        **sent.texts("inspectors", "findings", "orders"),
        is_recheck=is_recheck,
        is_removed={YES: True, NO: False}.get(sent.text("is_removed")),
    )
    sent.check()
    return inspections.record_inspection(
        **sent.basics, draft=draft, uploads=sent.uploads, vault_fingerprint=sent.vault_fingerprint
    )


def _conclude(sent: Sent) -> object:
    result = sent.code("result", Result)
    sent.check()
    return results.propose_result(
        **sent.basics, result=result, texts=sent.texts("findings", "measures", "basis")
    )


_VISIT = (
    Field(name="visited_date", label=_("Day of the visit"), kind=Kind.DAY, is_required=True, usual=today_of),
    Field(
        name="inspectors",
        label=_("Inspectors"),
        kind=Kind.LINE,
        is_required=True,
        usual=_who_inspects,
        longest=200,
        hint=_("At least two names with 、 between them, as on the record of the visit."),
    ),
    Field(
        name="findings",
        label=_("What was found"),
        is_required=True,
        hint=_("Time, place, what you looked at, what you found. Nothing about the reporter."),
    ),
)
_AFTER = (
    Field(
        name="orders",
        label=_("What was ordered on the spot"),
        hint=_("Such as stopping the work. Leave empty if nothing."),
        rows=2,
    ),
    Field(
        name="photos",
        label=_("Photos"),
        kind=Kind.PHOTOS,
        hint=_("Up to 9 photos. What the camera wrote into them is removed, the originals are sealed."),
    ),
)
_REMOVED = Field(
    name="is_removed",
    label=_("Is the danger removed?"),
    kind=Kind.ONE,
    is_required=True,
    options=codes_of([(YES, _("Removed")), (NO, _("Not removed"))]),
)

ACTS = (
    Act(
        slug=Action.APPROVE_RESULT,
        actions=frozenset({Action.APPROVE_RESULT, Action.APPROVE_UNFOUNDED}),
        label=_("Sign the result"),
        icon="check",
        lede=_(
            "You stand for it as the responsible leader. "
            "The reporter must then be answered within %(reply_days)d days."
        ),
        submit=_("Sign the result"),
        take=as_it_is(results.confirm_result),
    ),
    Act(
        slug=Action.RETURN_RESULT,
        actions=frozenset({Action.RETURN_RESULT}),
        label=_("Return the result"),
        icon="arrow-left",
        lede=_("The verification goes on; the officer reads what is missing."),
        submit=_("Return the result"),
        fields=(memo(_("What is missing")),),
        take=with_memo(results.return_result),
    ),
    Act(
        slug=Action.CONCLUDE,
        actions=frozenset({Action.CONCLUDE, Action.CONCLUDE_UNFOUNDED}),
        label=_("Record the result"),
        icon="check",
        lede=_(
            "A leader signs it next; once signed, the reporter must be answered within %(reply_days)d days."
        ),
        submit=_("Hand in the result"),
        fields=(
            Field(
                name="result",
                label=_("Result of the verification"),
                kind=Kind.ONE,
                is_required=True,
                options=codes_of(Result.choices),
            ),
            Field(
                name="basis",
                label=_("How it was verified without a visit"),
                is_required=True,
                is_asked=_nobody_went,
                rows=3,
                hint=_(
                    "No inspection is recorded. If somebody was there, record it first; "
                    "else say what was looked at: papers, calls, other bodies. It goes into the file and the answer."
                ),
            ),
            Field(
                name="findings",
                label=_("What was found, in short"),
                is_required=True,
                hint=_("Time, place, what you looked at, what you found. Nothing about the reporter."),
            ),
            Field(
                name="measures",
                label=_("Measures proposed"),
                rows=3,
                hint=_(
                    "Needed when the tip is true or partly true: "
                    "orders, penalty case, referral, with the time limit."
                ),
            ),
        ),
        take=_conclude,
    ),
    Act(
        slug=Action.INSPECT,
        actions=frozenset({Action.INSPECT}),
        label=_("Record an inspection"),
        icon="clipboard-list",
        lede=_(
            "The visit becomes part of the file. An accepted tip is being verified from then on; a review goes on."
        ),
        submit=_("Record this inspection"),
        fields=(*_VISIT, *_AFTER),
        take=lambda sent: _record(sent, is_recheck=False),
    ),
    Act(
        slug=Action.VERIFY,
        actions=frozenset({Action.VERIFY}),
        label=_("Begin verification"),
        icon="search",
        lede=_("The reporter sees that it is being verified. The period goes on."),
        submit=_("Begin verification"),
        fields=(note_if_liked(),),
        take=_verify,
    ),
    Act(
        slug=Action.RECHECK,
        actions=frozenset({Action.RECHECK}),
        label=_("Record a re-check"),
        icon="clipboard-list",
        lede=_("When the danger is removed, open orders to rectify are settled with the day of this visit."),
        submit=_("Record this re-check"),
        fields=(*_VISIT[:2], _REMOVED, _VISIT[2], *_AFTER),
        take=lambda sent: _record(sent, is_recheck=True),
    ),
)
