"""The level above: the nearest unit in use, or the unit itself where there is none, at every act that asks for it."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoCaptureOnCommitCallbacks

from complaints.enums import Action, Role, Side
from complaints.models import Notice, Objection, Office, Supervision, Tip
from complaints.policies import scope_of
from complaints.selectors.assignment import office_above
from complaints.selectors.offices import coverages
from complaints.services.late import raise_for_overdue
from tests.factories import SIGNED, TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
LATE = noon(date(2026, 3, 20))  # the day after the last day to decide


@pytest.fixture
def orphan(city: City) -> Office:
    """Return a town unit whose district is out of use."""
    return out_of_use(city.yanta, below=city.town)


@pytest.fixture
def top(city: City, orphan: Office) -> Office:
    """Return the same town unit with nothing in use above it at all; it takes what no other unit takes."""
    Office.objects.filter(pk=orphan.pk).update(is_default=True)
    return out_of_use(city.city, below=orphan)


@pytest.fixture
def city_leader(city: City) -> User:
    return UserFactory(roles=[(Role.LEADER, city.city)])


def out_of_use(unit: Office, *, below: Office) -> Office:
    Office.objects.filter(pk=unit.pk).update(is_active=False)
    return Office.objects.get(pk=below.pk)


def people(unit: Office) -> tuple[User, User, User]:
    """Return an officer and two leaders of a unit."""
    leaders = [UserFactory(roles=[(Role.LEADER, unit)]) for _ in range(2)]
    return UserFactory(roles=[(Role.OFFICER, unit)]), leaders[0], leaders[1]


def tip_of(unit: Office, *, answered_by: tuple[User, User] | None = None) -> Tip:
    """Return a tip a unit handles, answered when people are given."""
    tip = TipFactory(district=YANTA)
    Tip.objects.filter(pk=tip.pk).update(handling_unit=unit)
    if answered_by is not None:
        officer, leader = answered_by
        way = (
            Action.ACCEPT,
            Action.VERIFY,
            Action.CONCLUDE,
            Action.APPROVE_RESULT,
            Action.PROPOSE_MEASURE,
            Action.DISPOSE,
            Action.REPLY,
        )
        for action in way:
            step(tip=tip, action=action, actor=leader if action in SIGNED else officer)
    return tip


def told(unit: Office) -> bool:
    return Notice.objects.filter(user__memberships__office=unit, user__memberships__role=Role.LEADER).exists()


def sides(user: User, tip: Tip) -> set[Side]:
    held = scope_of(User.objects.get(pk=user.pk)).sides_of(Tip.objects.get(pk=tip.pk))
    return {side for side, roles in held.items() if roles}


# --- the unit -----------------------------------------------------------------------------------------------------


def test_above_is_the_parent_while_it_is_in_use(city: City) -> None:
    assert office_above(office=city.town) == city.yanta
    assert office_above(office=city.city) == city.city


def test_a_parent_out_of_use_is_passed_over(city: City, orphan: Office) -> None:
    assert office_above(office=orphan) == city.city


def test_with_nothing_in_use_above_a_unit_is_its_own_top(top: Office) -> None:
    assert office_above(office=top) == top


def test_routing_climbs_over_a_unit_out_of_use(city: City, orphan: Office) -> None:
    found = {one.office_id: one.parent_id for one in coverages()}

    assert found == {
        city.city.pk: None,
        city.lianhu.pk: city.city.pk,
        city.zone.pk: city.city.pk,
        orphan.pk: city.city.pk,
    }


# --- who decides --------------------------------------------------------------------------------------------------


def test_the_city_stands_above_a_town_whose_district_is_out_of_use(
    city: City, orphan: Office, city_leader: User
) -> None:
    _officer, leader, _other = people(orphan)
    tip = tip_of(orphan)

    assert Side.ABOVE in sides(city_leader, tip)
    assert Side.ABOVE not in sides(leader, tip)


def test_at_the_top_its_own_people_stand_above(top: Office) -> None:
    _officer, leader, _other = people(top)

    assert Side.ABOVE in sides(leader, tip_of(top))


@pytest.mark.parametrize("case", ["orphan", "top"])
def test_more_time_is_granted_by_whoever_is_above(
    case: str, city: City, city_leader: User, request: pytest.FixtureRequest
) -> None:
    unit: Office = request.getfixturevalue(case)
    officer, _leader, other = people(unit)
    tip = tip_of(unit)
    step(tip=tip, action=Action.ACCEPT, actor=officer)

    step(tip=tip, action=Action.ASK_EXTENSION, actor=officer)
    step(tip=tip, action=Action.GRANT_EXTENSION, actor=city_leader if case == "orphan" else other)

    assert tip.extensions.get().is_granted


# --- what is written down -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["orphan", "top"])
def test_what_is_late_is_for_the_nearest_unit_in_use(
    case: str, city: City, city_leader: User, request: pytest.FixtureRequest
) -> None:
    unit: Office = request.getfixturevalue(case)
    officer, _leader, other = people(unit)
    tip = tip_of(unit)

    assert raise_for_overdue(now=LATE) == 1

    assert Supervision.objects.get().office == (city.city if case == "orphan" else unit)
    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=officer, at=LATE)
    step(tip=tip, action=Action.LIFT_SUPERVISION, actor=city_leader if case == "orphan" else other, at=LATE)
    assert not Tip.objects.get(pk=tip.pk).is_supervised


@pytest.mark.parametrize("case", ["orphan", "top"])
def test_106_an_objection_is_reviewed_by_the_nearest_unit_in_use(
    case: str, city: City, city_leader: User, request: pytest.FixtureRequest
) -> None:
    unit: Office = request.getfixturevalue(case)
    officer, leader, other = people(unit)
    tip = tip_of(unit, answered_by=(officer, leader))

    step(tip=tip, action=Action.OBJECT)
    step(tip=tip, action=Action.UPHOLD, actor=city_leader if case == "orphan" else other)

    row = Objection.objects.get()
    assert (row.office, row.is_upheld) == (city.city if case == "orphan" else unit, True)


@pytest.mark.parametrize("case", ["orphan", "top"])
def test_the_leaders_of_the_level_above_hear_of_an_objection(
    case: str,
    city: City,
    city_leader: User,
    request: pytest.FixtureRequest,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    unit: Office = request.getfixturevalue(case)
    officer, leader, _other = people(unit)
    tip = tip_of(unit, answered_by=(officer, leader))

    with django_capture_on_commit_callbacks(execute=True):
        step(tip=tip, action=Action.OBJECT)

    assert (told(city.city), told(unit)) == (case == "orphan", case == "top")


def test_a_whistle_calls_the_nearest_unit_in_use(city: City, orphan: Office) -> None:
    officer, _leader, _other = people(orphan)

    row = step(tip=tip_of(orphan), action=Action.WHISTLE, actor=officer, at=noon(TODAY))

    assert row.called == city.city
