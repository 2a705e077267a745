"""What the pages of the register share: there only for those whose business it is, kept by no cache."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.selectors.enterprises import may_keep_register, may_see_register


class EnterprisePage(WagtailAdminTemplateMixin, TemplateView):
    """A page of the register; `is_for_keepers` leaves auditors outside."""

    header_icon = "site"
    is_for_keepers = False
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        may = may_keep_register if self.is_for_keepers else may_see_register
        if not may(request.user):
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

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        every = {"url": reverse("enterprises:index"), "label": _("Enterprises")}
        return [*self.breadcrumbs_items, every, {"url": "", "label": str(self.get_page_title())}]

    def page(self, *, values: Mapping[str, Any], status: int = 200) -> HttpResponse:
        """Return the page with these values."""
        response: HttpResponse = self.render_to_response(self.get_context_data(**values), status=status)
        return response
