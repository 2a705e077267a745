"""Who works on a tip: each act, what it leaves behind, and that what is refused changes nothing but the log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries

from complaints.enums import Action, Fact, Phase, Problem, Role, SupervisionCause, TipStatus, UnitPart
from complaints.errors import ComplaintError, DraftInvalid, IllegalMove, NotAllowed, TipNotFound
from complaints.models import (
    AuditRow,
    CompetentBody,
    HandlingStep,
    Message,
    Office,
    Supervision,
    Tip,
    TipUnit,
    Transfer,
)
from complaints.policies import tips_visible_to
from complaints.selectors.assignment import dispatch_targets
from complaints.selectors.history import history_of
from complaints.services import assignment
from complaints.services.reporter import progress_for_receipt
from tests.factories import TODAY, OfficeFactory, TipFactory, UserFactory, noon
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
AT = noon(TODAY)
WHY = "请属地先到现场"
KEPT: tuple[type[Model], ...] = (HandlingStep, TipUnit, Transfer, Supervision, Message)


def act(service: Callable[..., Any], tip: Tip, actor: User, **values: Any) -> Any:
    plain = {} if service in (assignment.assign, assignment.release_unit) else {"memo": WHY}
    if service is assignment.transfer_out:
        plain = {"note": "请直接向该部门了解"}
    return service(tip_id=tip.pk, actor=fresh(actor), at=AT, **{**plain, **values})


def fresh(user: User) -> User:
    """Return the person as read anew: the scope is remembered on the object."""
    return User.objects.get(pk=user.pk)


def again(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


def state(tip: Tip) -> tuple[object, ...]:
    return *Tip.objects.filter(pk=tip.pk).values(), *(model.objects.count() for model in KEPT)


def refused(
    service: Callable[..., Any],
    tip: Tip,
    actor: User,
    error: type[ComplaintError] = DraftInvalid,
    **values: Any,
) -> list[tuple[str, Problem]]:
    before, logged = state(tip), AuditRow.objects.count()
    with pytest.raises(error) as caught:
        act(service, tip, actor, **values)
    assert state(tip) == before
    assert AuditRow.objects.count() == logged + 1
    assert AuditRow.objects.latest("sequence").action == "tip.refused"
    return [(one.field, one.problem) for one in getattr(caught.value, "problems", ())]


def person(office: Office, role: Role = Role.OFFICER) -> User:
    return UserFactory(roles=[(role, office)])


# --- assigning -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER])
def test_a_tip_is_assigned_to_a_handler_of_the_unit(city: City, officer: User, role: Role) -> None:
    tip, colleague = TipFactory(district=YANTA), person(city.yanta, role)

    act(assignment.assign, tip, officer, handler_id=colleague.pk, memo="请跟进")

    assert again(tip).handler == colleague
    step = tip.steps.latest("pk")
    assert (step.action, step.memo, step.actor) == (Action.ASSIGN, "请跟进", officer)
    row = AuditRow.objects.get(action="tip.handler")
    assert (row.subject, row.data) == (tip.number, {"handler": colleague.pk})


def test_nobody_else_is_assigned(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    gone = person(city.yanta)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    strangers = [person(city.yanta, Role.AUDITOR), person(city.lianhu), person(city.city), gone]

    for wrong in [*(one.pk for one in strangers), 0, -1, 10**9]:
        found = refused(assignment.assign, tip, officer, handler_id=wrong)
        assert found == [("handler", Problem.NOT_A_HANDLER)]


def test_a_tip_elsewhere_is_not_found_and_a_reader_assigns_nobody(
    city: City, officer: User, foreign_officer: User, auditor: User
) -> None:
    tip = TipFactory(district=YANTA)

    refused(assignment.assign, tip, foreign_officer, error=TipNotFound, handler_id=officer.pk)
    refused(assignment.assign, tip, auditor, error=NotAllowed, handler_id=officer.pk)


def test_awsl73_a_death_in_a_town_is_assigned_to_nobody(city: City, city_officer: User) -> None:
    tip = TipFactory(district=YANTA)
    Tip.objects.filter(pk=tip.pk).update(handling_unit=city.town, involves_death=True)

    found = refused(assignment.assign, tip, city_officer, handler_id=person(city.town).pk)

    assert found == [("handler", Problem.UNIT_TOO_LOW)]


def test_many_are_assigned_each_for_itself(city: City, officer: User) -> None:
    mine, closed, foreign = (
        TipFactory(district=YANTA),
        TipFactory(district=YANTA, closed=True),
        TipFactory(district="610104"),
    )
    keys = [mine.pk, closed.pk, foreign.pk, mine.pk, 10**9]

    done, left = assignment.assign_many(tip_ids=keys, actor=officer, at=AT, handler_id=officer.pk)

    assert done == [mine.pk]
    assert [(key, type(error)) for key, error in left] == [
        (closed.pk, IllegalMove),
        (foreign.pk, TipNotFound),
        (10**9, TipNotFound),
    ]
    assert (again(mine).handler, again(foreign).handler) == (officer, None)
    assert AuditRow.objects.filter(action="tip.refused").count() == 3


# --- dispatching ---------------------------------------------------------------------------------------------------


def test_a_town_leads_what_it_was_given_and_the_district_sees_it(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, accepted=True, officer=officer)
    due = tip.due_date

    act(assignment.dispatch, tip, officer, office_id=city.town.pk)

    tip = again(tip)
    assert (tip.handling_unit, tip.handler, tip.due_date) == (city.town, None, due)
    assert tips_visible_to(fresh(officer)).filter(pk=tip.pk).exists()
    assert not tip.units.exists()
    step = tip.steps.latest("pk")
    assert (step.action, step.office, step.towards, step.memo) == (
        Action.DISPATCH,
        city.yanta,
        city.town,
        WHY,
    )


def test_a_unit_beside_leads_and_the_one_before_stays_as_co_unit(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    act(assignment.dispatch, tip, officer, office_id=city.lianhu.pk)

    assert again(tip).handling_unit == city.lianhu
    assert [(row.office, row.part) for row in tip.units.all()] == [(city.yanta, UnitPart.CO_UNIT)]
    assert tips_visible_to(fresh(officer)).filter(pk=tip.pk).exists()


def test_who_leads_is_no_co_unit_and_no_inspecting_unit_any_more(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    act(assignment.join_unit, tip, officer, office_id=city.town.pk)
    Tip.objects.filter(pk=tip.pk).update(inspecting_unit=city.town)

    act(assignment.dispatch, tip, officer, office_id=city.town.pk)

    assert again(tip).inspecting_unit is None
    assert not tip.units.filter(ended_date=None).exists()


def test_a_circle_is_refused(city: City, officer: User) -> None:
    tip, guest = TipFactory(district=YANTA), person(city.lianhu)
    act(assignment.dispatch, tip, officer, office_id=city.lianhu.pk)

    assert refused(assignment.dispatch, tip, guest, office_id=city.yanta.pk) == [
        ("office", Problem.UNIT_HAD_IT)
    ]
    act(assignment.hand_back, tip, guest)
    assert refused(assignment.dispatch, tip, officer, office_id=city.lianhu.pk) == [
        ("office", Problem.UNIT_HAD_IT)
    ]


def test_units_elsewhere_closed_or_unknown_are_refused(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    closed = OfficeFactory(parent=city.yanta, is_active=False)
    far = OfficeFactory(town=True, parent=city.lianhu)

    found = [
        refused(assignment.dispatch, tip, officer, office_id=key)
        for key in (closed.pk, 0, -5, 10**9, city.city.pk, far.pk, city.yanta.pk)
    ]

    assert [one for ((_field, one),) in found] == [
        *[Problem.UNIT_UNKNOWN] * 4,
        *[Problem.UNIT_NOT_NEAR] * 2,
        Problem.UNIT_TAKES_PART,
    ]


def test_awsl73_the_city_gives_a_death_to_a_district_but_to_no_zone(city: City, city_officer: User) -> None:
    tip = TipFactory(description="昨天死了一个工人")

    assert tip.involves_death
    assert refused(assignment.dispatch, tip, city_officer, office_id=city.zone.pk) == [
        ("office", Problem.UNIT_TOO_LOW)
    ]
    act(assignment.dispatch, tip, city_officer, office_id=city.yanta.pk)
    assert again(tip).handling_unit == city.yanta


def test_units_to_choose_are_those_the_service_takes(
    city: City, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tip = TipFactory(district=YANTA)

    with django_assert_num_queries(3):
        offered = dispatch_targets(tip=tip)

    assert offered == [city.lianhu, city.zone, city.town]


def test_dispatching_needs_words_and_a_state_that_allows_it(city: City, officer: User) -> None:
    tip, done = TipFactory(district=YANTA), TipFactory(district=YANTA, replied=True)

    assert refused(assignment.dispatch, tip, officer, office_id=city.town.pk, memo=" ") == [
        ("memo", Problem.NEEDS_TEXT)
    ]
    refused(assignment.dispatch, done, officer, error=IllegalMove, office_id=city.town.pk)


# --- handing back --------------------------------------------------------------------------------------------------


def test_a_tip_goes_back_one_unit_after_the_other(city: City, officer: User, city_officer: User) -> None:
    tip, townsman = TipFactory(), person(city.town)
    act(assignment.dispatch, tip, city_officer, office_id=city.yanta.pk)
    act(assignment.dispatch, tip, officer, office_id=city.town.pk)

    act(assignment.hand_back, tip, townsman, memo="不属我街道")
    first, facts = again(tip), history_of(tip=again(tip), today=TODAY).facts
    act(assignment.hand_back, tip, officer, memo="不属我区")

    assert (first.handling_unit, again(tip).handling_unit) == (city.yanta, city.city)
    assert Fact.HANDED_DOWN in facts
    assert Fact.HANDED_DOWN not in history_of(tip=again(tip), today=TODAY).facts
    refused(assignment.hand_back, tip, city_officer, error=IllegalMove)


def test_handing_back_ends_the_part_the_sender_had_meanwhile(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    act(assignment.dispatch, tip, officer, office_id=city.lianhu.pk)

    act(assignment.hand_back, tip, person(city.lianhu))

    assert again(tip).handling_unit == city.yanta
    assert not tip.units.filter(ended_date=None).exists()


def test_what_nobody_dispatched_is_not_handed_back(city: City, officer: User) -> None:
    refused(assignment.hand_back, TipFactory(district=YANTA), officer, error=IllegalMove)


def test_a_sender_out_of_use_is_passed_over(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    act(assignment.dispatch, tip, officer, office_id=city.town.pk)
    Office.objects.filter(pk=city.yanta.pk).update(is_active=False)

    act(assignment.hand_back, tip, person(city.town))

    assert again(tip).handling_unit == city.city


def test_handing_back_needs_the_reason(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    act(assignment.dispatch, tip, officer, office_id=city.town.pk)

    assert refused(assignment.hand_back, tip, officer, memo="") == [("memo", Problem.NEEDS_TEXT)]


# --- a death -------------------------------------------------------------------------------------------------------


def test_awsl73_a_death_goes_up_is_flagged_and_supervised(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    act(assignment.dispatch, tip, officer, office_id=city.town.pk)

    act(assignment.escalate, tip, person(city.town), memo="医院确认一人死亡")

    tip = again(tip)
    assert (tip.handling_unit, tip.involves_death, tip.is_supervised) == (city.yanta, True, True)
    row = tip.supervisions.get()
    assert (row.cause, row.office, row.raised_by) == (SupervisionCause.DEATH, city.city, None)
    assert [unit.office for unit in tip.units.filter(ended_date=None)] == [city.town]
    assert Fact.DEATH in history_of(tip=tip, today=TODAY).facts


def test_awsl73_a_district_and_a_zone_escalate_to_the_city_which_stays(
    city: City, officer: User, city_officer: User
) -> None:
    from_district, from_zone, at_city = (
        TipFactory(district=YANTA),
        TipFactory(district=YANTA, town=city.zone_town_code),
        TipFactory(),
    )

    for tip, actor in ((from_district, officer), (from_zone, person(city.zone)), (at_city, city_officer)):
        act(assignment.escalate, tip, actor)

    assert {again(tip).handling_unit for tip in (from_district, from_zone, at_city)} == {city.city}
    assert all(again(tip).involves_death for tip in (from_district, from_zone, at_city))
    assert Supervision.objects.filter(cause=SupervisionCause.DEATH).count() == 3


def test_a_second_word_of_the_death_opens_no_second_supervision(city: City, city_officer: User) -> None:
    tip = TipFactory()

    for _ in range(2):
        act(assignment.escalate, tip, city_officer)

    assert tip.supervisions.count() == 1


def test_awsl73_a_death_is_not_handed_back_to_a_zone(city: City) -> None:
    tip = TipFactory(district=YANTA, town=city.zone_town_code)
    act(assignment.dispatch, tip, person(city.zone), office_id=city.yanta.pk)
    Tip.objects.filter(pk=tip.pk).update(involves_death=True)

    found = refused(assignment.hand_back, tip, person(city.yanta))

    assert found == [("office", Problem.UNIT_TOO_LOW)]


def test_escalating_needs_words(city: City, officer: User) -> None:
    found = refused(assignment.escalate, TipFactory(district=YANTA), officer, memo="")

    assert found == [("memo", Problem.NEEDS_TEXT)]


# --- co-units ------------------------------------------------------------------------------------------------------


def test_a_co_unit_sees_the_tip_until_it_is_released(
    city: City, officer: User, foreign_officer: User
) -> None:
    tip = TipFactory(district=YANTA)

    act(assignment.join_unit, tip, officer, office_id=city.lianhu.pk)
    seen = tips_visible_to(fresh(foreign_officer)).filter(pk=tip.pk).exists()
    act(assignment.release_unit, tip, officer, office_id=city.lianhu.pk)

    assert seen
    assert not tips_visible_to(fresh(foreign_officer)).filter(pk=tip.pk).exists()
    assert [(step.action, step.towards) for step in tip.steps.all()][1:] == [
        (Action.JOIN, city.lianhu),
        (Action.LEAVE, city.lianhu),
    ]
    assert tip.units.get().ended_date == TODAY


def test_wrong_co_units_are_refused(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    closed = OfficeFactory(is_active=False)
    act(assignment.join_unit, tip, officer, office_id=city.zone.pk)

    found = [
        refused(assignment.join_unit, tip, officer, office_id=key)[0][1]
        for key in (city.yanta.pk, city.zone.pk, closed.pk, 0, 10**9)
    ]

    assert found == [*[Problem.UNIT_TAKES_PART] * 2, *[Problem.UNIT_UNKNOWN] * 3]


def test_who_takes_no_part_or_inspects_is_not_released(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    TipUnit.objects.create(tip=tip, office=city.town, part=UnitPart.INSPECTING, since_date=TODAY)

    for key in (city.town.pk, city.lianhu.pk, city.yanta.pk, 0):
        found = refused(assignment.release_unit, tip, officer, office_id=key)
        assert found == [("office", Problem.UNIT_NOT_PART)]


def test_a_co_unit_calls_nobody_in(city: City, officer: User, foreign_officer: User) -> None:
    tip = TipFactory(district=YANTA)
    act(assignment.join_unit, tip, officer, office_id=city.lianhu.pk)

    refused(assignment.join_unit, tip, foreign_officer, error=NotAllowed, office_id=city.zone.pk)


# --- another body --------------------------------------------------------------------------------------------------


@pytest.fixture
def fire_brigade(db: None) -> CompetentBody:
    return CompetentBody.objects.create(industry="fire_safety", name="西安市消防救援支队", phone="96119")


def test_one_click_passes_a_tip_on_and_tells_the_reporter_where(
    city: City, officer: User, fire_brigade: CompetentBody
) -> None:
    tip = TipFactory(district=YANTA, industry="fire_safety")

    act(assignment.transfer_out, tip, officer)

    stored = again(tip)
    assert (stored.status, stored.phase) == (TipStatus.TRANSFERRED_OUT, Phase.OPEN)
    assert (stored.transfer.body, stored.transfer.sent_date) == (fire_brigade.name, TODAY)
    assert not stored.periods.running().exists()
    told = progress_for_receipt(typed=tip.acknowledgement.receipt).replies[-1].text
    assert fire_brigade.name in told
    assert "96119" in told
    assert told.endswith("请直接向该部门了解")


def test_another_body_may_be_named_without_the_telephone_of_the_first(
    city: City, officer: User, fire_brigade: CompetentBody
) -> None:
    tip = TipFactory(district=YANTA, industry="fire_safety")

    act(assignment.transfer_out, tip, officer, body=" 市住建局\n质安站 ")

    assert again(tip).transfer.body == "市住建局 质安站"
    assert "96119" not in progress_for_receipt(typed=tip.acknowledgement.receipt).replies[-1].text


def test_a_transfer_needs_body_and_words(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    assert refused(assignment.transfer_out, tip, officer, note="") == [
        ("body", Problem.NEEDS_TEXT),
        ("note", Problem.NEEDS_TEXT),
    ]
    assert refused(assignment.transfer_out, tip, officer, body="局" * 101) == [("body", Problem.TOO_LONG)]


def test_awsl73_a_death_and_a_tip_answered_before_are_not_given_away(city: City, officer: User) -> None:
    death = TipFactory(district=YANTA, industry="fire_safety", description="烧死了两个人")
    answered = TipFactory(district=YANTA, industry="fire_safety", replied=True, officer=officer)

    for tip in (death, answered):
        refused(assignment.transfer_out, tip, officer, error=IllegalMove)
