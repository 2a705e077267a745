"""Reward rules as the system administrator keeps them: dated rows, of which those in force may only be ended."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm, model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from complaints.enums import IdentityMode
from complaints.errors import ComplaintError, DraftInvalid
from complaints.models import RewardPolicy
from complaints.selectors.rewards import choosable_policies
from complaints.services.reward_policies import (
    add_policy,
    change_policy,
    delete_policy,
    end_policy,
)

from .lists import CHANGES, OnlyTheseRoutes

# Every figure of a row, so that none is set without anybody having seen it.
GROUPS = (
    (
        _("Whose rule, and from when"),
        ("name", "name_en", "code", "region", "sector", "effective_from", "effective_to"),
    ),
    (_("Where it is written"), ("source", "article_rate", "article_accident", "article_local")),
    (
        _("Hazards and breaches of the law"),
        ("rate", "second_level_rate", "floor", "cap", "multi_fine_mode", "no_penalty_amount"),
    ),
    (
        _("Concealed accidents"),
        ("per_death_ordinary", "per_death_larger", "per_death_major", "per_death_extreme"),
    ),
    (_("Employees"), ("employee_uplift_pct", "uplift_cap_mode")),
    (_("Ordinary hazards"), ("general_hazard", "general_low", "general_high", "monthly_cap_per_type")),
    (_("Who is rewarded, and how"), ("eligible_identity_modes", "joint_split", "claim_days")),
    (_("Approval"), ("approval_levels", "file_with_superior", "special_reward_allowed")),
)


class RuleForm(WagtailAdminModelForm):
    """Every figure of a row. What is wrong between them, and between rows, the service says."""

    eligible_identity_modes = forms.MultipleChoiceField(
        choices=IdentityMode.choices,
        widget=forms.CheckboxSelectMultiple,
        label=RewardPolicy._meta.get_field("eligible_identity_modes").verbose_name,
        help_text=RewardPolicy._meta.get_field("eligible_identity_modes").help_text,
    )


class _Refusable:
    """Shows at its field what the service refuses, without Wagtail's transaction: what it noted of that stays."""

    request: HttpRequest
    save_instance: Callable[[], RewardPolicy]
    save_action: Callable[[], HttpResponse]
    form_invalid: Callable[[BaseForm], HttpResponse]
    get_error_message: Callable[[], str]

    def form_valid(self, form: BaseForm) -> HttpResponse:
        self.form = form
        try:
            self.object = self.save_instance()
        except ComplaintError as error:
            for name, text in told(error):
                form.add_error(name if name in form.fields else None, text)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        return self.save_action()


def told(error: ComplaintError) -> list[tuple[str, str]]:
    """Return the sentences of a refusal, each with its field; empty where it is about no field."""
    if isinstance(error, DraftInvalid):
        return [(one.field, str(one.problem.label)) for one in error.problems]
    return [("", str(error.public_message))]


class AddRuleView(_Refusable, generic.CreateView):
    """Start from the rule of the city: what is not changed on purpose goes on as it is."""

    def get_initial(self) -> dict[str, Any]:
        now = choosable_policies(day=timezone.localdate())
        values = model_to_dict(now[0], exclude=["id", "effective_from", "effective_to"]) if now else {}
        return {**super().get_initial(), **values}

    def save_instance(self) -> RewardPolicy:
        return add_policy(
            row=self.form.instance,  # type: ignore[attr-defined]  # a model form
            fields=self.form.changed_data,
            at=timezone.now(),
            actor=self.request.user,  # type: ignore[arg-type]  # the desk knows who is there
        )


class EditRuleView(_Refusable, generic.EditView):
    """Change a row that has not begun; of one in force only the last day."""

    @cached_property
    def is_in_force(self) -> bool:
        row = get_object_or_404(RewardPolicy, pk=self.kwargs["pk"])
        return row.effective_from <= timezone.localdate()

    def get_panel(self) -> Panel:
        return END_PANEL if self.is_in_force else self.panel

    def get_form_class(self) -> Any:
        return END_PANEL.get_form_class() if self.is_in_force else super().get_form_class()

    def save_instance(self) -> RewardPolicy:
        row: RewardPolicy = self.form.instance  # type: ignore[attr-defined]  # a model form
        values: dict[str, Any] = {"row": row, "at": timezone.now(), "actor": self.request.user}
        if self.is_in_force:
            return end_policy(last_day=row.effective_to, **values)
        return change_policy(fields=self.form.changed_data, **values)

    @property
    def can_delete(self) -> bool:
        return not self.is_in_force and bool(super().can_delete)


class DeleteRuleView(generic.DeleteView):
    """Delete a row that has not begun."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if get_object_or_404(RewardPolicy, pk=kwargs["pk"]).effective_from <= timezone.localdate():
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def delete_action(self) -> None:
        delete_policy(row=self.object, at=timezone.now(), actor=self.request.user)


END_PANEL = ObjectList(
    [
        FieldPanel(
            "effective_to",
            help_text=_(
                "This rule is in force, or was: amounts were worked out by it, so nothing else of it is changed. "
                "Give its last day, tomorrow at the earliest, and add the rule that follows."
            ),
        ),
        *[
            MultiFieldPanel(
                [FieldPanel(name, read_only=True) for name in names if name != "effective_to"], heading=head
            )
            for head, names in GROUPS
        ],
    ],
    base_form_class=WagtailAdminModelForm,
).bind_to_model(RewardPolicy)


class RuleViewSet(OnlyTheseRoutes, ModelViewSet):
    """Reward rules of every region and sector."""

    model = RewardPolicy
    routes = CHANGES
    name = "reward_rules"
    icon = "pick"
    add_to_settings_menu = True
    menu_order = 37
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = AddRuleView
    edit_view_class = EditRuleView
    delete_view_class = DeleteRuleView
    list_display = [
        "name",
        Column("get_sector_display", label=_("Sector")),
        "effective_from",
        "effective_to",
        "source",
    ]
    list_filter = ["sector"]
    panels = [
        MultiFieldPanel([FieldPanel(name) for name in names], heading=heading) for heading, names in GROUPS
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=RuleForm).bind_to_model(self.model)


rules_viewset = RuleViewSet()
