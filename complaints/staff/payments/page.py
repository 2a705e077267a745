"""What every page of payments has: there for payers and auditors alone, kept by no cache, and nothing of any tip."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.models import Office
from complaints.selectors.claims import may_see_payments, paying_offices, reach_of


class PaymentsPage(WagtailAdminTemplateMixin, TemplateView):
    """A page of payments; for anybody else it is not there."""

    header_icon = "table"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_payments(user=request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def paid_for(self) -> list[int]:
        """The units this person pays for; empty for an auditor, who only looks."""
        return paying_offices(user=self.user)

    @cached_property
    def offices(self) -> list[Office]:
        """The units whose payments this person sees, those paid for first."""
        rows = list(Office.objects.filter(reach_of(user=self.user)))
        return sorted(rows, key=lambda one: (one.pk not in self.paid_for, one.pk))

    def office_or_404(self, key: int) -> Office:
        """Return a unit of this person's business; raises Http404 for any other."""
        found = next((one for one in self.offices if one.pk == key), None)
        if found is None:
            raise Http404
        return found

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        every = {"url": reverse("payments:index"), "label": _("Reward payments")}
        return [*self.breadcrumbs_items, every, {"url": "", "label": str(self.get_page_title())}]

    def page(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """Return the page with what was refused."""
        response: HttpResponse = self.render_to_response({**self.get_context_data(), **more}, status=status)
        return response
