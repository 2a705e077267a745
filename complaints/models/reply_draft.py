"""A reply that is still being written: its author's alone, and gone with the answer."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .sealed import SealedText
from .tip import Tip


class ReplyDraft(models.Model):
    """The four items of a reply (106号) as far as one officer has written them; erased when the tip is answered."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="reply_drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField(_("saved"))
    conclusion_sealed = models.BinaryField(default=b"")
    findings_sealed = models.BinaryField(default=b"")
    decision_sealed = models.BinaryField(default=b"")
    reward_sealed = models.BinaryField(default=b"")

    conclusion = SealedText()
    findings = SealedText()
    decision = SealedText()
    reward = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("tip", "author"), name="one_draft_each")]
        verbose_name = _("draft of a reply")
        verbose_name_plural = _("drafts of replies")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)
