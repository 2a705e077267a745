"""Reads of claims: those of one tip, the payer's queue, what waits for the daily task, where rewards are collected."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet

from complaints.enums import ClaimAct, ClaimState, ClaimWay, IdentityMode, RewardState, Role
from complaints.models import (
    ClaimStep,
    Membership,
    Office,
    RewardAssessment,
    RewardClaim,
    SealedClaim,
    Tip,
    UnsealRequest,
)
from complaints.policies import Person, audited_offices, may_audit, roles_held_by_unit, units_above
from complaints.rules import claims as rules

from .merging import lead_of

_TOLD: Mapping[ClaimState, frozenset[ClaimAct]] = {
    ClaimState.NOTICED: frozenset({ClaimAct.EXTEND, ClaimAct.UNPAY}),
    ClaimState.RELEASED: frozenset({ClaimAct.RELEASE}),
}
_RELATED = ("assessment__office", "assessment__proposer", "assessment__approver", "payer", "budget")


def claims_of(*, tip: Tip) -> list[RewardClaim]:
    """Return the claims of one tip with what the reporter reads of them, the newest first; two queries."""
    rows = RewardClaim.objects.filter(assessment__tip=tip).select_related("assessment__office")
    return list(rows.prefetch_related("steps").order_by("-pk"))


def claim_for_reporter(*, tip: Tip, number: str) -> RewardClaim | None:
    """Return the claim of one reward of a tip; without a number that of the newest one still to be collected."""
    rows = claims_of(tip=tip)
    if number:
        return next((row for row in rows if row.assessment.number == number), None)
    return next((row for row in rows if row.state == ClaimState.NOTICED), rows[0] if rows else None)


def told_reason(*, claim: RewardClaim) -> str:
    """Return why there is more time, why it has to be claimed anew, or why it was taken back; empty otherwise.

    Where a payment is repeated to the same details, what the payer wrote is for the payer.
    """
    told = _TOLD.get(claim.get_state(), frozenset())
    steps = sorted((step for step in claim.steps.all() if step.act in told), key=lambda step: step.pk)
    return steps[-1].reason if steps else ""


def place_of(*, office: Office) -> tuple[str, str]:
    """Return where rewards of a unit are collected in person, and its telephone: its own place, or that above.

    Empty where nobody has entered one.
    """
    rows = {row.pk: row for row in Office.objects.filter(pk__in=units_above(office_id=office.pk))}
    for key in units_above(office_id=office.pk):
        if rows[key].claim_place:
            return rows[key].claim_place, rows[key].phone
    return "", office.phone


def days_since_reply(*, claim: RewardClaim, day: date) -> int | None:
    """Return how many days after the answer to the reporter this day lies; None without an answer before it."""
    tip = claim.assessment.tip
    answered = lead_of(tip=tip).answered_date if tip is not None else None
    return (day - answered).days if answered is not None and answered <= day else None


def mode_of(*, tip: Tip) -> IdentityMode:
    """Return how a tip was reported."""
    return IdentityMode(tip.identity_mode)


# --- the payer's desk -----------------------------------------------------------------------------------------------


def paying_offices(*, user: Person) -> list[int]:
    """Return the units whose rewards a person pays: those themselves, not the ones below; no own query."""
    return [office for office, roles in roles_held_by_unit(user).items() if Role.PAYER in roles]


def may_see_payments(*, user: Person) -> bool:
    """Whether the pages of payments exist for this person: payers, and auditors who only look; no own query."""
    return bool(paying_offices(user=user)) or may_audit(user)


def reach_of(*, user: Person) -> Q:
    """Return the condition on units whose payments are this person's business."""
    offices = audited_offices(user) if may_audit(user) else []
    return Q() if offices is None else Q(pk__in={*offices, *paying_offices(user=user)})


def claims_for(*, user: Person) -> "QuerySet[RewardClaim]":
    """Return the claims that are this person's business as payer or auditor, the oldest notice first."""
    offices = Office.objects.filter(reach_of(user=user)).values("pk")
    rows = RewardClaim.objects.filter(assessment__office__in=offices).select_related(*_RELATED)
    return rows.order_by("noticed_date", "pk")


def claims_to_pay(*, office_id: int) -> "QuerySet[RewardClaim]":
    """Return the claims of a unit whose details are there and which nobody has paid yet, the oldest first."""
    rows = RewardClaim.objects.filter(assessment__office=office_id, state=ClaimState.CLAIMED)
    return rows.select_related("assessment").order_by("claimed_date", "pk")


def newest_opening(*, claim: RewardClaim, user: Person) -> UnsealRequest | None:
    """Return what this person asked for last about the payment details of a claim, or None."""
    rows = UnsealRequest.objects.filter(tip=claim.assessment.tip_id, asker=user.pk, target="claim")
    return rows.order_by("-pk").first()


def had_part(*, user: Person, tip: Tip) -> bool:
    """Whether this person proposed or approved a reward of a tip, and so is not the third who pays it."""
    rows = RewardAssessment.objects.filter(tip=tip, state=RewardState.APPROVED)
    return rows.filter(Q(proposer=user.pk) | Q(approver=user.pk)).exists()


def is_other_claimed(*, claim: RewardClaim) -> bool:
    """Whether another reward of the same tip is being paid by the details that lie at it."""
    rows = RewardClaim.objects.filter(assessment__tip=claim.assessment.tip_id, state=ClaimState.CLAIMED)
    return claim.assessment.tip_id is not None and rows.exclude(pk=claim.pk).exists()


def holds_details(*, claim: RewardClaim) -> bool:
    """Whether the details that lie at the tip were given for this claim, not for a later one of the same tip."""
    if not has_details(claim=claim):
        return False
    steps = ClaimStep.objects.filter(claim__assessment__tip=claim.assessment.tip_id, act=ClaimAct.CLAIM)
    return steps.order_by("-pk").values_list("claim", flat=True).first() == claim.pk


def must_ask_anew(*, claim: RewardClaim) -> bool:
    """Whether a payment that is undone can be repeated only after the reporter has come again."""
    if claim.way == ClaimWay.COUNTER:
        return True
    return claim.assessment.tip_id is not None and not holds_details(claim=claim)


def has_details(*, claim: RewardClaim) -> bool:
    """Whether sealed payment details lie at the tip of a claim."""
    return SealedClaim.objects.filter(tip=claim.assessment.tip_id).exists()


# --- what the calendar asks for --------------------------------------------------------------------------------------


def noticed_claims() -> "QuerySet[RewardClaim]":
    """Return the claims nobody has come for yet."""
    return RewardClaim.objects.filter(state=ClaimState.NOTICED).order_by("pk")


def called_out(*, today: date) -> list[str]:
    """Return the numbers of the tips whose reward waits to be collected and is called out, in their order."""
    rows = noticed_claims().filter(reminded_date__isnull=False, assessment__tip__isnull=False)
    found = {
        row.assessment.tip.number
        for row in rows.select_related("assessment__tip")
        if row.assessment.tip is not None and not rules.is_over(row.term, today=today)
    }
    return sorted(found)


def people_of_claims(*, office_id: int) -> list[int]:
    """Return whom a reward nobody comes for concerns: the payers of its unit, and its approvers or those above."""
    chain = units_above(office_id=office_id)
    wanted = Q(role=Role.PAYER, office=office_id) | Q(role=Role.REWARD_APPROVER, office__in=chain)
    held = Membership.objects.filter(wanted, office__is_active=True, user__is_active=True)
    return list(held.order_by("user").values_list("user_id", flat=True).distinct())
