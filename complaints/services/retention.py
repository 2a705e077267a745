"""Destroying tips whose period of keeping is over: rows, files and traces; a count and the number are left.

Each matter (a tip with what was merged into it) goes in one transaction that also writes down which files are still to
be removed. So a purge may be killed at any moment: the next one finishes the files and the traces.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from complaints.enums import Outcome
from complaints.models import (
    ClaimStep,
    Evidence,
    FileFinding,
    Leftover,
    LegalHold,
    PurgedNumber,
    RewardAssessment,
    RewardClaim,
    Tip,
    Tombstone,
)
from complaints.rules import retention as rules
from complaints.selectors.history import history_of
from complaints.selectors.ledger import open_rewards
from complaints.selectors.merging import together
from complaints.selectors.retention import Terms, acts_of, is_over, terms_in_force, tips_past_their_period

from . import audit, evidence, evidence_sweep, traces
from .backups import scratch

# Stands for the database's own files among what is left to be removed.
_DATABASE = ""


@dataclass(frozen=True, kw_only=True)
class Purge:
    """What a purge did. `kept` counts matters past their period that a hold or an open question keeps.

    `is_clean` is False while traces in the database's files wait for the next purge.
    """

    tips: int
    files: int
    kept: int
    is_clean: bool


def purge(*, as_of: date, at: datetime) -> Purge:
    """Destroy every tip whose period ended before `as_of`, and finish what an earlier purge left.

    Legal basis: PIPL 47 (delete when the period of keeping is over); the periods are `RetentionRule` rows.
    """
    terms = terms_in_force(day=as_of)
    gone = [
        _purge_matter(lead_id=key, terms=terms, as_of=as_of, at=at)
        for key in tips_past_their_period(terms=terms, day=as_of)
    ]
    files = _remove_files()
    # A copy of the database that a killed backup left holds what was destroyed; a half-written photo may be of it.
    scratch.clear_dead()
    return Purge(tips=sum(gone), files=files, kept=gone.count(0), is_clean=_wipe_traces())


def due_count(*, as_of: date) -> int:
    """Return how many matters a purge of that day would look at, those held back included; changes nothing."""
    return sum(1 for _key in tips_past_their_period(terms=terms_in_force(day=as_of), day=as_of))


@transaction.atomic
def _purge_matter(*, lead_id: int, terms: Terms, as_of: date, at: datetime) -> int:
    """Delete a tip and what was merged into it; return how many, 0 when it has to stay after all."""
    lead = Tip.objects.select_for_update().filter(pk=lead_id).first()
    if lead is None or not is_over(tip=lead, terms=terms, day=as_of):
        return 0
    members = list(Tip.objects.select_for_update().filter(together(tip=lead)).order_by("pk"))
    if _is_still_needed(lead, members=members, as_of=as_of):
        return 0
    outcome = rules.outcome_of(acts=acts_of(lead), result=lead.result)
    _note_files(members)
    _forget_rewards(members)
    _forget_findings(members)
    for tip in members:
        _bury(tip, outcome=outcome)
        audit.record(action="tip.purged", at=at, subject=tip.number, data={"office": tip.handling_unit_id})
    keys = [tip.pk for tip in members if tip.pk != lead.pk]
    Tip.objects.filter(pk__in=keys).delete()
    lead.delete()
    return len(members)


def _is_still_needed(lead: Tip, *, members: Sequence[Tip], as_of: date) -> bool:
    if LegalHold.objects.open().filter(tip__in=members).exists():
        return True
    if open_rewards(tips=members).exists():
        return True
    return bool(history_of(tip=lead, today=as_of).facts & rules.STILL_NEEDED)


def _forget_rewards(members: Sequence[Tip]) -> None:
    """Keep what was decided and paid, for the accounts; facts and words about the case and its reporter go."""
    rows = RewardAssessment.objects.filter(tip__in=members)
    ClaimStep.objects.filter(claim__assessment__in=rows).update(reason_sealed=b"")
    RewardClaim.objects.filter(assessment__in=rows).update(code_salt=b"", code_hash=b"")
    rows.update(inputs={}, lines=[], deviation_sealed=b"", proof_sealed=b"", memo_sealed=b"")


def _forget_findings(members: Sequence[Tip]) -> None:
    """Keep the points of reviewed files for the figures of their units; what was written about the case goes."""
    rows = FileFinding.objects.filter(file__tip__in=members)
    rows.update(words_sealed=b"", answer_sealed=b"")


def _note_files(members: Sequence[Tip]) -> None:
    photos = Evidence.objects.filter(tip__in=members)
    # A killed re-seal leaves an original under an older or a newer name than the row's.
    names = [_DATABASE, *(path for photo in photos for path in photo.every_path())]
    Leftover.objects.bulk_create([Leftover(name=name) for name in names], ignore_conflicts=True)


def _bury(tip: Tip, *, outcome: Outcome) -> None:
    """Count the tip among the destroyed ones and keep its number from being given out again."""
    cell, _created = Tombstone.objects.get_or_create(
        month=tip.received_date.replace(day=1), office=tip.handling_unit, kind=tip.kind, outcome=outcome
    )
    cell.add_one()
    PurgedNumber.objects.create(number=tip.number)


def _remove_files() -> int:
    """Remove files whose rows are gone; waits until no submission, rotation or backup is at the files."""
    rows = Leftover.objects.exclude(name=_DATABASE)
    names = list(rows.values_list("name", flat=True))
    if names:
        with evidence.evidence_storage().sweeping():
            there = [name for name in names if evidence.evidence_storage().exists(name)]
            evidence.remove_files(names=there)
        rows.filter(name__in=names).delete()
        return len(there) + evidence_sweep.remove_drafts()
    return 0


def _wipe_traces() -> bool:
    marker = Leftover.objects.filter(name=_DATABASE)
    if not marker.exists():
        return True
    if not traces.wipe():
        return False
    marker.delete()
    return True
