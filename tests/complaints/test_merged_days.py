"""The days a merged reporter reads: by the own clock, true for what is worked on, silent about the other reporter."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils.translation import override

from complaints.enums import Action, TipStatus
from complaints.models import Tip
from complaints.public.progress import progress_page
from complaints.services.reporter import Progress
from tests.complaints.test_merging import fresh, progress, put, reply
from tests.factories import TODAY, TipFactory, move_to, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
EARLIER = TODAY - timedelta(days=40)


def dues(found: Progress) -> dict[str, date | None]:
    """Return the last days of what is ahead."""
    return {one.action: one.due for one in found.milestones if not one.is_done}


def days(found: Progress) -> dict[str, date | None]:
    """Return the days of what is done."""
    return {one.action: one.day for one in found.milestones if one.is_done}


def long_accepted(officer: User) -> Tip:
    """Return a tip accepted forty days ago."""
    tip: Tip = TipFactory(district=YANTA, today=EARLIER)
    move_to(tip=tip, status=TipStatus.ACCEPTED, officer=officer, at=noon(EARLIER))
    return tip


def test_the_period_to_decide_is_that_of_the_own_tip(city: City, officer: User) -> None:
    alone = TipFactory(district=YANTA, today=TODAY)
    lead, later = TipFactory(district=YANTA, today=TODAY - timedelta(days=5)), TipFactory(district=YANTA)

    put(later, into=lead, actor=officer, at=noon(TODAY))

    assert dues(progress(later)) == dues(progress(alone))
    assert dues(progress(later)) != dues(progress(lead))


def test_the_period_to_conclude_begins_with_the_own_acceptance(city: City, officer: User) -> None:
    lead, later = long_accepted(officer), TipFactory(district=YANTA)
    alone = TipFactory(district=YANTA, accepted=True, officer=officer)

    put(later, into=lead, actor=officer, at=noon(TODAY))

    assert dues(progress(later)) == dues(progress(alone))
    assert days(progress(later))["accept"] == TODAY


def test_no_day_promised_comes_before_the_day_of_the_case(city: City, officer: User) -> None:
    lead, later = long_accepted(officer), TipFactory(district=YANTA, accepted=True, officer=officer)
    lead.periods.running().update(due_date=TODAY + timedelta(days=90))

    put(later, into=lead, actor=officer, at=noon(TODAY))

    assert dues(progress(later))["approve_result"] == TODAY + timedelta(days=90)


def test_an_answer_that_ran_already_is_counted_from_the_merge(city: City, officer: User) -> None:
    lead = TipFactory(district=YANTA, today=EARLIER)
    move_to(tip=lead, status=TipStatus.DISPOSED, officer=officer, at=noon(TODAY - timedelta(days=6)))
    later = TipFactory(district=YANTA)

    put(later, into=lead, actor=officer, at=noon(TODAY))

    assert dues(progress(later))["reply"] == TODAY + timedelta(days=10)
    assert days(progress(later))["approve_result"] is None


def test_the_days_of_what_is_done_together_are_the_same(city: City, officer: User) -> None:
    lead, later = TipFactory(district=YANTA, today=EARLIER), TipFactory(district=YANTA)
    put(later, into=lead, actor=officer, at=noon(TODAY))

    reply(lead, officer)

    assert days(progress(later))["reply"] == days(progress(lead))["reply"]
    assert progress(later).objection_until == progress(lead).objection_until


def test_what_was_done_between_the_own_day_and_the_merge_tells_no_day(city: City, officer: User) -> None:
    lead, later = TipFactory(district=YANTA, today=EARLIER), TipFactory(district=YANTA)
    move_to(tip=lead, status=TipStatus.VERIFIED, officer=officer, at=noon(TODAY + timedelta(days=1)))

    put(later, into=lead, actor=officer, at=noon(TODAY + timedelta(days=1)))

    assert days(progress(later))["approve_result"] is None


def test_a_review_of_an_answer_nobody_gave_them_is_not_told(city: City, officer: User) -> None:
    lead = long_accepted(officer)
    lead.steps.create(action=Action.REOPEN, target=TipStatus.VERIFYING, taken_date=TODAY)
    later = TipFactory(district=YANTA)

    put(later, into=lead, actor=officer, at=noon(TODAY))

    assert "reopen" in days(progress(lead))
    assert "reopen" not in days(progress(later))


def test_what_follows_a_merged_tip_is_accepted_with_it(city: City, officer: User) -> None:
    lead = long_accepted(officer)
    later, last = TipFactory(district=YANTA), TipFactory(district=YANTA)
    put(last, into=later, actor=officer, at=noon(TODAY))

    put(later, into=lead, actor=officer, at=noon(TODAY))

    assert fresh(later).accepted_date == fresh(last).accepted_date == TODAY


@pytest.mark.parametrize("is_before", [True, False])
def test_a_pause_points_at_its_reason_only_where_it_was_told(
    city: City, officer: User, is_before: bool
) -> None:
    lead, later = long_accepted(officer), TipFactory(district=YANTA)
    paused = {"tip": lead, "action": Action.PAUSE, "actor": officer, "memo": "等鉴定", "note": "等待鉴定"}
    if is_before:
        step(**paused, at=noon(TODAY - timedelta(days=9)))
    put(later, into=lead, actor=officer, at=noon(TODAY))
    if not is_before:
        step(**paused, at=noon(TODAY))

    with override("en"):
        (note,) = progress_page(progress=progress(later), today=TODAY).notes

    assert progress(later).paused_since == TODAY
    assert ("The reason stands under" in note) is not is_before
    assert bool(progress(later).lines) is not is_before
