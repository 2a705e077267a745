"""Money for rewards: one budget per unit and year, and its ledger, of which no row is ever changed."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.enums import LedgerAccount, LedgerAct

from .office import Office
from .reward import RewardAssessment, from_cents


class RewardBudget(models.Model):
    """What a unit may spend in a year, in cents; the sums follow the ledger by one conditional update each."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="reward_budgets", verbose_name=_("unit")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    appropriated_cents = models.BigIntegerField(default=0)
    reserved_cents = models.BigIntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-year", "office")
        constraints = [
            models.UniqueConstraint(fields=("office", "year"), name="one_budget_a_year"),
            models.CheckConstraint(
                condition=Q(appropriated_cents__gte=F("reserved_cents") + F("paid_cents")),
                name="budget_never_overspent",
            ),
            models.CheckConstraint(
                condition=Q(reserved_cents__gte=0, paid_cents__gte=0), name="budget_not_negative"
            ),
        ]
        verbose_name = _("reward budget")
        verbose_name_plural = _("reward budgets")

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}"

    @property
    def available_cents(self) -> int:
        """What can still be decided on, in cents."""
        return self.appropriated_cents - self.reserved_cents - self.paid_cents

    @property
    def available_amount(self) -> Decimal:
        """The same in yuan."""
        return from_cents(self.available_cents)


class LedgerEntry(models.Model):
    """One side of a movement of money, in cents; the rows of one `movement` sum to zero. Rows are added, never changed.

    `attempt` counts how often one act was taken about one reward, from 1: the same act a second time needs a correction
    before it.
    """

    movement = models.UUIDField()
    budget = models.ForeignKey(RewardBudget, on_delete=models.PROTECT, related_name="entries")
    act = models.CharField(_("act"), max_length=12, choices=LedgerAct.choices)
    account = models.CharField(
        pgettext_lazy("ledger", "account"), max_length=12, choices=LedgerAccount.choices
    )
    cents = models.BigIntegerField()
    assessment = models.ForeignKey(
        RewardAssessment, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    attempt = models.PositiveSmallIntegerField(default=1)
    # The movement a correction undoes; each is undone once.
    undoes = models.UUIDField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_at = models.DateTimeField(_("time"))

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("movement", "account"), name="one_side_an_account"),
            models.UniqueConstraint(
                fields=("assessment", "act", "account", "attempt"), name="one_act_once_a_reward"
            ),
            models.UniqueConstraint(fields=("undoes", "account"), name="undone_once"),
            models.CheckConstraint(condition=~Q(cents=0), name="ledger_moves_something"),
        ]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")

    def __str__(self) -> str:
        return f"{self.movement} {self.account}"

    def save(self, **options: Any) -> None:
        """Add the row; raises TypeError for one that is stored already."""
        if not self._state.adding:
            raise TypeError("rows of the ledger are never changed")
        super().save(**{**options, "force_insert": True})

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Raise TypeError: a correction is a movement of its own."""
        raise TypeError("rows of the ledger are never deleted")
