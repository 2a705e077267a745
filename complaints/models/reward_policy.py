"""Reward rules as dated rows: what a true tip is worth, by region and sector."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.enums import (
    AccidentGrade,
    FineMode,
    GeneralHazardMode,
    IdentityMode,
    JointSplit,
    Sector,
    UpliftCapMode,
)
from complaints.rules.reward_policy import LARGEST, LONGEST_CLAIM_DAYS, MOST_LEVELS, Policy
from portal.shared.bilingual import in_language

SEEN = _("Rule No. 19 of 2018 on rewards for tips.")
LOCAL = _("No national figure is known; check the local rule.")
UNVERIFIED = _("Not verified: taken over as a default, check it against the wording of the rule.")
NOT_NEGATIVE = [MinValueValidator(Decimal(0)), MaxValueValidator(LARGEST)]
SHARE = [MinValueValidator(Decimal("0.0001")), MaxValueValidator(Decimal(1))]
ARTICLE = _(
    "Where in the source this stands. It is shown beside the amount; write 待核实 where nobody has checked."
)


def _yuan(label: Any, *, text: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """Return a column for an amount of yuan."""
    return models.DecimalField(
        label, max_digits=10, decimal_places=2, validators=NOT_NEGATIVE, help_text=text, **options
    )


class RewardPolicyQuerySet(models.QuerySet["RewardPolicy"]):
    """Reading of the dated rows."""

    def in_force(self, *, day: date) -> "RewardPolicyQuerySet":
        """Return the rows that count on a day."""
        return self.filter(Q(effective_to=None) | Q(effective_to__gte=day), effective_from__lte=day)


class RewardPolicy(models.Model):
    """The terms of one region and sector from a day on. A row in force is never changed; it ends and a new one follows.

    The figures are those of `rules.reward_policy.Policy`; amounts in yuan.
    """

    code = models.SlugField(
        _("short name"),
        max_length=30,
        help_text=_("By which programs ask for this rule, in small letters: xian, mining."),
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    region = models.CharField(
        _("region"),
        max_length=6,
        validators=[RegexValidator(r"^\d{6}$")],
        help_text=_(
            "Six digits of GB/T 2260; 000000 is the whole country. The nearest region with a rule in force counts: "
            "county, city, province, country."
        ),
    )
    sector = models.CharField(
        _("sector"),
        max_length=20,
        choices=Sector.choices,
        blank=True,
        help_text=_("Empty: every industry. A rule of the sector comes before one for every industry."),
    )
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(
        _("effective to"), null=True, blank=True, help_text=_("The last day; empty: until further notice.")
    )
    rate = models.DecimalField(
        _("rate"),
        max_digits=5,
        decimal_places=4,
        validators=SHARE,
        help_text=_("Share of the fine: 0.15 is 15 %. Rule No. 19 of 2018 on rewards for tips: 15 %."),
    )
    second_level_rate = models.DecimalField(
        _("rate of the second level"),
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=SHARE,
        help_text=_(
            "Where a rule knows two levels, as for mines: 0.12. Empty: there is one rate. Not verified."
        ),
    )
    floor = _yuan(_("lowest amount (yuan)"), text=_("Rule No. 19 of 2018 on rewards for tips: 3,000."))
    cap = _yuan(_("highest amount (yuan)"), text=_("Rule No. 19 of 2018 on rewards for tips: 300,000."))
    per_death_ordinary = _yuan(
        _("each concealed death, ordinary accident (yuan)"),
        text=_("Rule No. 19 of 2018 on rewards for tips: 30,000. The grade comes from all deaths."),
    )
    per_death_larger = _yuan(
        _("each concealed death, larger accident (yuan)"),
        text=_("Rule No. 19 of 2018 on rewards for tips: 40,000."),
    )
    per_death_major = _yuan(
        _("each concealed death, major accident (yuan)"),
        text=_("Rule No. 19 of 2018 on rewards for tips: 50,000."),
    )
    per_death_extreme = _yuan(
        _("each concealed death, especially major accident (yuan)"),
        text=_("Rule No. 19 of 2018 on rewards for tips: 60,000."),
    )
    employee_uplift_pct = models.DecimalField(
        _("uplift for employees (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(200))],
        help_text=_(
            "Regulation No. 69 of 2020 asks to favour employees; the figure is a local one. Not verified."
        ),
    )
    uplift_cap_mode = models.CharField(
        _("uplift and highest amount"),
        max_length=20,
        choices=UpliftCapMode.choices,
        default=UpliftCapMode.UPLIFT_THEN_CAP,
        help_text=LOCAL,
    )
    general_hazard = models.CharField(
        _("ordinary hazards"),
        max_length=10,
        choices=GeneralHazardMode.choices,
        default=GeneralHazardMode.NONE,
        help_text=LOCAL,
    )
    general_low = _yuan(_("ordinary hazard: amount, or lower end (yuan)"), text=LOCAL, default=Decimal(0))
    general_high = _yuan(_("ordinary hazard: upper end (yuan)"), text=LOCAL, default=Decimal(0))
    monthly_cap_per_type = _yuan(
        _("highest amount of a month for one type (yuan)"),
        text=_(
            "For what one reporter receives in a month for tips of one type. Empty: no such limit. Not verified."
        ),
        null=True,
        blank=True,
    )
    no_penalty_amount = _yuan(
        _("without a fine (yuan)"),
        text=_("When the tip is true and nobody was fined. Not above the lowest amount. Not verified."),
        default=Decimal(0),
    )
    multi_fine_mode = models.CharField(
        _("several fines"),
        max_length=5,
        choices=FineMode.choices,
        default=FineMode.SUM,
        help_text=UNVERIFIED,
    )
    special_reward_allowed = models.BooleanField(
        _("special rewards"),
        default=False,
        help_text=_(
            "Whether more may be paid where casualties were averted, with the approval of the level above."
        ),
    )
    eligible_identity_modes = models.JSONField(
        _("who can be rewarded"),
        default=list,
        help_text=_(
            "By how the tip was made. With a code the reporter gives the name when collecting. "
            "“Anonymous” lets a person collect against the code alone. Not verified."
        ),
    )
    claim_days = models.PositiveSmallIntegerField(
        _("collect within (days)"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_CLAIM_DAYS)],
        help_text=_("From the notice to the reporter. Rule No. 19: 60 days; some cities have 30."),
    )
    joint_split = models.CharField(
        _("joint tips"),
        max_length=20,
        choices=JointSplit.choices,
        default=JointSplit.FIRST_SIGNATORY,
        help_text=UNVERIFIED,
    )
    approval_levels = models.PositiveSmallIntegerField(
        _("levels of approval"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_LEVELS)],
        help_text=_(
            "1: an approver of the unit. 2: an approver of the level above. "
            "Another amount than the rule gives always goes to the level above. Not verified."
        ),
    )
    file_with_superior = models.BooleanField(_("filed with the level above"), default=True, help_text=SEEN)
    source = models.CharField(_("source"), max_length=200, help_text=_("The document, with its number."))
    article_rate = models.CharField(
        _("article: share of the fine"), max_length=100, blank=True, help_text=ARTICLE
    )
    article_accident = models.CharField(
        _("article: concealed accidents"), max_length=100, blank=True, help_text=ARTICLE
    )
    article_local = models.CharField(
        _("article: uplift and local amounts"), max_length=100, blank=True, help_text=ARTICLE
    )

    objects = RewardPolicyQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("region", "sector", "-effective_from")
        constraints = [
            models.UniqueConstraint(
                fields=("region", "sector", "effective_from"), name="one_reward_policy_a_day"
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="reward_policy_ends_after_it_begins",
                violation_error_message=_("The last day cannot lie before the first one."),
            ),
        ]
        verbose_name = _("reward rule")
        verbose_name_plural = _("reward rules")

    def __str__(self) -> str:
        return f"{self.name} {self.effective_from.isoformat()}"

    @property
    def shown_name(self) -> str:
        """The name as the public reads it, in the language of the page."""
        return in_language(chinese=self.name, english=self.name_en)

    def as_terms(self) -> Policy:
        """Return the row as the calculator reads it."""
        given = {one.name: getattr(self, one.name) for one in fields(Policy) if one.name not in _TURNED}
        return Policy(
            **given,
            uplift_cap_mode=UpliftCapMode(self.uplift_cap_mode),
            general_hazard=GeneralHazardMode(self.general_hazard),
            multi_fine_mode=FineMode(self.multi_fine_mode),
            joint_split=JointSplit(self.joint_split),
            eligible_identity_modes=frozenset(map(IdentityMode, self.eligible_identity_modes)),
            per_death={grade: getattr(self, f"per_death_{grade.value}") for grade in AccidentGrade},
        )

    def set_terms(self, terms: Policy) -> None:
        """Take the figures over; the names stay what they are. Stores nothing."""
        for one in fields(Policy):
            if one.name not in {"per_death", "eligible_identity_modes"}:
                setattr(self, one.name, getattr(terms, one.name))
        self.eligible_identity_modes = sorted(mode.value for mode in terms.eligible_identity_modes)
        for grade, amount in terms.per_death.items():
            setattr(self, f"per_death_{grade.value}", amount)


# Figures that are codes or several columns.
_TURNED = frozenset(
    {
        "uplift_cap_mode",
        "general_hazard",
        "multi_fine_mode",
        "joint_split",
        "eligible_identity_modes",
        "per_death",
    }
)
