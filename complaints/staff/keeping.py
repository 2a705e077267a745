"""Periods of keeping as the system administrator sets them: dated rows, of which those in force are never changed."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from complaints.models import RetentionRule

from .lists import CHANGES, OnlyTheseRoutes
from .terms import AddTermsView, DeleteTermsView, EditTermsView, TermsForm


class RetentionViewSet(OnlyTheseRoutes, ModelViewSet):
    """How long tips are kept, by their outcome."""

    model = RetentionRule
    routes = CHANGES
    name = "keeping"
    icon = "history"
    add_to_settings_menu = True
    menu_order = 35
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = AddTermsView
    edit_view_class = EditTermsView
    delete_view_class = DeleteTermsView
    list_display = [
        Column("get_outcome_display", label=_("Outcome")),
        Column("shown_term", label=_("Kept for")),
        Column("get_keep_from_display", label=_("Counted from")),
        "effective_from",
        "source",
    ]
    list_filter = ["outcome"]
    panels = [
        FieldPanel("outcome"),
        FieldPanel("keep_count"),
        FieldPanel("keep_unit"),
        FieldPanel("keep_from"),
        FieldPanel(
            "effective_from",
            help_text=_(
                "Rows that are in force are never changed; add a new one. It also counts for closed tips."
            ),
        ),
        FieldPanel("source"),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=TermsForm).bind_to_model(self.model)


viewsets = (RetentionViewSet(),)
