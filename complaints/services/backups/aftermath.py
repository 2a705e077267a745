"""After a restoration: whatever was open when the backup was made is closed, and the log says what happened."""

from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction

from complaints.models import AuditRow, Reseal
from complaints.rules.moments import to_minute
from complaints.rules.reseal import OPEN_STATES
from complaints.selectors.keys import state_of
from complaints.services import audit, invitations, unseal_expiry

RESTORED = "machine.restored"


@transaction.atomic
def close_doors(*, backup: str, made_on: str, at: datetime) -> tuple[str, ...]:
    """End all sessions, requests, approvals, notes, re-seals and invitations of the restored database.

    Returns its open accounts. A code of an invitation may have been used since the backup, and would be good once more.

    An account that was closed after the backup is open again here, and nobody but a person can know which: hence the
    list.

    Args:
        backup: the random text that names the backup.
        made_on: the day of the backup, ISO 8601.
    """
    Session.objects.all().delete()
    openings = unseal_expiry.expire_all(at=at)
    jobs = [job.pk for job in Reseal.objects.all() if state_of(job, now=at) in OPEN_STATES]
    Reseal.objects.filter(pk__in=jobs).update(is_approved=False, decided_at=to_minute(at))
    invitations.end_all(at=at)
    counts = {"openings": openings, "reseals": len(jobs)}
    audit.record(action=RESTORED, at=at, data={"backup": backup, "made_on": made_on, **counts})
    people = User.objects.filter(is_active=True).order_by("username")
    return tuple(people.values_list("username", flat=True))


def is_restored(*, backup: str) -> bool:
    """Whether the database is the one this backup was put back into."""
    return AuditRow.objects.filter(action=RESTORED, data__backup=backup).exists()
