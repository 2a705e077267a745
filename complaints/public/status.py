"""Progress by receipt: the code is asked for on GET, everything else lives in answers to posts."""

from collections.abc import Mapping
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.errors import ComplaintError, DraftInvalid, ReceiptUnknown, TooManyRequests
from complaints.rules.texts import showable
from complaints.services.budgets import spend
from complaints.services.evidence import read_uploads
from complaints.services.messages import LONGEST
from complaints.services.reporter import Progress, progress_for_receipt, send_message
from portal.shared import throttle

from .guards import public_door
from .problems import Shown, shown
from .progress import progress_page
from .texts import for_status

RECEIPT_MAX_CHARS = 40
KEY_MAX_CHARS = 32
# The form in these pages that shows them once more, in another language.
AGAIN = "again"
ENTER = "complaints/public/status_enter.html"
PAGE = "complaints/public/status.html"


@public_door
def status(request: HttpRequest) -> HttpResponse:
    """Ask for the receipt; show progress, or take a message, in the answer to a post. No cookie, no session."""
    if request.method != "POST":
        return _enter(request)
    if not request.POST.get("receipt", "").strip():
        return _enter(request, problem=_("Please enter the receipt: the 20 characters you kept."), status=422)
    if request.POST.get("action") == "message":
        return _write(request)
    return _read(request)


def _read(request: HttpRequest) -> HttpResponse:
    try:
        spend(request=request, budget=throttle.STATUS)
        progress = progress_for_receipt(typed=request.POST.get("receipt", ""))
    except ComplaintError as error:
        return _enter(request, problem=str(error.public_message), status=error.status)
    return _page(request, progress=progress)


def _write(request: HttpRequest) -> HttpResponse:
    """Take a message. What is wrong with it is told beside the field, below the progress as it stands."""
    try:
        spend(request=request, budget=throttle.MESSAGE)
        progress = send_message(
            typed=request.POST.get("receipt", ""),
            text=request.POST.get("text", ""),
            uploads=read_uploads(request.FILES.getlist("photos")),
            today=timezone.localdate(),
            vault_fingerprint=settings.VAULT_FINGERPRINT,
            client_key=showable(request.POST.get("client_key", ""), longest=KEY_MAX_CHARS),
        )
    except (ReceiptUnknown, TooManyRequests) as error:
        return _enter(request, problem=str(error.public_message), status=error.status)
    except DraftInvalid as error:
        return _unsent(request, found=shown(error.problems), notice="", status=error.status)
    except ComplaintError as error:
        return _unsent(request, found=Shown(), notice=str(error.public_message), status=error.status)
    return _page(request, progress=progress, is_sent=True)


def _unsent(request: HttpRequest, *, found: Shown, notice: str, status: int) -> HttpResponse:
    """Show the progress with the message still in its field."""
    try:
        progress = progress_for_receipt(typed=request.POST.get("receipt", ""))
    except ComplaintError as error:
        return _enter(request, problem=str(error.public_message), status=error.status)
    typed = {
        "text": showable(request.POST.get("text", ""), longest=LONGEST),
        "client_key": showable(request.POST.get("client_key", ""), longest=KEY_MAX_CHARS),
    }
    return _page(request, progress=progress, found=found, notice=notice, typed=typed, status=status)


def _enter(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    """Ask for the receipt. A wrong one stays in its field, to be compared with what was kept."""
    receipt = showable(request.POST.get("receipt", ""), longest=RECEIPT_MAX_CHARS)
    values = {"problem": problem, "receipt": receipt, "words": for_status(), "language_form": AGAIN}
    return render(request, ENTER, values, status=status)


def _page(
    request: HttpRequest,
    *,
    progress: Progress,
    found: Shown | None = None,
    notice: str = "",
    typed: Mapping[str, str] | None = None,
    is_sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    typed = typed or {}
    values = {
        "page": progress_page(progress=progress),
        "receipt": request.POST.get("receipt", ""),
        "text": typed.get("text", ""),
        "client_key": typed.get("client_key") or token_hex(16),
        "language_form": AGAIN,
        "found": found or Shown(),
        "notice": notice,
        "is_sent": is_sent,
        "words": for_status(),
        "photo_max_bytes": settings.PHOTO_MAX_BYTES,
        "photos_max_bytes": settings.PHOTOS_MAX_BYTES,
    }
    return render(request, PAGE, values, status=status)
