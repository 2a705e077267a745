"""Review of case files (案卷评查): score sheets as dated rows, samples, drawn files, findings."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.enums import ReviewState

from .office import Office
from .sealed import SealedText
from .tip import Tip


class ReviewSheet(models.Model):
    """What a file is scored by, from a day on: lines of code, points, item and legal source."""

    effective_from = models.DateField(_("effective from"), unique=True)
    items = models.TextField(
        pgettext_lazy("of a score sheet", "items"),
        max_length=8000,
        help_text=_("One item a line: short name | points | what is looked at | legal source."),
    )
    source = models.CharField(_("source"), max_length=200)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-effective_from",)
        verbose_name = _("score sheet of case files")
        verbose_name_plural = _("score sheets of case files")

    def __str__(self) -> str:
        return self.effective_from.isoformat()

    @staticmethod
    def in_force(*, day: date) -> "ReviewSheet | None":
        """Return the row that counts on a day, None where nothing was set."""
        return ReviewSheet.objects.filter(effective_from__lte=day).first()


class FileSample(models.Model):
    """One drawing: from what, by which seed, how many; never changed, and every drawing stays.

    `stock_digest` is of the numbers of all files that could be drawn: it says whether they are the same since.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    span_code = models.CharField(pgettext_lazy("of figures", "period"), max_length=8)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit that reviews")
    )
    units = models.JSONField(_("units"))
    seed = models.CharField(_("seed"), max_length=32)
    per_unit = models.PositiveSmallIntegerField(_("files of each unit"), null=True)
    percent = models.PositiveSmallIntegerField(_("share of each unit (%)"), null=True)
    stock = models.PositiveIntegerField(_("files to draw from"))
    stock_digest = models.CharField(max_length=64)
    sheet = models.JSONField(pgettext_lazy("of a score sheet", "items"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("drawn"))

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(per_unit=None) | Q(percent=None),
                name="sample_number_or_share",
            )
        ]
        verbose_name = _("sample of case files")
        verbose_name_plural = _("samples of case files")

    def __str__(self) -> str:
        return f"{self.span_code} · {self.pk}"


class SampledFile(models.Model):
    """One drawn file. `reviewer` is who may read it for the review, from `granted_at` until it is done.

    When the tip is destroyed the place in the sample and the points stay, without the words.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sample = models.ForeignKey(FileSample, on_delete=models.CASCADE, related_name="files")
    place = models.PositiveIntegerField(_("place"))
    tip = models.ForeignKey(Tip, null=True, on_delete=models.SET_NULL, related_name="reviews")
    unit = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="reviewed_files", verbose_name=_("unit")
    )
    state = models.CharField(
        _("status"), max_length=12, choices=ReviewState.choices, default=ReviewState.DRAWN
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="files_to_review"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(_("assigned"), null=True)
    scored_at = models.DateTimeField(_("scored"), null=True)
    points = models.PositiveSmallIntegerField(_("points"), null=True)
    wants_correction = models.BooleanField(_("a correction is asked for"), default=False)
    closed_at = models.DateTimeField(_("closed"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("sample", "place")
        constraints = [
            models.UniqueConstraint(fields=("sample", "place"), name="one_file_a_place"),
            models.UniqueConstraint(fields=("sample", "tip"), name="a_file_is_drawn_once"),
        ]
        indexes = [
            models.Index(fields=("unit", "state"), name="review_by_unit"),
            models.Index(fields=("reviewer", "state"), name="review_by_person"),
        ]
        verbose_name = _("file under review")
        verbose_name_plural = _("files under review")

    def __str__(self) -> str:
        return str(self.public_id)


class FileFinding(models.Model):
    """What was found on one item: points taken off and why; what the unit did about it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(SampledFile, on_delete=models.CASCADE, related_name="findings")
    item = models.CharField(pgettext_lazy("of a score sheet", "item"), max_length=20)
    minus = models.PositiveSmallIntegerField(_("points taken off"))
    wants_correction = models.BooleanField(_("a correction is asked for"), default=False)
    words_sealed = models.BinaryField(default=b"")
    answer_sealed = models.BinaryField(default=b"")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    words = SealedText()
    answer = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("file", "item"), name="one_finding_an_item")]
        verbose_name = _("finding of a review")
        verbose_name_plural = _("findings of a review")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)
