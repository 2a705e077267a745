"""The quarter's file at the desk: what would go up, taking it along, noting that it was sent, files sent before."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages as notices

from cases_public.duty.periods import DutyPeriod, period_of_code
from cases_public.enums import DutyRhythm
from cases_public.models import DutyFile, Submission
from cases_public.services.duty_file import DutyBundle, bundle, cases_of_file, cases_of_quarter, send_file
from cases_public.services.duty_overview import overview
from cases_public.services.duty_rights import DutyRefused

from . import duty_shown as shown
from .duty_pages import DutyPage, ForDuty

TYPES = {
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class OfCity(ForDuty):
    """Files of all units, for those who read all of them."""

    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.rights.reads_all:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def quarter(self) -> DutyPeriod:
        """The quarter of the address, once it has begun."""
        return self.quarter_of(self.kwargs["code"])

    def quarter_of(self, code: str) -> DutyPeriod:
        """Return a quarter that has begun; anything else is not there."""
        try:
            found = period_of_code(code)
        except ValueError as error:
            raise Http404 from error
        if found.rhythm != DutyRhythm.QUARTER or found.start_date > self.today:
            raise Http404
        return found

    def made(self, *, quarter: DutyPeriod, rows: list[Submission]) -> DutyBundle:
        """Return the file of these cases."""
        span = {"start": quarter.start_date, "end": quarter.end_date}
        return bundle(
            quarter=quarter, submissions=rows, seen=overview(rights=self.rights, today=self.today, **span)
        )

    def answer(self, *, kind: str, quarter: DutyPeriod, rows: list[Submission]) -> HttpResponse:
        """Return the file as a download, or the way back with the reason why there is none."""
        if kind not in TYPES:
            raise Http404
        try:
            found = self.made(quarter=quarter, rows=rows)
        except DutyRefused as error:
            notices.error(self.request, error.words)
            return HttpResponseRedirect(reverse("case_duty:quarter", args=[quarter.code]))
        data = found.data if kind == "zip" else found.table
        response = HttpResponse(data, content_type=TYPES[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="cases-{quarter.code}.{kind}"'
        return response


class QuarterView(OfCity, DutyPage):
    """What goes up next for a quarter, and what went up."""

    template_name = "cases_public/staff/duty/quarter.html"
    page_title = gettext_lazy("File of the quarter")
    http_method_names = ["get", "head", "post"]
    _show_breadcrumbs = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            file = send_file(quarter=self.quarter, user=self.user, at=timezone.now())
        except DutyRefused as error:
            return self.refused(error)
        notices.success(request, _("Noted as sent: file no. %(n)d of the quarter.") % {"n": file.number})
        return HttpResponseRedirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = cases_of_quarter(quarter=self.quarter, today=self.today)
        names = {key: unit.name for key, unit in self.rights.units.items()}
        return {
            **super().get_context_data(**kwargs),
            "quarter": self.quarter,
            "name": shown.period_name(self.quarter.code),
            "rows": shown.submission_rows(rows, names=names, today=self.today),
            "files": DutyFile.objects.filter(quarter=self.quarter.code),
            "quarters": [(one.code, shown.period_name(one.code)) for one in shown.quarters(today=self.today)],
            "may_send": self.rights.sends,
        }


class QuarterFileView(OfCity, View):
    """The file as it would go up now."""

    def get(self, request: HttpRequest, code: str, kind: str) -> HttpResponse:
        rows = cases_of_quarter(quarter=self.quarter, today=self.today)
        return self.answer(kind=kind, quarter=self.quarter, rows=rows)


class FileView(OfCity, View):
    """A file that was sent, made anew from what is still public."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        file = DutyFile.objects.filter(pk=pk).first()
        if file is None:
            raise Http404
        rows = cases_of_file(file=file, today=self.today)
        return self.answer(kind=kind, quarter=self.quarter_of(file.quarter), rows=rows)
