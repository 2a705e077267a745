"""The only way to a photo of a tip: checked, logged, never stored on the way."""

from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from complaints.errors import PhotoUnreadable, TipNotFound
from complaints.selectors.tips import photo_for
from complaints.services.evidence import read_photo
from complaints.services.viewing import note_photo_unreadable, note_photo_viewed


@require_GET
def photo(request: HttpRequest, public_id: UUID, part: str) -> HttpResponse:
    """Return a photo (`shown`) or its thumbnail (`thumb`); one outside the person's scope is not there.

    One whose stored file is missing or damaged is named in words, and that is logged.
    """
    assert isinstance(request.user, User)
    if part not in ("shown", "thumb"):
        raise Http404
    try:
        row = photo_for(user=request.user, public_id=public_id)
    except TipNotFound:
        raise Http404 from None
    try:
        data = read_photo(evidence=row, part=part)
    except PhotoUnreadable as error:
        note_photo_unreadable(photo=row, viewer=request.user, at=timezone.now())
        return _answer(str(error.public_message), kind="text/plain; charset=utf-8", status=404)
    if part == "shown":
        note_photo_viewed(photo=row, viewer=request.user, at=timezone.now())
    return _answer(data, kind="image/jpeg")


def _answer(content: bytes | str, *, kind: str, status: int = 200) -> HttpResponse:
    headers = {
        "Cache-Control": "no-store, private",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(content, content_type=kind, headers=headers, status=status)
