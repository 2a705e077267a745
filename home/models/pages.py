"""Front pages of the site: the home page and the page on protection."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from complaints.disclosure import public_periods
from home.blocks import WhoRowBlock, reading_blocks
from home.sections import sections


class HomePage(Page):
    """The first page: report, what follows, how people are protected, whom else to ask."""

    reward_amount = models.PositiveIntegerField(
        _("smallest reward (yuan)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Shown beside the legal periods; leave empty to hide. Check the local rule (19号)."),
    )
    reward_text = models.CharField(_("explanation of the reward"), max_length=160, blank=True)
    body = StreamField(reading_blocks(), blank=True, verbose_name=_("further sections"))
    who_text = models.CharField(_("line beside the table of authorities"), max_length=160, blank=True)
    who_rows = StreamField([("row", WhoRowBlock())], blank=True, verbose_name=_("whom to ask"))

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["home.ProtectionPage", "home.OutreachIndexPage", "home.ContentPage"]
    template = "home/home_page.html"

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("reward_amount"), FieldPanel("reward_text")], heading=_("Reward")),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("who_text"), FieldPanel("who_rows")], heading=_("Whom to ask")),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the legal periods of today and the editors' sections."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["periods"] = public_periods(today=timezone.localdate())
        context["sections"] = sections(self.body)
        return context


class ProtectionPage(Page):
    """How reporters are protected, and what cannot be done. The promises themselves are in the template."""

    body = StreamField(reading_blocks(), blank=True, verbose_name=_("further sections"))

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "home/protection_page.html"

    content_panels = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("page on protection")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the editors' sections."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = sections(self.body)
        return context
