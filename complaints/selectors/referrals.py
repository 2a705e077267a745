"""Reads of criminal referrals: the newest one, who may form a team, what is late, and what its papers tell."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from complaints.models import Conclusion, Disposal, Evidence, Inspection, Membership, Referral, Tip
from complaints.policies import HANDLING_ROLES, Person, tips_visible_to

from .merging import together

_WORDS = ("offence_sealed", "facts_sealed", "goods_sealed", "appraisal_sealed", "other_sealed")


@dataclass(frozen=True, kw_only=True)
class ReferralRecord:
    """What the papers are made from; words of reporters are not part of it, the photos of merged tips are."""

    officers: list[User]
    inspections: list[Inspection]
    conclusion: Conclusion | None
    disposals: list[Disposal]
    photos: list[Evidence]


def newest_referral(*, tip: Tip) -> Referral | None:
    """Return the referral that counts: the newest."""
    return tip.referrals.select_related("decided_by").order_by("pk").last()


def awaited_day(referral: Referral) -> date | None:
    """Return the last day a referral waits for now, None while hours run and when nothing is waited for."""
    if referral.is_referred is None:
        return referral.decide_by
    if referral.transferred_at is None:
        return None
    if referral.is_filed is None:
        return referral.answer_by
    return None if referral.is_filed or referral.reconsidered_date else referral.reconsider_by


def team_of_proposal(*, tip: Tip) -> frozenset[int]:
    """Return the keys of the people in the team of the referral that waits for a decision; one query."""
    rows = tip.referrals.filter(decided_at=None, officers__isnull=False)
    return frozenset(rows.values_list("officers", flat=True))


def is_with_police(*, tip: Tip) -> bool:
    """Say whether a referral of this tip was ever handed to the police; one query."""
    return tip.referrals.filter(transferred_at__isnull=False).exists()


def team_choices(*, tip: Tip) -> list[User]:
    """Return who may be in a team: active handlers of the unit in charge, by name."""
    held = Membership.objects.filter(office=tip.handling_unit_id, role__in=HANDLING_ROLES)
    rows = User.objects.filter(is_active=True, memberships__in=held).distinct()
    return sorted(rows, key=lambda row: row.get_full_name() or row.get_username())


def overdue_referrals(*, now: datetime) -> "QuerySet[Referral]":
    """Return all referrals past their day or hour: they wait for a decision, the hand-over or the police."""
    today = timezone.localdate(now)
    return Referral.objects.filter(_undecided(today) | _not_handed_over(now) | _without_answer(today))


def late_decisions(*, today: date) -> "QuerySet[Referral]":
    """Return referrals nobody decided on by their day."""
    return Referral.objects.filter(_undecided(today))


def late_hand_overs(*, now: datetime) -> "QuerySet[Referral]":
    """Return referrals decided on that were not handed over by their hour."""
    return Referral.objects.filter(_not_handed_over(now))


def silent_police(*, today: date) -> "QuerySet[Referral]":
    """Return referrals the police have not answered by their day and of which nobody was reminded since."""
    not_reminded = Q(reminded_date=None) | Q(reminded_date__lte=F("answer_by"))
    return Referral.objects.filter(_without_answer(today) & not_reminded)


def _undecided(today: date) -> Q:
    return Q(is_referred=None, decide_by__lt=today)


def _not_handed_over(now: datetime) -> Q:
    return Q(is_referred=True, transferred_at=None, transfer_by__lt=now)


def _without_answer(today: date) -> Q:
    return Q(transferred_at__isnull=False, is_filed=None, answer_by__lt=today)


def late_referrals(*, user: Person, now: datetime) -> "QuerySet[Referral]":
    """Return the overdue referrals within scope, the longest waiting first, without their words."""
    seen = Exists(tips_visible_to(user).filter(pk=OuterRef("tip_id")))
    rows = overdue_referrals(now=now).filter(seen).select_related("tip__handling_unit")
    return rows.defer(*_WORDS).order_by("proposed_date", "pk")


def record_for_papers(*, tip: Tip, referral: Referral) -> ReferralRecord:
    """Return everything the five papers tell; the caller has checked the right to read the tip."""
    return ReferralRecord(
        officers=list(referral.officers.order_by("pk")),
        inspections=list(tip.inspections.select_related("office").order_by("pk")),
        conclusion=tip.conclusions.filter(is_confirmed=True).last(),
        disposals=list(tip.disposals.signed().order_by("pk")),
        photos=sorted(
            Evidence.objects.filter(together(tip=tip, path="tip")).select_related("tip", "inspection"),
            key=lambda row: (row.inspection_id or 0, row.tip_id != tip.pk, row.tip_id, row.position, row.pk),
        ),
    )
