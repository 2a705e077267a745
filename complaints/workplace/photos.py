"""Photos of internal tips for the managers of the enterprise: checked, logged, never stored on the way."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from complaints.errors import PhotoUnreadable
from complaints.models import Enterprise
from complaints.selectors.internal import inside_photo_for
from complaints.services.evidence import read_photo
from complaints.services.viewing import note_photo_unreadable, note_photo_viewed

from .door import manager_door, person


@require_GET
@manager_door
def photo(request: HttpRequest, public_id: UUID, part: str, *, workplaces: list[Enterprise]) -> HttpResponse:
    """Return a photo (`shown`) or its thumbnail (`thumb`); originals are the bureau's custodians' alone."""
    row = inside_photo_for(request.user, public_id=public_id) if part in ("shown", "thumb") else None
    if row is None:
        raise Http404
    try:
        data = read_photo(evidence=row, part=part)
    except PhotoUnreadable as error:
        note_photo_unreadable(photo=row, viewer=person(request), at=timezone.now())
        return HttpResponse(str(error.public_message), content_type="text/plain; charset=utf-8", status=404)
    if part == "shown":
        note_photo_viewed(photo=row, viewer=person(request), at=timezone.now())
    headers = {"Content-Disposition": "inline", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return HttpResponse(data, content_type="image/jpeg", headers=headers)
