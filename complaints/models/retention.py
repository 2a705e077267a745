"""How long tips are kept, what keeps one longer, and what is left when it is gone."""

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.enums import KeepFrom, KeepUnit, Outcome, TipKind

from .handling import HandlingStep
from .office import Office
from .tip import Tip

# Longer than a reporter may object and a review may take (106号: 10 and 30 days, with days off).
SHORTEST_DAYS = 60


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    """Reading of the dated rows."""

    def in_force(self, *, day: date) -> "RetentionRuleQuerySet":
        """Return the rows that began on or before `day`, latest first."""
        return self.filter(effective_from__lte=day).order_by("-effective_from", "-pk")


class RetentionRule(models.Model):
    """How long tips with one outcome are kept, from a day on. A row that was used is never changed; a new one follows.

    The row in force on the day of the purge decides, also about tips closed before it: a longer period must save them.
    """

    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    keep_count = models.PositiveSmallIntegerField(
        _("keep for"),
        validators=[MinValueValidator(1)],
        help_text=_("No national figure is known; check the rules of the archives."),
    )
    keep_unit = models.CharField(
        pgettext_lazy("of time", "unit"), max_length=5, choices=KeepUnit.choices, default=KeepUnit.YEARS
    )
    keep_from = models.CharField(
        _("counted from"), max_length=8, choices=KeepFrom.choices, default=KeepFrom.CLOSED
    )
    effective_from = models.DateField(_("effective from"))
    source = models.CharField(_("source"), max_length=200)

    objects = RetentionRuleQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("outcome", "-effective_from")
        constraints = [
            models.UniqueConstraint(fields=("outcome", "effective_from"), name="one_retention_rule_a_day"),
            models.CheckConstraint(
                condition=Q(keep_unit=KeepUnit.YEARS, keep_count__gte=1) | Q(keep_count__gte=SHORTEST_DAYS),
                name="kept_for_sixty_days",
                violation_error_message=_("Keep tips for 60 days at least: a reporter may still object."),
            ),
        ]
        verbose_name = _("period of keeping")
        verbose_name_plural = _("periods of keeping")

    def __str__(self) -> str:
        return f"{self.outcome} {self.effective_from.isoformat()}"

    @property
    def shown_term(self) -> str:
        """How long, as people say it."""
        return f"{self.keep_count} {self.get_keep_unit_display()}"


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Reading of holds."""

    def open(self) -> "LegalHoldQuerySet":
        """Return holds nobody has lifted."""
        return self.filter(lifted=None)


class LegalHold(models.Model):
    """暂缓销毁: keeps a tip, and what was merged with it, past its period. The steps say who, when and why."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="holds")
    placed = models.OneToOneField(HandlingStep, on_delete=models.CASCADE, related_name="+")
    lifted = models.OneToOneField(
        HandlingStep, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    objects = LegalHoldQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("tip",), condition=Q(lifted=None), name="one_open_hold")
        ]
        verbose_name = _("hold")
        verbose_name_plural = _("holds")

    def __str__(self) -> str:
        return str(self.pk)


class Tombstone(models.Model):
    """How many tips of one month, unit, type and outcome were destroyed; nothing in it finds one of them again."""

    month = models.DateField(_("month of receipt"))
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("type"), max_length=30, choices=TipKind.choices, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    tips_count = models.PositiveIntegerField(_("tips"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-month", "office", "kind", "outcome")
        constraints = [
            models.UniqueConstraint(
                fields=("month", "office", "kind", "outcome"), name="one_tombstone_a_cell"
            )
        ]
        verbose_name = _("destroyed tips")
        verbose_name_plural = _("destroyed tips")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def add_one(self) -> None:
        """Count one more, whatever others count at the same time."""
        type(self).objects.filter(pk=self.pk).update(tips_count=F("tips_count") + 1)


class PurgedNumber(models.Model):
    """A public number whose tip was destroyed: it is never given out again. Not tied to the counts above."""

    number = models.CharField(_("number"), max_length=20, primary_key=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("number",)
        verbose_name = _("number of a destroyed tip")
        verbose_name_plural = _("numbers of destroyed tips")

    def __str__(self) -> str:
        return self.number


class Leftover(models.Model):
    """What a purge has still to remove: an evidence file by its name; without a name, traces in the database's files.

    Written in the transaction that deletes the rows, so that a killed purge is finished by the next one.
    """

    name = models.CharField(max_length=100, unique=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("remains of a purge")
        verbose_name_plural = _("remains of purges")

    def __str__(self) -> str:
        return self.name
