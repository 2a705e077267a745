"""Closing or correcting a period: asked once more on a page of its own, then done with password and code."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import TemplateView
from wagtail.admin import messages as notices
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.errors import ComplaintError
from complaints.policies import leads_top
from complaints.rules.spans import Span, is_code, span_of
from complaints.services.freezing import LONGEST_REASON, freeze
from complaints.staff.reauth import recently_authenticated
from complaints.stats.frozen import is_closed, unclosed_within
from complaints.stats.names import span_name

from .asked import NoSuchPeriod, may_close
from .views import ForReaders


class CloseView(ForReaders, WagtailAdminTemplateMixin, TemplateView):
    """Says what closing makes public for good; what is sent from there names its period and closes or corrects it."""

    template_name = "complaints/staff/figures/close.html"
    header_icon = "lock"
    _show_breadcrumbs = True

    @property
    def page_title(self) -> str:
        return _("Correct the closed report") if self.is_closed else _("Close this period")

    @cached_property
    def span(self) -> Span:
        """The period the address names; there is no usual one."""
        code = self.request.GET.get("period", "")
        if not is_code(code):
            raise NoSuchPeriod
        return span_of(code)

    @cached_property
    def is_closed(self) -> bool:
        return is_closed(code=self.span.code)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        back = {"url": page_of(self.span), "label": _("Statistics")}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_close(user=self.person, span=self.span, today=self.today):
            raise Http404
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "period": self.span.code,
            "period_name": span_name(self.span),
            "is_closed": self.is_closed,
            "within": pgettext("list", ", ").join(map(span_name, unclosed_within(self.span))),
            "longest_reason": LONGEST_REASON,
            "back": page_of(self.span),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Close the period the form names; without one nothing is closed, whatever the address says."""
        code = request.POST.get("period", "")
        if not is_code(code):
            notices.error(request, _("Nothing was closed: what was sent names no period."))
            return redirect("statistics")
        span = span_of(code)
        try:
            row = freeze(
                span=span, at=timezone.now(), actor=self.person, reason=request.POST.get("reason", "")
            )
        except ComplaintError as error:
            notices.error(request, str(error.public_message))
        else:
            notices.success(request, _("Closed as report no. %(number)s.") % {"number": row.number})
        return redirect(page_of(span) if span.start <= self.today else reverse("statistics"))


def page_of(span: Span) -> str:
    """Return the page of figures of a period."""
    return f"{reverse('statistics')}?{urlencode({'period': span.code})}"


def _is_closing(request: HttpRequest) -> bool:
    """Whether a period is about to be closed: only who could do it is asked for password and code."""
    return request.method == "POST" and is_code(request.POST.get("period", "")) and leads_top(request.user)


close_view = recently_authenticated(CloseView.as_view(), before=_is_closing)
