"""The progress page of a tip inside a company: its steps and words, confirming the reward, turning it over."""

from collections.abc import Callable, Mapping
from secrets import token_hex

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from complaints.enums import InsideState
from complaints.errors import ComplaintError, DraftInvalid, IllegalMove, StorageFull
from complaints.rules.texts import showable
from complaints.services.evidence import read_uploads
from complaints.services.fix_answers import answer_fix
from complaints.services.inside_progress import InsideProgress, inside_progress
from complaints.services.inside_words import write_to_company
from complaints.services.messages import LONGEST
from complaints.services.turning import confirm_reward, turn_outside

from .inside_photos import photos_by_place
from .problems import Shown, shown
from .texts import for_status

PAGE = "complaints/public/status_inside.html"
TURN, WRITE = "turn", "message"
KEY_MAX_CHARS = 32


def inside_page(
    request: HttpRequest,
    *,
    notice: str = "",
    sent: str = "",
    status: int = 200,
    progress: InsideProgress | None = None,
    refused: Shown | None = None,
) -> HttpResponse:
    """Show an internal tip; raises what `inside_progress` raises.

    Args:
        refused: what is wrong with a message; it comes back to its field. Empty where `notice` says it.
    """
    receipt = request.POST.get("receipt", "")
    page = progress or inside_progress(typed=receipt, today=timezone.localdate())
    photos = photos_by_place(page.photos)
    values = {
        "page": page,
        "state": page.state.label,
        "is_doubted": page.state == InsideState.DOUBTED,
        "is_unread": not page.is_read and page.may_turn,
        "clock": page.clock.label,
        "steps": [(act.label, day, photos.get(place, ())) for place, (day, act) in enumerate(page.steps)],
        "receipt": receipt,
        "notice": notice,
        "sent": sent,
        "form": WRITE if refused is not None else "",
        "found": refused,
        "text": showable(request.POST.get("text", ""), longest=LONGEST) if refused is not None else "",
        "client_key": _key(request) if refused is not None else token_hex(16),
        "photo_max_bytes": settings.PHOTO_MAX_BYTES,
        "photos_max_bytes": settings.PHOTOS_MAX_BYTES,
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
        done = ACTS[action](receipt)
    except ComplaintError as error:
        if error.status != 409:
            raise
        return inside_page(request, notice=str(error.public_message), status=error.status)
    return inside_page(request, sent=action, progress=done)


def write(request: HttpRequest) -> HttpResponse:
    """Take words and photos for the company; what is wrong with them is told at their form.

    Raises:
        ReceiptUnknown, TooBusy, IllegalMove: the receipt opens nothing, or no longer a tip inside a company.
    """
    try:
        done = write_to_company(
            typed=request.POST.get("receipt", ""),
            text=request.POST.get("text", ""),
            uploads=read_uploads(_from_their_beginning(request)),
            today=timezone.localdate(),
            vault_fingerprint=settings.VAULT_FINGERPRINT,
            client_key=_key(request),
        )
    except DraftInvalid as error:
        return inside_page(request, refused=shown(error.problems), status=error.status)
    except (IllegalMove, StorageFull) as error:
        return inside_page(request, refused=Shown(), notice=str(error.public_message), status=error.status)
    return inside_page(request, sent=WRITE, progress=done)


def _from_their_beginning(request: HttpRequest) -> "list[UploadedFile[bytes]]":
    """Return the photos unread: they were read once for the bureau's side, which had no such tip."""
    files = list(request.FILES.getlist("photos"))
    for file in files:
        file.seek(0)
    return files


def _key(request: HttpRequest) -> str:
    return showable(request.POST.get("client_key", ""), longest=KEY_MAX_CHARS)


def _confirm(receipt: str) -> InsideProgress:
    return confirm_reward(typed=receipt, is_received=True, today=timezone.localdate())


def _deny(receipt: str) -> InsideProgress:
    return confirm_reward(typed=receipt, is_received=False, today=timezone.localdate())


def _seen_fixed(receipt: str) -> InsideProgress:
    return answer_fix(typed=receipt, is_fixed=True, today=timezone.localdate())


def _not_fixed(receipt: str) -> InsideProgress:
    return answer_fix(typed=receipt, is_fixed=False, today=timezone.localdate())


ACTS: Mapping[str, Callable[[str], InsideProgress]] = {
    "confirm": _confirm,
    "deny": _deny,
    "seen_fixed": _seen_fixed,
    "not_fixed": _not_fixed,
}
KNOWN = frozenset({TURN, *ACTS})
