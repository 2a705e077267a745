"""扫码入企 on the phone: a code is scanned or typed, the page counts the visits, one more is entered."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages as notices

from complaints.enterprise_errors import CeilingReached
from complaints.enums import EXEMPT_PURPOSES, VisitPurpose
from complaints.errors import ComplaintError, DraftInvalid
from complaints.rules.register import passes_ceiling
from complaints.selectors.enterprises import ceiling_on, enterprise_of_code, enterprises_kept_by, visits_done
from complaints.services.site_visits import record_visit

from .pages import EnterprisePage

NOT_FOUND = gettext_lazy("No enterprise of your units has this code. Compare it with the poster.")


class TypeCodeView(EnterprisePage):
    """Where the code of a poster is typed when no camera reads it."""

    template_name = "complaints/staff/enterprises/visit_code.html"
    page_title = gettext_lazy("Enter a visit")
    is_for_keepers = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = request.GET.get("code", "")[:40]
        if not typed:
            return self.page(values={})
        found = enterprise_of_code(typed=typed)
        if found is None or not enterprises_kept_by(self.user).filter(pk=found.enterprise_id).exists():
            return self.page(values={"typed": typed, "fault": NOT_FOUND}, status=404)
        return HttpResponseRedirect(reverse("enterprises:visit_at", args=[found.code]))


class VisitView(EnterprisePage):
    """Enter the visit that begins now."""

    template_name = "complaints/staff/enterprises/visit.html"
    page_title = gettext_lazy("Enter a visit")
    http_method_names = ["get", "head", "post"]
    is_for_keepers = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        code = enterprise_of_code(typed=kwargs["code"])
        kept = enterprises_kept_by(request.user).filter(is_active=True)
        if code is None or not kept.filter(pk=code.enterprise_id).exists():
            raise Http404
        self.code, self.entry = code, code.enterprise
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = {name: request.POST.get(name, "") for name in ("purpose", "note")}
        try:
            visit = record_visit(enterprise_id=self.entry.pk, actor=self.user, at=timezone.now(), **typed)
        except DraftInvalid as error:
            faults = {one.field: one.problem.label for one in error.problems}
            return self.page(values={"typed": typed, "faults": faults}, status=error.status)
        except CeilingReached as error:
            faults = {"note": error.public_message}
            return self.page(values={"typed": typed, "faults": faults}, status=error.status)
        except ComplaintError:
            raise Http404 from None
        words = (
            _("Visit entered. It counts against the ceiling.")
            if visit.counts
            else _("Visit entered. It does not count.")
        )
        notices.success(request, words)
        return HttpResponseRedirect(reverse("enterprises:inspect", args=[self.entry.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done = visits_done(enterprise=self.entry, year=self.today.year)
        most = ceiling_on(enterprise=self.entry, day=self.today)
        return {
            "typed": {},
            "faults": {},
            **super().get_context_data(**kwargs),
            "entry": self.entry,
            "is_old": self.code.retired_date is not None,
            "done": done,
            "most": most,
            "would_pass": passes_ceiling(done=done, ceiling=most),
            "purposes": [(one.value, one.label, one in EXEMPT_PURPOSES) for one in VisitPurpose],
        }
