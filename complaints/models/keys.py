"""Who holds a key file of which vault, moving what is sealed to another version, and alarms about the pinned key."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.enums import KeyOrigin

from .identity import Vault


class KeyHolding(models.Model):
    """A custodian came by a key file of a vault. Holds no key: who, when, which, from whom.

    Added, and changed once: `received_at` is when the holder showed to have the key; empty, the file is on its way.
    """

    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="holdings")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(_("how"), max_length=10, choices=KeyOrigin.choices)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    held_at = models.DateTimeField(_("time"))
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("holder")), name="key_comes_from_another"
            )
        ]
        verbose_name = _("key file of a custodian")
        verbose_name_plural = _("key files of custodians")

    def __str__(self) -> str:
        return f"{self.vault_id} · {self.holder_id}"


class KeyChallenge(models.Model):
    """A random number sealed to a vault's public key, which one person is to bring back opened; used once.

    Kept is the SHA-256 of the number alone, and the fingerprint of the key it was sealed to.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fingerprint = models.CharField(max_length=79)
    digest = models.CharField(max_length=64)
    valid_until = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("proof that a key is held")
        verbose_name_plural = _("proofs that a key is held")

    def __str__(self) -> str:
        return str(self.public_id)


class Reseal(models.Model):
    """One job that moves all that is sealed to one version to another; a custodian asks, a leader decides."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    is_approved = models.BooleanField(_("approved"), null=True)
    moved = models.PositiveIntegerField(_("moved"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="reseal_takes_two_people"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="reseal_goes_elsewhere"),
        ]
        verbose_name = _("re-seal")
        verbose_name_plural = _("re-seals")

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class VaultAlarm(models.Model):
    """The administrators were told on this day that no vault key is the pinned one: one row, one round of letters."""

    day = models.DateField(_("day"), unique=True)
    letters = models.PositiveSmallIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-day",)
        verbose_name = _("alarm about the vault")
        verbose_name_plural = _("alarms about the vault")

    def __str__(self) -> str:
        return self.day.isoformat()
