"""The waiting period of an opening, asked where somebody asks, decides, opens or reads."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User

from complaints.enums import Role, UnsealFault
from complaints.errors import UnsealRefused
from complaints.rules.waiting import counts_from
from complaints.selectors.waiting import since_when


def require_settled(*, actor: User, office_id: int, roles: Collection[Role], at: datetime) -> None:
    """Refuse whoever holds these roles over a unit for too short a time, or whose sign-in was just reset.

    Raises:
        UnsealRefused: within OPENING_WAIT_DAYS.
    """
    since = since_when(user_ids=[actor.pk], office_id=office_id)[actor.pk]
    given = {role: moment for role, moment in since.given.items() if role in roles}
    begins = counts_from(given=given, reset_at=since.reset_at, wait_days=settings.OPENING_WAIT_DAYS)
    if begins is not None and at < begins:
        raise UnsealRefused(UnsealFault.TOO_NEW)
