"""The list of cases: filters with counts, search, order, pages."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cases_public.selectors import listing
from cases_public.selectors.asked import CHOICES, asked
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel

from .permissions import CaseIndexPermissions


class CaseIndexPage(TwoLanguagePage):
    """The page above all cases and collections."""

    kept_parameters = CHOICES

    lead = models.CharField(_("lead text"), max_length=200, blank=True)
    lead_en = models.CharField(_("lead text in English"), max_length=400, blank=True)

    max_count = 1
    subpage_types = ["cases_public.CasePage", "cases_public.CollectionPage"]
    template = "cases_public/case_index_page.html"

    content_panels = [*Page.content_panels, FieldPanel("lead"), english_panel("lead_en")]

    class Meta:
        verbose_name = _("list of cases")

    @property
    def has_workflow(self) -> bool:
        """Never: Wagtail asks it for a new case below, which is saved first and then sent into its own chain."""
        return False

    def permissions_for_user(self, user: Any) -> CaseIndexPermissions:
        """Return rights that let nobody publish a page below in one go."""
        return CaseIndexPermissions(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the page of the list that was asked for."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["list"] = listing.case_list(asked=asked(request.GET), today=timezone.localdate())
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)
