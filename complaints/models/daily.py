"""The daily task: one row a day, so that one process does the work and the next day knows what was done."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DailyRun(models.Model):
    """The work of one day; `counts` says how much of what was done, `failed` names jobs that broke off."""

    day = models.DateField(_("day"), unique=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # What the periods were counted with: they are counted again when it changes.
    calendar_digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(_("done"), default=dict)
    failed = models.JSONField(_("failed"), default=list)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-day",)
        verbose_name = _("daily run")
        verbose_name_plural = _("daily runs")

    def __str__(self) -> str:
        return self.day.isoformat()
