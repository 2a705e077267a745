"""The identity vault's public keys, and sealed identities. Nothing here can open one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import SealedBy

from .sealed import identity_bound
from .tip import Tip


class Vault(models.Model):
    """A public key to seal to. The private key never reaches the server."""

    version = models.PositiveIntegerField(_("version"), primary_key=True)
    suite = models.CharField(max_length=40)
    public_key = models.BinaryField()
    fingerprint = models.CharField(_("fingerprint"), max_length=100)
    since_date = models.DateField(_("in use since"))

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-version",)
        verbose_name = _("identity vault")
        verbose_name_plural = _("identity vault")

    def __str__(self) -> str:
        return f"{self.version}"


class SealedIdentity(models.Model):
    """A name and a phone number as an envelope only custodians can open."""

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, related_name="sealed_identity")
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    envelope = models.TextField()
    sealed_by = models.CharField(max_length=10, choices=SealedBy.choices)
    # See `sealed.Bound`.
    bound_mark = models.BinaryField(max_length=32, default=b"")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sealed identity")
        verbose_name_plural = _("sealed identities")

    def __str__(self) -> str:
        return self.tip.number

    @property
    def bound_bytes(self) -> bytes:
        """What its mark covers."""
        return identity_bound(number=self.tip.number, key=self.tip.idempotency_key, envelope=self.envelope)
