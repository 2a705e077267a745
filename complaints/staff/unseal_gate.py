"""At the doors of opening: who has just shown the password, and a row of the log for each who is turned away."""

import time
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from complaints.enums import UnsealAct
from complaints.errors import RequestNotFound
from complaints.models import UnsealRequest
from complaints.selectors.custody import request_for
from complaints.services.unsealing import note_refused
from portal.shared import reauth


def is_recent(request: HttpRequest) -> bool:
    """Whether password and code were shown a moment ago; for what is sent, which must not get lost on the way to it."""
    return reauth.is_recent(request, now=time.time())


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
