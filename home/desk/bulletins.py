"""Bulletins at the desk: every closed period with how far its bulletin is, the button that drafts one, the check."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages as notices
from wagtail.admin.ui.components import Component, MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cases_public.models.barriers import ApprovalRefused
from cases_public.staff.viewset import CaseEditView, CaseViewSet, CaseWorkflowActionView
from complaints.disclosure import roles_held
from complaints.enums import Role
from home.models import BulletinPage
from home.services.bulletins import (
    Bulletin,
    address_of,
    bulletins,
    draft_bulletin,
    may_draft,
    tasks_of_editors,
)

MOST_TASKS = 8


class _ForDrafting:
    """Views for those who draft bulletins; nobody else finds anything here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_draft(user=request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin
        return response


class BulletinsView(_ForDrafting, WagtailAdminTemplateMixin, TemplateView):
    """Closed periods, the latest first, each with its bulletin."""

    template_name = "home/desk/bulletins.html"
    page_title = gettext_lazy("Bulletins")
    header_icon = "table"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather the rows."""
        return {**super().get_context_data(**kwargs), "rows": _rows(bulletins(), user=self.request.user)}


def _rows(found: list[Bulletin], *, user: Any) -> list[dict[str, Any]]:
    return [{"one": one, "url": address_of(one.page, user=user)} for one in found]


class DraftBulletinView(_ForDrafting, View):
    """POST drafts the bulletin of a period and leads to it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Draft, or say why not."""
        assert isinstance(request.user, User)
        period = request.POST.get("period", "")
        try:
            page = draft_bulletin(period=period, user=request.user, today=timezone.localdate())
        except ApprovalRefused as error:
            for words in error.reasons:
                notices.error(request, words)
            return HttpResponseRedirect(reverse("bulletins"))
        notices.success(
            request,
            _("Drafted: “%(title)s”. It goes out when the chain has signed it off.") % {"title": page.title},
        )
        return HttpResponseRedirect(address_of(page, user=request.user) or reverse("bulletins"))


class BulletinsPanel(Component):
    """For editors: bulletins whose figures were corrected, and the way to all of them."""

    name = "bulletins"
    order = 30
    template_name = "home/desk/bulletins_panel.html"

    class Media:
        css = {"all": ["desk/desk-pages.css", "desk/cases.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Gather the tasks."""
        rows = _rows(tasks_of_editors()[:MOST_TASKS], user=parent_context["request"].user)
        return {"rows": rows, "request": parent_context["request"]}


def add_bulletins(request: HttpRequest, panels: list[Component]) -> None:
    """Show the panel to editors."""
    if Role.EDITOR in roles_held(request.user):
        panels.append(BulletinsPanel())


# --- the editor ------------------------------------------------------------------------------------------------


class NumbersSidePanel(BaseSidePanel):
    """Numbers of the saved draft that are none of its figures."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button with the counter."""

        aria_label = gettext_lazy("Toggle the check of numbers")
        icon_name = "table"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
            """Count what is foreign."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "count": len(self.panel.found)}

    name = "numbers"
    title = gettext_lazy("Numbers")
    template_name = "home/desk/numbers_panel.html"
    order = 40

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = self.object.foreign_numbers()

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Add the foreign numbers and whether the figures were corrected since."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        corrections = self.object.corrections
        return {**context, "found": self.found, "correction": corrections[-1] if corrections else None}


class BulletinEditView(CaseEditView):
    """Edit a bulletin, with both checks beside it."""

    def get_side_panels(self) -> MediaContainer:
        """Put the check of numbers first."""
        panels = super().get_side_panels()
        if self.expects_json_response:
            return panels
        return MediaContainer([NumbersSidePanel(self.page, self.request), *panels])


class BulletinViewSet(CaseViewSet):
    """The views of bulletins that differ from those of other pages."""

    model = BulletinPage
    edit_view_class = BulletinEditView
    workflow_action_view_class = CaseWorkflowActionView


bulletin_viewset = BulletinViewSet()
