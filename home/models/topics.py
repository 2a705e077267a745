"""Topic pages: one danger, and everything the site has about it: texts, a video, rules, a self-test."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from home.study_blocks import study_blocks
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import (
    TwoLanguagePage,
    english_panel,
    is_only_chinese,
    shown_body,
    shown_title_of,
)
from portal.shared.picture_chooser import PictureChooser
from portal.shared.sections import sections

from .pictures import SitePicture


class TopicPage(TwoLanguagePage):
    """One danger."""

    lead = models.CharField(_("lead text"), max_length=300)
    picture = models.ForeignKey(
        SitePicture,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(
        _("what the picture shows"),
        max_length=160,
        blank=True,
        help_text=_("Read aloud to people who cannot see it."),
    )
    body = StreamField(study_blocks(), blank=True, verbose_name=_("text"))
    lead_en = models.CharField(_("lead text in English"), max_length=600, blank=True)
    body_en = StreamField(study_blocks(), blank=True, verbose_name=_("text in English"))

    parent_page_types = ["home.OutreachIndexPage"]
    subpage_types: list[str] = []
    template = "home/topic_page.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        MultiFieldPanel(
            [FieldPanel("picture", widget=PictureChooser), FieldPanel("picture_alt")], heading=_("Picture")
        ),
        FieldPanel("body"),
        english_panel("lead_en", "body_en"),
    ]

    class Meta:
        verbose_name = _("topic page")

    def clean(self) -> None:
        """Refuse a picture without words for those who cannot see it."""
        super().clean()
        if self.picture_id and not self.picture_alt.strip():
            raise ValidationError({"picture_alt": _("Say in words what the picture shows.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the text in sections and the way back."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = sections(shown_body(chinese=self.body, english=self.body_en))
        context["only_chinese"] = is_only_chinese(chinese=self.body, english=self.body_en)
        context["above"] = self.get_parent()
        context["above_title"] = shown_title_of(page=context["above"])
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)
