"""Numbers of the enforcement plan: one page with a field for each unit and type, kept as an update of its day."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages as notices
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from home.models import EnforcementPlanPage
from home.plan_lines import LARGEST, PlannedLine
from home.services.plans import record_update

MAY_UPDATE = "home.change_enforcementplanpage"


class UpdateForm(forms.Form):
    """The day, a note, and how many are done of every line."""

    day = forms.DateField(
        label=gettext_lazy("As of the end of"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the public"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "For example why a number became smaller: a mistake of the last update put right."
        ),
    )

    def __init__(
        self, *args: Any, lines: tuple[PlannedLine, ...], done: dict[tuple[str, str], int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()
        for place, line in enumerate(lines):
            self.fields[f"n{place}"] = forms.IntegerField(
                label=f"{line.unit} · {line.kind}",
                min_value=0,
                max_value=LARGEST,
                initial=done.get(line.key, 0),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "size": 7}),
            )

    @property
    def rows(self) -> list[tuple[PlannedLine, Any]]:
        """Every line of the plan with its field."""
        return [(line, self[f"n{place}"]) for place, line in enumerate(self.lines)]

    @property
    def done(self) -> dict[tuple[str, str], int]:
        """The numbers by unit and type; the form is valid."""
        return {line.key: self.cleaned_data[f"n{place}"] for place, line in enumerate(self.lines)}


class _OfPlans(WagtailAdminTemplateMixin):
    """Pages for those who may keep the numbers."""

    header_icon = "tasks"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(MAY_UPDATE):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class PlansView(_OfPlans, TemplateView):
    """The plans, the newest year first."""

    template_name = "home/desk/plans.html"
    page_title = gettext_lazy("Enforcement plans")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plans = EnforcementPlanPage.objects.order_by("-year")
        return {**super().get_context_data(**kwargs), "plans": plans}


class UpdateView(_OfPlans, FormView):  # type: ignore[type-arg]  # generic only in the stubs
    """One update."""

    form_class = UpdateForm
    template_name = "home/desk/plan_update.html"
    page_title = gettext_lazy("Update the numbers")

    @cached_property
    def plan(self) -> EnforcementPlanPage:
        """The plan of the address."""
        found: EnforcementPlanPage = get_object_or_404(EnforcementPlanPage, pk=self.kwargs["pk"])
        return found

    def get_page_subtitle(self) -> str:
        return str(self.plan.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = self.plan.progress.rows
        done = {line.key: found.done for line, found in rows}
        return {**super().get_form_kwargs(), "lines": tuple(line for line, _found in rows), "done": done}

    def get_initial(self) -> dict[str, Any]:
        return {"day": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "plan": self.plan}

    def get_success_url(self) -> str:
        return reverse("plan_numbers:index")

    def form_valid(self, form: UpdateForm) -> HttpResponse:
        typed = form.cleaned_data
        try:
            record_update(
                plan_id=self.plan.pk,
                day=typed["day"],
                done=form.done,
                note=typed["note"],
                today=timezone.localdate(),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        notices.success(self.request, _("The numbers are on the page now."))
        return super().form_valid(form)


class PlansItem(MenuItem):
    """Shown to those who may keep the numbers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_UPDATE)


class PlanViewSet(ViewSet):
    """Numbers of the plans."""

    name = "plan_numbers"
    icon = "tasks"
    menu_label = gettext_lazy("Enforcement plans")
    menu_item_class = PlansItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", PlansView.as_view(), name="index"),
            path("<int:pk>/", UpdateView.as_view(), name="update"),
        ]
