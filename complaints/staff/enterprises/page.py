"""One enterprise: its entry, the code on its poster, visits against the ceiling; issuing a new code."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages as notices

from complaints.errors import ComplaintError
from complaints.models import EnterpriseManager
from complaints.selectors.enterprises import (
    ceiling_on,
    code_in_use,
    enterprise_for,
    enterprises_kept_by,
    enterprises_supervised_by,
    visits_done,
    visits_of,
)
from complaints.selectors.inside_figures import figures_of_year
from complaints.selectors.internal import doubted_of, managers_of, overdue_of
from complaints.selectors.invitations import waiting_until
from complaints.selectors.lone_managers import is_lone, unacceptable_of
from complaints.services.register import reissue_code

from .pages import EnterprisePage

NEWEST_VISITS, NEWEST_PRACTICES = 20, 5


class OneEnterprise(EnterprisePage):
    """A page about one enterprise of the person's scope; a foreign one is not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = enterprise_for(user=request.user, pk=kwargs["pk"])
        if found is None:
            raise Http404
        self.entry = found
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.entry.name


class EnterpriseView(OneEnterprise):
    """The entry with everything about it; POST issues a new code."""

    template_name = "complaints/staff/enterprises/enterprise.html"
    http_method_names = ["get", "head", "post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            reissue_code(pk=self.entry.pk, actor=self.user, at=timezone.now())
        except ComplaintError:
            raise Http404 from None
        notices.success(request, _("A new code is in use. Print the poster and take the old ones down."))
        return HttpResponseRedirect(reverse("enterprises:inspect", args=[self.entry.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry, code = self.entry, code_in_use(enterprise=self.entry)
        done = visits_done(enterprise=entry, year=self.today.year)
        most = ceiling_on(enterprise=entry, day=self.today)
        return {
            **super().get_context_data(**kwargs),
            "entry": entry,
            "code": code,
            "old_codes": [one for one in entry.codes.all() if one.retired_date],
            "visits": visits_of(enterprise=entry, most=NEWEST_VISITS),
            "done": done,
            "most": most,
            "is_reached": most is not None and done >= most,
            "may_change": enterprises_kept_by(self.user).filter(pk=entry.pk).exists(),
            "may_invite": enterprises_supervised_by(self.user).filter(pk=entry.pk).exists(),
            "managers": self._managers(),
            "is_lone": is_lone(entry),
            "unaccepted": unacceptable_of(entry),
            "now": timezone.now(),
            "practices": list(entry.practices.all()[:NEWEST_PRACTICES]),
            "figures": figures_of_year(entry, today=self.today),
            "doubted": doubted_of(entry),
            "overdue": overdue_of([entry], today=self.today),
        }

    def _managers(self) -> list[tuple[EnterpriseManager, bool, datetime | None]]:
        """Return who reads, whether they have yet to choose a password, and until when their code is good."""
        rows = managers_of(self.entry)
        waiting = waiting_until(rows)
        return [(row, row.user_id in waiting, waiting.get(row.user_id)) for row in rows]
