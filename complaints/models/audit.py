"""The audit log: append-only rows, each chained to the one before by HMAC."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditRow(models.Model):
    """Who did what to which thing. Carries ids and public numbers, never content or names of reporters."""

    sequence = models.PositiveBigIntegerField(unique=True)
    taken_at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(_("act"), max_length=60)
    subject = models.CharField(_("subject"), max_length=60, blank=True)
    data = models.JSONField(default=dict)
    previous_mac = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-sequence",)
        indexes = [
            models.Index(fields=("subject", "-sequence"), name="audit_subject"),
            models.Index(fields=("action", "-sequence"), name="audit_act"),
            # Was this look noted today? Asked with most pages of the desk.
            models.Index(fields=("actor", "action", "taken_at"), name="audit_person_act"),
        ]
        verbose_name = _("audit record")
        verbose_name_plural = _("audit records")

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class AuditHead(models.Model):
    """The end of the chain: one row, locked while the next record is added, so that no fork can grow."""

    sequence = models.PositiveBigIntegerField(default=0)
    mac = models.BinaryField(max_length=32)
    # A MAC over this row: an end cut back to an earlier record needs the key ring, not only the database.
    seal = models.BinaryField(max_length=32, default=b"")
    # The id of the key that sealed it: a process that was started before the ring changed does not know it, and stops
    # instead of signing on with the older key.
    sealed_with = models.CharField(max_length=16, blank=True, default="")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("end of the audit log")
        verbose_name_plural = _("end of the audit log")

    def __str__(self) -> str:
        return str(self.sequence)
