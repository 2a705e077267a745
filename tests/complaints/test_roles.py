"""Roles of people: memberships, the groups that follow, and that nobody serves himself."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page
from wagtail.permissions import policy_registry

from complaints.enums import Role
from complaints.errors import NotAllowed
from complaints.models import AuditRow, Membership, Office
from complaints.policies import may_read_tips
from complaints.services.roles import (
    GRANTS,
    assign_role,
    ensure_role_groups,
    forget_second_factor,
    remove_role,
)
from tests.factories import TODAY, OfficeFactory, UserFactory, noon
from tests.signin import enter, give_app

pytestmark = pytest.mark.django_db
AT = noon(TODAY)


@pytest.fixture
def office() -> Office:
    return OfficeFactory()


@pytest.fixture
def user() -> User:
    return UserFactory()


def again(user: User) -> User:
    """Return the person as a new request reads them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_enters_the_back_office(user: User, office: Office, role: Role) -> None:
    assign_role(user=user, office=office, role=role, at=AT)

    assert again(user).has_perm("wagtailadmin.access_admin")
    assert [group.name for group in user.groups.all()] == [f"role:{role.value}"]


@pytest.mark.parametrize(
    ("role", "reads"),
    [(role, role in (Role.OFFICER, Role.LEADER, Role.AUDITOR)) for role in Role],
)
def test_only_handlers_and_auditors_read_tips(user: User, office: Office, role: Role, reads: bool) -> None:
    assign_role(user=user, office=office, role=role, at=AT)

    assert may_read_tips(again(user)) is reads


@pytest.mark.parametrize(
    ("role", "adds", "publishes"),
    [
        (Role.EDITOR, True, False),
        (Role.PUBLISHER, False, True),
        (Role.OFFICER, False, False),
        (Role.SYSTEM_ADMINISTRATOR, False, False),
    ],
)
def test_pages_are_for_editors_and_publishers(
    user: User, office: Office, role: Role, adds: bool, publishes: bool
) -> None:
    assign_role(user=user, office=office, role=role, at=AT)

    rights = Page.get_first_root_node().get_first_child().permissions_for_user(again(user))
    assert (rights.can_add_subpage(), rights.can_publish()) == (adds, publishes)


def test_no_group_holds_a_right_on_a_tip() -> None:
    ensure_role_groups()

    held = Group.objects.values_list("permissions__content_type__model", flat=True)
    assert not {"tip", "message", "evidence", "sealedidentity", "handlingstep", "auditrow"} & set(held)


def test_every_right_in_the_table_exists(user: User, office: Office) -> None:
    for role, grant in GRANTS.items():
        person = UserFactory()
        assign_role(user=person, office=office, role=role, at=AT)

        assert [name for name in grant.models if not again(person).has_perm(name)] == []


def test_groups_are_made_once_and_put_right_again() -> None:
    ensure_role_groups()
    group = Group.objects.get(name="role:officer")
    group.permissions.add(*Group.objects.get(name="role:system_administrator").permissions.all())

    ensure_role_groups()

    held = set(group.permissions.values_list("codename", flat=True))
    assert held == {"access_admin", "add_helpvisit"}
    assert Group.objects.filter(name__startswith="role:").count() == len(Role)


def test_groups_are_there_after_every_migration() -> None:
    Group.objects.filter(name__startswith="role:").delete()

    call_command("migrate", verbosity=0)

    assert Group.objects.filter(name__startswith="role:").count() == len(Role)


def test_giving_a_role_twice_changes_nothing(user: User, office: Office) -> None:
    first = assign_role(user=user, office=office, role=Role.OFFICER, at=AT)
    second = assign_role(user=user, office=office, role=Role.OFFICER, at=AT)

    assert first == second
    assert AuditRow.objects.filter(action="role.given").count() == 1


def test_giving_and_taking_is_logged(user: User, office: Office) -> None:
    chief = UserFactory()
    membership = assign_role(user=user, office=office, role=Role.LEADER, at=AT, actor=chief)
    remove_role(membership=membership, at=AT, actor=chief)

    rows = AuditRow.objects.filter(action__startswith="role.").order_by("sequence")

    assert [(row.action, row.actor, row.subject) for row in rows] == [
        ("role.given", chief, f"user:{user.pk}"), ("role.taken", chief, f"user:{user.pk}"),
    ]  # fmt: skip
    assert rows[0].data == {"user": user.pk, "office": office.pk, "role": "leader"}


def test_nobody_gives_a_role_to_oneself(user: User, office: Office) -> None:
    with pytest.raises(NotAllowed):
        assign_role(user=user, office=office, role=Role.OFFICER, at=AT, actor=user)

    assert not Membership.objects.filter(user=user).exists()
    assert not user.groups.exists()


def test_group_goes_with_the_last_role_that_gave_it(user: User, office: Office) -> None:
    here = assign_role(user=user, office=office, role=Role.OFFICER, at=AT)
    there = assign_role(user=user, office=OfficeFactory(), role=Role.OFFICER, at=AT)

    remove_role(membership=here, at=AT)
    still = user.groups.count()
    remove_role(membership=there, at=AT)

    assert (still, user.groups.count()) == (1, 0)


def test_desk_is_dense_from_the_first_day_and_the_choice_kept(user: User, office: Office) -> None:
    assign_role(user=user, office=office, role=Role.OFFICER, at=AT)
    profile = again(user).wagtail_userprofile
    first = profile.density
    profile.density = "default"
    profile.save()

    assign_role(user=user, office=OfficeFactory(), role=Role.LEADER, at=AT)

    assert (first, again(user).wagtail_userprofile.density) == ("snug", "default")


def test_second_factor_is_forgotten_by_somebody_else(user: User) -> None:
    give_app(user)
    with pytest.raises(NotAllowed):
        forget_second_factor(user=user, at=AT, actor=user)
    before = Authenticator.objects.filter(user=user).count()

    forget_second_factor(user=user, at=AT, actor=UserFactory())

    assert (before, Authenticator.objects.filter(user=user).count()) == (2, 0)
    assert AuditRow.objects.get(action="second_factor.reset").subject == f"user:{user.pk}"


def test_forgetting_the_second_factor_ends_the_persons_sessions(user: User) -> None:
    give_app(user)
    other = UserFactory()
    sessions = [enter(Client(), person).session for person in (user, user, other)]

    forget_second_factor(user=user, at=AT, actor=other)

    left = set(Session.objects.values_list("session_key", flat=True))
    assert left == {sessions[2].session_key}


def test_forgetting_the_second_factor_reads_no_session_that_has_run_out(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_app(user)
    other = UserFactory()
    live, late = (enter(Client(), person).session.session_key for person in (user, other))
    Session.objects.filter(pk=late).update(expire_date=AT - timedelta(seconds=1))
    read: list[str] = []
    decoded = Session.get_decoded
    monkeypatch.setattr(Session, "get_decoded", lambda row: read.append(row.pk) or decoded(row))

    forget_second_factor(user=user, at=AT, actor=other)

    assert read == [live]
    assert not Session.objects.filter(pk=live).exists()


def test_superuser_gets_no_tip_from_being_one(user: User) -> None:
    user.is_superuser = True
    user.save()

    assert not may_read_tips(again(user))
    assert policy_registry.get_by_type(Page).user_has_permission(again(user), "add")
