"""Legal periods of a tip: one row for each clock that ever ran, its extension and its pauses."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.enums import Clock, SupervisionCause

from .sealed import SealedText
from .tip import Tip


class PeriodQuerySet(models.QuerySet["Period"]):
    """Reading of periods."""

    def running(self) -> "PeriodQuerySet":
        """Return periods that have not ended, paused ones included."""
        return self.filter(ended_date=None)

    def overdue(self, *, today: date) -> "PeriodQuerySet":
        """Return running periods whose last day has passed; a paused one cannot run out."""
        return self.running().filter(due_date__lt=today, paused_date=None)


class Period(models.Model):
    """One clock: from `started_date` so many days (`is_working`: working days) to `due_date`.

    `extra_days` were granted once; `paused_days` are calendar days that do not count because another body decided
    (`rules.periods.stood_still`). A period is met when it ends on its due day or before.
    """

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="periods")
    clock = models.CharField(_("period"), max_length=10, choices=Clock.choices)
    started_date = models.DateField(_("from"))
    days = models.PositiveSmallIntegerField(_("days"))
    is_working = models.BooleanField(_("working days"), default=False)
    extra_days = models.PositiveSmallIntegerField(_("extended by (days)"), default=0)
    paused_days = models.PositiveSmallIntegerField(_("paused for (days)"), default=0)
    paused_date = models.DateField(_("paused since"), null=True, blank=True)
    due_date = models.DateField(_("due"))
    ended_date = models.DateField(_("ended"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("tip", "clock"), condition=Q(ended_date=None), name="one_running_period"
            )
        ]
        indexes = [models.Index(fields=("ended_date", "due_date"), name="period_due")]
        verbose_name = _("period")
        verbose_name_plural = _("periods")

    def __str__(self) -> str:
        return f"{self.tip_id} {self.clock}"


class Extension(models.Model):
    """A request for more time: who asked why, and what the level above decided (19号: once, at most 30 days).

    `period` is the one that grows: a case reopened by a review has a new one, which may be extended once as well.
    """

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="extensions")
    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="extensions")
    days = models.PositiveSmallIntegerField(_("days"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    is_granted = models.BooleanField(_("granted"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("period",), condition=Q(is_granted=True), name="extended_once"),
            models.UniqueConstraint(
                fields=("tip",), condition=Q(decided_at=None), name="one_request_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=("decided_at",), name="extension_by_day")]
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")

    def __str__(self) -> str:
        return f"{self.tip_id} +{self.days}"


class Supervision(models.Model):
    """One unit (`office`) looks into what another (`unit`) does (督办) until it is satisfied; its own answer period.

    Both stay what they were when the tip goes on: a unit cannot end what is asked of it by passing the tip down. Only
    `office` moves up a level, once, when no answer came in time (`reminded_date`).
    """

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="supervisions")
    office = models.ForeignKey("complaints.Office", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        "complaints.Office",
        on_delete=models.PROTECT,
        related_name="supervisions",
        verbose_name=_("unit that answers"),
    )
    cause = models.CharField(_("cause"), max_length=16, choices=SupervisionCause.choices)
    # The period that ran out: the machine raises one supervision for it and no more.
    period = models.OneToOneField(
        Period, null=True, blank=True, on_delete=models.CASCADE, related_name="supervision"
    )
    # And one for each thing a whistle, a criminal referral or an order to rectify may be late with.
    whistle = models.ForeignKey(
        "complaints.Whistle", null=True, blank=True, on_delete=models.CASCADE, related_name="supervisions"
    )
    referral = models.ForeignKey(
        "complaints.Referral", null=True, blank=True, on_delete=models.CASCADE, related_name="supervisions"
    )
    disposal = models.ForeignKey(
        "complaints.Disposal", null=True, blank=True, on_delete=models.CASCADE, related_name="supervisions"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    raised_date = models.DateField(_("raised"))
    answer_by = models.DateField(_("answer by"))
    answered_date = models.DateField(_("answered"), null=True, blank=True)
    reminded_date = models.DateField(_("reminded"), null=True, blank=True)
    ended_date = models.DateField(_("ended"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("cause", "whistle"), name="one_supervision_for_a_whistle"),
            models.UniqueConstraint(fields=("cause", "referral"), name="one_supervision_for_a_referral"),
            models.UniqueConstraint(fields=("cause", "disposal"), name="one_supervision_for_an_order"),
        ]
        indexes = [
            models.Index(fields=("raised_date",), name="supervision_by_day"),
            models.Index(fields=("office", "ended_date", "answer_by"), name="supervision_open"),
            models.Index(fields=("tip",), condition=models.Q(ended_date=None), name="supervision_running"),
        ]
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")

    def __str__(self) -> str:
        return f"{self.tip_id} {self.cause}"


class HandoverNote(models.Model):
    """Words officers leave each other on a tip; never shown to a reporter."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(_("written"))
    text_sealed = models.BinaryField(default=b"")

    text = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("hand-over note")
        verbose_name_plural = _("hand-over notes")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)
