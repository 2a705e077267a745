"""Periods of internal tips as the system administrator sets them: dated rows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from complaints.models import InsidePolicy
from complaints.staff.lists import CHANGES, OnlyTheseRoutes
from complaints.staff.terms import AddTermsView, DeleteTermsView, EditTermsView, TermsForm

FIGURES = ("acknowledge_working_days", "verify_working_days", "fix_days", "pay_days")


class InsideTermsViewSet(OnlyTheseRoutes, ModelViewSet):
    """How long a company has to take on, verify, put right and pay."""

    model = InsidePolicy
    routes = CHANGES
    name = "inside_periods"
    icon = "time"
    menu_label = _("Periods of internal tips")
    add_to_settings_menu = True
    menu_order = 38
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = AddTermsView
    edit_view_class = EditTermsView
    delete_view_class = DeleteTermsView
    list_display = ["effective_from", *FIGURES, "source"]
    panels = [
        FieldPanel("effective_from", help_text=_("Rows that are in force are never changed; add a new one.")),
        *[FieldPanel(name) for name in FIGURES],
        FieldPanel("source"),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=TermsForm).bind_to_model(self.model)


inside_terms_viewset = InsideTermsViewSet()
