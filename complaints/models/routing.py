"""Where tips go: ordered rules kept as data, the bodies competent elsewhere, and why each tip went where it did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import Industry, RoutingReason

from .office import Division, Office
from .tip import Tip


class RoutingRule(models.Model):
    """If all conditions that are filled in fit, the tip goes to `office`; the first rule that fits wins."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("active"), default=True)
    industries = models.JSONField(_("industries"), default=list, blank=True)
    kinds = models.JSONField(_("types"), default=list, blank=True)
    divisions = models.ManyToManyField(
        Division, blank=True, related_name="+", verbose_name=_("districts and towns")
    )
    # Keys of units that are development zones. Kept as a list, so that a unit that is gone shows as a fault.
    zones = models.JSONField(_("development zones"), default=list, blank=True)
    needs_danger = models.BooleanField(_("only with people in danger"), default=False)
    needs_death = models.BooleanField(_("only with a death"), default=False)
    keywords = models.TextField(_("keywords"), blank=True, help_text=_("One in a line; any of them fits."))
    office = models.ForeignKey(
        Office, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("goes to")
    )
    fault = models.CharField(_("fault"), max_length=200, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")

    def __str__(self) -> str:
        return self.name


class RoutingDecision(models.Model):
    """Why a tip went to a unit; rows are added, never edited."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="routings")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=16, choices=RoutingReason.choices)
    # The rule's name as it was then: a rule may be renamed or deleted later.
    rule_name = models.CharField(_("routing rule"), max_length=80, blank=True)
    decided_date = models.DateField(_("day"))

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("routing decision")
        verbose_name_plural = _("routing decisions")

    def __str__(self) -> str:
        return f"{self.tip_id} {self.reason}"


class CompetentBody(models.Model):
    """Who answers for an industry outside the bureau's remit, as the reporter is told."""

    industry = models.CharField(_("industry"), max_length=30, choices=Industry.choices, unique=True)
    name = models.CharField(_("competent body"), max_length=100)
    name_en = models.CharField(_("competent body in English"), max_length=160, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("industry",)
        verbose_name = _("competent body")
        verbose_name_plural = _("competent bodies")

    def __str__(self) -> str:
        return self.name


class Transfer(models.Model):
    """A tip passed on to another body: the letter's particulars."""

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, related_name="transfer")
    body = models.CharField(_("competent body"), max_length=100)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    sent_date = models.DateField(_("day"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")

    def __str__(self) -> str:
        return f"{self.tip_id} {self.body}"
