"""The way of an approved reward to its reporter: term, claim code, payment, and the details only custodians open."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.enums import ClaimAct, ClaimState, ClaimWay
from complaints.rules.claims import Term

from .identity import Vault
from .ledger import RewardBudget
from .reward import RewardAssessment
from .sealed import SealedText, claim_bound
from .tip import Tip


class RewardClaim(models.Model):
    """What became of one approved reward; it says nothing of the tip and nothing of who collects.

    `term_days` is what the rule gives, `extra_days` what an approver added; `due_date` the last day told to the
    reporter, `reminded_date` when staff were reminded and the number was called out. `code_salt` and `code_hash` keep
    the claim code as a receipt is kept; empty while there is none. `payments` counts those that went out, also those
    that came back. `budget` is the one the amount was reserved in, whatever the year.
    """

    assessment = models.OneToOneField(RewardAssessment, on_delete=models.PROTECT, related_name="claim")
    budget = models.ForeignKey(RewardBudget, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("status"), max_length=10, choices=ClaimState.choices, default=ClaimState.NOTICED
    )
    way = models.CharField(_("collected"), max_length=10, choices=ClaimWay.choices, blank=True)
    noticed_date = models.DateField(_("notice"))
    term_days = models.PositiveSmallIntegerField()
    extra_days = models.PositiveSmallIntegerField(default=0)
    due_date = models.DateField(_("collect until"))
    reminded_date = models.DateField(_("called out"), null=True, blank=True)
    claimed_date = models.DateField(_("claimed"), null=True, blank=True)
    paid_date = models.DateField(_("paid on"), null=True, blank=True)
    ended_date = models.DateField(_("ended"), null=True, blank=True)
    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    payments = models.PositiveSmallIntegerField(default=0)
    # From the answer to the payment; empty where no answer came before it. Kept, because the tip is destroyed in time.
    reply_days = models.PositiveIntegerField(null=True, blank=True)
    code_date = models.DateField(null=True, blank=True)
    code_salt = models.BinaryField(max_length=16, default=b"")
    code_hash = models.BinaryField(max_length=32, default=b"")

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ClaimState.PAID) | ~Q(way="") & Q(paid_date__isnull=False),
                name="paid_claim_says_how",
            ),
            models.CheckConstraint(
                condition=Q(extra_days__lte=F("term_days")), name="claim_extended_by_its_length"
            ),
        ]
        indexes = [
            models.Index(fields=("paid_date",), name="claim_by_day"),
            models.Index(fields=("state", "due_date"), name="claim_by_state"),
        ]
        verbose_name = _("reward claim")
        verbose_name_plural = _("reward claims")

    def __str__(self) -> str:
        return str(self.assessment_id)

    @property
    def term(self) -> Term:
        """The time to collect, as the rules read it."""
        return Term(
            noticed=self.noticed_date,
            days=self.term_days,
            extra=self.extra_days,
            due=self.due_date,
            reminded=self.reminded_date,
        )

    def get_state(self) -> ClaimState:
        """How far it has got."""
        return ClaimState(self.state)


class ClaimStep(models.Model):
    """One step of a claim; added, never changed. Of what the reporter did it keeps the day alone (docs/adr/0022)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(RewardClaim, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(_("act"), max_length=10, choices=ClaimAct.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_date = models.DateField(_("day"))
    taken_at = models.DateTimeField(_("time"), null=True, blank=True)
    reason_sealed = models.BinaryField(default=b"")

    reason = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("step of a reward claim")
        verbose_name_plural = _("steps of reward claims")

    def __str__(self) -> str:
        return f"{self.claim_id} {self.act}"

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)


class SealedClaim(models.Model):
    """Who collects a reward, and to which account: an envelope of the reporter's browser only custodians can open.

    One for a tip: details given later take the place of earlier ones, never while a reward is being paid by these.
    """

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, related_name="sealed_claim")
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    envelope = models.TextField()
    # See `sealed.Bound`.
    bound_mark = models.BinaryField(max_length=32, default=b"")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sealed claim")
        verbose_name_plural = _("sealed claims")

    def __str__(self) -> str:
        return self.tip.number

    @property
    def binding(self) -> str:
        """What the envelope is tied to: it is sealed long after the tip was sent, so to its public number."""
        return self.tip.number

    @property
    def bound_bytes(self) -> bytes:
        """What its mark covers."""
        return claim_bound(number=self.tip.number, key=self.tip.idempotency_key, envelope=self.envelope)
