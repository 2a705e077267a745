"""Requests to open what is sealed, their history, the sealed note to the asker, and who was handed an envelope."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.enums import UnsealAct, UnsealPurpose, UnsealStatus, UnsealTarget

from .evidence import Evidence
from .sealed import SealedText
from .tip import Tip

_WAITING = Q(status__in=(UnsealStatus.ASKED, UnsealStatus.APPROVED))


class UnsealRequest(models.Model):
    """One person asks to have one sealed thing of one tip opened; stays on record whatever came of it.

    `valid_until` is the end of the approval, `asker_key` the public half of the key pair in the asker's tab (base64),
    `opened_sha256` that of an opened original.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="unseal_requests")
    target = models.CharField(_("what"), max_length=10, choices=UnsealTarget.choices)
    photo = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=12, choices=UnsealPurpose.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=UnsealStatus.choices, default=UnsealStatus.ASKED
    )
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    custodian = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    asker_key = models.TextField(blank=True)
    opened_sha256 = models.CharField(_("SHA-256 of the opened file"), max_length=64, blank=True)
    reason_sealed = models.BinaryField(default=b"")
    answer_sealed = models.BinaryField(default=b"")

    reason = SealedText()
    answer = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("tip", "asker", "target"),
                condition=_WAITING & Q(photo=None),
                name="one_waiting_request",
            ),
            models.UniqueConstraint(
                fields=("photo", "asker"), condition=_WAITING & ~Q(photo=None), name="one_waiting_for_a_photo"
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("asker")), name="asker_never_approves"
            ),
            models.CheckConstraint(
                condition=Q(custodian=None) | ~Q(custodian=F("asker")) & ~Q(custodian=F("approver")),
                name="custodian_is_third",
            ),
        ]
        indexes = [models.Index(fields=("status", "valid_until"), name="unseal_running")]
        verbose_name = _("unseal request")
        verbose_name_plural = _("unseal requests")

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: year and count, as in 启封申请 QF-2026-0031."""
        return f"QF-{timezone.localtime(self.asked_at).year}-{self.pk:04d}"

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertexts."""
        return str(self.public_id)


class UnsealStep(models.Model):
    """One step of a request; added, never changed. `detail` is a code, never words."""

    request = models.ForeignKey(UnsealRequest, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(_("act"), max_length=14, choices=UnsealAct.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(_("time"))
    detail = models.CharField(max_length=40, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("step of an unseal request")
        verbose_name_plural = _("steps of unseal requests")

    def __str__(self) -> str:
        return f"{self.request_id} {self.act}"


class SealedNote(models.Model):
    """What the custodian's browser sealed to the asker's tab; it goes when it is read, or at `keep_until`."""

    request = models.OneToOneField(
        UnsealRequest, primary_key=True, on_delete=models.CASCADE, related_name="note"
    )
    sealed = models.TextField()
    keep_until = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sealed note")
        verbose_name_plural = _("sealed notes")

    def __str__(self) -> str:
        return str(self.request_id)


class IdentityAccess(models.Model):
    """An envelope left the server: which, to whom, for whom, approved by whom. Written in the same transaction."""

    request = models.ForeignKey(UnsealRequest, on_delete=models.CASCADE, related_name="accesses")
    custodian = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(_("time"))
    vault_version = models.PositiveIntegerField(_("vault"))
    sealed_sha256 = models.CharField(_("SHA-256 of the envelope"), max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("access to a sealed thing")
        verbose_name_plural = _("accesses to sealed things")

    def __str__(self) -> str:
        return f"{self.request_id} {self.handed_at:%Y-%m-%d}"
