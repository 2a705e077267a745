"""Enterprises under supervision, the codes on their walls, inspection ceilings and visits."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import DivisionLevel, Industry, RiskClass, VisitPurpose

from .office import Division, Office


class Enterprise(models.Model):
    """An enterprise of the register. `office` supervises it and follows from town and district."""

    name = models.CharField(_("name"), max_length=100)
    credit_code = models.CharField(_("credit code"), max_length=18, unique=True)
    industry = models.CharField(_("industry"), max_length=30, choices=Industry.choices)
    district = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": DivisionLevel.DISTRICT},
        verbose_name=_("district"),
    )
    town = models.ForeignKey(
        Division,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": DivisionLevel.TOWN},
        verbose_name=_("town"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    risk_class = models.CharField(_("risk class"), max_length=10, choices=RiskClass.choices)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="enterprises", verbose_name=_("supervising unit")
    )
    is_active = models.BooleanField(_("in business"), default=True)
    # Upheld matters of the last year, counted anew every day; repeats and false tips do not count.
    upheld_count = models.PositiveIntegerField(_("tips found true"), default=0)
    # The day its only safety manager asked for a second one; empty again once somebody is invited.
    second_asked_date = models.DateField(_("asked for a second safety manager"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        indexes = [
            models.Index(fields=("office", "name"), name="enterprise_by_office"),
            models.Index(fields=("town", "name"), name="enterprise_by_town"),
        ]

    def __str__(self) -> str:
        return self.name


class EnterpriseCode(models.Model):
    """A code on a poster. One is in use per enterprise; older ones stay known, so that their page can say so."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(_("code"), max_length=10, unique=True)
    issued_date = models.DateField(_("issued"))
    retired_date = models.DateField(_("retired"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("enterprise",), condition=models.Q(retired_date=None), name="one_code_in_use"
            )
        ]
        verbose_name = _("code to scan")
        verbose_name_plural = _("codes to scan")

    def __str__(self) -> str:
        return self.code


class InspectionCeiling(models.Model):
    """How many inspections of the plan an enterprise of a class gets a year, from a day on."""

    risk_class = models.CharField(_("risk class"), max_length=10, choices=RiskClass.choices)
    per_year = models.PositiveSmallIntegerField(
        _("inspections a year"),
        validators=[MaxValueValidator(366)],
        help_text=_("Visits because of a tip, an accident or a recheck do not count."),
    )
    effective_from = models.DateField(_("effective from"))
    source = models.CharField(_("source"), max_length=200)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("risk_class", "-effective_from")
        constraints = [
            models.UniqueConstraint(fields=("risk_class", "effective_from"), name="one_ceiling_a_day")
        ]
        verbose_name = _("inspection ceiling")
        verbose_name_plural = _("inspection ceilings")

    def __str__(self) -> str:
        return f"{self.get_risk_class_display()} · {self.per_year}"

    @staticmethod
    def in_force(*, risk_class: str, day: date) -> "InspectionCeiling | None":
        """Return the row that counts on a day, None where nothing was set."""
        rows = InspectionCeiling.objects.filter(risk_class=risk_class, effective_from__lte=day)
        return rows.order_by("-effective_from").first()


class SiteVisit(models.Model):
    """扫码入企: who entered, when and why. Whether it counts or passed the ceiling is kept as it was then."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="visits")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    visited_at = models.DateTimeField(_("visited"))
    year = models.PositiveSmallIntegerField(_("year"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=VisitPurpose.choices)
    counts = models.BooleanField(_("counts against the ceiling"))
    passed_ceiling = models.BooleanField(_("beyond the ceiling"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-visited_at", "-pk")
        indexes = [models.Index(fields=("enterprise", "year", "counts"), name="visit_by_year")]
        verbose_name = _("visit to an enterprise")
        verbose_name_plural = _("visits to enterprises")

    def __str__(self) -> str:
        return f"{self.enterprise_id} · {self.visited_at:%Y-%m-%d}"


class ChannelDuty(models.Model):
    """By when enterprises of an industry must have an internal way to report (7号); without a row the default."""

    industry = models.CharField(_("industry"), max_length=30, choices=Industry.choices, unique=True)
    due_date = models.DateField(
        _("to be there by"),
        help_text=_("Not verified: check the days and the industries against the wording of the rule."),
    )
    source = models.CharField(_("source"), max_length=200)
    is_verified = models.BooleanField(
        _("checked against the wording of the rule"),
        default=False,
        help_text=_("Until then the page says that it is not."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("due_date", "industry")
        verbose_name = _("duty to have an internal channel")
        verbose_name_plural = _("duties to have an internal channel")

    def __str__(self) -> str:
        return str(self.get_industry_display())


class PracticeOffer(models.Model):
    """A text an enterprise offers as good practice (典型经验做法): its own words, meant for everybody; no figures."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="practices")
    text = models.TextField(_("text"), max_length=3000)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(_("offered"))
    drafted_at = models.DateTimeField(_("drafted"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("offered good practice")
        verbose_name_plural = _("offered good practices")

    def __str__(self) -> str:
        return f"{self.enterprise_id} · {self.offered_at:%Y-%m-%d}"
