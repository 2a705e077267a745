"""A manager alone: what that means for a fix, and the one step that asks the bureau for a second one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from complaints.models import Enterprise, EnterpriseManager
from complaints.services.second_manager import ask_for_second

from .door import manager_door, one_of, person


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What a company without a second manager is told: its key and name, since when it asks, who was invited."""

    pk: int
    name: str
    asked_date: date | None
    invited: tuple[str, ...]


def alone(enterprise: Enterprise, managers: Sequence[tuple[EnterpriseManager, bool]]) -> Alone | None:
    """Return what to tell a company where one person alone reads; None where there are more.

    Args:
        managers: everybody invited for it, and whether they have yet to join.
    """
    is_open = [(row, is_waiting) for row, is_waiting in managers if row.user.is_active]
    if sum(not is_waiting for _row, is_waiting in is_open) > 1:
        return None
    invited = tuple(row.user.get_full_name() for row, is_waiting in is_open if is_waiting)
    return Alone(
        pk=enterprise.pk, name=enterprise.name, asked_date=enterprise.second_asked_date, invited=invited
    )


@manager_door
def second(request: HttpRequest, pk: int, *, workplaces: list[Enterprise]) -> HttpResponse:
    """Ask for a second manager of one workplace; a second time changes nothing."""
    entry = one_of(workplaces, pk=pk)
    # Only now: another company's is not there, however it is asked for.
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    ask_for_second(enterprise_id=entry.pk, actor=person(request), at=timezone.now())
    return HttpResponseRedirect(f"{reverse('workplace:inbox')}?asked=1")
