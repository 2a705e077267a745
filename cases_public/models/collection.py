"""A collection: the cases of a special campaign or of a quarter."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from cases_public.blocks import MONTH
from cases_public.enums import CollectionForm
from cases_public.selectors import listing
from cases_public.selectors.asked import CHOICES, asked
from complaints.enums import Operation
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel


class CollectionPage(TwoLanguagePage):
    """A page that lists the cases editors put into it, newest first."""

    kept_parameters = CHOICES

    form = models.CharField(
        _("what holds them together"),
        max_length=20,
        choices=CollectionForm.choices,
        default=CollectionForm.CAMPAIGN,
    )
    operation = models.CharField(
        _("dangerous operation"), max_length=30, choices=Operation.choices, blank=True
    )
    first_month = models.CharField(_("first month"), max_length=7, blank=True, validators=[MONTH])
    last_month = models.CharField(_("last month"), max_length=7, blank=True, validators=[MONTH])
    lead = models.CharField(_("lead text"), max_length=300)
    lead_en = models.CharField(_("lead text in English"), max_length=600, blank=True)

    parent_page_types = ["cases_public.CaseIndexPage"]
    subpage_types: list[str] = []
    template = "cases_public/collection_page.html"

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("form"),
                FieldPanel("operation"),
                FieldPanel("first_month"),
                FieldPanel("last_month"),
            ],
            heading=_("Campaign or quarter"),
        ),
        FieldPanel("lead"),
        english_panel("lead_en"),
    ]

    class Meta:
        verbose_name = _("collection of cases")
        verbose_name_plural = _("collections of cases")

    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        super().clean()
        if self.first_month and self.last_month and self.last_month < self.first_month:
            raise ValidationError({"last_month": _("The period ends before it begins.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the page of its cases that was asked for, and the way back."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        today = timezone.localdate()
        context["list"] = listing.case_list(asked=asked(request.GET), today=today, collection=self.pk)
        context["above"] = self.get_parent().specific
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)
