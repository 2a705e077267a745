"""Minor matters that are not fined (轻微违法不予处罚事项清单): the rows editors keep, and the page that shows them."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from home import matters
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel, shown_title_of

SMALLEST_SHOWN = 5


class NoPenaltyMatter(models.Model):
    """One matter, when it is not fined, by which law, and what must be done instead."""

    code = models.CharField(
        _("number in the list"),
        max_length=20,
        unique=True,
        help_text=_("Stays with the matter; the CSV file finds its row by it."),
    )
    field = models.CharField(
        _("area"), max_length=30, help_text=_("For example 教育培训, 应急管理, 警示标志.")
    )
    matter = models.CharField(_("matter"), max_length=200)
    condition = models.TextField(_("when it is not fined"), max_length=500)
    instead = models.TextField(_("what must be done instead"), max_length=500)
    basis = models.CharField(_("legal basis"), max_length=300)
    is_checked = models.BooleanField(
        _("legal basis checked"),
        default=False,
        help_text=_("Set by the person who compared it with the list in force; until then the page says so."),
    )
    is_shown = models.BooleanField(_("shown to the public"), default=True)
    applied_count = models.PositiveIntegerField(
        _("applied this year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Empty hides the figure; below 5 the page says “fewer than 5”."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("code",)
        verbose_name = _("matter without a fine")
        verbose_name_plural = _("matters without a fine")
        indexes = [models.Index(fields=("is_shown", "field"), name="matter_by_area")]

    def __str__(self) -> str:
        return f"{self.code} {self.matter}"

    @property
    def is_few(self) -> bool:
        """Whether the figure is too small to be shown."""
        return self.applied_count is not None and self.applied_count < SMALLEST_SHOWN


class NoPenaltyPage(TwoLanguagePage):
    """The list as a table that can be searched, filtered and printed."""

    lead = models.CharField(_("lead text"), max_length=300, blank=True)
    basis = models.TextField(
        _("on what the list rests"),
        max_length=600,
        blank=True,
        help_text=_("The rule that says when nothing is fined, and which list is in force here."),
    )
    lead_en = models.CharField(_("lead text in English"), max_length=600, blank=True)

    max_count = 1
    parent_page_types = ["home.OutreachIndexPage"]
    subpage_types: list[str] = []
    template = "home/no_penalty_page.html"

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("basis"), english_panel("lead_en")]

    class Meta:
        verbose_name = _("list of matters without a fine")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what was asked for and what was found."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        rows = NoPenaltyMatter.objects.filter(is_shown=True)
        context["asked"] = asked = matters.asked(values=request.GET, fields=matters.fields(rows=rows))
        context["found"] = matters.found(rows=rows, asked=asked)
        context["above"] = self.get_parent()
        context["above_title"] = shown_title_of(page=context["above"])
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)
