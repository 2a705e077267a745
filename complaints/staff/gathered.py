"""What the database knows of one tip, read once for its page and for its file: a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils import timezone

from complaints.models import Evidence, HandlingStep, Tip
from complaints.rules.deadlines import DayOverlay
from complaints.rules.workflow import History
from complaints.selectors import tips as selectors
from complaints.selectors.casework import CaseRecord, case_record
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.history import history_of

from .timeline import Entry, timeline


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What the database knows of one tip, read once: a fixed number of queries."""

    tip: Tip
    user: User
    now: datetime
    overlay: DayOverlay
    record: CaseRecord
    steps: list[HandlingStep]
    photos: list[Evidence]
    history: History

    @property
    def today(self) -> date:
        """The day of the look."""
        return timezone.localdate(self.now)

    @property
    def own_photos(self) -> list[Evidence]:
        """The photos the tip came with."""
        return [row for row in self.first_photos if row.tip_id == self.tip.pk]

    @property
    def first_photos(self) -> list[Evidence]:
        """The photos this tip and those merged into it came with."""
        return [row for row in self.photos if row.message_id is None and row.inspection_id is None]

    @property
    def joined_photos(self) -> dict[str, list[Evidence]]:
        """The photos tips merged into this one came with, by their numbers."""
        found: dict[str, list[Evidence]] = {}
        for row in self.first_photos:
            if row.tip_id != self.tip.pk:
                found.setdefault(row.tip.number, []).append(row)
        return found


def gather(*, tip: Tip, user: User, now: datetime) -> Gathered:
    """Read everything a page or a file of a tip shows; the tip lies within the person's scope."""
    steps = list(selectors.steps_of(tip=tip))
    return Gathered(
        tip=tip,
        user=user,
        now=now,
        overlay=day_overlay(),
        record=case_record(tip=tip, user=user),
        steps=steps,
        photos=list(selectors.evidence_of(tip=tip, user=user)),
        history=history_of(tip=tip, today=timezone.localdate(now), steps=steps),
    )


def timeline_of(known: Gathered) -> list[Entry]:
    """Return the acts on a tip, newest first."""
    return timeline(
        steps=known.steps,
        record=known.record,
        photos=known.own_photos,
        today=known.today,
        overlay=known.overlay,
    )
