"""The rules library: laws and rules in their levels, with validity, the one that replaced them, and their articles."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from home import rules_search
from home.article_numbers import ArticleNumber
from home.enums import RuleLevel, Validity
from home.law_text import LawText, law_text, numbers_in_words
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel, shown_title_of


class RulesIndexPage(TwoLanguagePage):
    """The rules library: search by words and by article, filters by level and validity."""

    lead = models.CharField(_("lead text"), max_length=200, blank=True)
    lead_en = models.CharField(_("lead text in English"), max_length=400, blank=True)

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.RulePage"]
    template = "home/rules_index_page.html"

    content_panels = [*Page.content_panels, FieldPanel("lead"), english_panel("lead_en")]

    class Meta:
        verbose_name = _("rules library")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what was asked for and what was found."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        rules = RulePage.objects.child_of(self).live().public()
        asked = rules_search.asked(values=request.GET)
        context["asked"] = asked
        context["levels"], context["validities"] = RuleLevel.choices, Validity.choices
        context["found"] = rules_search.found(rules=rules, articles=RuleArticle.objects.all(), asked=asked)
        return context

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)


class RulePage(TwoLanguagePage):
    """One law or rule. Its articles are cut out of the pasted text; whoever links to one says /rules/…/#art-54."""

    level = models.CharField(
        _("rules level"), max_length=12, choices=RuleLevel.choices, default=RuleLevel.REGULATION
    )
    number = models.CharField(
        _("document number"),
        max_length=80,
        blank=True,
        help_text=_("As it was issued, for example 应急〔2020〕69号."),
    )
    issuer = models.CharField(_("issued by"), max_length=120)
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    validity = models.CharField(
        _("validity"), max_length=12, choices=Validity.choices, default=Validity.IN_FORCE
    )
    replaced_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    summary = models.TextField(
        _("summary in our own words"),
        max_length=2000,
        help_text=_("Marked as a summary. The words of the law belong into the text below."),
    )
    text = models.TextField(
        _("text of the law"),
        blank=True,
        help_text=_(
            "Paste the official words. An article begins with 第…条 and a space at the beginning of a line. "
            "Leave out what has not been checked against the official text."
        ),
    )
    is_complete = models.BooleanField(
        _("the text is complete"),
        default=False,
        help_text=_("Otherwise the page says that it holds some articles only."),
    )
    summary_en = models.TextField(_("summary in English"), max_length=4000, blank=True)

    parent_page_types = ["home.RulesIndexPage"]
    subpage_types: list[str] = []
    template = "home/rule_page.html"
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("text"),
        index.SearchField("number"),
    ]

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("level"), FieldPanel("number"), FieldPanel("issuer")], heading=_("What it is")
        ),
        MultiFieldPanel(
            [
                FieldPanel("validity"),
                FieldPanel("effective_from"),
                FieldPanel("effective_to"),
                # A plain field: Wagtail's chooser for pages starts itself from an inline script.
                FieldPanel("replaced_by", widget=forms.Select),
            ],
            heading=_("When it counts"),
        ),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("text"), FieldPanel("is_complete")], heading=_("Words of the law")),
        english_panel("summary_en"),
    ]

    class Meta:
        verbose_name = _("law or rule")
        indexes = [models.Index(fields=("level", "validity"), name="rule_by_level")]

    def clean(self) -> None:
        """Refuse a text that cannot be cut cleanly, dates in the wrong order, and a rule that replaces itself."""
        super().clean()
        problems = {**self._date_problems(), **self._text_problems()}
        if self.replaced_by_id and self.replaced_by_id == self.pk:
            problems["replaced_by"] = _("A rule cannot be replaced by itself.")
        if problems:
            raise ValidationError(problems)

    def _date_problems(self) -> dict[str, Any]:
        begins, ends = self.effective_from, self.effective_to
        if begins and ends and ends < begins:
            return {"effective_to": _("It cannot end before it begins.")}
        return {}

    def _text_problems(self) -> dict[str, Any]:
        cut = law_text(text=self.text)
        if cut.stray:
            return {
                "text": _(
                    "These words stand before the first article: “%(words)s”. Begin with 第一条 or with 第一章."
                )
                % {"words": cut.stray[:40]}
            }
        if cut.repeated:
            return {
                "text": _("Twice in the text: %(names)s.") % {"names": numbers_in_words(numbers=cut.repeated)}
            }
        if cut.empty:
            return {"text": _("Without words: %(names)s.") % {"names": numbers_in_words(numbers=cut.empty)}}
        return {} if cut.is_in_order else {"text": _("The articles are not in the order of their numbers.")}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the page and, beside it, its articles as rows that can be searched.

        A draft of a published page comes here as well, but with the names of other columns to be stored.
        """
        super().save(*args, **kwargs)
        if "text" in (kwargs.get("update_fields") or ("text",)):
            self._store_articles()

    def _store_articles(self) -> None:
        fresh = [_row(self.pk, position, article) for position, article in enumerate(self.cut.articles)]
        if [row.facts for row in self.articles.order_by("position")] != [row.facts for row in fresh]:
            self.articles.all().delete()
            RuleArticle.objects.bulk_create(fresh)

    @property
    def cut(self) -> LawText:
        """The text in its articles, as this version of the page has it."""
        return law_text(text=self.text)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the articles and the way back."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["law"] = self.cut
        context["above"] = self.get_parent()
        context["above_title"] = shown_title_of(page=context["above"])
        context["replacement"] = self.shown_replacement
        context["replaced"] = list(self.replaces.live().public()) if self.pk else []
        return context

    @cached_property
    def shown_replacement(self) -> "RulePage | None":
        """What counts instead, as far as it is published."""
        if not self.replaced_by_id:
            return None
        found: RulePage | None = RulePage.objects.live().public().filter(pk=self.replaced_by_id).first()
        return found

    @property
    def shown_summary(self) -> str:
        """The summary in the language of the page."""
        return in_language(chinese=self.summary, english=self.summary_en)

    @property
    def holds(self) -> str:
        """How much of the words this page holds: `all`, `some` or `none`."""
        if not self.text.strip():
            return "none"
        return "all" if self.is_complete else "some"

    def article_url(self, *, number: ArticleNumber) -> str:
        """Return the address of one article, for those who link to it."""
        return f"{self.url}#{number.anchor}"


class RuleArticle(models.Model):
    """One article of a stored text, for the search; written with its page and by nobody else."""

    page = models.ForeignKey(RulePage, on_delete=models.CASCADE, related_name="articles")
    position = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("page", "position")
        constraints = [
            models.UniqueConstraint(fields=("page", "number", "part"), name="one_article_once"),
            models.UniqueConstraint(fields=("page", "position"), name="one_article_in_a_place"),
        ]
        indexes = [models.Index(fields=("number", "part"), name="article_by_number")]

    def __str__(self) -> str:
        return self.name.words

    @property
    def name(self) -> ArticleNumber:
        """The number of the article."""
        return ArticleNumber(number=self.number, part=self.part)

    @property
    def facts(self) -> tuple[int, int, int, str]:
        """What the row says."""
        return self.position, self.number, self.part, self.text


def _row(page_id: int, position: int, article: Any) -> RuleArticle:
    return RuleArticle(
        page_id=page_id,
        position=position,
        number=article.number.number,
        part=article.number.part,
        text=article.text,
    )
