"""Legal periods as dated rows, and days off or made up that the calendar package does not know yet."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.rules.custody import LONGEST_HOURS

# A period of nothing would be over before it began.
AT_LEAST_ONE = [MinValueValidator(1)]
LOCAL = _("No national figure is known; check the local rule.")


class DeadlinePolicyQuerySet(models.QuerySet["DeadlinePolicy"]):
    """Reading of the dated rows."""

    def in_force(self, *, day: date) -> "DeadlinePolicyQuerySet":
        """Return the rows that began on or before `day`, latest first."""
        return self.filter(effective_from__lte=day).order_by("-effective_from", "-pk")


class DeadlinePolicy(models.Model):
    """The periods in force from a day on. A row that was used is never changed; a new one follows it."""

    effective_from = models.DateField(_("effective from"))
    decide_working_days = models.PositiveSmallIntegerField(
        _("decide on acceptance (working days)"), default=7, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    close_days = models.PositiveSmallIntegerField(
        _("conclude (days from acceptance)"),
        default=60,
        validators=AT_LEAST_ONE,
        help_text=_("Rule No. 19 of 2018 on rewards for tips: 60 days from acceptance."),
    )
    reply_days = models.PositiveSmallIntegerField(
        _("answer after verification (days)"), default=10, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    pass_on_working_days = models.PositiveSmallIntegerField(
        _("pass on to the competent body (working days)"),
        default=3,
        validators=AT_LEAST_ONE,
        help_text=_(
            "The Work Safety Law (Art. 73) gives the duty; no national figure is known for the period."
        ),
    )
    extension_days = models.PositiveSmallIntegerField(
        _("extension, once (days)"),
        default=30,
        validators=AT_LEAST_ONE,
        help_text=_(
            "Rule No. 19 of 2018 on rewards for tips: once, 30 days at most, approved by the level above."
        ),
    )
    objection_days = models.PositiveSmallIntegerField(
        _("objection by the reporter (days)"),
        default=10,
        validators=AT_LEAST_ONE,
        help_text=_("Opinion No. 106 of 2023 on tips: within 10 days of the answer."),
    )
    review_days = models.PositiveSmallIntegerField(
        _("review of an objection (days)"),
        default=30,
        validators=AT_LEAST_ONE,
        help_text=_("Opinion No. 106 of 2023 on tips: 30 days, by the level above."),
    )
    whistle_hours = models.PositiveSmallIntegerField(
        _("answer a whistle (hours)"), default=24, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    arrival_working_days = models.PositiveSmallIntegerField(
        _("arrive after a whistle (working days)"), default=2, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    supervision_working_days = models.PositiveSmallIntegerField(
        _("answer a supervision (working days)"), default=5, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    referral_days = models.PositiveSmallIntegerField(
        _("decide on a criminal referral (days)"),
        default=3,
        validators=AT_LEAST_ONE,
        help_text=_("Rules on the referral of suspected crimes: 3 days from the report."),
    )
    police_days = models.PositiveSmallIntegerField(
        _("police review and reconsideration (days)"),
        default=3,
        validators=AT_LEAST_ONE,
        help_text=_("Rules on the referral of suspected crimes: 3 days for each."),
    )
    referral_in_working_days = models.BooleanField(
        _("periods of the referral are working days"),
        default=True,
        help_text=_("The rule says three days; whether these are working days is for the bureau to settle."),
    )
    transfer_hours = models.PositiveSmallIntegerField(
        _("transfer to the police (hours)"),
        default=24,
        validators=AT_LEAST_ONE,
        help_text=_("Rules on the referral of suspected crimes: within 24 hours of the decision."),
    )
    unseal_hours = models.PositiveSmallIntegerField(
        _("an approved opening stays valid (hours)"),
        default=24,
        validators=[*AT_LEAST_ONE, MaxValueValidator(LONGEST_HOURS)],
        help_text=LOCAL,
    )
    publish_working_days = models.PositiveSmallIntegerField(
        _("publish a penalty (working days)"),
        default=7,
        validators=AT_LEAST_ONE,
        help_text=_("The Work Safety Law (Art. 78): 7 working days from the decision."),
    )
    source = models.CharField(
        _("source"), max_length=200, default="19号 (60 日、延期 30 日)；106号；移送规定；安全生产法 73、78"
    )

    objects = DeadlinePolicyQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-effective_from",)
        verbose_name = _("legal periods")
        verbose_name_plural = _("legal periods")

    def __str__(self) -> str:
        return self.effective_from.isoformat()


class SpecialDay(models.Model):
    """A day announced late: off although the calendar says work, or the other way round."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=100, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("day",)
        verbose_name = _("special day")
        verbose_name_plural = _("special days")

    def __str__(self) -> str:
        return self.day.isoformat()
