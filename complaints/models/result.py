"""What was found and done: inspections, the result two people stand for, measures."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.enums import Measure, Result

from .office import Office
from .sealed import SealedText
from .tip import Tip


class Inspection(models.Model):
    """One visit on the spot. Its photos are sanitised and sealed like those of a reporter."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="inspections")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    visited_date = models.DateField(_("day of the visit"))
    is_recheck = models.BooleanField(_("re-check"), default=False)
    is_removed = models.BooleanField(_("danger removed"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))
    inspectors_sealed = models.BinaryField(default=b"")
    findings_sealed = models.BinaryField(default=b"")
    orders_sealed = models.BinaryField(default=b"")

    inspectors = SealedText()
    findings = SealedText()
    orders = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)


class Conclusion(models.Model):
    """The result of the verification: proposed by one person, signed by a responsible leader, or sent back.

    `basis` says how it was verified where nobody was on the spot.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="conclusions")
    result = models.CharField(_("result"), max_length=20, choices=Result.choices)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), null=True)
    findings_sealed = models.BinaryField(default=b"")
    measures_sealed = models.BinaryField(default=b"")
    basis_sealed = models.BinaryField(default=b"")

    findings = SealedText()
    measures = SealedText()
    basis = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("tip",), condition=Q(decided_at=None), name="one_open_conclusion")
        ]
        indexes = [models.Index(fields=("decided_at",), name="conclusion_by_day")]
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)


class DisposalQuerySet(models.QuerySet["Disposal"]):
    """Reading of measures."""

    def signed(self) -> "DisposalQuerySet":
        """Return the measures a leader has signed: no other one counts."""
        return self.filter(is_confirmed=True)

    def unfulfilled(self) -> "DisposalQuerySet":
        """Return the orders nobody has found fulfilled: any signed one with a day until which to put it right."""
        return self.signed().filter(rectify_by__isnull=False, rectified_date=None)


class Disposal(models.Model):
    """One measure about a confirmed danger: an order to rectify, a penalty with its number, a notice.

    Proposed by who recorded it, signed by a responsible leader or sent back. `decided_date` is the day of the decision
    on its paper. Measures older than the signature count as signed, by nobody known.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="disposals")
    measure = models.CharField(_("measure"), max_length=12, choices=Measure.choices)
    decision_number = models.CharField(_("decision number"), max_length=60, blank=True)
    decided_date = models.DateField(_("day of the decision"))
    fine_amount = models.DecimalField(
        _("fine (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    rectify_by = models.DateField(_("rectify by"), null=True, blank=True)
    rectified_date = models.DateField(_("found rectified"), null=True, blank=True)
    # 安全生产法 78: a penalty is published within seven working days of the decision.
    publish_by = models.DateField(_("publish by"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("signed or returned"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("signed"), null=True)
    words_sealed = models.BinaryField(default=b"")

    words = SealedText()
    objects = DisposalQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("tip",), condition=Q(decided_at=None), name="one_open_disposal")
        ]
        indexes = [
            models.Index(fields=("decided_date",), name="disposal_by_day"),
            models.Index(fields=("rectified_date", "rectify_by"), name="disposal_rectify"),
        ]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_unfulfilled(self) -> bool:
        """Whether it sets a day until which to put it right and nobody has found that done; see `unfulfilled`."""
        return self.is_confirmed is True and self.rectify_by is not None and self.rectified_date is None

    @property
    def was_proposed(self) -> bool:
        """Whether an act of its own proposed it; measures older than the signature came by one act."""
        return not self.is_confirmed or self.decided_by_id is not None

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)
