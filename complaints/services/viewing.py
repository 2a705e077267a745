"""Looks that leave a trace in the audit log: once per person, thing and day; searches and refusals by the minute."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from complaints.models import AuditRow, Evidence, Tip
from complaints.rules.moments import to_minute

from . import audit, messages, steps

REFUSED = "desk.refused"


def note_tip_viewed(*, tip: Tip, viewer: User, at: datetime) -> None:
    """Log that a person opened a tip, the first time on this day."""
    _once_a_day(action="tip.view", subject=tip.number, viewer=viewer, at=at, data={})


def note_paper(*, action: str, tip: Tip, viewer: User, at: datetime) -> None:
    """Log that a person opened a paper of a tip to print it (`tip.file`, `tip.letter`), the first time on this day."""
    _once_a_day(action=action, subject=tip.number, viewer=viewer, at=at, data={})


def note_photo_viewed(*, photo: Evidence, viewer: User, at: datetime) -> None:
    """Log that a person opened a photo at full size, the first time on this day; `photo.tip` must be loaded."""
    data = {"tip": photo.tip.number}
    _once_a_day(action="photo.view", subject=str(photo.public_id), viewer=viewer, at=at, data=data)


def note_photo_unreadable(*, photo: Evidence, viewer: User, at: datetime) -> None:
    """Log that a person could not see a stored photo, the first time on this day; `photo.tip` must be loaded."""
    data = {"tip": photo.tip.number}
    _once_a_day(action="photo.unreadable", subject=str(photo.public_id), viewer=viewer, at=at, data=data)


def note_read(*, action: str, subject: str, viewer: User, at: datetime) -> None:
    """Log that a person looked at a list, an account or a setting, the first time on this day."""
    _once_a_day(action=action, subject=subject, viewer=viewer, at=at, data={})


def note_search(*, action: str, subject: str, viewer: User, at: datetime) -> None:
    """Log that a person searched or exported, once a minute, which is as fine as the log counts; not what for."""
    _once_a_minute(action=action, subject=subject, viewer=viewer, at=at, data={})


def note_refused(*, subject: str, data: dict[str, Any], viewer: User, at: datetime) -> None:
    """Log that a page was refused: outside the scope, or no right to it; the same page once a minute."""
    _once_a_minute(action=REFUSED, subject=subject, viewer=viewer, at=at, data=data)


def acts_recorded() -> AbstractContextManager[list[str]]:
    """Return a context whose list fills with the acts that are logged in it, or were logged before as the same look."""
    return audit.watched()


def note_words_read(*, tip: Tip, reader: User, newest_shown: int) -> None:
    """Mark the reporter's words that were shown as read by a handler of the unit; an auditor's look changes nothing.

    Args:
        newest_shown: key of the newest message on the page, 0 when it showed none.
    """
    if tip.unread_count:  # else a look would wait for whoever writes
        messages.mark_read(tip=tip, reader=reader, newest_shown=newest_shown)


def _once_a_day(*, action: str, subject: str, viewer: User, at: datetime, data: dict[str, Any]) -> None:
    start = steps.day_start(timezone.localdate(at))
    earlier = _rows(
        action=action, subject=subject, viewer=viewer, since=start, until=start + timedelta(days=1)
    )
    _once(earlier, action=action, subject=subject, viewer=viewer, at=at, data=data)


def _once_a_minute(*, action: str, subject: str, viewer: User, at: datetime, data: dict[str, Any]) -> None:
    start = to_minute(at)
    rows = _rows(
        action=action, subject=subject, viewer=viewer, since=start, until=start + timedelta(minutes=1)
    )
    _once(rows.filter(data=data), action=action, subject=subject, viewer=viewer, at=at, data=data)


def _once(
    earlier: "QuerySet[AuditRow]",
    *,
    action: str,
    subject: str,
    viewer: User,
    at: datetime,
    data: dict[str, Any],
) -> None:
    if earlier.exists():
        audit.note_watched(action=action)
        return
    with transaction.atomic():
        # Two tabs of one person may ask at once: only their own looks wait for each other.
        # Not their key: a row naming them as actor may be committed meanwhile (else PostgreSQL sees a deadlock).
        User.objects.select_for_update(no_key=True).get(pk=viewer.pk)
        if not earlier.all().exists():
            audit.record(action=action, at=at, actor=viewer, subject=subject, data=data)


def _rows(
    *, action: str, subject: str, viewer: User, since: datetime, until: datetime
) -> "QuerySet[AuditRow]":
    rows = AuditRow.objects.filter(subject=subject, actor=viewer, action=action)
    return rows.filter(taken_at__gte=since, taken_at__lt=until)
