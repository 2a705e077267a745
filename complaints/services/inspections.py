"""Inspections on the spot and re-checks: what was found, with the officers' own photos beside the reporter's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action, Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.models import Inspection, Tip
from complaints.rules.inspections import are_enough
from complaints.selectors.joint import acting_unit
from complaints.selectors.vaults import trusted_vault

from . import evidence, steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

# What to say to an officer instead of what a reporter is told.
_FOR_OFFICERS = {
    Problem.TOO_MANY_PHOTOS: Problem.TOO_MANY_RECORD_PHOTOS,
    Problem.PHOTOS_TOO_LARGE: Problem.RECORD_PHOTOS_TOO_LARGE,
}


@dataclass(frozen=True, kw_only=True)
class InspectionDraft:
    """One visit as an officer writes it down.

    `inspectors` names who was there, `orders` what was ordered on the spot. A re-check says whether the danger is
    removed; at a first visit that may stay open (None).
    """

    visited_date: date
    inspectors: str
    findings: str
    orders: str = ""
    is_recheck: bool = False
    is_removed: bool | None = None


def record_inspection(
    *,
    tip_id: int,
    actor: User,
    at: datetime,
    draft: InspectionDraft,
    uploads: Sequence[evidence.Upload],
    vault_fingerprint: str,
) -> Inspection:
    """Record a visit with its photos; the first one begins the verification, a re-check may end rectifications.

    During a review it is recorded too and changes nothing else.

    Photos are cleaned, encrypted and sealed like a reporter's and never stand among those. All or nothing.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: words or the word on removal are missing, fewer than two inspectors are named, the day lies ahead
            or before the tip, or photos are too many, too large or none; nothing was stored.
        StorageFull, TooBusy: nothing was stored.
    """
    action = Action.RECHECK if draft.is_recheck else Action.INSPECT
    return _record(
        tip_id=tip_id,
        actor=actor,
        at=at,
        action=action,
        draft=draft,
        uploads=uploads,
        pinned=vault_fingerprint,
    )


@refusals_are_logged()
@storage_faults_as_refusals()
def _record(
    *,
    tip_id: int,
    actor: User,
    at: datetime,
    action: Action,
    draft: InspectionDraft,
    uploads: Sequence[evidence.Upload],
    pinned: str,
) -> Inspection:
    """Ask right and rule first, as decoding costs seconds; ask again under the lock, as it took seconds."""
    with transaction.atomic():
        taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    words = _checked(draft=draft, tip=taking.tip, today=taking.today, uploads=uploads)
    vault = trusted_vault(pinned=pinned)
    photos = evidence.prepare_photos(uploads=uploads, vault=vault, binding=taking.tip.number)
    with evidence.stored(photos=photos), transaction.atomic():
        taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
        row = _store(taking, actor=actor, draft=draft, words=words)
        evidence.attach_inspection_photos(inspection=row, photos=photos, vault=vault)
        return row


def _checked(
    *, draft: InspectionDraft, tip: Tip, today: date, uploads: Sequence[evidence.Upload]
) -> dict[str, str]:
    """Return the cleaned words; raises DraftInvalid with everything that is wrong."""
    texts = {"inspectors": draft.inspectors, "findings": draft.findings, "orders": draft.orders}
    problems: list[FieldProblem] = []
    words: dict[str, str] = {}
    try:
        words = steps.cleaned(texts, names=texts, required={"inspectors", "findings"})
    except DraftInvalid as error:
        problems.extend(error.problems)
    if words.get("inspectors") and not are_enough(words["inspectors"]):
        problems.append(FieldProblem(field="inspectors", problem=Problem.NEEDS_TWO_INSPECTORS))
    problems += inspection_problems(draft=draft, received=tip.received_date, today=today)
    problems += _photo_problems(uploads)
    if problems:
        raise DraftInvalid(problems)
    return words


def inspection_problems(*, draft: InspectionDraft, received: date, today: date) -> list[FieldProblem]:
    """Return what is wrong with the day of a visit and the word on removal."""
    wrong = {
        "visited_date": Problem.VISIT_AHEAD
        if draft.visited_date > today
        else Problem.BEFORE_TIP
        if draft.visited_date < received
        else None,
        "is_removed": Problem.MISSING if draft.is_recheck and draft.is_removed is None else None,
    }
    return [FieldProblem(field=name, problem=problem) for name, problem in wrong.items() if problem]


def _photo_problems(uploads: Sequence[evidence.Upload]) -> list[FieldProblem]:
    return [
        FieldProblem(field=one.field, problem=_FOR_OFFICERS.get(one.problem, one.problem), index=one.index)
        for one in evidence.check_uploads(uploads=uploads)
    ]


def _store(taking: steps.Taking, *, actor: User, draft: InspectionDraft, words: dict[str, str]) -> Inspection:
    steps.finish(taking)
    row = Inspection(
        tip=taking.tip,
        office=acting_unit(user=actor, tip=taking.tip),
        visited_date=draft.visited_date,
        is_recheck=draft.is_recheck,
        is_removed=draft.is_removed,
        recorded_by=actor,
        recorded_at=steps.to_minute(taking.at),
    )
    row.inspectors, row.findings, row.orders = words["inspectors"], words["findings"], words["orders"]
    row.save(force_insert=True)
    if draft.is_recheck and draft.is_removed:
        _note_rectified(tip=taking.tip, day=draft.visited_date)
    return row


def _note_rectified(*, tip: Tip, day: date) -> None:
    """The danger is gone: every order to rectify given until then is fulfilled, that of a penalty included."""
    tip.disposals.unfulfilled().filter(decided_date__lte=day).update(rectified_date=day)
