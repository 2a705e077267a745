"""A short self-test (自测): questions with the article behind each answer. What somebody answers is nowhere kept."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from home.study_blocks import QuestionBlock
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel, shown_title_of

MOST_QUESTIONS = 20


class QuizPage(TwoLanguagePage):
    """The questions of one topic. The page is read; a post to its own address shows it with the answers."""

    lead = models.CharField(_("lead text"), max_length=300)
    questions = StreamField(
        [("question", QuestionBlock())], min_num=1, max_num=MOST_QUESTIONS, verbose_name=_("questions")
    )
    lead_en = models.CharField(_("lead text in English"), max_length=600, blank=True)

    parent_page_types = ["home.OutreachIndexPage"]
    subpage_types: list[str] = []
    template = "home/quiz_page.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("questions"),
        english_panel("lead_en"),
    ]

    class Meta:
        verbose_name = _("self-test")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the questions and where the answers are sent; a preview has no address yet."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["asked"] = [{"question": block.value, "chosen": None} for block in self.questions]
        context["answers_url"] = reverse("quiz", args=[self.pk]) if self.pk else ""
        context["above"] = self.get_parent()
        context["above_title"] = shown_title_of(page=context["above"])
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)
