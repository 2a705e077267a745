"""Reward budgets of the demonstration: each unit that has a payer, for the years in which its rewards fall."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from complaints.enums import Role
from complaints.models import Membership, RewardBudget
from complaints.services.ledger import appropriate

AMOUNT = Decimal(600000)
# In the first days of the year; where the first reward of the demonstration lies before that, before it.
AT_THE_LATEST = timedelta(days=100)


def load_budgets(*, now: datetime, first_year: int) -> None:
    """Appropriate the budgets that are missing, each by the payer of the unit."""
    payers = Membership.objects.filter(role=Role.PAYER).select_related("user").order_by("pk")
    for year in range(first_year, timezone.localdate(now).year + 1):
        begins = datetime(year, 1, 5, 9, 30, tzinfo=timezone.get_default_timezone())
        for payer in payers:
            if not RewardBudget.objects.filter(office=payer.office_id, year=year).exists():
                at = min(begins, now - AT_THE_LATEST)
                appropriate(office_id=payer.office_id, year=year, amount=AMOUNT, actor=payer.user, at=at)
