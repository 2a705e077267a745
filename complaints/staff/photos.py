"""The only way to a photo of a tip: checked, logged, never stored on the way."""

from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from complaints.errors import TipNotFound
from complaints.selectors.tips import photo_for
from complaints.services.evidence import read_photo
from complaints.services.viewing import note_photo_viewed


@require_GET
def photo(request: HttpRequest, public_id: UUID, part: str) -> HttpResponse:
    """Return a photo (`shown`) or its thumbnail (`thumb`); one outside the person's scope is not there."""
    assert isinstance(request.user, User)
    if part not in ("shown", "thumb"):
        raise Http404
    try:
        row = photo_for(user=request.user, public_id=public_id)
        data = read_photo(evidence=row, part=part)
    except (TipNotFound, FileNotFoundError):
        raise Http404 from None
    if part == "shown":
        note_photo_viewed(photo=row, viewer=request.user, at=timezone.now())
    headers = {
        "Cache-Control": "no-store, private",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(data, content_type="image/jpeg", headers=headers)
