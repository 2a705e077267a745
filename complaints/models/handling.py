"""What happened to a tip: steps, words between officers and reporter, reply templates."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import Action, DeclineReason, Direction, TipStatus

from .office import Office
from .sealed import SealedText
from .tip import Tip, TipReceipt


class HandlingStep(models.Model):
    """One act in the history of a tip; rows are added, never edited.

    Acts of staff are kept to the minute (`taken_at`), acts of the reporter to the day only. `memo` is what officers
    tell each other (why it was handed back, what the whistle asks for); words to the reporter are never kept here.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="steps")
    action = models.CharField(_("act"), max_length=24, choices=Action.choices)
    target = models.CharField(_("status"), max_length=20, choices=TipStatus.choices)
    reason = models.CharField(_("reason"), max_length=30, choices=DeclineReason.choices, blank=True)
    towards = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    memo_sealed = models.BinaryField(default=b"")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whom this act put to work on the tip.
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_date = models.DateField(_("day"))
    taken_at = models.DateTimeField(_("time"), null=True, blank=True)

    memo = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("action", "taken_date", "tip"), name="step_by_day")]
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return f"{self.tip_id} {self.action}"

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)


class Message(models.Model):
    """A line between officer and reporter.

    Words to the reporter are sealed to the receipt (SealedMessage). `body` keeps a working copy for the officers until
    the tip is answered; it is wiped then.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=20, choices=Direction.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_date = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    is_reply = models.BooleanField(default=False)
    is_read = models.BooleanField(default=False)
    # Between reporter and company while the tip was inside one; the bureau's officers see who spoke then.
    is_inside = models.BooleanField(default=False)
    client_key = models.CharField(max_length=32, blank=True)
    body_sealed = models.BinaryField(default=b"")

    body = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("tip", "client_key"), condition=~models.Q(client_key=""), name="one_message_once"
            )
        ]
        indexes = [
            models.Index(fields=("direction", "id"), condition=models.Q(is_read=False), name="message_unread")
        ]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)


class SealedMessage(models.Model):
    """The same words sealed to one receipt: only its holder can open them."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="sealed_copies")
    receipt = models.ForeignKey(TipReceipt, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=("message", "receipt"), name="one_copy_per_receipt")]
        verbose_name = _("sealed message")
        verbose_name_plural = _("sealed messages")

    def __str__(self) -> str:
        return str(self.pk)


class ReplyTemplate(models.Model):
    """Words an officer may start from; the four items of a reply (106号)."""

    title = models.CharField(_("title"), max_length=60, unique=True)
    conclusion = models.TextField(_("conclusion of the verification"), blank=True)
    findings = models.TextField(_("what was found, in short"), blank=True)
    decision = models.TextField(_("what was decided"), blank=True)
    reward = models.TextField(_("whether a reward is due"), blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("title",)
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")

    def __str__(self) -> str:
        return self.title
