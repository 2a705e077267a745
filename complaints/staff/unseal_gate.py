"""At the doors of opening: a row of the log for each who is turned away."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin import messages as notices

from complaints.enums import UnsealAct
from complaints.errors import ComplaintError, RequestNotFound
from complaints.models import UnsealRequest
from complaints.selectors.custody import request_for
from complaints.services.unsealing import note_refused


def entered(*, user: User, public_id: UUID) -> UnsealRequest:
    """Return a request that is this person's business; a look at another one leaves a row and finds nothing."""
    try:
        return request_for(user=user, public_id=public_id)
    except RequestNotFound as error:
        note_refused(act=UnsealAct.LOOK, request_id=public_id, actor=user, at=timezone.now(), code=error.code)
        raise


def turned_away(*, user: User) -> None:
    """Log that the list of requests was refused to somebody."""
    note_refused(
        act=UnsealAct.LOOK, request_id=None, actor=user, at=timezone.now(), code=RequestNotFound.code
    )


def misplaced(request: HttpRequest, *, row: UnsealRequest, error: ComplaintError, now: datetime) -> None:
    """Log and say that the page of the opening was refused, because what is sealed belongs to another tip."""
    assert isinstance(request.user, User)
    note_refused(
        act=UnsealAct.HAND_OUT, request_id=row.public_id, actor=request.user, at=now, code=error.code
    )
    notices.error(request, str(error.public_message))
