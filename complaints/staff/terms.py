"""Dated rows of terms: the legal periods, grouped as they follow each other in a case."""

from datetime import date
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from complaints.models import (
    AlarmThresholds,
    AttentionWeights,
    DeadlinePolicy,
    EvaluationWeights,
    InsidePolicy,
    InspectionCeiling,
    RetentionRule,
    ReviewSheet,
)
from complaints.selectors.deadlines import policy_on

from .lists import CHANGES, Logged, LoggedDelete, OnlyTheseRoutes

# Every figure of a row, so that none is reset without anybody having seen it.
GROUPS = (
    (gettext_lazy("Taking a tip on"), ("decide_working_days", "pass_on_working_days")),
    (gettext_lazy("Handling and answering"), ("close_days", "extension_days", "reply_days")),
    (gettext_lazy("Objection and review"), ("objection_days", "review_days")),
    (
        gettext_lazy("Whistle and supervision"),
        ("whistle_hours", "arrival_working_days", "supervision_working_days"),
    ),
    (gettext_lazy("Publishing penalties"), ("publish_working_days",)),
    (
        gettext_lazy("Criminal referral"),
        ("referral_days", "transfer_hours", "police_days", "referral_in_working_days"),
    ),
    (gettext_lazy("Opening of a sealed name"), ("unseal_hours",)),
)

Terms = (
    DeadlinePolicy
    | RetentionRule
    | InspectionCeiling
    | InsidePolicy
    | AttentionWeights
    | EvaluationWeights
    | ReviewSheet
    | AlarmThresholds
)


class TermsForm(WagtailAdminModelForm):
    """New terms begin later than today: what was counted by earlier ones stays."""

    def clean_effective_from(self) -> date:
        day: date = self.cleaned_data["effective_from"]
        if day <= timezone.localdate():
            raise ValidationError(_("New periods begin tomorrow at the earliest."))
        return day


class _OnlyBeforeInForce:
    """Keeps rows that are in force or were from being changed or deleted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        model: type[Terms] = self.model  # type: ignore[attr-defined]  # a mixin of views
        row = cast("Terms", get_object_or_404(model, pk=kwargs["pk"]))
        if row.effective_from <= timezone.localdate():
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin
        return response


class AddTermsView(Logged, generic.CreateView):
    """Add terms that begin later."""

    act = "added"


class AddPeriodsView(AddTermsView):
    """Start from the row in force: what is not changed on purpose goes on as it is."""

    def get_initial(self) -> dict[str, Any]:
        now = policy_on(day=timezone.localdate())
        return {**super().get_initial(), **model_to_dict(now, exclude=["id", "effective_from"])}


class EditTermsView(_OnlyBeforeInForce, Logged, generic.EditView):
    """Change terms that have not begun."""

    act = "changed"


class DeleteTermsView(_OnlyBeforeInForce, LoggedDelete, generic.DeleteView):
    """Delete terms that have not begun."""


class TermsViewSet(OnlyTheseRoutes, ModelViewSet):
    """Legal periods as dated rows."""

    model = DeadlinePolicy
    routes = CHANGES
    name = "periods"
    icon = "time"
    add_to_settings_menu = True
    menu_order = 30
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = AddPeriodsView
    edit_view_class = EditTermsView
    delete_view_class = DeleteTermsView
    list_display = ["effective_from", "decide_working_days", "close_days", "reply_days", "source"]
    panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "effective_from",
                    help_text=gettext_lazy(
                        "Rows that are in force are never changed; add a new one. "
                        "It starts with the figures in force: change only what the new rule changes."
                    ),
                ),
                FieldPanel("source"),
            ],
            heading=gettext_lazy("From when, and by which rules"),
        ),
        *[
            MultiFieldPanel([FieldPanel(name) for name in names], heading=heading)
            for heading, names in GROUPS
        ],
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=TermsForm).bind_to_model(self.model)
