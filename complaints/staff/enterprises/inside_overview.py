"""What companies made of their own people's reports: figures of each, what is overdue, what was not paid; no words."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy

from complaints.rules.inside_account import closed_days
from complaints.rules.small_cells import LEAST_RANKED
from complaints.selectors.inside_figures import as_figures, figures_by_enterprise
from complaints.selectors.internal import overdue_of
from complaints.selectors.lone_managers import lone_count, unacceptable_seen_by

from .pages import EnterprisePage

PER_PAGE = 50
MOST_FIXES = 20


class InsideOverviewView(EnterprisePage):
    """Figures to the end of the last month, who leaves most alone first; what is overdue or cannot be accepted."""

    template_name = "complaints/staff/enterprises/inside.html"
    page_title = gettext_lazy("Internal reports")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Paginator(figures_by_enterprise(self.user, today=self.today), PER_PAGE)
        page = found.get_page(self.request.GET.get("p"))
        rows = [
            (row["enterprise"], row["enterprise__name"], as_figures(row, today=self.today)) for row in page
        ]
        return {
            **super().get_context_data(**kwargs),
            "rows": rows,
            "least": LEAST_RANKED,
            "has_few": any(one.received < LEAST_RANKED for _pk, _name, one in rows),
            "page_obj": page,
            "until": closed_days(today=self.today).last,
            "overdue": overdue_of([row["enterprise"] for row in page], today=self.today),
            "unaccepted": unacceptable_seen_by(self.user, most=MOST_FIXES),
            "lone_count": lone_count(self.user),
        }
