"""Dated weights: what points are given for when it is worked out where to look, and how a unit did in a year."""

from dataclasses import fields
from datetime import date
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import AttentionLine, EvaluationLine
from complaints.rules import alarms, attention, evaluation

AT_MOST = [MaxValueValidator(attention.MOST_WEIGHT)]
LOCAL = _("No national figure is known; check the local rule.")


def _weight(
    line: AttentionLine | EvaluationLine, *, default: int
) -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(line.label, default=default, validators=AT_MOST, help_text=LOCAL)


class DatedWeights(models.Model):
    """Weights from a day on. Rows in force are never changed; without a row the defaults of the columns count."""

    effective_from = models.DateField(_("effective from"), unique=True)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        abstract = True
        ordering = ("-effective_from",)

    def __str__(self) -> str:
        return self.effective_from.isoformat()

    @classmethod
    def in_force(cls, *, day: date) -> Self:
        """Return the row that counts on a day; one that is not stored, of the defaults, where nothing was set."""
        rows = cls._default_manager.filter(effective_from__lte=day).order_by("-effective_from")
        return rows.first() or cls()


class AttentionWeights(DatedWeights):
    """Points for one of each when it is worked out where to look next (要点 8, 10)."""

    verified = _weight(AttentionLine.VERIFIED, default=attention.DEFAULT_WEIGHTS[AttentionLine.VERIFIED])
    major_hazard = _weight(
        AttentionLine.MAJOR_HAZARD, default=attention.DEFAULT_WEIGHTS[AttentionLine.MAJOR_HAZARD]
    )
    concealed = _weight(AttentionLine.CONCEALED, default=attention.DEFAULT_WEIGHTS[AttentionLine.CONCEALED])
    death = _weight(AttentionLine.DEATH, default=attention.DEFAULT_WEIGHTS[AttentionLine.DEATH])
    repeat = _weight(AttentionLine.REPEAT, default=attention.DEFAULT_WEIGHTS[AttentionLine.REPEAT])
    inside_overdue = _weight(
        AttentionLine.INSIDE_OVERDUE, default=attention.DEFAULT_WEIGHTS[AttentionLine.INSIDE_OVERDUE]
    )
    inside_turned = _weight(
        AttentionLine.INSIDE_TURNED, default=attention.DEFAULT_WEIGHTS[AttentionLine.INSIDE_TURNED]
    )

    wagtail_reference_index_ignore = True

    class Meta(DatedWeights.Meta):
        verbose_name = _("weights of where to look")
        verbose_name_plural = _("weights of where to look")

    @property
    def weights(self) -> dict[AttentionLine, int]:
        """The weights by line."""
        return {line: getattr(self, line.value) for line in AttentionLine}


class EvaluationWeights(DatedWeights):
    """How many of a hundred points each line of the yearly evaluation holds (要点 14, 量化评价)."""

    on_time = _weight(EvaluationLine.ON_TIME, default=evaluation.DEFAULT_WEIGHTS[EvaluationLine.ON_TIME])
    whistles = _weight(EvaluationLine.WHISTLES, default=evaluation.DEFAULT_WEIGHTS[EvaluationLine.WHISTLES])
    hazards = _weight(EvaluationLine.HAZARDS, default=evaluation.DEFAULT_WEIGHTS[EvaluationLine.HAZARDS])
    satisfaction = _weight(
        EvaluationLine.SATISFACTION, default=evaluation.DEFAULT_WEIGHTS[EvaluationLine.SATISFACTION]
    )
    objections = _weight(
        EvaluationLine.OBJECTIONS, default=evaluation.DEFAULT_WEIGHTS[EvaluationLine.OBJECTIONS]
    )
    files = _weight(EvaluationLine.FILES, default=evaluation.DEFAULT_WEIGHTS[EvaluationLine.FILES])
    corrections = _weight(
        EvaluationLine.CORRECTIONS, default=evaluation.DEFAULT_WEIGHTS[EvaluationLine.CORRECTIONS]
    )

    wagtail_reference_index_ignore = True

    class Meta(DatedWeights.Meta):
        verbose_name = _("weights of the yearly evaluation")
        verbose_name_plural = _("weights of the yearly evaluation")

    @property
    def weights(self) -> dict[EvaluationLine, int]:
        """The weights by line."""
        return {line: getattr(self, line.value) for line in EvaluationLine}


def _bound(name: Any, *, default: int, most: int) -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(
        name, default=default, validators=[MinValueValidator(1), MaxValueValidator(most)]
    )


class AlarmThresholds(DatedWeights):
    """From where on the dashboard speaks up (要点 17); house practice."""

    concluded_least = _bound(
        _("Shares count from so many concluded tips on"), default=alarms.USUAL.concluded_least, most=1000
    )
    rise_points = _bound(
        _("Late share grew by so many percentage points"), default=alarms.USUAL.rise_points, most=100
    )
    whistles_least = _bound(
        _("Whistles unanswered past their hour"), default=alarms.USUAL.whistles_least, most=1000
    )
    burst_days = _bound(_("A burst: within so many days"), default=alarms.USUAL.burst_days, most=90)
    burst_least = _bound(
        _("A burst: at least so many tips about one entity"), default=alarms.USUAL.burst_least, most=1000
    )
    burst_times = _bound(
        _("A burst: so many times as many a day as before"), default=alarms.USUAL.burst_times, most=100
    )
    before_days = _bound(
        _("A burst: compared with so many days before"), default=alarms.USUAL.before_days, most=365
    )

    wagtail_reference_index_ignore = True

    class Meta(DatedWeights.Meta):
        verbose_name = _("alarm thresholds")
        verbose_name_plural = _("alarm thresholds")

    @property
    def thresholds(self) -> alarms.Thresholds:
        """The thresholds of this row."""
        return alarms.Thresholds(
            **{field.name: getattr(self, field.name) for field in fields(alarms.Thresholds)}
        )
