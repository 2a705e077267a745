"""When what is sealed may be moved to another vault version: two people, and not for ever (docs/adr/0026)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from complaints.enums import ResealState

# An approval hands out every envelope: it covers a long weekend, and whoever is not done by then asks again.
APPROVED_FOR: Final = timedelta(hours=72)
# A request nobody decides is no standing order.
ASKED_FOR: Final = timedelta(days=14)
OPEN_STATES: Final = frozenset({ResealState.WAITING, ResealState.READY})


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of a job; moments are aware, `is_approved` is None before the decision."""

    asked_at: datetime
    is_approved: bool | None
    decided_at: datetime | None
    finished_at: datetime | None


def state(job: Standing, *, now: datetime) -> ResealState:
    """Return how far a job has got at this moment."""
    if job.finished_at is not None:
        return ResealState.DONE
    if job.is_approved is None or job.decided_at is None:
        return ResealState.WAITING if now < job.asked_at + ASKED_FOR else ResealState.EXPIRED
    if not job.is_approved:
        return ResealState.REFUSED
    return ResealState.READY if now < job.decided_at + APPROVED_FOR else ResealState.EXPIRED


def valid_until(job: Standing) -> datetime | None:
    """Return when an approval ends; None without one."""
    return job.decided_at + APPROVED_FOR if job.is_approved and job.decided_at else None
