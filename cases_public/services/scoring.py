"""Scoring a submitted case: the contents of 92号, and points for each reference value."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases_public.duty.contents import contents_of, needed_contents
from cases_public.enums import DutyContent
from cases_public.models import CasePage, Submission, SubmissionScore
from cases_public.models.duty import MOST_POINTS
from complaints import events
from complaints.disclosure import people_of_units

from .duty_rights import SUBMITTING, DutyRefused, had_a_hand, rights_of
from .submissions import note_submission


@transaction.atomic
def score_submission(
    *,
    submission_id: int,
    contents: Iterable[str],
    points: Mapping[str, int],
    note: str,
    user: User,
    at: datetime,
) -> SubmissionScore:
    """Add a score; the newest counts.

    Args:
        contents: codes of the contents that are there and good.
        points: 0 to 100 for each reference value of the case, and for no other.

    Raises:
        Submission.DoesNotExist: there is none.
        DutyRefused: the person does not score, had a hand in it, or something does not fit the case.
    """
    row = _locked(submission_id)
    page = _open_page(row, user=user, at=at)
    ticked, given, texts = set(contents), dict(points), contents_of(page=page)
    _check(row, ticked=ticked, given=given, empty={one.value for one in DutyContent if not texts[one]})
    is_whole = ticked >= {one.value for one in needed_contents(texts)}
    is_qualified = is_whole and max(given.values(), default=0) >= row.duty.rule.pass_points
    words = _words(note, is_qualified=is_qualified)
    score = SubmissionScore.objects.create(
        submission=row,
        version=page.live_revision_id or 0,
        contents=[one.value for one in DutyContent if one.value in ticked],
        points=given,
        note=words,
        is_qualified=is_qualified,
        scored_at=at,
        scored_by=user,
    )
    note_submission(row, act="qualified" if is_qualified else "not_qualified", user=user, at=at)
    if not is_qualified:
        _tell_unit(row, at=at)
    return score


def _locked(key: int) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",)).select_related("duty__rule", "page")
    return rows.get(pk=key)


def _words(note: str, *, is_qualified: bool) -> str:
    words = " ".join(note.split())[:400]
    if not is_qualified and not words:
        raise DutyRefused(_("Not stored: it does not qualify. Write what is missing; the unit reads it."))
    return words


def _tell_unit(row: Submission, *, at: datetime) -> None:
    unit = row.duty.office_id
    people = people_of_units(office_ids=[unit], roles=SUBMITTING).get(unit, [])
    events.work_waits.send(sender=Submission, user_ids=people, today=timezone.localdate(at))


def _open_page(row: Submission, *, user: User, at: datetime) -> CasePage:
    if not rights_of(user).scores:
        raise DutyRefused(_("Your role does not include this step."))
    if had_a_hand(user=user, submission=row):
        raise DutyRefused(_("You wrote, reviewed or submitted this case. Another person has to score it."))
    counts = Submission.objects.counting(today=timezone.localdate(at)).filter(pk=row.pk, file=None)
    if row.page is None or not counts.exists():
        raise DutyRefused(_("This submission has ended or was sent up. It is not scored any more."))
    return row.page


def _check(row: Submission, *, ticked: set[str], given: Mapping[str, int], empty: set[str]) -> None:
    if not ticked <= set(DutyContent.values):
        raise DutyRefused(_("This choice does not exist. Please choose again."))
    if ticked & empty:
        names = "、".join(str(one.label) for one in DutyContent if one.value in ticked & empty)
        raise DutyRefused(_("The case says nothing of: %(names)s") % {"names": names})
    assert row.page is not None
    if set(given) != set(row.page.values):
        raise DutyRefused(
            _("Give points for each reference value of the case. It may have changed meanwhile.")
        )
    if any(not 0 <= one <= MOST_POINTS for one in given.values()):
        raise DutyRefused(_("Points are whole numbers from 0 to 100."))
