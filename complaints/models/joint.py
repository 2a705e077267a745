"""Units working together on a tip: whistles with their own clock, inspecting units and co-units."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.enums import UnitPart

from .office import Office
from .sealed import SealedText
from .tip import Tip


class WhistleQuerySet(models.QuerySet["Whistle"]):
    """Reading of whistles."""

    def open(self) -> "WhistleQuerySet":
        """Return whistles the district still owes something: an answer, or its arrival."""
        return self.filter(ended_at=None)

    def unanswered(self) -> "WhistleQuerySet":
        """Return whistles that wait for the district's first word."""
        return self.open().filter(answered_at=None)

    def late(self, *, now: datetime) -> "WhistleQuerySet":
        """Return whistles unanswered past their hour."""
        return self.unanswered().filter(answer_by__lt=now)


class Whistle(models.Model):
    """镇街吹哨、区县报到: a town calls the district; who waited for whom, and for how long.

    It ends when the district has arrived or has returned it with a reason, when the town takes it back (then it has
    ended, but nobody arrived and it was not returned), or with a tip that was declined or passed on (`is_moot`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="whistles")
    town = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("town"))
    called = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="whistles", verbose_name=_("called unit")
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    raised_at = models.DateTimeField(_("raised"))
    answer_by = models.DateTimeField(_("answer by"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    arrive_by = models.DateField(_("arrive by"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    is_returned = models.BooleanField(_("returned"), default=False)
    is_moot = models.BooleanField(_("ended with the tip"), default=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # What the town asks for, and what the called unit said when it came or sent the whistle back, or why it is moot.
    reason_sealed = models.BinaryField(default=b"")
    answer_sealed = models.BinaryField(default=b"")

    reason = SealedText()
    answer = SealedText()
    objects = WhistleQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("tip",), condition=Q(ended_at=None), name="one_open_whistle")
        ]
        indexes = [
            models.Index(fields=("called", "ended_at", "answer_by"), name="whistle_open"),
            models.Index(fields=("raised_at", "called"), name="whistle_figures"),
        ]
        verbose_name = _("whistle")
        verbose_name_plural = _("whistles")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)


class TipUnit(models.Model):
    """A unit beside the one in charge: it inspects on the spot, or helps."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="units")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="joint_tips")
    part = models.CharField(_("part"), max_length=12, choices=UnitPart.choices)
    since_date = models.DateField(_("since"))
    ended_date = models.DateField(_("until"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("tip", "office"), condition=Q(ended_date=None), name="a_unit_joins_once"
            )
        ]
        indexes = [models.Index(fields=("office", "ended_date", "tip"), name="tipunit_scope")]
        verbose_name = _("unit taking part")
        verbose_name_plural = _("units taking part")

    def __str__(self) -> str:
        return f"{self.tip_id} {self.office_id}"
