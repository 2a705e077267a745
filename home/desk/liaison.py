"""Liaison points and visits, for those who keep them."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views import snippets

from complaints.disclosure import public_units
from home.liaison_figures import newest, with_visits
from home.models import HelpVisit, LiaisonPoint

from .visit_check import VisitEditView, VisitForm
from .visits import MAY_EDIT, SignInView, signed_in_person


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Shows people by their name; accounts alone are easily mixed up."""

    def label_from_instance(self, user: Any) -> str:
        return f"{user.get_full_name() or '—'} ({user.get_username()})"


class PointForm(WagtailAdminModelForm):
    """A point of one of the units the public knows."""

    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [unit.name for unit in public_units()]
        kept = self.instance.unit
        if kept and kept not in names:
            names.append(kept)
        self.fields["unit"].choices = [(name, name) for name in names]
        person = self.fields["officer"]
        self.fields["officer"] = PersonField(
            queryset=person.queryset.filter(is_active=True).order_by("username"),
            required=False,
            label=person.label,
            help_text=person.help_text,
        )


class PointViewSet(snippets.SnippetViewSet):
    """Liaison points, with the visits of this year."""

    model = LiaisonPoint
    icon = "group"
    copy_view_enabled = False
    list_display = [
        "enterprise",
        "district",
        "unit",
        Column("officer_name", label=pgettext_lazy("of a liaison point", "officer")),
        Column("visits_done", label=_("Visits this year")),
        Column("last_visit", label=_("Last visit")),
        BooleanColumn("is_shown", label=_("Shown to the public")),
    ]
    list_filter = ["district", "is_shown"]
    search_fields = ["enterprise", "district"]
    panels = [
        MultiFieldPanel([FieldPanel("enterprise"), FieldPanel("district")], heading=_("Enterprise")),
        MultiFieldPanel(
            [
                FieldPanel("unit"),
                FieldPanel("phone"),
                FieldPanel("officer", widget=forms.Select),
                FieldPanel("surname"),
            ],
            heading=_("Who answers for it"),
        ),
        FieldPanel("since"),
        FieldPanel("is_shown"),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=PointForm).bind_to_model(self.model)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[LiaisonPoint]":
        year = timezone.localdate().year
        return with_visits(points=LiaisonPoint.objects.select_related("officer"), year=year, shown_only=False)


class VisitHistoryView(snippets.HistoryView):
    """Who changed a visit, for those who may change it: Wagtail would show it to everybody who may sign one in."""

    any_permission_required = ["change"]


class VisitViewSet(snippets.SnippetViewSet):
    """Visits: signed in on the phone, looked over and shown by editors. Officers see those of their own points."""

    model = HelpVisit
    icon = "calendar-alt"
    copy_view_enabled = False
    list_display = [
        "day",
        "topic",
        Column("point", label=_("Liaison point")),
        Column("people", label=_("People")),
        BooleanColumn("is_shown", label=_("Shown to the public")),
    ]
    list_filter = ["is_shown"]
    search_fields = ["topic", "point__enterprise"]
    history_view_class = VisitHistoryView
    edit_view_class = VisitEditView
    panels = [
        MultiFieldPanel(
            # A plain field: Wagtail's chooser for snippets starts itself from an inline script.
            [
                FieldPanel("point", widget=forms.Select),
                FieldPanel("day"),
                FieldPanel("topic"),
                FieldPanel("officers"),
            ],
            heading=pgettext_lazy("visit to an enterprise", "Visit"),
        ),
        FieldPanel("outcome"),
        FieldPanel("is_shown"),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=VisitForm).bind_to_model(self.model)

    @property
    def add_view(self) -> Any:
        return SignInView.as_view()

    def get_queryset(self, request: HttpRequest) -> "QuerySet[HelpVisit]":
        visits = newest(visits=HelpVisit.objects.all())
        return (
            visits
            if request.user.has_perm(MAY_EDIT)
            else visits.filter(point__officer=signed_in_person(request))
        )
