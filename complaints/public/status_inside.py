"""The progress page of a tip inside a company: its steps and words, confirming the reward, turning it over."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from complaints.errors import ComplaintError
from complaints.services.turning import InsideProgress, confirm_reward, inside_progress, turn_outside

from .texts import for_status

PAGE = "complaints/public/status_inside.html"
TURN = "turn"


def inside_page(
    request: HttpRequest,
    *,
    notice: str = "",
    sent: str = "",
    status: int = 200,
    shown: InsideProgress | None = None,
) -> HttpResponse:
    """Show an internal tip; raises what `inside_progress` raises."""
    receipt = request.POST.get("receipt", "")
    page = shown or inside_progress(typed=receipt, today=timezone.localdate())
    values = {
        "page": page,
        "state": page.state.label,
        "clock": page.clock.label,
        "steps": [(act.label, day) for day, act in page.steps],
        "receipt": receipt,
        "notice": notice,
        "sent": sent,
        "words": for_status(),
    }
    return render(request, PAGE, values, status=status)


def act_inside(request: HttpRequest, *, action: str) -> HttpResponse | None:
    """Take what the reporter of an internal tip asks for; None once it is turned and the bureau's page is to be shown.

    Raises:
        ReceiptUnknown, TooBusy: the receipt opens nothing.
    """
    receipt, today = request.POST.get("receipt", ""), timezone.localdate()
    try:
        if action == TURN:
            turn_outside(typed=receipt, today=today)
            return None
        shown = ACTS[action](receipt)
    except ComplaintError as error:
        if error.status != 409:
            raise
        return inside_page(request, notice=str(error.public_message), status=error.status)
    return inside_page(request, sent=action, shown=shown)


def _confirm(receipt: str) -> InsideProgress:
    return confirm_reward(typed=receipt, is_received=True, today=timezone.localdate())


def _deny(receipt: str) -> InsideProgress:
    return confirm_reward(typed=receipt, is_received=False, today=timezone.localdate())


ACTS: Mapping[str, Callable[[str], InsideProgress]] = {"confirm": _confirm, "deny": _deny}
KNOWN = frozenset({TURN, *ACTS})
