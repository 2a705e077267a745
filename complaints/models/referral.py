"""行刑衔接: a suspicion of crime on its way to the police, with the clocks of the rule."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .sealed import SealedText
from .tip import Tip


class Referral(models.Model):
    """One referral: proposed by a team of at least two, decided on, handed over, answered."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="referrals")
    officers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("officers"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_date = models.DateField(_("proposed"))
    decide_by = models.DateField(_("decide by"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    is_referred = models.BooleanField(_("to be referred"), null=True)
    transfer_by = models.DateTimeField(_("hand over by"), null=True, blank=True)
    transferred_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    police_name = models.CharField(_("police unit"), max_length=100, blank=True)
    police_receipt = models.CharField(_("receipt of the police"), max_length=60, blank=True)
    answer_by = models.DateField(_("police answer by"), null=True, blank=True)
    answered_date = models.DateField(_("police answered"), null=True, blank=True)
    # When the machine last said that the police owe an answer.
    reminded_date = models.DateField(_("reminded"), null=True, blank=True)
    is_filed = models.BooleanField(_("police opened a case"), null=True)
    reconsider_by = models.DateField(_("ask for reconsideration by"), null=True, blank=True)
    reconsidered_date = models.DateField(_("reconsideration asked"), null=True, blank=True)
    offence_sealed = models.BinaryField(default=b"")
    facts_sealed = models.BinaryField(default=b"")
    goods_sealed = models.BinaryField(default=b"")
    appraisal_sealed = models.BinaryField(default=b"")
    other_sealed = models.BinaryField(default=b"")

    offence = SealedText()
    facts = SealedText()
    goods = SealedText()
    appraisal = SealedText()
    other = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("transferred_at",), name="referral_by_day")]
        verbose_name = _("criminal referral")
        verbose_name_plural = _("criminal referrals")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)
