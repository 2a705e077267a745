"""Liaison points (普法联系点: one officer, one private enterprise) and the visits that help them; without names."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from home import liaison_figures
from home.enums import Post
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel, shown_title_of

from .pictures import SitePicture

MOST_PEOPLE = 5000


class LiaisonPoint(models.Model):
    """One enterprise and the unit that answers for it. Which officer it is stays inside, unless the bureau says so."""

    enterprise = models.CharField(
        _("enterprise"), max_length=120, unique=True, help_text=_("As the public list shall name it.")
    )
    district = models.CharField(_("district"), max_length=40)
    unit = models.CharField(_("unit"), max_length=80)
    phone = models.CharField(_("telephone of the unit"), max_length=30)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="liaison_points",
        verbose_name=pgettext_lazy("of a liaison point", "officer"),
        help_text=_("Sees the point in the back office and signs visits in. Never shown to the public."),
    )
    surname = models.CharField(
        _("surname of the officer"),
        max_length=10,
        blank=True,
        help_text=_(
            "Fill in only what the bureau chooses to publish: shown as 王同志. Empty: unit and telephone only."
        ),
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    is_shown = models.BooleanField(_("shown to the public"), default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("district", "enterprise")
        verbose_name = _("liaison point")
        verbose_name_plural = _("liaison points")

    def __str__(self) -> str:
        return f"{self.district} · {self.enterprise}"

    @property
    def officer_name(self) -> str:
        """The officer as colleagues know him or her, for the back office."""
        return self.officer.get_full_name() or self.officer.get_username() if self.officer else "—"


class HelpVisit(models.Model):
    """One visit (安全帮扶进企业): what was done, how many of which post took part; shown once an editor says so."""

    point = models.ForeignKey(
        LiaisonPoint, on_delete=models.PROTECT, related_name="visits", verbose_name=_("liaison point")
    )
    day = models.DateField(pgettext_lazy("visit to an enterprise", "day of the visit"))
    topic = models.CharField(_("topic of the visit"), max_length=80)
    outcome = models.TextField(
        _("what was done"),
        max_length=600,
        help_text=_("No names, no telephone numbers: this text is published."),
    )
    officers = models.PositiveSmallIntegerField(
        _("number of officers"), default=2, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    is_shown = models.BooleanField(_("shown to the public"), default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-day", "-pk")
        verbose_name = _("visit to an enterprise")
        verbose_name_plural = _("visits to enterprises")
        indexes = [models.Index(fields=("is_shown", "-day"), name="visit_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.topic}"

    def clean(self) -> None:
        """Refuse a visit that has not been yet."""
        super().clean()
        day: date | None = self.day  # nothing yet, when the form could not read it
        if day is not None and day > timezone.localdate():
            raise ValidationError({"day": _("This day has not come yet.")})


class VisitSign(models.Model):
    """How many people of one post signed in."""

    visit = models.ForeignKey(HelpVisit, on_delete=models.CASCADE, related_name="signs")
    post = models.CharField(_("post"), max_length=12, choices=Post.choices)
    count = models.PositiveSmallIntegerField(
        pgettext_lazy("of people", "number"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)],
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("visit", "post"), name="one_post_once")]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.count}"


class VisitPicture(models.Model):
    """One photo of a visit: cleaned like every picture of the site."""

    visit = models.ForeignKey(HelpVisit, on_delete=models.CASCADE, related_name="pictures")
    picture = models.ForeignKey(SitePicture, on_delete=models.CASCADE, related_name="+")
    alt = models.CharField(max_length=160)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.alt


class LiaisonPage(TwoLanguagePage):
    """The public list of points and the diary of visits."""

    kept_parameters = ("district", "visits")

    lead = models.CharField(_("lead text"), max_length=300, blank=True)
    visits_a_year = models.PositiveSmallIntegerField(
        _("visits a year"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
        help_text=_("At least so many for each point (要点 cl. 16: 3)."),
    )
    lead_en = models.CharField(_("lead text in English"), max_length=600, blank=True)

    max_count = 1
    parent_page_types = ["home.OutreachIndexPage"]
    subpage_types: list[str] = []
    template = "home/liaison_page.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("visits_a_year"),
        english_panel("lead_en"),
    ]

    class Meta:
        verbose_name = _("page of liaison points")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the points of one district or of all, and the diary."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        year = timezone.localdate().year
        context["year"] = year
        context["points"] = liaison_figures.points(
            points=LiaisonPoint.objects.filter(is_shown=True), year=year, values=request.GET
        )
        context["diary"] = liaison_figures.diary(
            visits=HelpVisit.objects.filter(is_shown=True), number=request.GET.get("visits", "1")
        )
        context["above"] = self.get_parent()
        context["above_title"] = shown_title_of(page=context["above"])
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)
