"""Companies with one safety manager: figures per district, who asked for a second, the way to the invitation."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy

from complaints.selectors.lone_managers import lone_by_district, lone_companies

from .pages import EnterprisePage

PER_PAGE = 50


class LoneManagersView(EnterprisePage):
    """What one person puts right another has to accept; here nobody is that other person."""

    template_name = "complaints/staff/enterprises/lone.html"
    page_title = gettext_lazy("Companies with one safety manager")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Paginator(lone_companies(self.user), PER_PAGE)
        return {
            **super().get_context_data(**kwargs),
            "districts": lone_by_district(self.user),
            "page_obj": found.get_page(self.request.GET.get("p")),
        }
