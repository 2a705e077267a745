"""Submitting and scoring: who, which cases, once, late, withdrawn, the turn of the year."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from cases_public.enums import SubmissionEnd, WithdrawalReason
from cases_public.models import CasePage, Duty, Submission, SubmissionScore
from cases_public.models.duty import NeverChanged
from cases_public.services.duty_overview import overview, waits_for_score
from cases_public.services.duty_rights import DutyRefused, rights_of
from cases_public.services.submissions import take_back
from cases_public.services.taking_down import take_down
from cases_public.services.withdrawal import ask_withdrawal, withdraw
from complaints.models import AuditRow, Notice
from tests.cases_public.duty.steps import (
    ALL,
    Bureau,
    begun,
    bureau,
    duty_of,
    moment,
    public_case,
    scored,
    submitted,
)
from tests.factories import noon

pytestmark = pytest.mark.django_db
NOV = date(2026, 11, 29)


@pytest.fixture
def who(db: None) -> Bureau:
    people = bureau()
    begun(NOV)
    return people


def seen(who: Bureau, today: date = NOV) -> Any:
    """Return the sums of the east district."""
    found = overview(
        rights=rights_of(who.leader), start=date(2026, 10, 1), end=date(2026, 12, 31), today=today
    )
    return next(row.rates for row in found.units if row.office_id == who.east.pk)


def test_a_unit_submits_the_city_scores_and_both_rates_are_whole(who: Bureau) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)
    assert (seen(who).submitted, seen(who).waiting, str(seen(who).qualified_percent)) == (1, 1, "0.0")

    assert scored(who.legal, row, NOV).is_qualified

    assert (str(seen(who).reported_percent), str(seen(who).qualified_percent)) == ("100.0", "100.0")
    acts = AuditRow.objects.filter(subject=f"submission:{row.pk}").order_by("sequence")
    assert list(acts.values_list("action", "actor")) == [
        ("submission.submitted", who.officer.pk),
        ("submission.qualified", who.legal.pk),
    ]


def test_a_second_click_changes_nothing(who: Bureau) -> None:
    page = public_case(who.east)

    rows = [submitted(who.officer, who.east, "2026-B6", NOV, page).pk for _ in range(2)]

    assert rows[0] == rows[1]
    assert Submission.objects.count() == 1
    assert AuditRow.objects.filter(action="submission.submitted").count() == 1


def test_a_case_counts_once_whatever_the_period(who: Bureau) -> None:
    page = public_case(who.east)
    submitted(who.officer, who.east, "2026-B6", NOV, page)
    begun(date(2027, 1, 1))

    with pytest.raises(DutyRefused, match="只计一次"):
        submitted(who.officer, who.east, "2027-B1", date(2027, 1, 1), page)

    assert Submission.objects.count() == 1


@pytest.mark.parametrize("person", ["other", "legal", "leader", "publisher", "machine", "auditor", "editor"])
def test_nobody_submits_for_a_unit_not_their_own(who: Bureau, person: str) -> None:
    with pytest.raises(Duty.DoesNotExist):
        submitted(getattr(who, person), who.east, "2026-B6", NOV)

    assert not Submission.objects.exists()


def test_only_public_cases_of_the_own_unit(who: Bureau) -> None:
    draft = public_case(who.east, publish=False)
    over = public_case(who.east)
    CasePage.objects.filter(pk=over.pk).update(publish_until=NOV - timedelta(days=1))
    foreign = public_case(who.west)

    for page in (draft, over, foreign):
        with pytest.raises(DutyRefused, match="本单位"):
            submitted(who.officer, who.east, "2026-B6", NOV, page)


def test_last_moment_of_the_year_is_in_time_and_midnight_is_late(who: Bureau) -> None:
    last, first = date(2026, 12, 31), date(2027, 1, 1)

    in_time = submitted(who.officer, who.east, "2026-B6", last, at=time(23, 59, 59))
    late = submitted(who.other, who.west, "2026-B6", first, at=time(0))

    assert (in_time.submitted_date, in_time.is_late) == (last, False)
    assert (late.submitted_date, late.is_late) == (first, True)


def test_a_late_one_counts_and_is_marked(who: Bureau) -> None:
    day = date(2027, 1, 3)
    row = submitted(who.officer, who.east, "2026-B6", day)
    scored(who.legal, row, day)

    found = seen(who, day)

    assert (found.late, str(found.reported_percent)) == (1, "100.0")


def test_a_withdrawn_case_counts_no_more_from_its_day(who: Bureau) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)
    scored(who.legal, row, NOV)
    day = NOV + timedelta(days=3)
    page = CasePage.objects.get(pk=row.page_id)
    noted = ask_withdrawal(
        page=page, reason=WithdrawalReason.REVOKED, notice="", since=NOV, user=who.leader, at=noon(day)
    )

    withdraw(withdrawal=noted, user=who.publisher, at=noon(day))

    row.refresh_from_db()
    assert (row.ended_date, row.end_reason) == (day, SubmissionEnd.WITHDRAWN)
    assert [seen(who, one).qualified for one in (day - timedelta(days=1), day)] == [1, 0]
    assert seen(who, day).qualified_percent is None


def test_a_case_past_its_last_day_counts_no_more_even_before_the_daily_task(who: Bureau) -> None:
    page = public_case(who.east)
    # A day that has passed is refused while editing, and what day it is depends on when this runs.
    CasePage.objects.filter(pk=page.pk).update(publish_until=NOV)
    page.refresh_from_db()
    row = submitted(who.officer, who.east, "2026-B6", NOV, page)
    after = NOV + timedelta(days=5)

    assert [seen(who, day).submitted for day in (NOV, NOV + timedelta(days=1))] == [1, 0]
    take_down(after, moment(after))

    row.refresh_from_db()
    assert (row.ended_date, row.end_reason) == (NOV + timedelta(days=1), SubmissionEnd.TAKEN_DOWN)


def test_a_deleted_case_leaves_its_row_and_counts_no_more(who: Bureau) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)

    CasePage.objects.get(pk=row.page_id).delete()

    row.refresh_from_db()
    assert row.page_id is None
    assert row.ended_date is not None
    assert seen(who).submitted == 0


def test_taken_back_before_a_score_it_can_be_submitted_again(who: Bureau) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)

    with pytest.raises(Submission.DoesNotExist):
        take_back(submission_id=row.pk, user=who.other, at=moment(NOV))
    take_back(submission_id=row.pk, user=who.officer, at=moment(NOV))
    again = submitted(who.officer, who.east, "2026-B6", NOV, CasePage.objects.get(pk=row.page_id))

    assert again.pk != row.pk
    assert seen(who).submitted == 1
    scored(who.legal, again, NOV)
    with pytest.raises(DutyRefused):
        take_back(submission_id=again.pk, user=who.officer, at=moment(NOV))


def test_closed_unit_submits_nothing_more(who: Bureau) -> None:
    duty = duty_of(who.east, "2026-B6")
    duty.released_date = NOV
    duty.save()

    with pytest.raises(Duty.DoesNotExist):
        submitted(who.officer, who.east, "2026-B6", NOV)


# --- scores ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "qualified"),
    [
        ({"points": {"warning": 60, "evidence": 0}}, True),
        ({"points": {"warning": 59, "evidence": 59}}, False),
        ({"points": {"warning": 0, "evidence": 100}}, True),
        ({"contents": ALL[1:]}, False),
        ({"contents": []}, False),
    ],
)
def test_every_content_and_one_value_at_the_mark(
    who: Bureau, values: dict[str, Any], qualified: bool
) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)

    assert scored(who.legal, row, NOV, note="缺警示要点", **values).is_qualified is qualified

    assert (str(seen(who).reported_percent), seen(who).submitted) == ("100.0" if qualified else "0.0", 1)


def test_a_case_without_reference_value_never_qualifies(who: Bureau) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV, public_case(who.east, values=[]))

    assert not scored(who.legal, row, NOV, points={}, note="没有参考价值").is_qualified


@pytest.mark.parametrize(
    "values",
    [
        {"points": {"warning": 80}},
        {"points": {"warning": 80, "evidence": 40, "hearing": 40}},
        {"points": {"warning": 101, "evidence": 40}},
        {"points": {"warning": -1, "evidence": 40}},
        {"contents": [*ALL, "hazard"]},
        {"contents": [*ALL, "nothing"]},
        {"contents": [], "note": "  "},
    ],
)
def test_a_score_that_does_not_fit_the_case_is_refused(who: Bureau, values: dict[str, Any]) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)

    with pytest.raises(DutyRefused):
        scored(who.legal, row, NOV, **values)
    assert not SubmissionScore.objects.exists()


def test_the_clause_on_major_hazards_is_needed_where_there_is_one(who: Bureau) -> None:
    page = public_case(who.east, major_hazard_text="属于重大事故隐患。")
    row = submitted(who.officer, who.east, "2026-B6", NOV, page)

    assert not scored(who.legal, row, NOV, note="判定条款不对").is_qualified
    assert scored(who.legal, row, NOV, contents=[*ALL, "hazard"]).is_qualified


@pytest.mark.parametrize("person", ["officer", "other", "editor", "publisher", "machine", "auditor"])
def test_others_score_nothing(who: Bureau, person: str) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)

    with pytest.raises(DutyRefused):
        scored(getattr(who, person), row, NOV)


def test_nobody_scores_a_case_they_began(who: Bureau) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV, public_case(who.east, owner=who.legal))

    with pytest.raises(DutyRefused, match="换一个人"):
        scored(who.legal, row, NOV)
    assert scored(who.leader, row, NOV).is_qualified


def test_scores_are_added_and_the_newest_counts(who: Bureau) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)
    Notice.objects.all().delete()
    first = scored(who.legal, row, NOV, contents=[], note="只有标题")
    assert Notice.objects.filter(user=who.officer).exists()

    scored(who.leader, row, NOV)

    assert seen(who).qualified == 1
    first.is_qualified = True
    with pytest.raises(NeverChanged):
        first.save()
    with pytest.raises(NeverChanged):
        first.delete()


def test_a_corrected_case_waits_for_a_new_score(who: Bureau) -> None:
    row = submitted(who.officer, who.east, "2026-B6", NOV)
    scored(who.legal, row, NOV)
    assert not waits_for_score(Submission.objects.get(pk=row.pk))
    page = CasePage.objects.get(pk=row.page_id)
    page.lesson = "动火先审批，再作业。"

    page.save_revision().publish()

    assert waits_for_score(Submission.objects.get(pk=row.pk))
