"""The history as the workflow reads it: acts with their people, and the facts that no act tells."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from complaints.enums import Action, Fact, Role
from complaints.models import SpecialDay, Tip
from complaints.selectors.history import history_of, objection_until
from complaints.selectors.tips import steps_of, tip_for
from tests.factories import TODAY, TipFactory, UserFactory, dispose, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db


def facts(tip: Tip, *, today: date = TODAY) -> frozenset[Fact]:
    return history_of(tip=Tip.objects.get(pk=tip.pk), today=today).facts


def test_acts_come_oldest_first_with_who_took_them(city: City, officer: User, leader: User) -> None:
    tip = TipFactory(verified=True, district=YANTA, officer=officer, leader=leader)

    history = history_of(tip=tip, today=TODAY)

    assert [(act.action, act.actor_id) for act in history.acts] == [
        (Action.REGISTER, None),
        (Action.ACCEPT, officer.pk),
        (Action.VERIFY, officer.pk),
        (Action.CONCLUDE, officer.pk),
        (Action.APPROVE_RESULT, leader.pk),
    ]
    assert history.last_actor(Action.CONCLUDE) == officer.pk
    assert history.facts == {Fact.FOUNDED}


def test_steps_at_hand_need_no_query(
    city: City, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tip = TipFactory(verified=True, district=YANTA, officer=officer)
    steps = list(steps_of(tip=tip))
    expected = history_of(tip=tip, today=TODAY)

    with django_assert_num_queries(0):
        history = history_of(tip=tip, today=TODAY, steps=steps)

    assert history == expected


def test_without_steps_it_takes_one_query(
    city: City, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tip = tip_for(user=officer, number=TipFactory(accepted=True, district=YANTA).number)

    with django_assert_num_queries(1):
        history_of(tip=tip, today=TODAY)


def test_a_plain_tip_has_no_facts(city: City) -> None:
    assert facts(TipFactory()) == set()


def test_a_death_flagged_at_intake_is_a_fact(city: City) -> None:
    tip = TipFactory()
    Tip.objects.filter(pk=tip.pk).update(involves_death=True)

    assert facts(tip) == {Fact.DEATH}


def test_an_industry_of_another_body_is_a_fact(city: City) -> None:
    assert facts(TipFactory(industry="construction")) == {Fact.OUT_OF_REMIT}
    assert facts(TipFactory(industry="machinery")) == set()


def test_what_was_handed_down_is_a_fact_until_it_is_handed_back(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)
    handed = facts(tip)
    step(tip=tip, action=Action.HAND_BACK, actor=UserFactory(roles=[(Role.OFFICER, city.town)]))

    assert (handed, facts(tip)) == ({Fact.HANDED_DOWN}, frozenset())


def test_106_the_reporter_may_object_for_ten_days(city: City) -> None:
    tip = TipFactory(declined=True)

    # Ten days from 10 March 2026 end on Friday 20 March.
    assert objection_until(tip=tip) == date(2026, 3, 20)
    assert facts(tip, today=date(2026, 3, 20)) == {Fact.OBJECTION_OPEN, Fact.WAS_DECLINED}
    assert facts(tip, today=date(2026, 3, 21)) == {Fact.WAS_DECLINED}


def test_d8_a_last_day_off_moves_to_the_next_working_day(city: City) -> None:
    tip = TipFactory(declined=True, today=date(2025, 9, 25))

    assert Fact.OBJECTION_OPEN in facts(tip, today=date(2025, 10, 9))
    assert Fact.OBJECTION_OPEN not in facts(tip, today=date(2025, 10, 10))


def test_a_day_announced_late_moves_the_last_day_too(city: City) -> None:
    tip = TipFactory(declined=True)
    SpecialDay.objects.create(day=date(2026, 3, 20), is_working=False)

    assert objection_until(tip=tip) == date(2026, 3, 23)


def test_an_order_to_rectify_is_a_fact_of_a_closed_case_until_it_is_found_fulfilled(
    city: City, officer: User
) -> None:
    tip = TipFactory(closed=True, district=YANTA, officer=officer)
    ordered = facts(tip)

    step(tip=tip, action=Action.RECHECK, actor=officer)

    assert ordered - facts(tip) == {Fact.RECTIFICATION_OPEN}


@pytest.mark.parametrize("trait", ["disposed", "replied"])
def test_before_it_is_closed_nothing_is_asked_about_orders(
    city: City, trait: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tip = Tip.objects.get(pk=TipFactory(**{trait: True}).pk)
    steps = list(steps_of(tip=tip))

    with django_assert_num_queries(0 if trait == "disposed" else 2):
        history_of(tip=tip, today=TODAY, steps=steps)


def test_before_an_answer_there_is_nothing_to_object_to(city: City) -> None:
    tip = TipFactory(disposed=True)

    assert objection_until(tip=tip) is None
    assert Fact.OBJECTION_OPEN not in facts(tip)


def test_106_each_answer_may_be_objected_to_once(city: City, officer: User, leader: User) -> None:
    tip = TipFactory(review=True, district=YANTA, officer=officer, leader=leader)
    objected = facts(tip)

    step(tip=tip, action=Action.REOPEN, actor=UserFactory(roles=[(Role.LEADER, city.city)]))
    step(tip=tip, action=Action.CONCLUDE, actor=officer)
    step(tip=tip, action=Action.APPROVE_RESULT, actor=leader)
    dispose(tip=tip, officer=officer)
    step(tip=tip, action=Action.REPLY, actor=officer)

    assert Fact.OBJECTED in objected
    assert Fact.OBJECTED not in facts(tip)
    assert Fact.OBJECTION_OPEN in facts(tip)
