"""Adding an enterprise and changing its entry by hand, by the same rules as a file."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages as notices

from complaints.enums import Industry, RiskClass
from complaints.errors import ComplaintError, DraftInvalid
from complaints.models import Enterprise
from complaints.rules.register import COLUMNS, RegisterRow, read_row
from complaints.selectors.enterprises import enterprises_kept_by, register_vocabulary
from complaints.selectors.offices import DivisionChoice, division_choices
from complaints.services.register import add_enterprise, change_enterprise

from .pages import EnterprisePage

CHOOSE = ("", gettext_lazy("Please choose"))


class EntryForm(forms.Form):
    """One entry of the register."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    credit_code = forms.CharField(
        label=gettext_lazy("Credit code"),
        max_length=40,
        help_text=gettext_lazy("18 characters; spaces do not matter."),
    )
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), choices=[CHOOSE, *Industry.choices])
    district = forms.ChoiceField(label=gettext_lazy("District"))
    town = forms.ChoiceField(label=gettext_lazy("Town"), required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    risk_class = forms.ChoiceField(label=gettext_lazy("Risk class"), choices=[CHOOSE, *RiskClass.choices])
    is_active = forms.BooleanField(label=gettext_lazy("In business"), required=False, initial=True)

    row: RegisterRow

    def __init__(self, *args: Any, divisions: list[DivisionChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts, towns = self.fields["district"], self.fields["town"]
        assert isinstance(districts, forms.ChoiceField)
        assert isinstance(towns, forms.ChoiceField)
        districts.choices = [CHOOSE, *((one.code, one.name) for one in divisions)]
        towns.choices = [CHOOSE, *((one.name, list(one.towns)) for one in divisions)]

    def clean(self) -> dict[str, Any]:
        """Read the entry as a row of a file is read; every fault stands at its field."""
        typed: dict[str, Any] = super().clean() or {}
        if self.errors:
            return typed
        cells = {name: str(typed.get(name, "")) for name in COLUMNS}
        found = read_row(cells, line=0, words=register_vocabulary())
        if isinstance(found, RegisterRow):
            self.row = found
        else:
            for one in found:
                self.add_error(one.column, str(one.fault.label))
        return typed


class AddView(EnterprisePage):
    """A new enterprise."""

    template_name = "complaints/staff/enterprises/form.html"
    page_title = gettext_lazy("Add an enterprise")
    http_method_names = ["get", "head", "post"]
    is_for_keepers = True

    @cached_property
    def initial(self) -> Mapping[str, Any]:
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(values={"form": EntryForm(initial=dict(self.initial), divisions=division_choices())})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EntryForm(request.POST, divisions=division_choices())
        if not form.is_valid():
            return self.page(values={"form": form}, status=422)
        try:
            entry = self.save(form)
        except DraftInvalid as error:
            for one in error.problems:
                form.add_error(one.field, str(one.problem.label))
            return self.page(values={"form": form}, status=error.status)
        except ComplaintError as error:
            form.add_error(None, str(error.public_message))
            return self.page(values={"form": form}, status=error.status)
        notices.success(request, _("Saved: %(name)s") % {"name": entry.name})
        return HttpResponseRedirect(reverse("enterprises:inspect", args=[entry.pk]))

    def save(self, form: EntryForm) -> Enterprise:
        return add_enterprise(row=form.row, actor=self.user, at=timezone.now())


class EditView(AddView):
    """An entry of the own units; others are not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = enterprises_kept_by(request.user).filter(pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.entry = found
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Change the entry")

    @cached_property
    def initial(self) -> Mapping[str, Any]:
        entry = self.entry
        plain = {
            name: getattr(entry, name)
            for name in ("name", "credit_code", "industry", "address", "risk_class")
        }
        return {
            **plain,
            "district": entry.district_id,
            "town": entry.town_id or "",
            "is_active": entry.is_active,
        }

    def save(self, form: EntryForm) -> Enterprise:
        return change_enterprise(
            pk=self.entry.pk,
            row=form.row,
            is_active=form.cleaned_data["is_active"],
            actor=self.user,
            at=timezone.now(),
        )
