"""What each figure says, in words: the one table that pages, exports and bulletins show beside the numbers.

A figure stands here only when its records exist; nothing is shown as zero because nobody could enter it.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.enums import DeclineReason, Result

from .units import Text
from .units import Unit as Unit  # noqa: PLC0414  figures and their units are imported from here


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure: its stored code, its name, what it counts, in what unit, and the rule it measures.

    `of` names, for a share or a mean, the counts it is worked out from: the sum of the first over the second.
    """

    code: str
    name: Text
    definition: Text
    unit: Unit
    basis: str
    of: tuple[tuple[str, ...], str] | None = None


REASON_CODES = {reason: f"declined_{reason.value}" for reason in DeclineReason}
RESULT_CODES = {result: f"result_{result.value}" for result in Result}
_TIPS_106, _PLAN = "应急〔2023〕106号", "工作要点 第7条"
_CLOSE_19, _LAW_73 = "安监总财〔2018〕19号", "安全生产法 第73条"
_LAW_65, _WHISTLE = "安全生产法 第65条", "工作要点 第4条"
_SUPERVISED, _CRIME = "工作要点 第14条", "行政执法机关移送涉嫌犯罪案件的规定"

_INTAKE = (
    Figure(
        code="received",
        name=_("Received"),
        definition=_("Tips whose day of receipt lies in the period, whatever became of them."),
        unit=Unit.TIPS,
        basis=_PLAN,
    ),
    Figure(
        code="accepted",
        name=pgettext_lazy("figure", "Accepted"),
        definition=_("Decisions in the period to accept a tip."),
        unit=Unit.TIPS,
        basis=_TIPS_106,
    ),
    Figure(
        code="declined",
        name=pgettext_lazy("figure", "Declined"),
        definition=_("Decisions in the period not to accept a tip; each has one coded reason."),
        unit=Unit.TIPS,
        basis=_TIPS_106,
    ),
    *(
        Figure(
            code=code,
            name=reason.label,
            definition=_("Tips declined in the period for this reason."),
            unit=Unit.TIPS,
            basis=_TIPS_106,
        )
        for reason, code in REASON_CODES.items()
    ),
    Figure(
        code="transferred",
        name=pgettext_lazy("figure", "Transferred"),
        definition=_("Tips passed on in the period to another body that is competent."),
        unit=Unit.TIPS,
        basis=_LAW_73,
    ),
    Figure(
        code="merged",
        name=pgettext_lazy("figure", "Merged"),
        definition=_("Tips put together in the period with an earlier tip about the same matter."),
        unit=Unit.TIPS,
        basis=_TIPS_106,
    ),
    Figure(
        code="withdrawn",
        name=_("Withdrawn"),
        definition=_(
            "Tips withdrawn by their reporters in the period; the danger is looked into all the same."
        ),
        unit=Unit.TIPS,
        basis=_TIPS_106,
    ),
)

_WORK = (
    Figure(
        code="concluded",
        name=_("Concluded"),
        definition=_(
            "Periods for conclusion that ended in the period because something was done about the danger or because "
            "the tip was found not confirmed. Transfers and mergers do not count; a case reopened counts again."
        ),
        unit=Unit.TIPS,
        basis=_CLOSE_19,
    ),
    Figure(
        code="on_time",
        name=_("Concluded on time"),
        definition=_(
            "Of the concluded tips those within 60 days of acceptance, or within a granted extension."
        ),
        unit=Unit.TIPS,
        basis=_CLOSE_19,
    ),
    Figure(
        code="on_time_share",
        name=_("On time"),
        definition=_("Concluded on time, as a share of the concluded tips."),
        unit=Unit.PERCENT,
        basis=_CLOSE_19,
        of=(("on_time",), "concluded"),
    ),
    Figure(
        code="replied",
        name=pgettext_lazy("figure", "Answered"),
        definition=_("Answers with the four required items given to reporters in the period."),
        unit=Unit.TIPS,
        basis=_TIPS_106,
    ),
    Figure(
        code="conclusions",
        name=_("Results signed"),
        definition=_(
            "Results of verifications signed by a leader in the period; after a review a new one counts."
        ),
        unit=Unit.TIPS,
        basis=_LAW_73,
    ),
    *(
        Figure(
            code=code,
            name=result.label,
            definition=_("Results signed in the period with this finding."),
            unit=Unit.TIPS,
            basis=_TIPS_106,
        )
        for result, code in RESULT_CODES.items()
    ),
    Figure(
        code="verified_share",
        name=_("Verified"),
        definition=_("Results true or partly true, as a share of the results signed in the period."),
        unit=Unit.PERCENT,
        basis=_PLAN,
        of=((RESULT_CODES[Result.TRUE], RESULT_CODES[Result.PARTLY_TRUE]), "conclusions"),
    ),
    Figure(
        code="orders",
        name=_("Orders to rectify"),
        definition=_("Orders to put a danger right, decided in the period."),
        unit=Unit.TIMES,
        basis=_LAW_65,
    ),
    Figure(
        code="hazards_removed",
        name=_("Dangers removed"),
        definition=_("Orders that a re-check in the period found fulfilled."),
        unit=Unit.TIMES,
        basis=_LAW_65,
    ),
    Figure(
        code="fines",
        name=pgettext_lazy("figure", "Fines"),
        definition=_("Decisions in the period that impose a fine."),
        unit=Unit.TIMES,
        basis=_PLAN,
    ),
    Figure(
        code="fine_amount",
        name=_("Amount of fines"),
        definition=_("Sum of the fines decided in the period."),
        unit=Unit.YUAN,
        basis=_PLAN,
    ),
    Figure(
        code="referrals",
        name=_("Handed to the police"),
        definition=_("Cases handed to the police in the period."),
        unit=Unit.TIMES,
        basis=_CRIME,
    ),
)

_TOGETHER = (
    Figure(
        code="whistles",
        name=_("Whistles"),
        definition=_("Whistles raised by towns in the period."),
        unit=Unit.TIMES,
        basis=_WHISTLE,
    ),
    Figure(
        code="whistles_due",
        name=_("Whistles to be judged"),
        definition=_(
            "Of the whistles raised in the period those answered, and those whose hours ran out without an answer. One "
            "that still has time, or was taken back in time, is not judged."
        ),
        unit=Unit.TIMES,
        basis=_WHISTLE,
    ),
    Figure(
        code="whistles_answered",
        name=_("Whistles answered"),
        definition=_("Of the whistles raised in the period those taken up or returned."),
        unit=Unit.TIMES,
        basis=_WHISTLE,
    ),
    Figure(
        code="whistles_in_time",
        name=_("Whistles taken up in time"),
        definition=_("Of the whistles raised in the period those taken up within their hours."),
        unit=Unit.TIMES,
        basis=_WHISTLE,
    ),
    Figure(
        code="whistles_share",
        name=_("Share of whistles taken up in time"),
        definition=_(
            "Whistles taken up in time, as a share of the whistles raised in the period that can be judged."
        ),
        unit=Unit.PERCENT,
        basis=_WHISTLE,
        of=(("whistles_in_time",), "whistles_due"),
    ),
    Figure(
        code="supervisions",
        name=_("Supervisions"),
        definition=_("Supervisions by the level above that began in the period."),
        unit=Unit.TIMES,
        basis=_SUPERVISED,
    ),
    Figure(
        code="extensions",
        name=_("Extensions granted"),
        definition=_("Extensions of the period for conclusion granted in the period: once, at most 30 days."),
        unit=Unit.TIMES,
        basis=_CLOSE_19,
    ),
    Figure(
        code="objections",
        name=_("Objections"),
        definition=_("Objections raised by reporters in the period."),
        unit=Unit.TIMES,
        basis=_TIPS_106,
    ),
    Figure(
        code="objections_upheld",
        name=_("Answers upheld"),
        definition=_("Reviews that ended in the period with the answer upheld."),
        unit=Unit.TIMES,
        basis=_TIPS_106,
    ),
    Figure(
        code="objections_reopened",
        name=_("Cases reopened"),
        definition=_("Reviews that ended in the period with the case reopened."),
        unit=Unit.TIMES,
        basis=_TIPS_106,
    ),
    Figure(
        code="ratings",
        name=_("Ratings"),
        definition=_("Ratings given by reporters in the period, from 1 to 5 points."),
        unit=Unit.TIMES,
        basis=_PLAN,
    ),
    Figure(
        code="satisfaction",
        name=_("Satisfaction"),
        definition=_("Mean of the ratings given in the period."),
        unit=Unit.SCORE,
        basis=_PLAN,
        of=(("rating_points",), "ratings"),
    ),
)

_REWARDS = (
    Figure(
        code="rewards_paid",
        name=_("Rewards paid"),
        definition=_(
            "Rewards paid in the period for tips found true; a payment that came back does not count."
        ),
        unit=Unit.TIMES,
        basis=_CLOSE_19,
    ),
    Figure(
        code="reward_amount",
        name=_("Amount of rewards"),
        definition=_("Sum of the rewards paid in the period."),
        unit=Unit.YUAN,
        basis=_CLOSE_19,
    ),
    Figure(
        code="rewards_answered",
        name=_("Rewards paid after the answer"),
        definition=_("Of the rewards paid in the period those whose reporter had been answered before."),
        unit=Unit.TIMES,
        basis=_CLOSE_19,
    ),
    Figure(
        code="reward_wait",
        name=_("From answer to payment"),
        definition=_("Mean of the days from the answer to the reporter to the payment, over these."),
        unit=Unit.DAYS,
        basis=_CLOSE_19,
        of=(("reward_days",), "rewards_answered"),
    ),
    Figure(
        code="rewards_forfeited",
        name=_("Rewards lapsed"),
        definition=_("Rewards that lapsed in the period because nobody collected them in time."),
        unit=Unit.TIMES,
        basis=_CLOSE_19,
    ),
)

FIGURES: tuple[Figure, ...] = (*_INTAKE, *_WORK, *_TOGETHER, *_REWARDS)
FIGURE = {figure.code: figure for figure in FIGURES}


class Stage(StrEnum):
    """One stretch of the way of a tip, with median and ninth decile."""

    DECIDE = "decide"
    VERIFY = "verify"
    DISPOSE = "dispose"
    REPLY = "reply"
    WHOLE = "whole"


STAGES: tuple[Figure, ...] = (
    Figure(
        code=Stage.DECIDE,
        name=_("Decision on acceptance"),
        definition=_("Working days from receipt to the decision to accept, decline, pass on or merge."),
        unit=Unit.WORKING_DAYS,
        basis=_TIPS_106,
    ),
    Figure(
        code=Stage.VERIFY,
        name=_("Verification"),
        definition=_("Days from acceptance, or from the reopening, to the signed result."),
        unit=Unit.DAYS,
        basis=_CLOSE_19,
    ),
    Figure(
        code=Stage.DISPOSE,
        name=pgettext_lazy("figure", "Measures"),
        definition=_("Days from the signed result to the first measure, where a danger was confirmed."),
        unit=Unit.DAYS,
        basis=_CLOSE_19,
    ),
    Figure(
        code=Stage.REPLY,
        name=pgettext_lazy("figure", "Answer"),
        definition=_("Days from the signed result to the answer."),
        unit=Unit.DAYS,
        basis=_TIPS_106,
    ),
    Figure(
        code=Stage.WHOLE,
        name=_("Acceptance to conclusion"),
        definition=_("Days from acceptance to conclusion, without the days on which the period was paused."),
        unit=Unit.DAYS,
        basis=_CLOSE_19,
    ),
)
