"""Good practice (典型经验做法): an enterprise offers its words, the bureau drafts a page; figures are counted anew."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints.enterprise_errors import EnterpriseNotFound, TooFewReports
from complaints.enums import Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.models import PracticeOffer
from complaints.rules.moments import to_minute
from complaints.rules.practice import PracticeFacts
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.enterprises import enterprises_kept_by
from complaints.selectors.inside_figures import figures_shown
from complaints.selectors.internal import workplaces_of

from . import audit
from .register import subject_of

TEXT_MAX = 3000
# Fewer reports, and a figure would tell colleagues who reported.
FEWEST = 5


@transaction.atomic
def offer_practice(*, enterprise_id: int, text: str, actor: User, at: datetime) -> PracticeOffer:
    """Keep what an enterprise offers; a second offer stands beside the first.

    Raises:
        EnterpriseNotFound: the person is no manager of it.
        DraftInvalid: no text, or one too long or unshowable.
    """
    enterprise = next((one for one in workplaces_of(actor) if one.pk == enterprise_id), None)
    if enterprise is None:
        raise EnterpriseNotFound
    words = clean_text(text)
    problem = text_problem(words, longest=TEXT_MAX) or (None if words else Problem.MISSING)
    if problem:
        raise DraftInvalid([FieldProblem(field="text", problem=problem)])
    offer = PracticeOffer.objects.create(
        enterprise=enterprise, text=words, offered_by=actor, offered_at=to_minute(at)
    )
    audit.record(action="practice.offered", at=at, actor=actor, subject=subject_of(enterprise))
    return offer


@transaction.atomic
def begin_practice(*, offer_id: int, actor: User, at: datetime) -> PracticeFacts:
    """Return what the page is made of: the words as offered, every figure counted anew; note that it was drafted.

    Counted to the end of the last month: begun again and again, it would tell on which day a report came.

    Raises:
        EnterpriseNotFound: the offer does not exist, or its enterprise is not supervised by the person's units.
        TooFewReports: so few reports in the closed months of the year that figures would tell who reported.
    """
    rows = PracticeOffer.objects.select_for_update(of=("self",)).select_related("enterprise__district")
    offer = rows.filter(pk=offer_id, enterprise__in=enterprises_kept_by(actor)).first()
    if offer is None:
        raise EnterpriseNotFound
    today = timezone.localdate(at)
    found = figures_shown(offer.enterprise, today=today)
    if found.received < FEWEST:
        raise TooFewReports
    offer.drafted_at = to_minute(at)
    offer.save(update_fields=["drafted_at"])
    audit.record(action="practice.drafted", at=at, actor=actor, subject=subject_of(offer.enterprise))
    return PracticeFacts(
        enterprise=offer.enterprise.name,
        district=offer.enterprise.district.name,
        text=offer.text,
        day=today,
        until=found.until,
        received=found.received,
        fixed_percent=found.fixed_percent or 0,
        paid_count=found.paid_count,
        paid_yuan=found.paid_yuan,
    )
