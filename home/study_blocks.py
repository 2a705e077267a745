"""Blocks for learning: a video of the site's own, and a question of a quiz with the article behind its answer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from home.article_numbers import ArticleNumber
from home.figure_blocks import readable_blocks

LARGEST_ARTICLE = 1999


class VideoBlock(blocks.StructBlock):
    """A video by file, with captions and its words; never an embed."""

    video = SnippetChooserBlock("home.SiteVideo", label=_("Video"))

    class Meta:
        icon = "media"
        label = _("Video")
        template = "home/blocks/video.html"


class AnswerBlock(blocks.StructBlock):
    """One answer to choose."""

    text = blocks.CharBlock(max_length=160, label=pgettext_lazy("of a self-test", "Answer"))
    is_right = blocks.BooleanBlock(required=False, label=_("This one is right"))


class Question(blocks.StructValue):
    """One question as a page shows it."""

    @property
    def right(self) -> int:
        """The place of the right answer, counted from 0."""
        return next(place for place, answer in enumerate(self["answers"]) if answer["is_right"])

    @property
    def law_title(self) -> str:
        """The law and its article, in words; empty when none is named."""
        rule = self._rule
        number = self._article
        return " ".join(part for part in (rule.title if rule else "", number.words if number else "") if part)

    @property
    def law_url(self) -> str:
        """Where the article stands; empty while that page is not published."""
        rule, number = self._rule, self._article
        if rule is None or not rule.live:
            return ""
        return f"{rule.url}#{number.anchor}" if number else str(rule.url or "")

    @property
    def _rule(self) -> Page | None:
        found: Page | None = self.get("rule")
        return found

    @property
    def _article(self) -> ArticleNumber | None:
        number = self.get("article")
        return ArticleNumber(number=number) if number else None


class QuestionBlock(blocks.StructBlock):
    """A question with two to five answers, one of them right, and why."""

    text = blocks.CharBlock(max_length=200, label=_("Question"))
    answers = blocks.ListBlock(
        AnswerBlock(label=pgettext_lazy("of a self-test", "Answer")), min_num=2, max_num=5, label=_("Answers")
    )
    why = blocks.TextBlock(
        rows=3, label=pgettext_lazy("of a self-test", "Why"), help_text=_("Shown after answering.")
    )
    rule = blocks.PageChooserBlock(page_type="home.RulePage", required=False, label=_("Law or rule"))
    article = blocks.IntegerBlock(
        min_value=1, max_value=LARGEST_ARTICLE, required=False, label=_("Number of the article")
    )

    class Meta:
        icon = "help"
        label = _("Question")
        value_class = Question

    def clean(self, value: Any) -> Any:
        """Exactly one answer is right; an article needs its law."""
        cleaned = super().clean(value)
        problems: dict[str, ValidationError] = {}
        if sum(bool(answer["is_right"]) for answer in cleaned["answers"]) != 1:
            wrong = ValidationError(_("Exactly one answer is right: mark one."))
            problems["answers"] = ListBlockValidationError(non_block_errors=[wrong])
        if cleaned.get("article") and not cleaned.get("rule"):
            problems["rule"] = ValidationError(_("Say in which law this article stands."))
        if problems:
            raise StructBlockValidationError(block_errors=problems)
        return cleaned


def study_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for a page that is read or watched."""
    return [*readable_blocks(), ("video", VideoBlock())]
