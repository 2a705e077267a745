"""Reports of closed periods: numbered, with the fingerprint of what they rest on, never edited."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.errors import ComplaintError


class ReportDamaged(ComplaintError):
    """A stored report is not what was stored: somebody changed it past the portal."""

    code = "report_damaged"
    status = 500
    public_message = _("This report was changed after it was closed. Please ask the administrator.")


class ReportIsFixed(TypeError):
    """Somebody tried to change or delete a report; a correction is a new version."""


class PeriodReportQuerySet(models.QuerySet["PeriodReport"]):
    """Reading of reports; writing past the model is refused as well."""

    def latest_versions(self) -> "PeriodReportQuerySet":
        """Return the newest version of each."""
        newer = PeriodReport.objects.filter(
            code=models.OuterRef("code"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(newer))

    def update(self, **values: Any) -> NoReturn:
        """Refuse to change reports."""
        raise ReportIsFixed

    def delete(self) -> NoReturn:
        """Refuse to delete reports."""
        raise ReportIsFixed

    def bulk_update(self, *args: Any, **values: Any) -> NoReturn:
        """Refuse to change reports."""
        raise ReportIsFixed


class PeriodReport(models.Model):
    """One version of the report of one span.

    `figures` is everything that was counted, for staff; `shown` what is public of it. `inputs_digest` covers the
    records counted, `digest` the report itself: whoever changes the row in the database is found out by reading it.
    """

    code = models.CharField(pgettext_lazy("of figures", "period"), max_length=8)
    kind = models.CharField(pgettext_lazy("of figures", "kind"), max_length=8)
    start_date = models.DateField(_("from"))
    end_date = models.DateField(_("until"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.CharField(_("why it was corrected"), max_length=200, blank=True)
    frozen_at = models.DateTimeField(pgettext_lazy("of figures", "closed"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    figures = models.JSONField()
    shown = models.JSONField()
    inputs_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = PeriodReportQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        # Of periods that end on the same day the longest comes first.
        ordering = ("-end_date", "start_date", "-version")
        constraints = [
            models.UniqueConstraint(fields=("code", "version"), name="one_report_of_a_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="report_version_from_one"),
            models.CheckConstraint(condition=Q(end_date__gt=F("start_date")), name="report_has_days"),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | (Q(version__gt=1) & ~Q(reason="")),
                name="report_corrected_with_reason",
            ),
        ]
        verbose_name = _("report of a period")
        verbose_name_plural = _("reports of periods")

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **values: Any) -> None:
        """Store a new report; refuse to store one again."""
        if not self._state.adding:
            raise ReportIsFixed
        super().save(*args, **values)

    def delete(self, *args: Any, **values: Any) -> NoReturn:
        """Refuse to delete a report."""
        raise ReportIsFixed

    @property
    def number(self) -> str:
        """The number of the report: its period and its version."""
        return f"{self.code}-{self.version}"
