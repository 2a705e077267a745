"""The decision about one reward: what was put forward, by which rule, who decided. No word of the tip is in it.

What becomes of an approved one is its `RewardClaim`; only taking it back ends the decision too.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.enums import NotRewarded, RewardState, TipKind

from .office import Office
from .reward_policy import RewardPolicy
from .sealed import SealedText
from .tip import Tip

CENTS = Decimal(100)


def to_cents(amount: Decimal) -> int:
    """Return an amount of yuan in whole cents; raises ValueError for one that is finer than that."""
    cents = amount * CENTS
    if cents != cents.to_integral_value():
        raise ValueError("finer than a cent")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """Return cents as yuan with two decimals."""
    return Decimal(cents).scaleb(-2)


class RewardAssessment(models.Model):
    """One reward put forward for the reporter of one tip; a returned one stays, and a new one follows it.

    Amounts are kept in cents, whole numbers, because not every engine keeps fractions exactly. `inputs` are the facts
    the amount was worked out from and `lines` the steps, both frozen: they tell whether penalties have changed since.
    `reporter_order` counts the reporters of one matter by acceptance, from 1. The row outlives its tip, which is
    destroyed when its period of keeping is over.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    tip = models.ForeignKey(Tip, null=True, on_delete=models.SET_NULL, related_name="rewards")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    policy = models.ForeignKey(
        RewardPolicy, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("reward rule")
    )
    kind = models.CharField(_("type"), max_length=30, choices=TipKind.choices)
    is_special = models.BooleanField(_("special reward"), default=False)
    reporter_order = models.PositiveSmallIntegerField(_("order of the reporter"))
    accepted_date = models.DateField(_("accepted"))
    inputs = models.JSONField()
    lines = models.JSONField()
    shares_cents = models.JSONField()
    computed_cents = models.BigIntegerField()
    proposed_cents = models.BigIntegerField()
    reason = models.CharField(
        _("not rewarded because"), max_length=20, choices=NotRewarded.choices, blank=True
    )
    needs_level_above = models.BooleanField(_("decided by the level above"), default=False)
    state = models.CharField(
        _("status"), max_length=10, choices=RewardState.choices, default=RewardState.PROPOSED
    )
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"))
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # 19号: amounts are filed with the level above; empty where nobody is above.
    filed_with = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    filed_date = models.DateField(_("filed on"), null=True, blank=True)
    deviation_sealed = models.BinaryField(default=b"")
    proof_sealed = models.BinaryField(default=b"")
    memo_sealed = models.BinaryField(default=b"")

    deviation = SealedText()
    proof = SealedText()
    memo = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("tip", "is_special"),
                condition=Q(state__in=[RewardState.PROPOSED, RewardState.APPROVED]),
                name="one_live_reward_a_tip",
            ),
            models.CheckConstraint(
                condition=Q(proposed_cents__gte=0, computed_cents__gte=0), name="reward_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=models.F("proposer")), name="reward_two_people"
            ),
        ]
        indexes = [models.Index(fields=("office", "state", "id"), name="reward_by_office")]
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")

    def __str__(self) -> str:
        return self.number

    @property
    def sealed_id(self) -> str:
        """The public number binds every ciphertext of this row."""
        return self.number

    def get_kind(self) -> TipKind:
        """The type the amount goes by."""
        return TipKind(self.kind)

    @property
    def proposed_amount(self) -> Decimal:
        """What is put forward, in yuan."""
        return from_cents(self.proposed_cents)

    @property
    def computed_amount(self) -> Decimal:
        """What the rule gives, in yuan."""
        return from_cents(self.computed_cents)
