"""Quotas at the desk: rows that are added and ended, for levels and for single units."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages as notices

from cases_public.models import DutyRule
from cases_public.services.duty_rights import DutyRefused
from cases_public.services.duty_rules import add_rule, end_rule
from complaints.enums import OfficeLevel

from .duty_pages import DutyPage

DAY = {"type": "date"}


class QuotaForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A new quota; for whom is a level or a unit."""

    target = forms.ChoiceField(label=gettext_lazy("For whom"))

    class Meta:
        model = DutyRule
        fields = ("rhythm", "quota", "pass_points", "remind_days", "effective_from", "source")
        widgets = {"effective_from": forms.DateInput(attrs=DAY)}
        help_texts = {
            "quota": gettext_lazy("92号: at least 1. The city of 2024 had 76 in all, spread over its units."),
            "pass_points": gettext_lazy("Not verified: no rule gives a figure. Agree on it first."),
            "remind_days": gettext_lazy(
                "Not verified: a default. A second reminder follows on the last day."
            ),
            "source": gettext_lazy("The document that sets it, with its number."),
        }

    field_order = ("target",)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [
            (f"level:{value}", label) for value, label in OfficeLevel.choices if value != OfficeLevel.TOWN
        ]
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(_("Every unit of a level"), levels), (_("One unit"), units)]

    def row(self) -> DutyRule:
        """Return the quota, not stored; the form is valid."""
        row: DutyRule = self.save(commit=False)  # not the database: makes the row
        kind, _colon, key = self.cleaned_data["target"].partition(":")
        row.level = key if kind == "level" else ""
        row.office_id = int(key) if kind == "unit" else None
        return row


class QuotasView(DutyPage):
    """All quotas; the system administrator adds and ends them."""

    template_name = "cases_public/staff/duty/quotas.html"
    page_title = gettext_lazy("Quotas")
    http_method_names = ["get", "head", "post"]
    _show_breadcrumbs = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (self.rights.keeps_quotas or self.rights.reads_all):
            raise Http404
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.rights.keeps_quotas:
            raise Http404
        return self._end() if "end" in request.POST else self._add()

    def _add(self) -> HttpResponse:
        form = self._form(self.request.POST)
        if not form.is_valid():
            faulty: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
            return faulty
        try:
            add_rule(row=form.row(), user=self.user, at=timezone.now(), today=self.today)
        except DutyRefused as error:
            form.add_error(None, error.words)
            refused: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=409)
            return refused
        return self._done(_("Added. It counts from its first day on."))

    def _end(self) -> HttpResponse:
        key, day = self.request.POST["end"], forms.DateField(required=False)
        try:
            last_day = day.clean(self.request.POST.get("last_day"))
        except forms.ValidationError:
            last_day = None
        if last_day is None or not key.isdecimal() or not DutyRule.objects.filter(pk=key).exists():
            notices.error(self.request, _("Not ended: give the last day."))
            return HttpResponseRedirect(self.request.path)
        try:
            end_rule(rule_id=int(key), last_day=last_day, user=self.user, at=timezone.now(), today=self.today)
        except DutyRefused as error:
            return self.refused(error)
        return self._done(_("The last day is stored. Add the quota that follows."))

    def _done(self, words: str) -> HttpResponse:
        notices.success(self.request, words)
        return HttpResponseRedirect(self.request.path)

    def _form(self, data: Any = None) -> QuotaForm:
        units = [(f"unit:{key}", unit.name) for key, unit in self.rights.units.items() if unit.is_active]
        return QuotaForm(data, units=units)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {
                "row": row,
                "whom": self.rights.units[row.office_id].name if row.office_id else row.get_level_display(),
                "is_over": row.effective_to is not None and row.effective_to < self.today,
            }
            for row in DutyRule.objects.order_by("office_id", "level", "-effective_from")
        ]
        form = kwargs.pop("form", None) or self._form()
        more = {"rows": rows, "form": form, "may_change": self.rights.keeps_quotas, "today": self.today}
        return {**super().get_context_data(**kwargs), **more}
