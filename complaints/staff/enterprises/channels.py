"""Supervision of internal channels, and the days by which they must be there."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from complaints.models import ChannelDuty
from complaints.selectors.channels import channels_by_district, every_duty, together, without_channel
from complaints.staff.lists import CHANGES, Logged, LoggedDelete, OnlyTheseRoutes

from .pages import EnterprisePage

PER_PAGE = 50


class ChannelsView(EnterprisePage):
    """Figures per district, and every enterprise that has no channel yet."""

    template_name = "complaints/staff/enterprises/channels.html"
    page_title = gettext_lazy("Internal channels")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        duties = every_duty()
        districts = channels_by_district(self.user, today=self.today)
        page = Paginator(without_channel(self.user), PER_PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "districts": districts,
            "whole": together(districts, name=_("Together")),
            "page_obj": page,
            "today": self.today,
            "duties": duties,
            "unverified": {duty.industry for duty in duties if not duty.is_verified},
        }


class AddDutyView(Logged, generic.CreateView):
    """Add the duty of an industry."""

    act = "added"


class EditDutyView(Logged, generic.EditView):
    """Change the day of an industry."""

    act = "changed"


class DeleteDutyView(LoggedDelete, generic.DeleteView):
    """Take a duty away."""


class DutyViewSet(OnlyTheseRoutes, ModelViewSet):
    """By when which industries must have an internal channel."""

    model = ChannelDuty
    routes = CHANGES
    name = "channel_duties"
    icon = "calendar-check"
    menu_label = gettext_lazy("Internal channels")
    add_to_settings_menu = True
    menu_order = 37
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = AddDutyView
    edit_view_class = EditDutyView
    delete_view_class = DeleteDutyView
    list_display = [
        Column("get_industry_display", label=gettext_lazy("Industry")),
        "due_date",
        "source",
        "is_verified",
    ]
    panels = [
        FieldPanel("industry"),
        FieldPanel("due_date"),
        FieldPanel("source"),
        FieldPanel("is_verified"),
    ]


duties_viewset = DutyViewSet()
