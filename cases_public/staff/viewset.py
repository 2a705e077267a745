"""The editor of a case with the checker beside it, and refusals of approvals in words."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet

from cases_public.models import CasePage, ChainTask
from cases_public.models.barriers import ApprovalRefused

from .panel import RedactionSidePanel


class CaseEditView(EditView):
    """Edit a case."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say why an approval is not taken; what was typed is saved as a draft where that is allowed."""
        if request.POST.get("action-workflow-action") and not self.workflow_action_is_valid():
            tell(request, reasons_against(page=self.page, user=request.user))
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def perform_workflow_action(self) -> HttpResponse:
        """Approve or send back; what came up in between is told."""
        try:
            answer: HttpResponse = super().perform_workflow_action()
        except ApprovalRefused as error:
            tell(self.request, error.reasons)
            answer = self.redirect_and_remain()
        return answer

    def get_side_panels(self) -> MediaContainer:
        """Put the checker first."""
        panels = super().get_side_panels()
        if self.expects_json_response:
            return panels
        return MediaContainer([RedactionSidePanel(self.page, self.request), *panels])


class CaseWorkflowActionView(WorkflowActionView):
    """The door of approvals outside the editor."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead back to the editor with the reasons of a refusal; who may not see the case is refused as anywhere."""
        try:
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        except PermissionDenied:
            page = self.object.get_latest_revision_as_object()
            if not page.permissions_for_user(request.user).can_edit():
                raise
            tell(request, reasons_against(page=page, user=request.user))
            answer = HttpResponseRedirect(self.redirect_url)
        return answer


class CaseViewSet(PageViewSet):
    """The views of cases that differ from those of other pages."""

    model = CasePage
    edit_view_class = CaseEditView
    workflow_action_view_class = CaseWorkflowActionView


def reasons_against(*, page: Any, user: Any) -> list[str]:
    """Return why this person cannot approve the page now, in words."""
    task = page.current_workflow_task
    return task.reasons_against(page=page, user=user) if isinstance(task, ChainTask) else []


def tell(request: HttpRequest, reasons: Any) -> None:
    """Show refusals as messages."""
    for words in reasons:
        messages.error(request, words)


case_viewset = CaseViewSet()
