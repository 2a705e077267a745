"""Where tips go, for the people who keep the rules: rules in their order, competent bodies, a trial, the alarm."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import policy_registry

from complaints.enums import COMPETENT_BODIES, Industry, OfficeLevel, RoutingFault, TipKind
from complaints.models import CompetentBody, Division, Office, RoutingRule
from complaints.rules.deaths import mentions_death
from complaints.rules.routing import COUNTY_LEVELS, Matter, keywords_of
from complaints.rules.texts import DIALABLE
from complaints.selectors.routing import faulty_rules, trial_of

from .lists import ListView, ListViewSet

LONGEST_KEYWORD = 30
SHORTEST_KEYWORD = 2
MOST_KEYWORDS = 50
LONGEST_TRIAL = 5000
_CONDITIONS = ("industries", "kinds", "divisions", "zones", "needs_danger", "needs_death", "keywords")
Choice = tuple[Any, Any]


def _zones() -> list[Choice]:
    rows = Office.objects.filter(level=OfficeLevel.ZONE, is_active=True)
    return list(rows.values_list("pk", "name"))


def fault_text(rule: RoutingRule) -> str:
    """Return what is wrong with a rule in words, or nothing."""
    return str(RoutingFault(rule.fault).label) if rule.fault in RoutingFault.values else rule.fault


class RoutingRuleForm(WagtailAdminModelForm):
    """A rule that can be followed: a unit in use and at least one condition. Saving it mends its fault."""

    industries = forms.MultipleChoiceField(
        label=gettext_lazy("Industries"),
        choices=Industry.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Types"),
        choices=TipKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    zones = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Development zones"),
        coerce=int,
        choices=_zones,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(is_active=True).defer("outline")

    def clean_keywords(self) -> str:
        words = keywords_of(text=self.cleaned_data["keywords"])
        if len(words) > MOST_KEYWORDS:
            raise ValidationError(_("At most %(n)d keywords.") % {"n": MOST_KEYWORDS})
        if any(not SHORTEST_KEYWORD <= len(word) <= LONGEST_KEYWORD for word in words):
            raise ValidationError(
                _("A keyword has %(least)d to %(most)d characters.")
                % {"least": SHORTEST_KEYWORD, "most": LONGEST_KEYWORD}
            )
        return "\n".join(words)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(values.get(name) for name in _CONDITIONS):
            raise ValidationError(
                _("Fill in at least one condition. A rule without any would take every tip.")
            )
        office = values.get("office")
        if values.get("needs_death") and office and office.level not in COUNTY_LEVELS:
            self.add_error("office", _("A death goes to a unit at county level or above."))
        return values

    def save(self, commit: bool = True) -> RoutingRule:
        self.instance.fault = ""
        rule: RoutingRule = super().save(commit)
        return rule


class CompetentBodyForm(WagtailAdminModelForm):
    """A body for an industry outside the remit, with a number that a telephone can dial."""

    industry = forms.ChoiceField(
        label=gettext_lazy("Industry"),
        choices=lambda: [(code.value, code.label) for code in COMPETENT_BODIES],
    )
    phone = forms.RegexField(
        label=gettext_lazy("Telephone"),
        regex=rf"\A{DIALABLE.pattern}\Z",
        required=False,
        max_length=30,
        error_messages={"invalid": gettext_lazy("Digits, spaces and hyphens only, such as 96119.")},
    )


class RuleListView(ListView):
    """The rules in the order in which they are asked, with a way to try them."""

    default_ordering = "position"

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = reverse(RoutingRuleViewSet.TRIAL)
        return [*super().header_buttons, HeaderButton(_("Try the rules"), url=url, icon_name="search")]


class TrialForm(forms.Form):
    """A made-up tip. Nothing of it is kept."""

    industry = forms.ChoiceField(label=gettext_lazy("Industry"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    place = forms.ModelChoiceField(
        label=gettext_lazy("District or town"),
        queryset=Division.objects.exclude(level="city").order_by("code").defer("outline"),
        required=False,
    )
    zone = forms.TypedChoiceField(
        label=gettext_lazy("The point lies in the zone"), coerce=int, empty_value=None, required=False
    )
    in_danger = forms.BooleanField(label=gettext_lazy("People in danger"), required=False)
    words = forms.CharField(
        label=gettext_lazy("What the reporter wrote, name of the enterprise included"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_TRIAL,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing: list[Choice] = [("", "—")]
        offered: Mapping[str, Iterable[Choice]] = {
            "industry": Industry.choices,
            "kind": TipKind.choices,
            "zone": _zones(),
        }
        for name, choices in offered.items():
            self.fields[name].choices = [*nothing, *choices]  # type: ignore[attr-defined]  # fields of choices

    def matter(self) -> Matter:
        """Return the tip as routing sees it; the form is valid."""
        values = self.cleaned_data
        place: Division | None = values["place"]
        is_town = place is not None and place.level == "town"
        return Matter(
            industry=values["industry"],
            kind=values["kind"],
            district=((place.parent_id if is_town else place.code) or "") if place else "",
            town=place.code if place and is_town else "",
            zone=values["zone"],
            in_danger=values["in_danger"],
            involves_death=mentions_death(text=values["words"]),
            words=values["words"],
        )


class TrialView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # generic only in the stubs
    """Where would a tip like this go, and why? By post, as words of a tip do not belong into an address."""

    form_class = TrialForm
    template_name = "complaints/staff/routing_trial.html"
    page_title = gettext_lazy("Try the rules")
    header_icon = "search"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not keeps_rules(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        rules = {"url": reverse(RoutingRuleViewSet.LIST), "label": _("Routing rules")}
        return [*self.breadcrumbs_items, rules, {"url": "", "label": self.page_title}]

    def form_valid(self, form: TrialForm) -> HttpResponse:
        matter = form.matter()
        trial = trial_of(matter=matter)
        faults = [(name, fault.label) for name, fault in trial.faults]
        found = {"trial": trial, "faults": faults, "tells_of_death": matter.involves_death}
        return self.render_to_response(self.get_context_data(form=form, **found))


class RoutingRuleViewSet(ListViewSet):
    """Where tips go: ordered rules, the first that fits decides."""

    TRIAL = "wagtailsnippets_complaints_routingrule:try"
    LIST = "wagtailsnippets_complaints_routingrule:list"
    EDIT = "wagtailsnippets_complaints_routingrule:edit"
    model = RoutingRule
    icon = "redirect"
    menu_order = 44
    index_view_class = RuleListView
    list_display = [
        "name",
        "position",
        "office",
        BooleanColumn("is_active", label=gettext_lazy("In use")),
        Column("fault", label=gettext_lazy("Fault"), accessor=fault_text),
    ]
    list_filter = ["is_active"]
    search_fields = ["name"]
    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("position"), FieldPanel("is_active")],
            heading=gettext_lazy("Name and order"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("industries"),
                FieldPanel("kinds"),
                FieldPanel("divisions", widget=forms.SelectMultiple(attrs={"size": 12})),
                FieldPanel("zones"),
                FieldPanel("needs_danger"),
                FieldPanel("needs_death"),
                FieldPanel("keywords"),
            ],
            heading=gettext_lazy("If all of these fit that are filled in"),
        ),
        FieldPanel("office", widget=forms.Select),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=RoutingRuleForm).bind_to_model(self.model)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("try/", TrialView.as_view(), name="try")]


class CompetentBodyViewSet(ListViewSet):
    """Who answers for industries outside the remit, as reporters are told."""

    model = CompetentBody
    icon = "link-external"
    menu_order = 46
    list_display = ["industry", "name", "phone"]
    search_fields = ["name"]
    panels = [
        FieldPanel("industry"),
        FieldPanel(
            "name",
            help_text=gettext_lazy(
                "[?] What came with the system is a general name, not verified. "
                "Check it against the duty list of the body."
            ),
        ),
        FieldPanel("name_en"),
        FieldPanel(
            "phone",
            help_text=gettext_lazy(
                "[?] What came with the system is not verified. Call the number once: reporters are told to use it."
            ),
        ),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=CompetentBodyForm).bind_to_model(self.model)


def keeps_rules(request: HttpRequest) -> bool:
    """Say whether the person may change routing rules."""
    policy = policy_registry.get_by_type(RoutingRule)
    return bool(policy.user_has_permission(request.user, "change"))


class AlarmPanel(Component):
    """Rules that switched themselves off, on the first page of those who can mend them."""

    name = "routing-alarm"
    order = 5
    template_name = "complaints/staff/routing_alarm.html"

    def __init__(self, rules: Iterable[RoutingRule]) -> None:
        self.rules = [
            {
                "name": rule.name,
                "fault": fault_text(rule),
                "url": reverse(RoutingRuleViewSet.EDIT, args=[rule.pk]),
            }
            for rule in rules
        ]

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"rules": self.rules}


def warn_of_faults(request: HttpRequest, panels: list[Component]) -> None:
    """Put the alarm first where there is one; one query, for people who keep the rules alone."""
    rules = faulty_rules() if keeps_rules(request) else []
    if rules:
        panels.insert(0, AlarmPanel(rules))


snippets = (RoutingRuleViewSet, CompetentBodyViewSet)
