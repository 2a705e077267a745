"""What waits for reviewers and publishers, on the first page of the back office."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel

from cases_public.models import Withdrawal
from cases_public.services.waiting import waiting_for, withdrawals_open
from complaints.disclosure import roles_held
from complaints.enums import Role

REVIEWING = frozenset({Role.LEADER, Role.LEGAL_REVIEWER, Role.SECRECY_REVIEWER, Role.PUBLISHER})


class ReviewsPanel(Component):
    """Cases that wait for a review, and those to be taken back."""

    name = "case_reviews"
    order = 20
    template_name = "cases_public/staff/home.html"

    class Media:
        css = {"all": ["desk/desk-pages.css", "desk/cases.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Gather both lists; publishers alone see the second."""
        user, today = parent_context["request"].user, timezone.localdate()
        is_publisher = Role.PUBLISHER in roles_held(user)
        return {
            "rows": [
                {"row": row, "url": reverse("wagtailadmin_pages:edit", args=[row.page_id])}
                for row in waiting_for(user=user, today=today)
            ],
            "withdrawals": [_withdrawal(row, today=today) for row in withdrawals_open()]
            if is_publisher
            else [],
        }


def _withdrawal(row: Withdrawal, *, today: Any) -> dict[str, Any]:
    return {
        "title": row.page.title,
        "reason": row.get_reason_display(),
        "due_date": row.due_date,
        "is_late": row.due_date < today,
        "url": reverse("case_withdraw", args=[row.page_id]),
    }


def add_reviews(request: HttpRequest, panels: list[Component]) -> None:
    """Show the panel to whoever reviews, in place of Wagtail's, which knows no last days."""
    if roles_held(request.user) & REVIEWING:
        panels[:] = [panel for panel in panels if not isinstance(panel, WorkflowObjectsToModeratePanel)]
        panels.append(ReviewsPanel())
