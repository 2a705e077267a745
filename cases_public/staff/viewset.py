"""The editors of cases and of pages without reviews with the checker beside them, and refusals in words."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, get_page_models

from cases_public.models import CasePage, ChainTask, PublishTask, ReviewedPage
from cases_public.models.barriers import ApprovalRefused, open_finds

from .open_finds import stop_publishing
from .panel import PlainRedactionSidePanel, RedactionSidePanel


class CheckedEditView(EditView):
    """Edit a page with the checker beside it."""

    panel_class: type[RedactionSidePanel] = PlainRedactionSidePanel

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
        return MediaContainer([self.panel_class(self.page, self.request), *panels])


class CaseEditView(CheckedEditView):
    """Edit a case."""

    panel_class = RedactionSidePanel

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say why an approval is not taken; what was typed is saved as a draft where that is allowed."""
        if request.POST.get("action-workflow-action") and not self.workflow_action_is_valid():
            tell(request, reasons_against(page=self.page, user=request.user))
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def submit_action(self) -> HttpResponse:
        """Send the case in; while it lacks something it is stored as a draft, and what it lacks is told."""
        missing = self.form.instance.missing()
        if not missing:
            sent: HttpResponse = super().submit_action()
            return sent
        tell(self.request, missing)
        kept: HttpResponse = self.save_action()
        return kept


class CaseWorkflowActionView(WorkflowActionView):
    """The door of approvals outside the editor."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say what the form of a step lacks, also to whoever sends it without scripts."""
        form = self.form_class(request.POST)
        if not form.is_valid():
            tell(request, [words for found in form.errors.values() for words in found])
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

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


class CheckedCreateView(CreateView):
    """A new page that does not go out while something is open."""

    def publish_action(self) -> HttpResponse:
        """Keep a draft where the check finds something: Wagtail would have the page public before it asks anybody."""
        found = open_finds(page=self.form.instance)
        if not found:
            published: HttpResponse = super().publish_action()
            return published
        kept: HttpResponse = self.save_action()
        return stop_publishing(self.request, self.page) or kept


class PlainPageViewSet(PageViewSet):
    """The views of one kind of pages without reviews."""

    add_view_class = CheckedCreateView
    workflow_action_view_class = CaseWorkflowActionView
    edit_view_class = CheckedEditView
    # Lists of pages stay Wagtail's.
    parent_models: list[type[Page]] = []

    def __init__(self, model: type[Page]) -> None:
        self.model = model
        super().__init__()


def plain_viewsets() -> list[PlainPageViewSet]:
    """Return the views of every kind of page that goes out without reviews, whichever app it belongs to."""
    return [
        PlainPageViewSet(model)
        for model in get_page_models()
        if model is not Page and not issubclass(model, ReviewedPage)
    ]


def reasons_against(*, page: Any, user: Any) -> list[str]:
    """Return why this person cannot approve the page now, in words."""
    task = page.current_workflow_task
    return task.reasons_against(page=page, user=user) if isinstance(task, ChainTask | PublishTask) else []


def tell(request: HttpRequest, reasons: Any) -> None:
    """Show refusals as messages."""
    for words in reasons:
        messages.error(request, words)


case_viewset = CaseViewSet()
