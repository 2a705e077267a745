"""The duty to report cases: quotas as dated rows, what a unit owes in a period, what it submitted, scores, files."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases_public.enums import DutyRhythm, SubmissionEnd
from complaints.enums import OfficeLevel

MOST_POINTS = 100
_PERSON: dict[str, Any] = {"null": True, "on_delete": models.SET_NULL, "related_name": "+"}


class NeverChanged(PermissionDenied):
    """Somebody tried to change or delete a row that only stands."""


class AddOnly(models.Model):
    """A row that is added and never changed or deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new row; raises NeverChanged for one that is stored."""
        if not self._state.adding:
            raise NeverChanged
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raise NeverChanged."""
        raise NeverChanged


class DutyRuleQuerySet(models.QuerySet["DutyRule"]):
    """Reading of quotas."""

    def in_force(self, *, day: date) -> "DutyRuleQuerySet":
        """Return the rows that count on a day."""
        return self.filter(Q(effective_to=None) | Q(effective_to__gte=day), effective_from__lte=day)


class DutyRule(models.Model):
    """How many cases a level, or one unit, owes from a day on. What has begun is only ended; a new row follows."""

    level = models.CharField(_("level"), max_length=10, choices=OfficeLevel.choices, blank=True)
    office = models.ForeignKey(
        "complaints.Office",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("unit"),
    )
    rhythm = models.CharField(_("how often"), max_length=12, choices=DutyRhythm.choices)
    quota = models.PositiveSmallIntegerField(
        _("cases each time"), default=1, validators=[MaxValueValidator(200)]
    )
    pass_points = models.PositiveSmallIntegerField(
        _("points from which a case qualifies"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_POINTS)],
    )
    remind_days = models.PositiveSmallIntegerField(
        _("days before the last one of the reminder"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(_("effective to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = DutyRuleQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("office_id", "level", "effective_from", "pk")
        verbose_name = pgettext_lazy("of cases", "quota")
        verbose_name_plural = pgettext_lazy("of cases", "quotas")
        constraints = [
            models.CheckConstraint(
                name="quota_of_level_or_unit",
                condition=Q(level="", office__isnull=False) | (~Q(level="") & Q(office__isnull=True)),
            ),
            models.CheckConstraint(
                name="quota_ends_after_it_begins",
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level or self.office_id} {self.rhythm} {self.quota}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new row, or another last day; raises NeverChanged for anything else."""
        if not self._state.adding and set(kwargs.get("update_fields") or ("all",)) != {"effective_to"}:
            raise NeverChanged
        super().save(*args, **kwargs)


class Duty(models.Model):
    """What one unit owes in one period, by the quota that was in force on its first day."""

    office = models.ForeignKey("complaints.Office", on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(DutyRule, on_delete=models.PROTECT, related_name="duties")
    rhythm = models.CharField(max_length=12, choices=DutyRhythm.choices)
    period = models.CharField(_("period"), max_length=8)
    start_date = models.DateField(_("first day"))
    due_date = models.DateField(_("last day"))
    # The unit was closed before the duty was due.
    released_date = models.DateField(null=True)
    reminded_date = models.DateField(null=True)
    reminded_due_date = models.DateField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("due_date", "office_id")
        verbose_name = _("duty to report cases")
        constraints = [models.UniqueConstraint(fields=("office", "period"), name="one_duty_a_period")]
        indexes = [models.Index(fields=("due_date",), name="duty_due")]

    def __str__(self) -> str:
        return f"{self.office_id} {self.period}"

    def owed(self, *, today: date) -> int:
        """Return how many cases are owed: none where the unit was closed before the last day."""
        is_released = self.released_date is not None and self.released_date <= today
        return 0 if is_released else self.rule.quota

    def is_running(self, *, today: date) -> bool:
        """Whether the last day has not passed."""
        return self.start_date <= today <= self.due_date


class DutyFile(AddOnly):
    """A file of cases that went up; what it held is made anew from the public pages, and only its hash is kept."""

    quarter = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_PERSON)
    sha256 = models.CharField(max_length=64)
    # The rates as they were that day.
    figures = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("quarter", "number")
        verbose_name = _("file of reported cases")
        constraints = [models.UniqueConstraint(fields=("quarter", "number"), name="one_number_a_quarter")]

    def __str__(self) -> str:
        return f"{self.quarter}-{self.number}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Reading of submissions."""

    def counting(self, *, today: date) -> "SubmissionQuerySet":
        """Return those that count on a day: not ended by then, and of a page not past its last day."""
        in_time = Q(page__publish_until=None) | Q(page__publish_until__gte=today)
        return self.filter(Q(ended_date=None) | Q(ended_date__gt=today), in_time, page__isnull=False)


class Submission(models.Model):
    """One public case that a unit has submitted for one duty."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="submissions")
    # A withdrawn case may be deleted; the row stays without its words.
    page = models.ForeignKey(
        "cases_public.CasePage", null=True, on_delete=models.SET_NULL, related_name="submissions"
    )
    submitted_at = models.DateTimeField(_("submitted"))
    submitted_date = models.DateField(_("day of submission"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_PERSON)
    ended_date = models.DateField(_("no longer counts from"), null=True)
    end_reason = models.CharField(max_length=12, choices=SubmissionEnd.choices, blank=True)
    file = models.ForeignKey(DutyFile, null=True, on_delete=models.PROTECT, related_name="submissions")

    objects = SubmissionQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("duty__office_id", "pk")
        verbose_name = _("submission of a case")
        constraints = [
            models.UniqueConstraint(fields=("page",), condition=Q(ended_date=None), name="a_case_counts_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_late(self) -> bool:
        """Whether it came after the last day of the period."""
        return self.submitted_date > self.duty.due_date


class SubmissionScore(AddOnly):
    """One score of a submission; the newest counts. It is of the published version `version` of the case."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="scores")
    version = models.PositiveBigIntegerField()
    # Codes of DutyContent; reference value → points.
    contents = models.JSONField(default=list)
    points = models.JSONField(default=dict)
    note = models.CharField(_("what is missing"), max_length=400, blank=True)
    is_qualified = models.BooleanField()
    scored_at = models.DateTimeField()
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_PERSON)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("score of a case")

    def __str__(self) -> str:
        return str(self.pk)
