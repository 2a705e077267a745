"""Pages people read: a text, and the outreach page that lists texts by topic."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home import listings
from home.enums import Topic
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

from .overview import parts
from .pictures import SitePicture


class OutreachIndexPage(TwoLanguagePage):
    """The outreach page: every text below it, under the heading of its topic."""

    kept_parameters = ("topic", "page")

    lead = models.CharField(_("lead text"), max_length=200, blank=True)
    lead_en = models.CharField(_("lead text in English"), max_length=400, blank=True)

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = [
        "home.ContentPage",
        "home.TopicPage",
        "home.QuizPage",
        "home.NoPenaltyPage",
        "home.EnforcementPlanPage",
        "home.LiaisonPage",
    ]
    template = "home/outreach_index_page.html"

    content_panels = [*Page.content_panels, FieldPanel("lead"), english_panel("lead_en")]

    class Meta:
        verbose_name = _("outreach page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one list when a topic is chosen, else the newest texts of every topic and the other parts."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        texts = ContentPage.objects.child_of(self).live().public()
        topic = request.GET.get("topic", "")
        if topic in Topic.values:
            number = request.GET.get("page", "1")
            context["chosen"] = listings.topic_list(texts=texts, topic=Topic(topic), number=number)
        else:
            context["groups"] = listings.overview(texts=texts)
            context["parts"] = parts(below=self, today=timezone.localdate())
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)


class ContentPage(TwoLanguagePage):
    """A text with a day, a source and pictures."""

    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices, default=Topic.NOTICE)
    lead = models.CharField(_("lead text"), max_length=300)
    published_on = models.DateField(_("day of publication"), default=timezone.localdate)
    source = models.CharField(
        _("source"),
        max_length=160,
        blank=True,
        help_text=_("Law and article, or the office that wrote the text."),
    )
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
    picture_caption = models.CharField(_("caption"), max_length=200, blank=True)
    body = StreamField(study_blocks(), blank=True, verbose_name=_("text"))
    lead_en = models.CharField(_("lead text in English"), max_length=600, blank=True)
    source_en = models.CharField(_("source in English"), max_length=320, blank=True)
    picture_alt_en = models.CharField(_("what the picture shows, in English"), max_length=320, blank=True)
    picture_caption_en = models.CharField(_("caption in English"), max_length=400, blank=True)
    body_en = StreamField(study_blocks(), blank=True, verbose_name=_("text in English"))

    parent_page_types = ["home.OutreachIndexPage", "home.HomePage"]
    subpage_types: list[str] = []
    template = "home/content_page.html"
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("topic"), FieldPanel("lead"), FieldPanel("published_on"), FieldPanel("source")],
            heading=_("Head"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("picture", widget=PictureChooser),
                FieldPanel("picture_alt"),
                FieldPanel("picture_caption"),
            ],
            heading=_("Picture"),
        ),
        FieldPanel("body"),
        english_panel("lead_en", "source_en", "picture_alt_en", "picture_caption_en", "body_en"),
    ]

    class Meta:
        verbose_name = _("text page")
        indexes = [models.Index(fields=("topic", "-published_on"), name="content_by_topic")]

    def clean(self) -> None:
        """Refuse a picture without words for those who cannot see it."""
        super().clean()
        if self.picture_id and not self.picture_alt.strip():
            raise ValidationError({"picture_alt": _("Say in words what the picture shows.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the text in sections, the way back and further texts of the topic."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = sections(shown_body(chinese=self.body, english=self.body_en))
        context["only_chinese"] = is_only_chinese(chinese=self.body, english=self.body_en)
        context["above_title"] = shown_title_of(page=self.get_parent())
        beside = ContentPage.objects.sibling_of(self, inclusive=False).live().public()
        context["further"] = listings.further(texts=beside, topic=self.topic)
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)

    @property
    def shown_source(self) -> str:
        """The source in the language of the page."""
        return in_language(chinese=self.source, english=self.source_en)

    @property
    def shown_picture_alt(self) -> str:
        """What the picture shows, in the language of the page."""
        return in_language(chinese=self.picture_alt, english=self.picture_alt_en)

    @property
    def shown_picture_caption(self) -> str:
        """The caption in the language of the page."""
        return in_language(chinese=self.picture_caption, english=self.picture_caption_en)
