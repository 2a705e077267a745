"""What a person's unit still owes, and what waits for a score, on the first page: reminders lead there."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from cases_public.services.duty_overview import never_scored
from cases_public.services.duty_rights import SCORING, SUBMITTING, rights_of
from cases_public.services.submissions import duties_open_to
from complaints.disclosure import roles_held

from .duty_shown import own_duties


class DutyPanel(Component):
    """Duties of the own units that are open; for who scores, how many cases wait."""

    name = "case_duty"
    order = 30
    template_name = "cases_public/staff/duty/home.html"

    class Media:
        css = {"all": ["desk/desk-pages.css", "desk/cases.css"]}

    def __init__(self, *, rows: list[dict[str, Any]], waiting: int) -> None:
        self.rows, self.waiting = rows, waiting

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was found when the page was put together."""
        return {"rows": self.rows, "waiting": self.waiting}


def add_duties(request: HttpRequest, panels: list[Component]) -> None:
    """Show the panel where something is open; one query for who submits where nothing is, none for others."""
    user = request.user
    if not isinstance(user, User) or not roles_held(user) & (SUBMITTING | SCORING):
        return
    today = timezone.localdate()
    if not roles_held(user) & SCORING and not duties_open_to(user=user, today=today).exists():
        return
    rights = rights_of(user)
    names = {key: unit.name for key, unit in rights.units.items()}
    rows = [one for one in own_duties(user=user, names=names, today=today) if one["counted"].missing]
    waiting = never_scored(today=today) if rights.scores else 0
    if rows or waiting:
        panels.append(DutyPanel(rows=rows, waiting=waiting))
