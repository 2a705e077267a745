"""Dated weights and score sheets as the system administrator sets them."""

from dataclasses import asdict, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from complaints.enums import AttentionLine, EvaluationLine
from complaints.models import AlarmThresholds, AttentionWeights, EvaluationWeights, ReviewSheet
from complaints.rules.alarms import Thresholds
from complaints.rules.review_sheet import SheetFault, read_items
from complaints.services.review_sheets import shipped_items

from .lists import CHANGES, OnlyTheseRoutes
from .terms import AddTermsView, DeleteTermsView, EditTermsView, TermsForm

NEVER = gettext_lazy("Rows that are in force are never changed; add a new one.")


class _Dated(OnlyTheseRoutes, ModelViewSet):
    """Rows from a day on, for the system administrator."""

    routes = CHANGES
    icon = "order"
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = AddTermsView
    edit_view_class = EditTermsView
    delete_view_class = DeleteTermsView
    list_display = ["effective_from", "source"]
    form_class_of_rows: type[TermsForm] = TermsForm

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=self.form_class_of_rows).bind_to_model(self.model)


class AttentionWeightsViewSet(_Dated):
    """What gives how many points when it is worked out where to look."""

    model = AttentionWeights
    name = "attention_weights"
    menu_label = gettext_lazy("Weights of where to look")
    menu_order = 39
    panels = [
        FieldPanel("effective_from", help_text=NEVER),
        *[FieldPanel(line.value) for line in AttentionLine],
        FieldPanel("source"),
    ]


class EvaluationWeightsViewSet(_Dated):
    """How many points each line of the yearly evaluation holds."""

    model = EvaluationWeights
    name = "evaluation_weights"
    menu_label = gettext_lazy("Weights of the yearly evaluation")
    menu_order = 40
    panels = [
        FieldPanel("effective_from", help_text=NEVER),
        *[FieldPanel(line.value) for line in EvaluationLine],
        FieldPanel("source"),
    ]


class SheetForm(TermsForm):
    """A sheet whose lines can be read."""

    def clean_items(self) -> str:
        """Refuse a sheet with a line that does not hold four parts."""
        text: str = self.cleaned_data["items"]
        try:
            read_items(text)
        except SheetFault as error:
            raise ValidationError(
                _("Line %(n)d is not: short name | points | what is looked at | legal source.")
                % {"n": error.line}
            ) from error
        return text


class AddSheetView(AddTermsView):
    """Start from the sheet that ships with the portal."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "items": shipped_items()}


class ReviewSheetViewSet(_Dated):
    """What case files are scored by."""

    model = ReviewSheet
    name = "review_sheets"
    menu_label = gettext_lazy("Score sheets of case files")
    menu_order = 41
    add_view_class = AddSheetView
    form_class_of_rows = SheetForm
    panels = [FieldPanel("effective_from", help_text=NEVER), FieldPanel("items"), FieldPanel("source")]


class AddThresholdsView(AddTermsView):
    """Start from the thresholds in force."""

    def get_initial(self) -> dict[str, Any]:
        now = AlarmThresholds.in_force(day=timezone.localdate()).thresholds
        return {**super().get_initial(), **asdict(now)}


class AlarmThresholdsViewSet(_Dated):
    """From where on the dashboard speaks up."""

    model = AlarmThresholds
    name = "alarm_thresholds"
    menu_label = gettext_lazy("Alarm thresholds")
    menu_order = 42
    add_view_class = AddThresholdsView
    panels = [
        FieldPanel("effective_from", help_text=NEVER),
        *[FieldPanel(field.name) for field in fields(Thresholds)],
        FieldPanel("source"),
    ]


viewsets = (
    AttentionWeightsViewSet(),
    EvaluationWeightsViewSet(),
    ReviewSheetViewSet(),
    AlarmThresholdsViewSet(),
)
