"""Lists the system administrator keeps: units, roles, legal periods, special days, reply templates, divisions."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages as notices
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import InspectView

from complaints.enums import Role
from complaints.errors import ComplaintError, RolesApart
from complaints.models import (
    Division,
    Membership,
    Office,
    ReplyTemplate,
    SpecialDay,
)
from complaints.rules.workflow import REPLY_ITEMS
from complaints.selectors.offices import open_work
from complaints.services.roles import assign_role, remove_role

from .lists import ListViewSet, OnlyTheseRoutes
from .terms import TermsViewSet


class OfficeForm(WagtailAdminModelForm):
    """A unit with open work stays in use."""

    def clean_is_active(self) -> bool:
        stays: bool = self.cleaned_data["is_active"]
        waiting = open_work(office_id=self.instance.pk) if self.instance.pk and not stays else None
        if waiting:
            values = {"tips": waiting.tips, "whistles": waiting.whistles, "asked": waiting.supervisions}
            raise ValidationError(
                _(
                    "This unit still has work: tips it leads: %(tips)d, open whistles: %(whistles)d, "
                    "open supervisions: %(asked)d. Hand the tips to another unit and bring the rest to an end, "
                    "then switch it off."
                )
                % values
            )
        return stays


class OfficeViewSet(ListViewSet):
    """Units; one that is no longer needed is switched off, never deleted."""

    model = Office
    routes = frozenset({"add", "edit"})
    icon = "group"
    menu_order = 10
    list_display = [
        "name",
        "level",
        "parent",
        "phone",
        BooleanColumn("is_active", label=gettext_lazy("In use")),
    ]
    list_filter = ["level", "is_active"]
    search_fields = ["name"]
    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("phone")], heading=gettext_lazy("Name")),
        MultiFieldPanel(
            [
                FieldPanel("level"),
                # Plain fields: Wagtail's chooser for snippets starts itself from an inline script.
                FieldPanel("parent", widget=forms.Select),
                FieldPanel("divisions", widget=forms.SelectMultiple(attrs={"size": 12})),
                FieldPanel("is_default"),
            ],
            heading=gettext_lazy("What it answers for"),
        ),
        FieldPanel("claim_place"),
        FieldPanel("is_active"),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=OfficeForm).bind_to_model(self.model)


class SpecialDayViewSet(ListViewSet):
    """Days off or made up that were announced late."""

    model = SpecialDay
    icon = "calendar-alt"
    menu_order = 40
    list_display = ["day", BooleanColumn("is_working", label=gettext_lazy("Working day")), "note"]
    panels = [FieldPanel("day"), FieldPanel("is_working"), FieldPanel("note")]


class ReplyTemplateViewSet(ListViewSet):
    """Words an officer may start a reply from."""

    model = ReplyTemplate
    icon = "doc-full"
    menu_order = 50
    list_display = ["title"]
    search_fields = ["title"]
    panels = [
        FieldPanel(
            "title",
            help_text=gettext_lazy(
                "Write what is to be filled in in brackets, such as （日期）: a reply in which it stays is refused."
            ),
        ),
        *[FieldPanel(name) for name in REPLY_ITEMS],
    ]


class DivisionView(InspectView):
    """One division; the city has none above it."""

    def get_parent_display_value(self) -> str:
        return str(self.object.parent or "—")


class DivisionViewSet(ListViewSet):
    """Administrative divisions, to look at: they come from the data of the city."""

    model = Division
    routes = frozenset({"inspect"})
    icon = "site"
    menu_order = 60
    inspect_view_enabled = True
    inspect_view_class = DivisionView
    inspect_view_fields = ["code", "name", "level", "parent"]
    list_display = ["name", "code", "level", "parent"]
    list_filter = ["level"]
    search_fields = ["name", "code"]
    panels = [FieldPanel("name")]


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Shows people by their name; accounts alone are easily mixed up."""

    def label_from_instance(self, user: User) -> str:
        return f"{user.get_full_name() or '—'} ({user.get_username()})"


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """One role of one person in one unit."""

    user = PersonField(
        queryset=User.objects.filter(is_active=True).order_by("username"), label=gettext_lazy("Person")
    )

    class Meta:
        model = Membership
        fields = ["user", "office", "role"]


class GiveRoleView(generic.CreateView):
    """Gives a role through the service, which keeps the log, the roles apart and refuses people their own roles."""

    def form_valid(self, form: MembershipForm) -> HttpResponse:
        """Without Wagtail's transaction around it: what the service notes of a refusal has to stay."""
        self.form = form
        try:
            self.object = self.save_instance()
        except ComplaintError as error:
            form.add_error("role" if isinstance(error, RolesApart) else "user", str(error.public_message))
            self.produced_error_message = self.get_error_message()
            refused: HttpResponse = self.form_invalid(form)
            return refused
        response: HttpResponse = self.save_action()
        return response

    def save_instance(self) -> Membership:
        given = self.form.cleaned_data
        return assign_role(
            user=given["user"],
            office=given["office"],
            role=Role(given["role"]),
            at=timezone.now(),
            actor=self.request.user,
        )

    def get_success_buttons(self) -> list[Any]:
        return []


class TakeRoleView(generic.DeleteView):
    """Takes a role back through the service."""

    def delete_action(self) -> None:
        remove_role(membership=self.object, at=timezone.now(), actor=self.request.user)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except ComplaintError as error:
            notices.error(self.request, str(error.public_message))
            return HttpResponseRedirect(reverse("roles:index"))
        return response


class MembershipViewSet(OnlyTheseRoutes, ModelViewSet):
    """Roles are given and taken, never edited."""

    model = Membership
    routes = frozenset({"add", "delete"})
    name = "roles"
    icon = "user"
    add_to_settings_menu = True
    menu_order = 20
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = GiveRoleView
    delete_view_class = TakeRoleView
    list_display = ["user", "office", "role"]
    list_filter = ["office", "role"]
    search_fields = ["user__username", "user__first_name"]

    def get_form_class(self, for_update: bool = False) -> type[MembershipForm]:
        return MembershipForm


snippets = (OfficeViewSet, SpecialDayViewSet, ReplyTemplateViewSet, DivisionViewSet)
viewsets = (MembershipViewSet(), TermsViewSet())
