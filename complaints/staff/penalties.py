"""可做案例的处罚: the penalties in a person's scope that a case can be begun with, searched, one click from a draft."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.rules.texts import showable
from complaints.selectors.penalties import MOST, Penalty, may_begin_cases, penalties_for_cases
from complaints.selectors.reward_words import yuan
from complaints.selectors.search import LONGEST_SEARCH
from complaints.services.viewing import note_search

from .clockface import day_text
from .labels import operation_words, title_of

SECTION = "penalties"


class PenaltiesView(WagtailAdminTemplateMixin, TemplateView):
    """GET lists; POST lists what fits the words, which stand in no address and no log."""

    template_name = "complaints/staff/penalties.html"
    page_title = gettext_lazy("Penalties for cases")
    header_icon = "edit"
    http_method_names = ["get", "head", "post"]
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_begin_cases(request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        note_search(action=f"search.{SECTION}", subject="", viewer=request.user, at=timezone.now())  # type: ignore[arg-type]  # behind Wagtail's own sign-in
        answer: HttpResponse = self.get(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = showable(self.request.POST.get("q", "").strip(), longest=LONGEST_SEARCH)
        today, unit = timezone.localdate(), self._unit()
        found = penalties_for_cases(user=self.request.user, unit=unit, typed=typed, today=today)
        return {
            **super().get_context_data(**kwargs),
            "rows": [_shown(one) for one in found.rows],
            "typed": typed,
            "longest": LONGEST_SEARCH,
            "is_of_unit": unit is not None,
            "every": reverse("penalties"),
            "most": MOST if found.more else 0,
            "is_bounded": found.is_bounded,
        }

    def _unit(self) -> int | None:
        asked = self.request.GET.get("unit", "")
        if not asked:
            return None
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 9):
            raise Http404
        return int(asked)


def _shown(one: Penalty) -> dict[str, Any]:
    tip, row, today = one.tip, one.disposal, timezone.localdate()
    return {
        "number": tip.number,
        "title": title_of(tip),
        "unit": tip.handling_unit.shown_name,
        "facts": [
            text
            for text in (
                tip.district.shown_name if tip.district else "",
                tip.get_industry_display() if tip.industry else "",
                operation_words(tip),
            )
            if text
        ],
        "decision": row.decision_number,
        "day": day_text(row.decided_date, today=today),
        "fine": yuan(row.fine_amount) if row.fine_amount else "",
        "begun": _("A case was begun on %(day)s") % {"day": day_text(one.begun_date, today=today)}
        if one.begun_date
        else "",
    }
