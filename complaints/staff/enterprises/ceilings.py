"""Inspection ceilings as the system administrator sets them: dated rows per class of risk."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from complaints.models import InspectionCeiling
from complaints.staff.lists import CHANGES, OnlyTheseRoutes
from complaints.staff.terms import AddTermsView, DeleteTermsView, EditTermsView, TermsForm


class CeilingViewSet(OnlyTheseRoutes, ModelViewSet):
    """How many inspections of the plan a class of enterprises gets a year."""

    model = InspectionCeiling
    routes = CHANGES
    name = "ceilings"
    icon = "warning"
    menu_label = _("Inspection ceilings")
    add_to_settings_menu = True
    menu_order = 36
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = AddTermsView
    edit_view_class = EditTermsView
    delete_view_class = DeleteTermsView
    list_display = [
        Column("get_risk_class_display", label=_("Risk class")),
        "per_year",
        "effective_from",
        "source",
    ]
    list_filter = ["risk_class"]
    panels = [
        FieldPanel("risk_class"),
        FieldPanel("per_year"),
        FieldPanel("effective_from", help_text=_("Rows that are in force are never changed; add a new one.")),
        FieldPanel("source"),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=TermsForm).bind_to_model(self.model)


ceilings_viewset = CeilingViewSet()
