"""Submitting a public case for what a unit owes, taking it back, and what ends a submission."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases_public.enums import SubmissionEnd
from cases_public.models import CasePage, Duty, Submission, Withdrawal
from complaints import events
from complaints.disclosure import people_of_units

from .duty_rights import SCORING, DutyRefused, rights_of, submits_for


def duties_open_to(*, user: User, today: date) -> "QuerySet[Duty]":
    """Return the duties of the person's own units that a case can be submitted for, the earliest due first."""
    own = Duty.objects.filter(office__in=submits_for(user), released_date=None, start_date__lte=today)
    return own.select_related("rule")


def cases_to_submit(*, unit: str, today: date) -> "QuerySet[CasePage]":
    """Return the public cases of a unit of this name that do not count already, the newest first."""
    taken = Submission.objects.filter(ended_date=None, page__isnull=False).values("page")
    found = CasePage.objects.shown(today=today).filter(handling_unit=unit).exclude(pk__in=taken)
    newest: QuerySet[CasePage] = found.order_by("-first_published_at")
    return newest


def submit_case(*, duty_id: int, page_id: int, user: User, at: datetime) -> Submission:
    """Submit a case for a duty; a second click answers with the same row.

    Raises:
        Duty.DoesNotExist: also for a duty of another unit than the person's own.
        DutyRefused: the case is not public, of another unit, or counts already.
    """
    try:
        with transaction.atomic():
            return _submit(duty_id=duty_id, page_id=page_id, user=user, at=at)
    except IntegrityError as error:
        raise DutyRefused(_("This case was submitted already. It counts once.")) from error


def _submit(*, duty_id: int, page_id: int, user: User, at: datetime) -> Submission:
    today, rights = timezone.localdate(at), rights_of(user)
    duty = duties_open_to(user=user, today=today).select_for_update(of=("self",)).get(pk=duty_id)
    known = Submission.objects.filter(page=page_id, ended_date=None).first()
    if known is not None and known.duty_id == duty.pk:
        return known
    if known is not None:
        raise DutyRefused(_("This case was submitted already. It counts once."))
    page = cases_to_submit(unit=rights.units[duty.office_id].name, today=today).filter(pk=page_id).first()
    if page is None:
        raise DutyRefused(_("Only a public case of your own unit can be submitted."))
    row = Submission.objects.create(
        duty=duty, page=page, submitted_at=at, submitted_date=today, submitted_by=user
    )
    note_submission(row, act="submitted", user=user, at=at)
    tops = [key for key, unit in rights.units.items() if unit.is_top]
    people = people_of_units(office_ids=tops, roles=SCORING)
    events.work_waits.send(
        sender=Submission, user_ids=[one for ids in people.values() for one in ids], today=today
    )
    return row


@transaction.atomic
def take_back(*, submission_id: int, user: User, at: datetime) -> None:
    """Take a submission back before anybody scored it; raises Submission.DoesNotExist for those of other units."""
    rows = Submission.objects.select_for_update(of=("self",)).filter(duty__office__in=rights_of(user).submits)
    row = rows.get(pk=submission_id)
    if row.ended_date is not None or row.file_id or row.scores.exists():
        raise DutyRefused(_("It was scored or ended already and is not taken back any more."))
    _end(row, day=timezone.localdate(at), reason=SubmissionEnd.TAKEN_BACK)
    note_submission(row, act="taken_back", user=user, at=at)


def end_for_page(*, page_id: int, day: date) -> None:
    """Let the submission of a case that is no longer public end on a day; a second call changes nothing."""
    is_withdrawn = Withdrawal.objects.filter(page_id=page_id).exists()
    reason = SubmissionEnd.WITHDRAWN if is_withdrawn else SubmissionEnd.TAKEN_DOWN
    for row in Submission.objects.filter(page=page_id, ended_date=None):
        _end(row, day=day, reason=reason)


def _end(row: Submission, *, day: date, reason: SubmissionEnd) -> None:
    row.ended_date, row.end_reason = day, reason
    row.save(update_fields=["ended_date", "end_reason"])


def note_submission(row: Submission, *, act: str, user: User, at: datetime) -> None:
    """Tell the audit log of an act on a submission."""
    events.act_taken.send(
        sender=Submission,
        action=f"submission.{act}",
        at=at,
        actor=user,
        subject=f"submission:{row.pk}",
        data={"office": row.duty.office_id},
    )
