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
from home.blocks import FRONT_COUNTS, WhoRowBlock, front_blocks
from home.figure_blocks import readable_blocks
from home.front import Sources, parts
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel, is_only_chinese, shown_body
from portal.shared.open_pages import open_pages
from portal.shared.sections import sections

from .figures import FiguresPage
from .outreach import ContentPage, OutreachIndexPage


class HomePage(TwoLanguagePage):
    """The first page: report, what follows, how people are protected, whom else to ask."""

    reward_amount = models.PositiveIntegerField(
        _("smallest reward (yuan)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Shown beside the legal periods; leave empty to hide. Check the local rule (19号)."),
    )
    reward_text = models.CharField(_("explanation of the reward"), max_length=160, blank=True)
    parts = StreamField(
        front_blocks(),
        block_counts=FRONT_COUNTS,
        blank=True,
        verbose_name=_("parts of the page"),
        help_text=_(
            "Below the report button. Leave empty for the usual order; what has nothing to show is left out."
        ),
    )
    body = StreamField(readable_blocks(), blank=True, verbose_name=_("further sections"))
    who_text = models.CharField(_("line beside the table of authorities"), max_length=160, blank=True)
    who_rows = StreamField([("row", WhoRowBlock())], blank=True, verbose_name=_("whom to ask"))
    reward_text_en = models.CharField(_("explanation of the reward in English"), max_length=320, blank=True)
    who_text_en = models.CharField(
        _("line beside the table of authorities in English"), max_length=320, blank=True
    )
    body_en = StreamField(readable_blocks(), blank=True, verbose_name=_("further sections in English"))

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cases_public.CaseIndexPage",
        "home.ProtectionPage",
        "home.OutreachIndexPage",
        "home.RulesIndexPage",
        "home.FiguresPage",
        "home.ContentPage",
    ]
    template = "home/home_page.html"

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("reward_amount"), FieldPanel("reward_text")], heading=_("Reward")),
        FieldPanel("parts"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("who_text"), FieldPanel("who_rows")], heading=_("Whom to ask")),
        english_panel("reward_text_en", "who_text_en", "body_en"),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the legal periods of today and the parts of the page."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        today = timezone.localdate()
        body = shown_body(chinese=self.body, english=self.body_en)
        context["periods"] = public_periods(today=today)
        context["parts"] = parts(
            page=self, sources=self._sources(), stream=self.parts, body=body, today=today
        )
        context["only_chinese"] = is_only_chinese(chinese=self.body, english=self.body_en)
        return context

    def _sources(self) -> Sources:
        return Sources(
            figures=FiguresPage.objects.child_of(self).live(),
            outreach=OutreachIndexPage.objects.child_of(self).live(),
            texts=lambda above: open_pages(ContentPage.objects.child_of(above).live()),
        )

    @property
    def shown_reward_text(self) -> str:
        """The explanation of the reward in the language of the page."""
        return in_language(chinese=self.reward_text, english=self.reward_text_en)

    @property
    def shown_who_text(self) -> str:
        """The line beside the table in the language of the page."""
        return in_language(chinese=self.who_text, english=self.who_text_en)


class ProtectionPage(TwoLanguagePage):
    """How reporters are protected, and what cannot be done. The promises themselves are in the template."""

    body = StreamField(readable_blocks(), blank=True, verbose_name=_("further sections"))
    body_en = StreamField(readable_blocks(), blank=True, verbose_name=_("further sections in English"))

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "home/protection_page.html"

    content_panels = [*Page.content_panels, FieldPanel("body"), english_panel("body_en")]

    class Meta:
        verbose_name = _("page on protection")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the editors' sections."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = sections(shown_body(chinese=self.body, english=self.body_en))
        context["only_chinese"] = is_only_chinese(chinese=self.body, english=self.body_en)
        return context
