"""Open sessions of a person: ended at once, whichever browsers they are in."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session


def end_sessions(*, user: User, now: datetime) -> int:
    """End every open session of a person and return how many there were.

    Sessions do not say in a column whose they are, so the live ones are read: only staff has any, and none lives
    longer than SESSION_COOKIE_AGE. What has run out opens nothing and is left to `clear_expired`.
    """
    live = Session.objects.filter(expire_date__gte=now)
    theirs = [row.pk for row in live.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)


def clear_expired(*, now: datetime) -> int:
    """Delete sessions whose time is over; return how many. Nothing else ever takes them away."""
    count, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    return count
