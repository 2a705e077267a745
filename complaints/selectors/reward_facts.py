"""What the records say about the reward of one tip: whether one is due, who was first, the fines, the rule."""

from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from complaints.enums import Result, RewardState, Role, TipKind, TipStatus
from complaints.models import Disposal, Membership, RewardAssessment, RewardPolicy, Tip
from complaints.policies import REWARD_ROLES, Person, roles_by_unit, roles_over, units_above

from .merging import lead_of, order_of_acceptance
from .rewards import home_region, policy_on, signed_fines, signed_penalties

FOUNDED = frozenset({Result.TRUE, Result.PARTLY_TRUE})
# While a result is looked at anew nothing is decided by it.
SETTLED = frozenset(
    {TipStatus.VERIFIED, TipStatus.DISPOSED, TipStatus.REPLIED, TipStatus.CLOSED, TipStatus.ARCHIVED}
)
LIVE = frozenset({RewardState.PROPOSED, RewardState.APPROVED})
READING_ROLES = REWARD_ROLES | {Role.AUDITOR}
BY_FINE = frozenset({TipKind.VIOLATION, TipKind.MAJOR_HAZARD})


def is_due(*, tip: Tip) -> bool:
    """Whether a reward may be proposed: what the tip reported, itself or with others, is confirmed as true."""
    lead = lead_of(tip=tip)
    return lead.result in FOUNDED and lead.status in SETTLED


def accepted_on(*, tip: Tip) -> date:
    """Return the day whose rule counts; a tip merged before its own acceptance was accepted with the lead's."""
    return tip.accepted_date or lead_of(tip=tip).accepted_date or tip.received_date


def order_of(*, tip: Tip) -> int:
    """Return which reporter of this matter this one is, by order of acceptance, from 1 (R10)."""
    keys = [one.pk for one in order_of_acceptance(tip=tip)]
    return keys.index(tip.pk) + 1


def fines_for(*, tip: Tip, kind: TipKind) -> tuple[Decimal, ...]:
    """Return the fines an amount goes by, in yuan; none where the amount does not go by fines."""
    return signed_fines(tip=tip) if kind in BY_FINE else ()


def policy_for_tip(*, tip: Tip) -> RewardPolicy:
    """Return the rule of the day this tip was accepted; raises DraftInvalid when none or two count."""
    division = tip.district_id or home_region()
    return policy_on(day=accepted_on(tip=tip), division=division, industry=tip.industry)


def units_where(*, user: Person, roles: frozenset[Role]) -> list[int]:
    """Return the units towards which a person holds one of these roles, in the unit or above it; two queries."""
    return [office for office, held in roles_by_unit(user).items() if held & roles]


def tips_to_assess(*, user: Person) -> "QuerySet[Tip]":
    """Return the tips whose reward waits to be proposed (奖励待评) in the units a person proposes for, oldest first.

    Tips merged into another are reached from the one that leads.
    """
    offices = units_where(user=user, roles=frozenset({Role.REWARD_PROPOSER}))
    decided = RewardAssessment.objects.filter(
        Q(state__in=LIVE) | Q(state=RewardState.REFUSED), tip__isnull=False, is_special=False
    )
    rows = Tip.objects.filter(
        handling_unit__in=offices, merged_into=None, result__in=FOUNDED, status__in=SETTLED
    )
    return rows.exclude(pk__in=decided.values("tip")).select_related("handling_unit").order_by("pk")


def tip_to_assess(*, user: Person, number: str) -> Tip | None:
    """Return a tip of a unit this person proposes rewards for, or None; a foreign one looks like an unknown one."""
    tip = Tip.objects.select_related("handling_unit", "merged_into").filter(number=number).first()
    if tip is None:
        return None
    held = roles_over(user, office_id=lead_of(tip=tip).handling_unit_id)
    return tip if Role.REWARD_PROPOSER in held else None


def assessments_for(*, user: Person) -> "QuerySet[RewardAssessment]":
    """Return the rewards that are this person's business, newest first: of the own units and those below."""
    offices = units_where(user=user, roles=READING_ROLES)
    rows = RewardAssessment.objects.filter(office__in=offices)
    return rows.select_related(
        "tip", "office", "policy", "proposer", "approver", "filed_with", "claim__payer"
    )


def penalties_of(*, tip: Tip) -> list[Disposal]:
    """Return the penalties whose fines count for this tip, with their numbers; see `rewards.signed_fines`."""
    return list(signed_penalties(tip=tip))


def siblings_of(*, tip: Tip) -> list[Tip]:
    """Return the other tips of the same matter in order of acceptance."""
    return [one for one in order_of_acceptance(tip=tip) if one.pk != tip.pk]


def decides(*, user: Person, row: RewardAssessment) -> bool:
    """Whether this person's role reaches far enough: the unit or above it, or only above where the rule says so.

    Nobody in the system is above the top unit: there another approver of the same unit decides. Asks nothing about who
    proposed it.
    """
    chain = units_above(office_id=row.office_id)
    units = chain[1:] if row.needs_level_above and len(chain) > 1 else chain
    held = Membership.objects.filter(
        user_id=user.pk or 0, role=Role.REWARD_APPROVER, office__in=units, office__is_active=True
    )
    return bool(user.is_active) and held.exists()
