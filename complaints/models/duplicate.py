"""Tips that may be about the same thing, and officers' view of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .tip import Tip


class DuplicateHint(models.Model):
    """A suggestion that a tip repeats an earlier one: which grounds speak for it, and whether somebody denied it."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="duplicate_hints")
    earlier = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="later_hints")
    grounds = models.JSONField(_("grounds"), default=list)
    found_date = models.DateField(_("day"))
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    dismissed_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("tip", "earlier"), name="one_hint_per_pair")]
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")

    def __str__(self) -> str:
        return f"{self.tip_id} {self.earlier_id}"
