"""Scope: who sees which tip through any door, and that being a superuser gives nothing."""

from itertools import product
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, User
from pytest_django import DjangoAssertNumQueries
from wagtail.permissions import policy_registry

from complaints import policies
from complaints.enums import Action, Role
from complaints.errors import NotAllowed, TipNotFound
from complaints.models import Membership, Office, Tip
from complaints.policies import (
    TipPermissionPolicy,
    may_write,
    moves_open_to,
    require,
    scope_of,
    tips_visible_to,
)
from complaints.selectors.tips import photo_for, tip_by_id, tip_for, tips_for
from tests.factories import MembershipFactory, OfficeFactory, TipFactory, UserFactory
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


@pytest.mark.parametrize(
    ("person", "offered"),
    [
        ("officer", [Action.ACCEPT, Action.DECLINE]),
        ("auditor", []),
        ("town_officer", []),
        ("foreign_officer", []),
    ],
)
def test_offered_moves_are_those_of_the_unit(
    request: pytest.FixtureRequest, city: City, person: str, offered: list[Action]
) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)

    moves = moves_open_to(request.getfixturevalue(person), tip)

    assert [move.action for move in moves] == offered


def test_require_names_nobody(city: City, officer: User, auditor: User) -> None:
    tip = TipFactory(district=YANTA)

    require(officer, policies.HANDLING_ROLES, tip)
    with pytest.raises(NotAllowed) as caught:
        require(auditor, policies.HANDLING_ROLES, tip)

    assert caught.value.args == ()


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
