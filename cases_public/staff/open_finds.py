"""Pages without reviews: what the check finds in their words and files is answered before they are published."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from cases_public.models import ReviewedPage
from cases_public.models.barriers import ApprovalRefused, open_finds
from cases_public.redaction.check import Found
from cases_public.services import answers

from .rows import find_rows


class AnswerFindsView(ABC, WagtailAdminTemplateMixin, TemplateView):
    """Show what is open of something that is published without reviews, and take answers."""

    template_name = "cases_public/staff/open_finds.html"
    page_title = gettext_lazy("Check before publishing")
    header_icon = "no-view"
    typed: dict[str, str] = {}

    @abstractmethod
    def finds(self) -> list[Found]:
        """Return what is open."""

    @abstractmethod
    def reasons_against(self, *, user: User) -> list[str]:
        """Return in words why this person may not answer; none where they may."""

    @abstractmethod
    def answer(self, *, mark: str, reason: str, user: User) -> None:
        """Take one answer; raises ApprovalRefused."""

    @abstractmethod
    def edit_url(self) -> str:
        """Return where the words are changed."""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back over what is checked."""
        back = {"url": self.edit_url(), "label": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather what is open."""
        rows = [{"row": row, "reason": self.typed.get(row.mark, "")} for row in find_rows(self.finds())]
        against = self.reasons_against(user=_person(self.request))
        context = {"rows": rows, "against": against, "edit_url": self.edit_url()}
        return {**super().get_context_data(**kwargs), **context}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take one answer; a refused one comes back with what was typed."""
        mark, reason = request.POST.get("mark", ""), request.POST.get("reason", "")
        try:
            self.answer(mark=mark, reason=reason, user=_person(request))
        except ApprovalRefused as error:
            for words in error.reasons:
                messages.error(request, words)
            self.typed = {mark: reason}
            answer: HttpResponse = self.render_to_response(self.get_context_data(), status=409)
            return answer
        messages.success(request, _("Waved through. It holds until this text changes."))
        return HttpResponseRedirect(request.path)


class OpenFindsView(AnswerFindsView):
    """What is open of a page without reviews: its words, the words of its pictures, the files it links to."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in whoever may edit or answer; pages with reviews have a place of their own."""
        page = Page.objects.filter(pk=kwargs["page_id"]).first()
        if page is None or issubclass(page.specific_class or Page, ReviewedPage):
            raise Http404
        self.draft = page.get_latest_revision_as_object()
        if not page.permissions_for_user(request.user).can_edit() and self.reasons_against(
            user=_person(request)
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.draft.get_admin_display_title())

    def finds(self) -> list[Found]:
        return open_finds(page=self.draft)

    def reasons_against(self, *, user: User) -> list[str]:
        return answers.reasons_not_to_answer(page=self.draft, user=user)

    def answer(self, *, mark: str, reason: str, user: User) -> None:
        answers.waive_on_plain_page(page=self.draft, mark=mark, reason=reason, user=user, at=timezone.now())

    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.draft.pk])


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the door of the back office lets nobody else in
    return request.user


def stop_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Return where to answer first, or None where nothing is open. What was typed is a draft by then."""
    if isinstance(page, ReviewedPage):
        return None
    count = len(open_finds(page=page))
    if not count:
        return None
    words = ngettext(
        "Not published, kept as a draft: %(n)d find has to be replaced or answered first.",
        "Not published, kept as a draft: %(n)d finds have to be replaced or answered first.",
        count,
    )
    messages.error(request, words % {"n": count})
    return HttpResponseRedirect(reverse("open_finds", args=[page.pk]))


def stop_bulk_publishing(request: HttpRequest, *, action: str, pages: Iterable[Any]) -> HttpResponse | None:
    """Stop publishing of many at the first page of which something is open."""
    if request.method != "POST" or action != "publish":
        return None
    for page in _to_be_published(pages, with_below="include_descendants" in request.POST):
        answer = stop_publishing(request, page.get_latest_revision_as_object())
        if answer is not None:
            return answer
    return None


def _to_be_published(pages: Iterable[Any], *, with_below: bool) -> Iterable[Any]:
    for page in pages:
        if isinstance(page, Page):
            yield page
            yield from page.get_descendants().not_live() if with_below else ()
