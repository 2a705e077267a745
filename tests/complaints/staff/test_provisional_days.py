"""A day in a year whose days off are not announced says so wherever the page of a tip shows one."""

from collections.abc import Callable
from datetime import date

import pytest

from complaints.enums import Action, Role
from complaints.models import Disposal, Objection, Referral, Supervision, Tip, Whistle
from complaints.services.referrals import propose_referral
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TODAY, TipFactory, noon, penalty, step
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


def fined(people: People, city: City, day: date) -> Tip:
    tip = TipFactory(verified=True, district=YANTA, officer=people.officer)
    step(tip=tip, action=Action.DISPOSE, actor=people.officer, draft=penalty())
    Disposal.objects.update(publish_by=day)
    return tip


@pytest.mark.parametrize("made", [supervised, objected, whistled, referred, fined])
def test_a_day_in_a_year_without_a_calendar_says_that_it_may_move(
    people: People, city: City, made: Callable[[People, City, date], Tip]
) -> None:
    client = at_desk(people.officer)
    path = f"/admin/tips/{made(people, city, NEAR).number}/"
    before = client.get(path).content.decode()

    late = f"/admin/tips/{made(people, city, FAR).number}/"

    assert (WARNING in before, WARNING in client.get(late).content.decode()) == (False, True)
