"""The page of the secrecy review: a place for a reason at each find, a confirmation of each picture and document."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cases_public.enums import ChainStep
from cases_public.models import ChainTask, reviewed_page
from cases_public.models.barriers import (
    ApprovalRefused,
    open_finds,
    own_hand,
    unread_documents,
    unseen_pictures,
)
from cases_public.services import answers

from .rows import find_rows


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Show what is open, and take answers."""

    template_name = "cases_public/staff/review.html"
    page_title = gettext_lazy("Secrecy review")
    header_icon = "no-view"
    typed: dict[str, str] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in whoever may open the case in the editor."""
        page = reviewed_page(page_id=kwargs["page_id"])
        if page is None:
            raise Http404
        self.case = page.get_latest_revision_as_object()
        if not self.case.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back over the case."""
        back = {
            "url": reverse("wagtailadmin_pages:edit", args=[self.case.pk]),
            "label": self.get_page_subtitle(),
        }
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.get_page_title()}]

    def get_page_subtitle(self) -> str:
        return str(self.case.get_admin_display_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather what is open."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        task = self.case.current_workflow_task
        answers_now = isinstance(task, ChainTask) and task.step == ChainStep.SECRECY
        return {
            **context,
            "rows": [
                {"row": row, "reason": self.typed.get(row.mark, "")}
                for row in find_rows(open_finds(page=self.case))
            ],
            "pictures": unseen_pictures(page=self.case),
            "documents": unread_documents(page=self.case),
            "may_answer": answers_now
            and task.is_reviewer(page=self.case, user=self.request.user)
            and not own_hand(page=self.case, user=self.request.user),
            "edit_url": reverse("wagtailadmin_pages:edit", args=[self.case.pk]),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take one answer; a refused one comes back with what was typed."""
        try:
            self._answer(request)
        except ApprovalRefused as error:
            for words in error.reasons:
                messages.error(request, words)
            self.typed = {request.POST.get("mark", ""): request.POST.get("reason", "")}
            answer: HttpResponse = self.render_to_response(self.get_context_data(), status=409)
            return answer
        return HttpResponseRedirect(request.path)

    def _answer(self, request: HttpRequest) -> None:
        who = {"page": self.case, "user": request.user, "at": timezone.now()}
        if "picture" in request.POST:
            answers.confirm_picture(picture_id=_number(request.POST["picture"]), **who)
            messages.success(request, _("Confirmed: no face, plate or sign is seen."))
        elif "document" in request.POST:
            answers.confirm_document(document_id=_number(request.POST["document"]), **who)
            messages.success(request, _("Confirmed: read to the end, it names nobody."))
        else:
            answers.waive(mark=request.POST.get("mark", ""), reason=request.POST.get("reason", ""), **who)
            messages.success(request, _("Waved through. It holds until this text changes."))


def _number(typed: str) -> int:
    """Return a key as the form sends it; anything else is the key of nothing."""
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0
