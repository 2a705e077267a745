"""Compares ledger, states and audit log of all rewards and budgets; fails where they do not agree. Changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from complaints.selectors.reconciliation import reconcile


class Command(BaseCommand):
    """`manage.py reconcile_rewards`."""

    help = (
        "Compare ledger, states and audit log of rewards and budgets; exit status 1 where they do not agree."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was compared, then each difference."""
        found = reconcile()
        values = {"rewards": found.rewards, "budgets": len(found.budgets)}
        self.stdout.write(_("Compared: %(rewards)d rewards, %(budgets)d budgets.") % values)
        for one in found.differences:
            self.stdout.write(f"{one.subject}: {one.fault.label}")
        if not found.agrees:
            raise CommandError(_("Ledger, states and audit log do not agree."))
        self.stdout.write(_("Ledger, states and audit log agree."))
