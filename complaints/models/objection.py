"""After the answer: the reporter's objection, its review by the level above, one rating."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .office import Office
from .sealed import SealedText
from .tip import Tip


class Objection(models.Model):
    """An objection within ten days of the answer; the level above reviews it within thirty (106号).

    One open for each reporter: of tips put together each has ten days of their own, and one review decides on all.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="objections")
    # Whose reporter objects, where several tips were put together: officers tell them apart by the number.
    raised_on = models.ForeignKey(Tip, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewing unit")
    )
    filed_date = models.DateField(_("filed"))
    review_by = models.DateField(_("review by"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_date = models.DateField(_("reviewed"), null=True, blank=True)
    is_upheld = models.BooleanField(_("answer upheld"), null=True)
    words_sealed = models.BinaryField(default=b"")

    words = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("tip", "raised_on"), condition=Q(reviewed_date=None), name="one_open_objection"
            )
        ]
        indexes = [
            models.Index(fields=("filed_date",), name="objection_filed"),
            models.Index(fields=("reviewed_date",), name="objection_reviewed"),
        ]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)


class Rating(models.Model):
    """How satisfied the reporter is with the answer, 1 to 5, once; the day only."""

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField(_("satisfaction"))
    rated_date = models.DateField(_("day"))

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__range=(1, 5)), name="score_of_five")]
        indexes = [models.Index(fields=("rated_date",), name="rating_by_day")]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return str(self.score)
