"""What reviewers answer for: finds waved through with a reason, and pictures looked at."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cases_public.enums import WithdrawalReason


class Waiver(models.Model):
    """A find that is no find. It holds for this very text: `mark` is of no other, and a change ends it."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=("page", "mark"), name="one_waiver_a_find")]

    def __str__(self) -> str:
        return self.mark[:12]


class PictureCheck(models.Model):
    """Somebody has looked: no face, plate or sign is seen. It holds for this very file."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    file_hash = models.CharField(max_length=40)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seen_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("page", "picture", "file_hash"), name="one_look_a_file")
        ]

    def __str__(self) -> str:
        return self.file_hash[:12]

    @classmethod
    def is_public(cls, *, picture_id: int) -> bool:
        """Whether a published case may show this picture: its file was looked at and passed the chain."""
        return cls.objects.filter(picture=picture_id, page__live=True).exists()


class DocumentCheck(models.Model):
    """Somebody has read a linked document to its end: it names nobody. It holds for this very file."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey("wagtaildocs.Document", on_delete=models.CASCADE, related_name="+")
    file_hash = models.CharField(max_length=40)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    read_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("page", "document", "file_hash"), name="one_reading_a_file")
        ]

    def __str__(self) -> str:
        return self.file_hash[:12]

    @classmethod
    def is_public(cls, *, document_id: int) -> bool:
        """Whether a published case may link to this document: its file was read and passed the chain."""
        return cls.objects.filter(document=document_id, page__live=True).exists()


class Withdrawal(models.Model):
    """A published case is to be taken back, or was: then its address shows the reason and nothing else."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="case_withdrawal")
    reason = models.CharField(_("reason"), max_length=10, choices=WithdrawalReason.choices)
    notice = models.CharField(_("notice to the public"), max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_date = models.DateField(_("day from which the period runs"))
    due_date = models.DateField(_("last day"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_date = models.DateField(_("withdrawn on"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("due_date", "pk")
        verbose_name = _("withdrawal")

    def __str__(self) -> str:
        return str(self.page_id)
