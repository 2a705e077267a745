"""Pages without reviews: what the check finds in their linked files is answered before they are published."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from cases_public.models import ReviewedPage
from cases_public.models.barriers import ApprovalRefused, open_file_finds
from cases_public.services import answers

from .rows import find_rows


class LinkedFilesView(WagtailAdminTemplateMixin, TemplateView):
    """Show what is open in the files a page links to, and take answers."""

    template_name = "cases_public/staff/linked_files.html"
    page_title = gettext_lazy("Check of linked files")
    header_icon = "no-view"
    typed: dict[str, str] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in whoever may publish the page; pages with reviews have a place of their own."""
        page = Page.objects.filter(pk=kwargs["page_id"]).first()
        if page is None or issubclass(page.specific_class or Page, ReviewedPage):
            raise Http404
        if not page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        self.draft = page.get_latest_revision_as_object()
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.draft.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back over the page."""
        back = {"url": _edit_url(self.draft), "label": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather what is open."""
        rows = [
            {"row": row, "reason": self.typed.get(row.mark, "")}
            for row in find_rows(open_file_finds(page=self.draft))
        ]
        return {**super().get_context_data(**kwargs), "rows": rows, "edit_url": _edit_url(self.draft)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take one answer; a refused one comes back with what was typed."""
        user = request.user
        assert isinstance(user, User)  # the door of the back office lets nobody else in
        mark, reason = request.POST.get("mark", ""), request.POST.get("reason", "")
        try:
            answers.waive_in_file(page=self.draft, mark=mark, reason=reason, user=user, at=timezone.now())
        except ApprovalRefused as error:
            for words in error.reasons:
                messages.error(request, words)
            self.typed = {mark: reason}
            answer: HttpResponse = self.render_to_response(self.get_context_data(), status=409)
            return answer
        messages.success(request, _("Waved through. It holds until this text changes."))
        return HttpResponseRedirect(request.path)


def stop_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Return where to answer first, or None where nothing is open. What was typed is a draft by then."""
    if isinstance(page, ReviewedPage):
        return None
    count = len(open_file_finds(page=page))
    if not count:
        return None
    words = _("Not published, kept as a draft: %(n)d finds in linked files have to be answered first.")
    messages.error(request, words % {"n": count})
    return HttpResponseRedirect(reverse("linked_files", args=[page.pk]))


def stop_bulk_publishing(request: HttpRequest, *, action: str, pages: Iterable[Any]) -> HttpResponse | None:
    """Stop publishing of many at the first page whose linked files have something open."""
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


def _edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
