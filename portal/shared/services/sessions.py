"""Open sessions of a person: listed for their owner, and ended at once, whichever browsers they are in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

# What a session remembers of itself: seconds since 1970, and the kind of browser; no address.
BEGUN, SEEN, DEVICE = "begun_at", "seen_at", "device"


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A session as its owner sees it; `mark` names it without being its key."""

    mark: str
    begun_at: datetime | None
    seen_at: datetime | None
    device: str


def mark_of(key: str) -> str:
    """Return by what a page names a session: whoever reads the page cannot take the session over."""
    return sha256(f"session:{key}".encode()).hexdigest()[:20]


def open_sessions(*, user: User, now: datetime) -> list[OpenSession]:
    """Return the open sessions of a person, the one used last first."""
    found = [
        OpenSession(
            mark=mark_of(row.pk),
            begun_at=_moment(data.get(BEGUN)),
            seen_at=_moment(data.get(SEEN)),
            device=str(data.get(DEVICE, "")),
        )
        for row, data in _live(user=user, now=now)
    ]
    return sorted(
        found, key=lambda one: (one.seen_at or datetime.min.replace(tzinfo=UTC), one.mark), reverse=True
    )


def end_marked(*, user: User, marks: set[str], now: datetime) -> int:
    """End those of a person's open sessions that have one of these marks; return how many there were."""
    found = [row.pk for row, _data in _live(user=user, now=now) if mark_of(row.pk) in marks]
    Session.objects.filter(pk__in=found).delete()
    return len(found)


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=UTC) if isinstance(seconds, int) else None


def _live(*, user: User, now: datetime) -> Iterator[tuple[Session, dict[str, Any]]]:
    """Yield a person's sessions that have not run out, each with what it holds."""
    for row in Session.objects.filter(expire_date__gte=now).iterator():
        data = row.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk):
            yield row, data


def end_sessions(*, user: User, now: datetime) -> int:
    """End every open session of a person and return how many there were.

    Sessions do not say in a column whose they are, so the live ones are read: only staff has any, and none lives
    longer than SESSION_COOKIE_AGE. What has run out opens nothing and is left to `clear_expired`.
    """
    theirs = [row.pk for row, _data in _live(user=user, now=now)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)


def clear_expired(*, now: datetime) -> int:
    """Delete sessions whose time is over; return how many. Nothing else ever takes them away."""
    count, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    return count
