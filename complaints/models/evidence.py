"""Photos of a tip: what is stored where. The bytes lie encrypted in the evidence storage."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .sealed import original_bound
from .tip import Tip


class Evidence(models.Model):
    """One photo: a clean copy and a thumbnail under the key ring, the original sealed to the vault."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="photos")
    message = models.ForeignKey(
        "complaints.Message", null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    inspection = models.ForeignKey(
        "complaints.Inspection", null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    internal_step = models.ForeignKey(
        "complaints.InternalStep", null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    position = models.PositiveSmallIntegerField(default=0)
    # Of the ciphertext: proves the sealed original unchanged, and nobody can compare it with pictures of a suspect.
    sealed_sha256 = models.CharField(_("SHA-256 of the sealed original"), max_length=64, blank=True)
    # Empty while no trusted vault key was at hand: the original was not kept then, only its hash.
    vault_version = models.PositiveIntegerField(null=True)
    # How often the original moved to another vault: each time its file has a new name, so that a crash loses neither.
    reseals = models.PositiveSmallIntegerField(default=0)
    # See `sealed.Bound`; empty without an original.
    bound_mark = models.BinaryField(max_length=32, default=b"")
    shown_width = models.PositiveIntegerField()
    shown_height = models.PositiveIntegerField()
    thumb_width = models.PositiveIntegerField()
    thumb_height = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("tip", "position")
        indexes = [models.Index(fields=("vault_version", "id"), name="evidence_by_vault")]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def binding(self) -> str:
        """What its original is tied to: the tip's sending when it came with it, else the tip's number (DESIGN §4)."""
        later = (self.message_id, self.inspection_id, self.internal_step_id)
        is_later = any(one is not None for one in later)
        return self.tip.number if is_later else self.tip.idempotency_key

    @property
    def bound_bytes(self) -> bytes:
        """What its mark covers."""
        return original_bound(
            number=self.tip.number,
            binding=self.binding,
            photo=str(self.public_id),
            sealed_sha256=self.sealed_sha256,
        )

    def path_of(self, part: str) -> str:
        """Return the storage path of `shown`, `thumb` or `original`."""
        name = self.public_id.hex
        times = str(self.reseals) if part == "original" and self.reseals else ""
        return f"{name[:2]}/{name}.{part}{times}"

    def every_path(self) -> list[str]:
        """Return every path this photo may have a file under, older originals and one without its row yet included."""
        shells = [Evidence(public_id=self.public_id, reseals=times) for times in range(self.reseals + 2)]
        return [self.path_of("shown"), self.path_of("thumb"), *(one.path_of("original") for one in shells)]
