"""A day in a year whose days off are not announced says so wherever the page of a tip shows one."""

from collections.abc import Callable
from datetime import date
from unittest import mock

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Clock, Role
from complaints.models import DeadlinePolicy, Disposal, Objection, Period, Referral, Supervision, Tip, Whistle
from complaints.rules.deadlines import NO_OVERLAY, calendar_is_official
from complaints.services.referrals import propose_referral
from complaints.staff.acts import lasting
from complaints.staff.acts.forms import Situation
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TODAY, TipFactory, dispose, noon, penalty, step
from tests.fixtures import YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
FAR, NEAR = date(2090, 1, 5), date(2026, 3, 16)
WARNING = "2090年放假安排尚未公布，日期可能变动。"


def supervised(people: People, city: City, day: date) -> Tip:
    tip = TipFactory(district=YANTA)
    step(tip=tip, action=Action.SUPERVISE, actor=staff(Role.LEADER, office=city.city))
    Supervision.objects.update(answer_by=day)
    return tip


def objected(people: People, city: City, day: date) -> Tip:
    tip = TipFactory(district=YANTA, review=True)
    Objection.objects.update(review_by=day)
    return tip


def whistled(people: People, city: City, day: date) -> Tip:
    tip = TipFactory(district=YANTA, town=city.town_code)
    step(tip=tip, action=Action.WHISTLE, actor=people.town_officer)
    step(tip=tip, action=Action.ANSWER_WHISTLE, actor=people.officer)
    Whistle.objects.update(arrive_by=day)
    return tip


def referred(people: People, city: City, day: date) -> Tip:
    tip = TipFactory(verified=True, district=YANTA, officer=people.officer, leader=people.leader)
    propose_referral(
        tip_id=tip.pk,
        actor=people.officer,
        at=noon(TODAY),
        officer_ids=[people.officer.pk, people.colleague.pk],
        texts={"offence": "危险作业罪", "facts": "未经许可储存甲苯 20 桶"},
    )
    Referral.objects.update(decide_by=day)
    return tip


def asked(people: People, city: City, day: date) -> Tip:
    tip = TipFactory(district=YANTA, town=city.town_code)
    step(tip=tip, action=Action.WHISTLE, actor=people.town_officer)
    Whistle.objects.update(answer_by=noon(day))
    return tip


def ordered(people: People, city: City, day: date) -> Tip:
    tip = TipFactory(district=YANTA, disposed=True, officer=people.officer)
    Disposal.objects.update(rectify_by=day)
    return tip


def fined(people: People, city: City, day: date) -> Tip:
    tip = TipFactory(verified=True, district=YANTA, officer=people.officer)
    dispose(tip=tip, officer=people.officer, draft=penalty())
    Disposal.objects.update(publish_by=day)
    return tip


@pytest.mark.parametrize("made", [supervised, objected, whistled, asked, referred, ordered, fined])
def test_a_day_in_a_year_without_a_calendar_says_that_it_may_move(
    people: People, city: City, made: Callable[[People, City, date], Tip]
) -> None:
    client = at_desk(people.officer)
    path = f"/admin/tips/{made(people, city, NEAR).number}/"
    before = client.get(path).content.decode()

    late = f"/admin/tips/{made(people, city, FAR).number}/"

    assert (WARNING in before, WARNING in client.get(late).content.decode()) == (False, True)


def test_the_measure_in_the_timeline_and_the_stage_carry_a_mark(people: People, city: City) -> None:
    tip = ordered(people, city, FAR)
    tip.periods.running().update(due_date=FAR)
    Tip.objects.filter(pk=tip.pk).update(due_date=FAR)

    page = at_desk(people.officer).get(f"/admin/tips/{tip.number}/").content.decode()

    assert page.count("2090年1月5日（暂定）前整改") == 3, (
        "proposed and signed in the timeline, and among the findings"
    )
    assert f'<small>2090-01-05前 <abbr title="{WARNING}">暂定</abbr></small>' in page


def test_a_measure_found_rectified_has_no_mark(people: People, city: City) -> None:
    tip = ordered(people, city, FAR)
    Disposal.objects.update(rectified_date=TODAY)

    page = at_desk(people.officer).get(f"/admin/tips/{tip.number}/").content.decode()

    assert "2090年1月5日（暂定）" not in page
    assert "2090年1月5日前整改" in page


@pytest.mark.parametrize(("today", "is_marked"), [(date(2026, 3, 10), False), (date(2026, 11, 10), True)])
def test_a_longer_period_is_chosen_with_its_mark(today: date, is_marked: bool) -> None:
    tip = Tip(received_date=today)
    period = Period(tip=tip, clock=Clock.CLOSE, started_date=today, days=40, due_date=today)
    situation = Situation(
        tip=tip,
        user=User(),
        today=today,
        terms=DeadlinePolicy(),
        overlay=NO_OVERLAY,
        facts=frozenset(),
        closing=period,
    )
    (asking,) = [act for act in lasting.ACTS if act.slug == Action.ASK_EXTENSION]

    with mock.patch("complaints.staff.acts.lasting.policy_on", return_value=DeadlinePolicy()):
        labels = [str(label) for _days, label in asking.fields[0].options(situation)]

    assert ["（暂定）" in label for label in labels] == [is_marked] * 3


def test_a_day_to_rectify_is_chosen_knowing_which_days_may_move(people: People, city: City) -> None:
    tip = TipFactory(verified=True, district=YANTA, officer=people.officer)

    page = at_desk(people.officer).get(f"/admin/tips/{tip.number}/step/propose_measure/").content.decode()

    year = next(year for year in range(2026, 2100) if not calendar_is_official(year=year))
    assert f"{year}年放假安排尚未公布" in page
