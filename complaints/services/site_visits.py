"""扫码入企: a visit to an enterprise, counted against the ceiling of the year, with a reason where it passes it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints.enterprise_errors import CeilingReached, EnterpriseNotFound
from complaints.enums import Problem, VisitPurpose
from complaints.errors import DraftInvalid, FieldProblem
from complaints.models import Enterprise, SiteVisit
from complaints.rules.moments import to_minute
from complaints.rules.register import counts_against_ceiling, passes_ceiling
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.enterprises import ceiling_on, enterprises_kept_by, visits_done

from . import audit
from .register import subject_of

NOTE_MAX = 200


@transaction.atomic
def record_visit(*, enterprise_id: int, purpose: str, note: str, actor: User, at: datetime) -> SiteVisit:
    """Enter a visit that begins now. The enterprise is locked, so that two officers at once cannot both be the last.

    Raises:
        EnterpriseNotFound: it does not exist, is out of business, or lies outside the person's units.
        DraftInvalid: purpose or note cannot be read.
        CeilingReached: it passes the ceiling and no note says why.
    """
    entry = _locked(enterprise_id, actor=actor)
    reason = _reason(purpose)
    words = clean_text(note)
    problem = text_problem(words, longest=NOTE_MAX)
    if problem:
        raise DraftInvalid([FieldProblem(field="note", problem=problem)])
    day, counts = timezone.localdate(at), counts_against_ceiling(reason)
    done, most = visits_done(enterprise=entry, year=day.year), ceiling_on(enterprise=entry, day=day)
    passes = counts and passes_ceiling(done=done, ceiling=most)
    if passes and not words:
        raise CeilingReached
    visit = SiteVisit.objects.create(
        enterprise=entry,
        officer=actor,
        visited_at=to_minute(at),
        year=day.year,
        purpose=reason,
        counts=counts,
        passed_ceiling=passes,
        note=words,
    )
    data = {"purpose": reason.value, "counts": counts, "passed": passes}
    audit.record(action="enterprise.visited", at=at, actor=actor, subject=subject_of(entry), data=data)
    return visit


def _locked(enterprise_id: int, *, actor: User) -> Enterprise:
    rows = enterprises_kept_by(actor).select_for_update().filter(pk=enterprise_id, is_active=True)
    entry = rows.first()
    if entry is None:
        raise EnterpriseNotFound
    return entry


def _reason(purpose: str) -> VisitPurpose:
    if purpose not in VisitPurpose.values:
        raise DraftInvalid([FieldProblem(field="purpose", problem=Problem.UNKNOWN_CODE)])
    return VisitPurpose(purpose)
