"""A word to an officer that there is work: without content, one until the next visit."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """At most one row for a person: set when something waits, sent once, cleared by the next visit.

    It tells days only: a tip may have raised it, and no moment of a submission is kept.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice")
    raised_date = models.DateField(_("raised"))
    sent_date = models.DateField(_("sent"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self) -> str:
        return str(self.user_id)
