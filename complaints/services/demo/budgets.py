"""Reward budgets of the demonstration: each unit that has a payer, for the year it is loaded in."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from complaints.enums import Role
from complaints.models import Membership, RewardBudget
from complaints.services.ledger import appropriate

AMOUNT = Decimal(600000)


def load_budgets(*, at: datetime) -> None:
    """Appropriate the budgets that are missing, each by the payer of the unit."""
    year = timezone.localdate(at).year
    payers = Membership.objects.filter(role=Role.PAYER).select_related("user").order_by("pk")
    for payer in payers:
        if not RewardBudget.objects.filter(office=payer.office_id, year=year).exists():
            appropriate(office_id=payer.office_id, year=year, amount=AMOUNT, actor=payer.user, at=at)
