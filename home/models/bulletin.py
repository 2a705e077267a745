"""Bulletins (月统计表, 季度分析, 半年通报, 全年评估): pages bound to one version of a closed period, and their list."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cases_public.enums import WithdrawalReason
from cases_public.models.reviewed import ReviewedPage
from complaints.disclosure import corrections_since
from complaints.enums import NamePolicy
from home.bulletins.blocks import bulletin_blocks, source_blocks
from home.bulletins.bound import Binding, Bound, bound
from home.bulletins.numbers import told_by
from home.bulletins.parts import ForeignNumber, foreign_in, texts_of
from home.bulletins.showing import answer_file, page_context
from home.enums import BulletinKind
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel
from portal.shared.keeping import keep
from portal.shared.open_pages import open_pages

FILES = ("pdf", "xlsx", "csv")


class BulletinPage(ReviewedPage):
    """One bulletin. What binds it to its figures is written by the service that drafts it and nowhere else."""

    kept_parameters = ("print", "format")
    # What the checker for names and numbers reads it under; a bulletin names no enterprise.
    name_policy = NamePolicy.DEIDENTIFIED

    kind = models.CharField(pgettext_lazy("of figures", "kind"), max_length=8, choices=BulletinKind.choices)
    period = models.CharField(pgettext_lazy("of figures", "period"), max_length=8, unique=True)
    start_date = models.DateField(_("from"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    previous_period = models.CharField(_("period of the last bulletin"), max_length=8, blank=True)
    previous_version = models.PositiveSmallIntegerField(default=0)
    year_period = models.CharField(_("period of the year before"), max_length=8, blank=True)
    year_version = models.PositiveSmallIntegerField(default=0)
    handling_unit = models.CharField(_("unit"), max_length=80, blank=True)
    body = StreamField(bulletin_blocks(), blank=True, verbose_name=_("parts of the bulletin"))
    sources = StreamField(
        source_blocks(),
        blank=True,
        verbose_name=_("numbers from elsewhere"),
        help_text=_(
            "Each number of the text that is none of the figures, with where it is from: both are shown."
        ),
    )

    parent_page_types = ["home.BulletinIndexPage"]
    subpage_types: list[str] = []
    # The service drafts; the explorer makes none, as it would be bound to nothing.
    is_creatable = False
    template = "home/bulletin_page.html"
    withdrawn_template = "home/bulletin_withdrawn.html"
    withdrawal_notices = {
        WithdrawalReason.REVOKED: _("This bulletin was withdrawn."),
        WithdrawalReason.ERROR: _("This bulletin held a mistake. It was withdrawn."),
        WithdrawalReason.PRIVATE: _("This bulletin was withdrawn to protect those concerned."),
        WithdrawalReason.OTHER: _("This bulletin was withdrawn."),
    }

    content_panels = [
        *Page.content_panels,
        FieldPanel("body"),
        FieldPanel("sources"),
        MultiFieldPanel(
            [FieldPanel("correction_note"), FieldPanel("correction_date")], heading=_("Correction")
        ),
        english_panel(),
    ]

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")

    @property
    def binding(self) -> Binding:
        """The reports it is bound to."""
        return Binding(
            code=self.period,
            version=self.version,
            previous_code=self.previous_period,
            previous_version=self.previous_version,
            year_code=self.year_period,
            year_version=self.year_version,
        )

    @property
    def other_numbers(self) -> list[str]:
        """The numbers with a source of their own."""
        return [block.value["number"] for block in self.sources]

    @cached_property
    def corrections(self) -> list[Any]:
        """The versions of its period that followed the one it is bound to."""
        return corrections_since(code=self.period, version=self.version)

    def read_bound(self) -> Bound | None:
        """Return its reports as they are told now."""
        return bound(self.binding)

    def foreign_numbers(self) -> list[ForeignNumber]:
        """Return the numbers of its text that are none of its figures and have no source."""
        found = self.read_bound()
        if found is None:
            return []
        texts = [self.title, self.title_en, self.search_description]
        texts += [text for block in self.body for text in texts_of(block)]
        return foreign_in(texts=texts, told=told_by(found), others=self.other_numbers)

    def reasons_to_wait(self) -> list[str]:
        """Say what must be put right before anybody approves: foreign numbers, figures that are out of date."""
        found = [
            _now("“%(number)s” is none of the figures of this bulletin: %(text)s")
            % {"number": one.number, "text": one.text[:60]}
            for one in self.foreign_numbers()
        ]
        if self.corrections:
            found.append(_now("The figures were corrected since. Draft the bulletin again."))
        return found

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page, or with a file for `?format=pdf`, `xlsx` or `csv`."""
        kind = request.GET.get("format", "")
        if kind and "withdrawal" not in kwargs:
            if kind not in FILES:
                raise Http404
            keep(request, parameters=self.kept_parameters)
            return answer_file(page=self, kind=kind, request=request)
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add everything it shows, the way back and the address for the print view."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        above = self.get_parent().specific
        return {
            **context,
            **page_context(page=self),
            "above": above,
            "figures_url": above.get_parent().get_url(request),
            "address": request.build_absolute_uri(self.get_url(request)),
            "is_print": "print" in request.GET,
            "published": self.first_published_at and timezone.localdate(self.first_published_at),
        }


class BulletinIndexPage(TwoLanguagePage):
    """The list of bulletins by kind, the latest period first."""

    kept_parameters = ("kind",)

    lead = models.CharField(_("lead text"), max_length=200, blank=True)
    lead_en = models.CharField(_("lead text in English"), max_length=400, blank=True)

    max_count = 1
    parent_page_types = ["home.FiguresPage"]
    subpage_types = ["home.BulletinPage"]
    template = "home/bulletin_index_page.html"

    content_panels = [*Page.content_panels, FieldPanel("lead"), english_panel("lead_en")]

    class Meta:
        verbose_name = _("list of bulletins")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Answer an address below that holds no bulletin itself: with 404, in words, and the ones there are."""
        try:
            found: RouteResult = super().route(request, path_components)
        except Http404:
            if len(path_components) != 1:
                raise
            return RouteResult(self, kwargs={"is_missing": True})
        return found

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the list."""
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return missing_is_404(answer)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the bulletins, of one kind where that is asked for."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        asked = request.GET.get("kind", "")
        if asked and asked not in BulletinKind.values:
            raise Http404
        pages = shown_bulletins()
        present = set(pages.order_by().values_list("kind", flat=True))
        return {
            **context,
            "kinds": [(kind.value, kind.label) for kind in BulletinKind if kind.value in present],
            "asked": asked,
            "is_missing": kwargs.get("is_missing", False),
            "bulletins": list(pages.filter(kind=asked) if asked else pages),
            "figures_page": self.get_parent().specific,
        }

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)


def missing_is_404(answer: HttpResponse) -> HttpResponse:
    """Return an answer with status 404 where its context says that what was asked for is not there."""
    if (getattr(answer, "context_data", None) or {}).get("is_missing"):
        answer.status_code = 404
    return answer


def shown_bulletins() -> Any:
    """Return the bulletins anyone may read, the latest period first, a longer one before its parts."""
    pages = open_pages(BulletinPage.objects.live())
    return pages.order_by("-start_date", "period").defer("body", "sources")
