"""Scope: who sees which tip through any door, and that being a superuser gives nothing."""

from itertools import product
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, User
from pytest_django import DjangoAssertNumQueries
from wagtail.permissions import policy_registry

from complaints.enums import Action, Role, Side, TipStatus
from complaints.errors import NotAllowed, TipNotFound
from complaints.models import Membership, Office, Tip
from complaints.policies import (
    may_note,
    may_write,
    moves_open_to,
    require,
    scope_of,
    tips_visible_to,
)
from complaints.rules.workflow import MOVES, find_move
from complaints.selectors.history import history_of
from complaints.selectors.tips import photo_for, tip_by_id, tip_for, tips_for
from complaints.staff.permissions import TipPermissionPolicy
from tests.factories import TODAY, MembershipFactory, OfficeFactory, TipFactory, UserFactory, step
from tests.fixtures import LIANHU, YANTA, City

pytestmark = pytest.mark.django_db
READERS = {Role.OFFICER, Role.LEADER, Role.AUDITOR}
# Which tips (by the name of the place) a reader of each unit sees.
REACH = {
    "city": {"yanta", "lianhu", "town", "zone", "nowhere"},
    "yanta": {"yanta", "town"},
    "lianhu": {"lianhu"},
    "zone": {"zone"},
    "town": {"town"},
}


@pytest.fixture
def city_leader(city: City) -> User:
    return UserFactory(username="city-leader", roles=[(Role.LEADER, city.city)])


@pytest.fixture
def tips(city: City) -> dict[str, Tip]:
    return {
        "yanta": TipFactory(district=YANTA),
        "lianhu": TipFactory(district=LIANHU),
        "town": TipFactory(district=YANTA, town=city.town_code),
        "zone": TipFactory(district=YANTA, town=city.zone_town_code),
        "nowhere": TipFactory(),
    }


def seen(user: User, tips: dict[str, Tip]) -> set[str]:
    visible = set(tips_visible_to(user).values_list("pk", flat=True))
    return {name for name, tip in tips.items() if tip.pk in visible}


def test_every_role_in_every_unit(city: City, tips: dict[str, Tip]) -> None:
    for role, unit in product(Role, REACH):
        user = UserFactory(roles=[(role, getattr(city, unit))])

        assert seen(user, tips) == (REACH[unit] if role in READERS else set()), f"{role} of {unit}"


def test_nobody_without_a_role_sees_anything(tips: dict[str, Tip], administrator: User) -> None:
    inactive = UserFactory(is_active=False, roles=[(Role.OFFICER, Office.objects.get(name="市应急管理局"))])

    for person in (UserFactory(), UserFactory(is_superuser=True), administrator, inactive, AnonymousUser()):
        assert seen(person, tips) == set()


def test_a_unit_out_of_service_gives_no_reach(city: City, tips: dict[str, Tip]) -> None:
    Office.objects.filter(pk=city.yanta.pk).update(is_active=False)

    assert seen(UserFactory(roles=[(Role.OFFICER, city.yanta)]), tips) == set()


def test_two_roles_add_up(city: City, tips: dict[str, Tip]) -> None:
    user = UserFactory(roles=[(Role.OFFICER, city.lianhu), (Role.AUDITOR, city.yanta)])

    assert seen(user, tips) == {"lianhu", "yanta", "town"}
    assert (may_write(user, tips["lianhu"]), may_write(user, tips["yanta"])) == (True, False)


def test_every_door_refuses_the_other_district_alike(
    city: City, tips: dict[str, Tip], foreign_officer: User
) -> None:
    own, foreign = tips["lianhu"], TipFactory(district=YANTA, photos=1)

    for call in (
        lambda: tip_for(user=foreign_officer, number=foreign.number),
        lambda: tip_for(user=foreign_officer, number="AS-2026-000000"),
        lambda: tip_by_id(user=foreign_officer, tip_id=foreign.pk),
        lambda: tip_by_id(user=foreign_officer, tip_id=10**12),
        lambda: photo_for(user=foreign_officer, public_id=foreign.photos.get().public_id),
        lambda: photo_for(user=foreign_officer, public_id=uuid4()),
    ):
        with pytest.raises(TipNotFound) as caught:
            call()
        assert caught.value.args == ()

    assert list(tips_for(user=foreign_officer)) == [own]
    assert tip_for(user=foreign_officer, number=own.number) == own


def test_the_scope_is_read_once_per_person(
    city: City, officer: User, tips: dict[str, Tip], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        for _ in range(5):
            scope_of(officer)


def test_a_circle_of_units_ends(city: City, tips: dict[str, Tip]) -> None:
    Office.objects.filter(pk=city.city.pk).update(parent=city.town)

    assert seen(UserFactory(roles=[(Role.OFFICER, city.city)]), tips) == set(tips)


def test_a_scope_answers_per_role(city: City) -> None:
    user = UserFactory(roles=[(Role.OFFICER, city.town), (Role.AUDITOR, city.lianhu)])
    scope = scope_of(user)

    assert scope.offices_with({Role.AUDITOR}) == [city.lianhu.pk]
    assert scope.towns_with({Role.OFFICER}) == [city.town_code]
    assert scope.towns_with({Role.AUDITOR}) == []
    assert scope.roles_for(TipFactory(district=YANTA, town=city.town_code)) == {Role.OFFICER}


# --- sides --------------------------------------------------------------------------------------------------------

ALONE: dict[str, set[Side]] = {
    "city": {Side.LEAD, Side.ABOVE, Side.SITE},
    "yanta": {Side.LEAD, Side.SITE},
    "town": {Side.TOWN, Side.SITE},
    "lianhu": set(),
    "zone": set(),
}


def sides(city: City, tip: Tip, *, role: Role = Role.OFFICER) -> dict[str, set[Side]]:
    """Return on which sides of a tip a person of each unit stands."""
    tip = Tip.objects.get(pk=tip.pk)
    people = {unit: UserFactory(roles=[(role, getattr(city, unit))]) for unit in ALONE}
    return {
        unit: {side for side, held in scope_of(person).sides_of(tip).items() if held == {role}}
        for unit, person in people.items()
    }


@pytest.mark.parametrize("role", sorted(READERS))
def test_sides_of_a_tip_the_district_leads(city: City, role: Role) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)

    assert sides(city, tip, role=role) == ALONE


def test_a_role_that_handles_no_tips_stands_nowhere(city: City) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)

    found = sides(city, tip, role=Role.EDITOR)

    assert set().union(*found.values()) == set()


def test_sides_of_a_tip_dispatched_to_the_town(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)

    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)

    assert sides(city, tip) == {
        **ALONE,
        "yanta": {Side.LEAD, Side.ABOVE, Side.SITE},
        "town": {Side.LEAD, Side.TOWN, Side.SITE},
    }


def test_nobody_is_above_the_top_unit_so_that_its_own_people_decide(city: City) -> None:
    tip = TipFactory()

    assert sides(city, tip) == {
        **{unit: set() for unit in ALONE},
        "city": {Side.LEAD, Side.ABOVE, Side.SITE},
    }


def test_sides_while_the_town_whistles_for_the_district(
    city: City, officer: User, town_officer: User
) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)
    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)

    step(tip=tip, action=Action.WHISTLE, actor=town_officer)
    whistled = sides(city, tip)
    step(tip=tip, action=Action.ANSWER_WHISTLE, actor=officer)
    step(tip=tip, action=Action.ARRIVE, actor=officer)
    arrived = sides(city, tip)

    assert whistled["yanta"] == {Side.LEAD, Side.ABOVE, Side.SITE, Side.CALLED, Side.CALLED_LEVEL}
    assert whistled["town"] == {Side.LEAD, Side.TOWN, Side.SITE}
    assert whistled["city"] == {Side.LEAD, Side.ABOVE, Side.SITE, Side.CALLED_LEVEL}
    assert arrived == ALONE


def test_sides_of_a_supervision_stay_when_the_tip_goes_down(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)
    city_leader = UserFactory(roles=[(Role.LEADER, city.city)])
    step(tip=tip, action=Action.SUPERVISE, actor=city_leader)

    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)

    found = sides(city, tip)
    assert {unit for unit in found if Side.ASKED in found[unit]} == {"yanta"}
    assert {unit for unit in found if Side.OVERSEER in found[unit]} == {"city"}


def test_a_co_unit_helps_on_the_spot_until_it_is_released(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    helper = UserFactory(roles=[(Role.OFFICER, city.lianhu)])

    step(tip=tip, action=Action.JOIN, actor=officer, office_id=city.lianhu.pk)
    joined = (sides(city, tip)["lianhu"], tips_visible_to(helper).filter(pk=tip.pk).exists())
    step(tip=tip, action=Action.LEAVE, actor=officer, office_id=city.lianhu.pk)
    released = (sides(city, tip)["lianhu"], tips_visible_to(helper).filter(pk=tip.pk).exists())

    assert joined == ({Side.SITE}, True)
    assert released == (set(), False)


def test_whoever_stands_on_a_side_sees_the_tip(city: City, officer: User, town_officer: User) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)
    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)
    step(tip=tip, action=Action.JOIN, actor=town_officer, office_id=city.zone.pk)

    for unit, found in sides(city, tip).items():
        person = UserFactory(roles=[(Role.OFFICER, getattr(city, unit))])
        assert tips_visible_to(person).filter(pk=tip.pk).exists() == bool(found), unit


def test_sides_add_up_over_several_roles(city: City) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)
    user = UserFactory(
        roles=[(Role.LEADER, city.city), (Role.OFFICER, city.yanta), (Role.OFFICER, city.town)]
    )

    assert scope_of(user).sides_of(tip) == {
        Side.LEAD: {Role.LEADER, Role.OFFICER},
        Side.ABOVE: {Role.LEADER},
        Side.TOWN: {Role.OFFICER},
        Side.SITE: {Role.LEADER, Role.OFFICER},
        Side.ASKED: set(),
        Side.OVERSEER: set(),
        Side.CALLED: set(),
        Side.CALLED_LEVEL: set(),
    }


def offered_to(person: User, tip: Tip) -> set[Action]:
    tip = Tip.objects.get(pk=tip.pk)
    history = history_of(tip=tip, today=TODAY)
    return {move.action for move in moves_open_to(person, tip, history)}


@pytest.mark.parametrize(
    ("person", "offered"),
    [
        ("officer", {Action.SCREEN, Action.ACCEPT, Action.DECLINE, Action.TRANSFER_OUT, Action.MERGE, Action.DISPATCH,
                     Action.ESCALATE, Action.ASSIGN, Action.JOIN, Action.LEAVE}),
        ("town_officer", {Action.WHISTLE}),
        ("city_leader", {Action.SCREEN, Action.ACCEPT, Action.DECLINE, Action.TRANSFER_OUT, Action.MERGE,
                         Action.DISPATCH, Action.ESCALATE, Action.ASSIGN, Action.JOIN, Action.LEAVE, Action.SUPERVISE,
                         Action.HOLD}),
        ("auditor", set()),
        ("foreign_officer", set()),
        ("administrator", set()),
    ],
)  # fmt: skip
def test_offered_acts_are_those_of_the_side(
    request: pytest.FixtureRequest, city: City, city_leader: User, person: str, offered: set[Action]
) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)
    who = city_leader if person == "city_leader" else request.getfixturevalue(person)

    assert offered_to(who, tip) == offered


def test_offered_acts_leave_out_an_own_proposal(city: City) -> None:
    one, two = (UserFactory(roles=[(Role.LEADER, city.yanta)]) for _ in range(2))
    tip = TipFactory(verifying=True, district=YANTA)

    step(tip=tip, action=Action.CONCLUDE, actor=one)

    assert Action.APPROVE_RESULT not in offered_to(one, tip)
    assert Action.APPROVE_RESULT in offered_to(two, tip)


def test_require_names_nobody(city: City, officer: User, auditor: User) -> None:
    tip = TipFactory(district=YANTA)
    accept = find_move(status=TipStatus.REGISTERED, action=Action.ACCEPT)

    require(officer, accept, tip)
    with pytest.raises(NotAllowed) as caught:
        require(auditor, accept, tip)

    assert caught.value.args == ()


def test_nobody_of_staff_acts_for_the_reporter(city: City) -> None:
    everybody = UserFactory(roles=[(role, city.city) for role in Role])
    tip = TipFactory(district=YANTA)

    for act in (Action.WITHDRAW, Action.RATE, Action.OBJECT):
        move = next(move for move in MOVES if move.action == act)
        with pytest.raises(NotAllowed):
            require(everybody, move, tip)


def test_handlers_on_any_side_may_leave_a_note(
    city: City, officer: User, town_officer: User, auditor: User, foreign_officer: User
) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)
    people = (officer, town_officer, auditor, foreign_officer)

    assert [may_note(person, tip) for person in people] == [True, True, False, False]
    assert [may_write(person, tip) for person in people] == [True, False, False, False]


def test_sides_of_a_listed_tip_need_no_further_query(
    city: City, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    TipFactory(district=YANTA, town=city.town_code)
    scope = scope_of(officer)
    (tip,) = tips_for(user=officer)

    with django_assert_num_queries(0):
        scope.sides_of(tip)


# --- what Wagtail asks ------------------------------------------------------------------------------------------


def test_wagtail_uses_our_policy() -> None:
    assert isinstance(policy_registry.get_by_type(Tip), TipPermissionPolicy)


@pytest.mark.parametrize("action", ["add", "change", "delete", "publish", "copy", ""])
def test_nobody_changes_a_tip_through_wagtail(tips: dict[str, Tip], city: City, action: str) -> None:
    policy = TipPermissionPolicy(Tip)
    boss = UserFactory(is_superuser=True, roles=[(Role.LEADER, city.city)])

    assert not policy.user_has_permission(boss, action)
    assert not policy.user_has_permission_for_instance(boss, action, tips["yanta"])
    assert not policy.instances_user_has_any_permission_for(boss, [action]).exists()
    assert not policy.users_with_any_permission([action]).exists()


def test_wagtail_is_told_who_may_view(tips: dict[str, Tip], officer: User, administrator: User) -> None:
    policy = TipPermissionPolicy(Tip)

    assert policy.user_has_permission(officer, "view")
    assert not policy.user_has_permission(administrator, "view")
    assert policy.user_has_permission_for_instance(officer, "view", tips["yanta"])
    assert not policy.user_has_permission_for_instance(officer, "view", tips["lianhu"])
    assert policy.user_has_any_permission(officer, ["change", "view"])
    assert set(policy.instances_user_has_any_permission_for(officer, ["view"])) == {
        tips["yanta"],
        tips["town"],
    }


def test_wagtail_is_told_each_viewer_once(city: City) -> None:
    one = MembershipFactory(office=city.yanta).user
    MembershipFactory(user=one, office=city.lianhu, role=Role.AUDITOR)
    UserFactory(is_active=False, roles=[(Role.OFFICER, city.yanta)])
    UserFactory(roles=[(Role.EDITOR, city.yanta)])

    assert list(TipPermissionPolicy(Tip).users_with_any_permission(["view"])) == [one]


def test_wagtail_is_told_who_may_view_one_tip(city: City, tips: dict[str, Tip], officer: User) -> None:
    foreign = UserFactory(roles=[(Role.OFFICER, city.lianhu)])
    policy = TipPermissionPolicy(Tip)

    assert set(policy.users_with_any_permission(["view"])) == {officer, foreign}
    assert list(policy.users_with_any_permission_for_instance(["view"], tips["yanta"])) == [officer]
    assert not policy.users_with_any_permission_for_instance(["change"], tips["yanta"]).exists()


def test_a_membership_shows_person_unit_and_role(city: City) -> None:
    row = Membership.objects.create(
        user=UserFactory(username="li"), office=OfficeFactory(name="某局"), role=Role.LEADER
    )

    assert str(row).startswith("li · 某局 · ")
