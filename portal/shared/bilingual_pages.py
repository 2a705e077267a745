"""What pages have twice: a title and a text in Chinese, and in English where somebody wrote one."""

from functools import partial
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamValue
from wagtail.models import Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from portal.shared.bilingual import in_language, is_english
from portal.shared.keeping import keep
from portal.shared.kept_parts import own_copy, part
from portal.shared.page_forms import UncutPageForm

# So many kinds of pages below one are each asked for the address itself.
FEW_KINDS = 2


class TwoLanguagePage(Page):
    """A page whose title may have an English version; the page itself is one for both languages."""

    # What an address may ask for while its answer is still kept in memory: pages of a list and choices, never words.
    kept_parameters: ClassVar[tuple[str, ...]] = ()

    base_form_class = UncutPageForm

    title_en = models.CharField(_("title in English"), max_length=255, blank=True)

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page, which is the same for everybody."""
        keep(request, parameters=self.kept_parameters)
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page of an address as Wagtail does, with a query less where only few kinds can lie below."""
        child = self._child(path_components[0]) if path_components else None
        if child is None:
            return super().route(request, path_components)
        child._cached_parent_obj = self
        found: RouteResult = child.route(request, path_components[1:])
        return found

    def _child(self, slug: str) -> Page | None:
        kinds = self.allowed_subpage_models()
        if len(kinds) <= FEW_KINDS:
            asked = (_only(kind.objects.child_of(self), slug=slug) for kind in kinds)
            return next((page for page in asked if page is not None), None)
        # Below the home page lie the few pages that others lie below: they stand on the way to every page.
        found = part(partial(self._of_any_kind, slug), "page below", self.pk, slug)
        return None if found is None else own_copy(found)

    def _of_any_kind(self, slug: str) -> Page | None:
        # The columns of its own kind come with the second query, none need come twice.
        found = _only(Page.objects.child_of(self).only("content_type"), slug=slug)
        return None if found is None else found.specific

    def get_view_restrictions(self) -> Any:
        """Return what restricts the page or one above it. Where nothing is restricted at all, none are asked for."""
        is_any = getattr(self, "is_any_restricted", None)
        if is_any is None:
            is_any = PageViewRestriction.objects.exists()
        return super().get_view_restrictions() if is_any else PageViewRestriction.objects.none()

    @property
    def shown_title(self) -> str:
        """The title in the language of the page."""
        return in_language(chinese=self.title, english=self.title_en)


def _only(pages: Any, *, slug: str) -> Any:
    """Return the page of this name, which then knows whether anything at all is restricted."""
    told = pages.annotate(is_any_restricted=Exists(PageViewRestriction.objects.all()))
    return next(iter(told.order_by().filter(slug=slug)), None)


def english_panel(*fields: str) -> MultiFieldPanel:
    """Return the panel with the English versions, folded, as most texts have none."""
    return MultiFieldPanel(
        [FieldPanel(name) for name in ("title_en", *fields)], heading=_("English"), classname="collapsed"
    )


def shown_body(*, chinese: StreamValue, english: StreamValue) -> StreamValue:
    """Return the text for the page being made: the Chinese one where there is no English one."""
    return english if is_english() and english else chinese


def is_only_chinese(*, chinese: StreamValue, english: StreamValue) -> bool:
    """Whether an English page has to show the Chinese text, which it then says."""
    return is_english() and bool(chinese) and not english


def shown_title_of(*, page: Page) -> str:
    """Return the title of a page of whatever kind; only on an English page is its kind asked for."""
    return str(getattr(page.specific, "shown_title", page.title) if is_english() else page.title)
