"""What waits for reviewers, publishers and editors, on the first page of the back office."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel

from cases_public.models import Withdrawal
from cases_public.services.waiting import SentBack, Waiting, sent_back_to, waiting_for, withdrawals_open
from complaints.disclosure import roles_held
from complaints.enums import Role

REVIEWING = frozenset({Role.LEADER, Role.LEGAL_REVIEWER, Role.SECRECY_REVIEWER, Role.PUBLISHER})


class ReviewsPanel(Component):
    """Cases that came back, those that wait for a review, and those to be taken back."""

    name = "case_reviews"
    order = 20
    template_name = "cases_public/staff/home.html"

    class Media:
        css = {"all": ["desk/desk-pages.css", "desk/cases.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Gather the lists; what came back is for editors, what is taken back for publishers alone."""
        user, today = parent_context["request"].user, timezone.localdate()
        held = roles_held(user)
        is_publisher = Role.PUBLISHER in held
        return {
            "is_reviewing": bool(held & REVIEWING),
            "back": [_to_edit(row) for row in sent_back_to(user=user)] if Role.EDITOR in held else [],
            "rows": [_to_edit(row) for row in waiting_for(user=user, today=today)]
            if held & REVIEWING
            else [],
            "withdrawals": [_withdrawal(row, today=today) for row in withdrawals_open()]
            if is_publisher
            else [],
        }


def _to_edit(row: Waiting | SentBack) -> dict[str, Any]:
    return {"row": row, "url": reverse("wagtailadmin_pages:edit", args=[row.page_id])}


def _withdrawal(row: Withdrawal, *, today: Any) -> dict[str, Any]:
    return {
        "title": row.page.title,
        "reason": row.get_reason_display(),
        "due_date": row.due_date,
        "is_late": row.due_date < today,
        "url": reverse("case_withdraw", args=[row.page_id]),
    }


def add_reviews(request: HttpRequest, panels: list[Component]) -> None:
    """Show the panel to whoever reviews, in place of Wagtail's, which knows no last days, and to editors."""
    held = roles_held(request.user)
    if held & REVIEWING:
        panels[:] = [panel for panel in panels if not isinstance(panel, WorkflowObjectsToModeratePanel)]
    if held & {*REVIEWING, Role.EDITOR}:
        panels.append(ReviewsPanel())
