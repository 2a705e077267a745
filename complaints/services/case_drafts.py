"""Notes on a tip that a case was begun from it, and nothing more: no key leads from one to the other."""

from datetime import datetime, time

from django.contrib.auth.models import User
from django.utils import timezone

from complaints.models import Tip
from complaints.selectors.penalties import DRAFTED

from . import audit


def note_case_drafted(*, tip: Tip, user: User, at: datetime) -> None:
    """Log that this person began a case from a tip; with the day alone, as the minute would find the page."""
    day = timezone.localtime(at).date()
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    audit.record(action=DRAFTED, at=midnight, actor=user, subject=tip.number)
